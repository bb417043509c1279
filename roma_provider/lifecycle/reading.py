"""Reading an instance as it is: one question, and what its answer means for the state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..creation.verdict import Verdict, verdict
from ..creation.words import describe, ended, failure
from ..errors import CreationError, RomaApiError, RomaError
from .access import Target, explained, is_fresh, is_gone
from .operation import News, Operation
from .remedies import Remedies

if TYPE_CHECKING:
    from ..api.models import CreationProgress
    from .session import Session


@dataclass(frozen=True)
class Reading:
    """What a read found. ``inputs`` is None where the host does not know those of the state. ``is_pending``: it is
    still being created."""

    instance_id: str
    outputs: dict[str, Any]
    inputs: dict[str, Any] | None
    is_pending: bool = False


def look(
    session: Session, op: Operation, found: Target, props: Mapping[str, Any], remedies: Remedies
) -> CreationProgress | None:
    """The instance by one GET; None if it is gone, by its witnesses.

    One that was ordered a moment ago and is not shown yet is a CreationError; the state keeps ``props``.
    DELETED without the lists' word is an error, as a 404 without it: of two that contradict each other neither is a
    state.
    """
    op.say(f"reading instance {found.instance_id}", News.NONE)
    with explained(session):
        try:
            progress = found.client.creation_progress(found.instance_id, timeout=op.timeout)
        except RomaApiError as error:
            if not error.not_found:
                raise
            if is_fresh(session, found):
                op.keep(found.instance_id, props)
                reason = f"instance {found.instance_id} was ordered a moment ago, and the API does not show it yet"
                raise CreationError(found.instance_id, [f"{reason}; `pulumi up` {remedies.resumes}"]) from error
            if is_gone(session, found, op.stop):
                return None
            raise
        session.custody.shown(found.instance_id)
        if verdict(progress.decisive_status) is not Verdict.GONE:
            return progress
        if is_gone(session, found, op.stop):
            return None
        raise RomaError(
            f"the status of instance {found.instance_id} is {progress.decisive_status}, but it was not seen to have "
            "left the list of instances. Nothing was changed: run the command again in some minutes"
        )


def settled(props: Mapping[str, Any], progress: CreationProgress) -> Verdict:
    """The verdict of an answer, for an instance whose state holds ``props``.

    An unknown status goes on as a wait only where the instance has never been ready.
    """
    word = verdict(progress.decisive_status)
    before = verdict(str(props.get("status") or ""))
    if word is Verdict.UNKNOWN and "end_time" not in props and before in (Verdict.PENDING, Verdict.UNKNOWN):
        return Verdict.PENDING
    return word


def unready(instance_id: str, progress: CreationProgress, word: Verdict, remedies: Remedies) -> CreationError:
    """The error of an instance whose verdict is not good: failed, ended, or still being created."""
    if word is Verdict.FAILED:
        return failure(instance_id, progress)
    if word is Verdict.ENDED:
        return ended(instance_id, progress)
    far = describe(progress)
    reason = f"instance {instance_id} is still being created ({far}); `pulumi up` {remedies.resumes}"
    return CreationError(instance_id, [reason], progress)


def warn_of_status(op: Operation, instance_id: str, progress: CreationProgress) -> None:
    """After a creation any status is an output, and but for the good one worth a warning."""
    if verdict(progress.decisive_status) not in (Verdict.READY, Verdict.PENDING):
        op.warn(f"instance {instance_id} has the status {progress.decisive_status or '(none)'}")
