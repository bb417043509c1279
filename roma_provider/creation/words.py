"""The words for a creation and its troubles: those of errors, and the short ones that lines are made of."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from ..errors import CreationEnded, CreationFailed, InstanceGone, RomaApiError, RomaConnectionError
from ..texts import for_people
from .verdict import State, Verdict, job_and_code, state, verdict

if TYPE_CHECKING:
    from ..api.models import CreationProgress


LOOK = "look at the instance in the ROMA Connect console"


def failure(instance_id: str, progress: CreationProgress) -> CreationFailed:
    """The error of a status CREATE_FAILED, with the instance's own words and each failed sub-service's."""
    detail = progress.instance
    # The field may still hold the id of the job that failed, which is no error code but worth telling.
    job, code = job_and_code(detail.error_code if detail else None)
    message = (detail.error_message if detail else None) or None
    what = " ".join(filter(None, [code, message])) or "the API gave neither code nor message"
    what += f" (job {job})" if job else ""
    reasons = [f"instance {instance_id} could not be created (CREATE_FAILED): {what}"]
    for service in progress.services:
        if state(service) is State.FAILED:
            why = " ".join(filter(None, [service.error_code, service.error_msg])) or "without a reason given"
            reasons.append(f"sub-service {service.name or '?'} failed: {why}")
    return CreationFailed(instance_id, reasons, progress, code=code, message=message)


def ended(instance_id: str, progress: CreationProgress) -> CreationEnded | InstanceGone:
    """The error of a status that ends a creation otherwise (ERROR, FROZEN, DELETING, DELETED, …)."""
    status = progress.decisive_status
    if verdict(status) is Verdict.GONE:
        return InstanceGone(
            instance_id, [f"instance {instance_id} does not exist any more: its status is {status}"], progress
        )
    said = progress.instance.error_message if progress.instance else None
    reason = f"the creation of instance {instance_id} ended in status {status}" + (f": {said}" if said else "")
    return CreationEnded(instance_id, [reason, LOOK], progress, status=status)


def describe(progress: CreationProgress) -> str:
    """All of a creation in one line, however long: ``42%: lvs done, mqs 30%``. Errors say it."""
    parts = []
    for service in progress.services:
        found = state(service)
        far = f"{percent(service.progress) or 0}%" if found is State.UNDER_WAY else found.value
        parts.append(f"{service.name or '?'} {far}")
    overall = percent(progress.progress)
    head = f"{overall}%" if overall is not None else progress.decisive_status.lower() or "no status"
    return f"{head}: {', '.join(parts)}" if parts else head


def percent(value: int | None) -> int | None:
    """A progress as people read it: within 0–100, or None."""
    return None if value is None else min(100, max(0, value))


def brief(error: RomaApiError | RomaConnectionError) -> str:
    """A trouble in few words: ``502``, ``connection was refused``."""
    return str(error.status) if isinstance(error, RomaApiError) else error.reason.partition(";")[0].removeprefix("the ")


def spell(seconds: float) -> str:
    """A length of time in words: ``45 s``, ``2 min 5 s``, ``1 h``."""
    if seconds < 1:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{rest} s" if rest else ""]
    return " ".join(filter(None, parts))


def stopwatch(seconds: float) -> str:
    """A length of time as a stopwatch shows it: ``7:40``, ``1:07:40``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def rough(seconds: float) -> str:
    """An estimate, no more exact than it is: ``30s``, ``10m``, ``1.5h``."""
    if seconds < 55:
        return f"{max(1, round(seconds / 10)) * 10}s"
    if seconds < 90 * 60:
        return f"{max(1, round(seconds / 60))}m"
    return f"{round(seconds / 1800) / 2:g}h"


def printable(text: str, width: int) -> str:
    """A word of the API's as it can stand in a terminal's line: nothing that moves the cursor, and not too wide."""
    # No character is narrower than a column, so what is beyond cannot have room.
    clean = "".join(char if char.isprintable() else "?" for char in for_people(text, width + 1))
    taken = [_columns(char) for char in clean]
    if sum(taken) <= width:
        return clean
    room = bisect_right(list(accumulate(taken)), width - 1)
    return clean[:room] + "…"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
