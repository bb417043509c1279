"""Finding an instance by its name: exactly one, or an error that says which there are."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ..errors import InputError
from ..schema.written import BY_NAME
from . import urns
from .access import explained
from .names import Name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..api.models import RomaInstanceSummary
    from .access import Target
    from .operation import Operation
    from .session import Session


def name_of(engine_id: str) -> str | None:
    """The name by which an instance is looked up; None where this is the id of an instance."""
    return engine_id[len(BY_NAME) :] if engine_id.startswith(BY_NAME) else None


def found_by_name(session: Session, op: Operation, found: Target, name: str) -> str:
    """The id of the one instance of a name in a place, by the lists. InputError where there is none, or several.

    Whoever asks refers to it from then on: in this run it is not deleted as another resource's.
    """
    op.say(f"looking for the instance named {name!r}")
    with explained(session):
        holders = holders_of(found.client.all_instances(), found, name)
    instance_id = the_one(holders, found, name)
    refers(session, op, instance_id)
    return instance_id


def holders_of(listed: Sequence[RomaInstanceSummary], found: Target, name: str) -> list[RomaInstanceSummary]:
    """The instances of these lists that have the name, and are not gone."""
    return [entry for entry in Name(name, found.project_id, {}).holders(listed) if entry.id]


def the_one(holders: Sequence[RomaInstanceSummary], found: Target, name: str) -> str:
    """The id of the only one; InputError where there is none, or several."""
    if not holders:
        raise InputError(
            "name",
            f"there is no instance named {name!r} in {found.where}; write the name of one that exists, or its id, and "
            "check region and project_id",
        )
    if len(holders) > 1:
        raise InputError(
            "name",
            f"there are {len(holders)} instances named {name!r} in {found.where}: {told(holders)}; write the id of the "
            "one that is meant",
        )
    return str(holders[0].id)


def told(holders: Sequence[RomaInstanceSummary]) -> str:
    """Instances by id and status."""
    return ", ".join(sorted(f"{entry.id} ({entry.status or 'no status'})" for entry in holders))


def refers(session: Session, op: Operation, instance_id: str) -> None:
    """The program refers to an instance, whose id only this process knows so far."""
    if op.urn is not None:
        session.memory.refers(op.urn, instance_id, {})
        with suppress(OSError):  # this process, at least, knows
            session.run.refer(instance_id, urns.name_of(op.urn))
