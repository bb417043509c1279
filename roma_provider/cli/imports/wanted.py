"""Which instances are to be imported: by id, by name, all, or those of a state of Terraform."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...api.models import RomaInstanceSummary
from ...errors import InputError
from ...lifecycle.access import Target, explained
from ...lifecycle.names import is_there
from ...lifecycle.session import Session
from ...schema import rules
from ...schema.rules import Refusal
from ..place import reach
from ..selection import select
from . import terraform
from .found import Wanted
from .terraform import Held

# What no name looks like, so that no list has to be asked for it.
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", re.IGNORECASE)


@dataclass(frozen=True)
class Wish:
    """What was asked for: ids or names; all of the project; those of a state of Terraform (of these names, if any).
    ``existing``: to refer to them, not to own them."""

    names: Sequence[str] = ()
    every: bool = False
    tfstate: str | None = None
    existing: bool = False
    region: str | None = None
    project_id: str | None = None


@dataclass
class Asked:
    """The instances that are meant, each once, and a line for each that is not to be found."""

    wanted: list[Wanted] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, one: Wanted, what: str) -> None:
        """One more; a second time is a problem only where a state says so."""
        twice = [other for other in self.wanted if _key(other.found) == _key(one.found)]
        if not twice:
            self.wanted.append(one)
        elif one.address:
            self.problems.append(f"{what} is the same instance as {twice[0].address}")


def resolve(session: Session, wish: Wish) -> Asked:
    """Find out; InputError for what cannot be asked for."""
    if wish.tfstate is not None:
        return _of_state(session, wish, wish.tfstate)
    found = reach(session, wish.region, wish.project_id)
    asked = Asked()
    if not wish.every and all(map(_ID.fullmatch, wish.names)):
        for name in wish.names:
            asked.add(Wanted(found.of(name)), name)
        return asked
    with explained(session):
        listed = [entry for entry in found.client.all_instances() if is_there(entry)]
    if not wish.every:
        selection = select(listed, wish.names, found.where)
        listed, asked.problems = selection.found, selection.problems
    elif not listed:
        asked.problems.append(f"there is no instance in {found.where}")
    for entry in _by_name(listed):
        asked.add(Wanted(found.of(entry.id or ""), known_as=entry.name), entry.id or "")
    return asked


def _by_name(listed: Sequence[RomaInstanceSummary]) -> list[RomaInstanceSummary]:
    """In an order that is the same each time."""
    return sorted(listed, key=lambda entry: (entry.name or "", entry.id or ""))


def _of_state(session: Session, wish: Wish, path: str) -> Asked:
    held, asked = terraform.read(path), Asked()
    if not held:
        asked.problems.append(f"{path} holds no {terraform.TYPE}")
    places: dict[str | None, Target] = {}
    for one in _chosen(held, wish.names, asked):
        if problem := _problem(one):
            asked.problems.append(f"{one.address}: {problem}")
            continue
        if one.region not in places:
            places[one.region] = _reached(session, wish, one)
        found = places[one.region].of(one.instance_id or "")
        asked.add(Wanted(found, one.label, one.address, one.name), one.address)
    return asked


def _chosen(held: Sequence[Held], names: Sequence[str], asked: Asked) -> Iterator[Held]:
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        if not any(name in (one.address, one.instance_id, one.name) for one in held):
            asked.problems.append(f"the state holds no {terraform.TYPE} with the address, the id or the name {name!r}")
    for one in held:
        if not wanted or {one.address, one.instance_id, one.name} & set(wanted):
            yield one


def _problem(one: Held) -> str | None:
    if one.is_deposed:
        return "Terraform has replaced this one, and has still to delete it (deposed)"
    try:
        rules.instance_id(one.instance_id)
        if one.region is not None:
            rules.region_id(one.region)
    except Refusal as error:
        return f"the state says what cannot be: {error}"
    return None


def _reached(session: Session, wish: Wish, one: Held) -> Target:
    if one.region and wish.region and one.region != wish.region:
        raise InputError("--region", f"Terraform has {one.address} in {one.region}; write that, or leave --region out")
    return reach(session, one.region or wish.region, wish.project_id)


def _key(found: Target) -> tuple[str, str, str]:
    return (found.region, found.project_id, found.instance_id)
