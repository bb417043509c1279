"""An instance that is to be imported: read, and its declaration tried as `pulumi up` will try it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...creation.verdict import Verdict, verdict
from ...errors import RomaApiError
from ...lifecycle.access import Target, explained
from ...lifecycle.session import Session
from ...schema.check import check, check_existing
from ...schema.declaration import declaration
from ...schema.diff import difference
from ...schema.rules import Refusal
from .program import Declared

if TYPE_CHECKING:
    from ...api.models import CreationProgress, InstanceDetail


@dataclass(frozen=True)
class Wanted:
    """An instance by its id. ``label``: what it is to be called, else its own name; ``address``: Terraform's;
    ``known_as``: its name, as far as it is known before it is read."""

    found: Target
    label: str | None = None
    address: str | None = None
    known_as: str | None = None


class LeftOut(Exception):
    """Why an instance is not in the program."""


class Owners:
    """The instances of a program that owns them: `pulumi up` refuses two of one name in one place."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str, str], str] = {}

    def add(self, found: Target, name: str | None) -> None:
        """One more; LeftOut if its name is another's."""
        if name is None:
            return
        other = self._names.setdefault((found.region, found.project_id, name), found.instance_id)
        if other != found.instance_id:
            raise LeftOut(
                f"instance {other} is named {name!r} too, and one program cannot own both. Rename one of them in the "
                "console, own it by another program, or refer to it with --existing"
            )


def look(session: Session, wanted: Wanted, *, existing: bool) -> Declared:
    """The declaration of an instance, by one GET; LeftOut where a program cannot take it over as it is."""
    live = _live(session, wanted)
    status = live.status or "without a status"
    how = verdict(status)
    if how not in (Verdict.READY, Verdict.PENDING):
        raise LeftOut(f"its status is {status}, and `pulumi up` would wait for RUNNING in vain. Deal with that first")
    place = {"region": wanted.found.region, "project_id": wanted.found.project_id}
    arguments: dict[str, Any] = {"instance_id": wanted.found.instance_id}
    if not existing:
        try:
            arguments |= declaration(live)
        except Refusal as error:
            raise LeftOut(f"{error}. With --existing it is referred to, not owned") from error
    arguments |= place
    _try(session, wanted.found, arguments, live, existing=existing)
    waits = ", which `pulumi up` waits for" if how is Verdict.PENDING else ""
    terraform = f"; in Terraform {wanted.address}" if wanted.address else ""
    return Declared(
        wanted.label or live.name or "instance", arguments, f"{live.name or ''} is {status}{waits}{terraform}"
    )


def _live(session: Session, wanted: Wanted) -> InstanceDetail:
    try:
        with explained(session):
            progress: CreationProgress = wanted.found.client.creation_progress(wanted.found.instance_id)
    except RomaApiError as error:
        if not error.not_found:
            raise
        raise LeftOut(f"it does not exist in {wanted.found.where} ({error})") from error
    if progress.instance is None:
        raise LeftOut("the API says nothing of it but how far its creation is")
    return progress.instance


def _try(session: Session, found: Target, arguments: dict[str, Any], live: InstanceDetail, *, existing: bool) -> None:
    """LeftOut if `pulumi up` would refuse the declaration, or see a difference."""
    if existing:
        checked = check_existing({}, arguments, session.sign_in, _is_unknown)
    else:
        # As the program writes them.
        given = {"adopt_id" if key == "instance_id" else key: value for key, value in arguments.items()}
        checked = check({}, {"name": live.name or "x", **given}, session.sign_in, _is_unknown)
    if checked.failures:
        said = "; ".join(f"{key}: {reason}" for key, reason in checked.failures)
        raise LeftOut(f"`pulumi up` would refuse its declaration: {said}")
    if not existing:
        from ...api.models import CreationProgress

        shown = found.outputs(checked.inputs, CreationProgress(instance=live))
        if keys := difference(shown, checked.inputs, _is_unknown).keys:
            raise LeftOut(f"no declaration says what it is in {', '.join(keys)}")


def _is_unknown(_value: Any) -> bool:
    return False
