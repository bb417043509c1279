"""What a status says: of a creation its verdict, of a sub-service how far it is.

The status's word alone decides a creation. ``errorCode`` is no sign of trouble: while all is well it holds a job id.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from ..api.status import ENDED, FAILED, GONE, PENDING, READY, word

if TYPE_CHECKING:
    from ..api.models import SubService

# What errorCode holds while all is well: the id of the provisioning job.
JOB = "JOB-"


class Verdict(Enum):
    """What a status says about a creation."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"
    ENDED = "ended"
    GONE = "gone"
    UNKNOWN = "unknown"


_WORDS = {
    Verdict.READY: READY,
    Verdict.PENDING: PENDING,
    Verdict.FAILED: FAILED,
    Verdict.ENDED: ENDED,
    Verdict.GONE: GONE,
}


def verdict(status: str) -> Verdict:
    """The verdict of a status, in any case; UNKNOWN (which keeps waiting) for a word nobody documented."""
    found = word(status)
    return next((verdict for verdict, words in _WORDS.items() if found in words), Verdict.UNKNOWN)


def job_and_code(given: str | None) -> tuple[str | None, str | None]:
    """What ``errorCode`` holds, by what it is: the id of the provisioning job, or the code of an error. It never holds
    both, and "" and 0 are neither."""
    if given and given.startswith(JOB):
        return given, None
    return None, given if given and given.strip("0") else None


class State(Enum):
    """How far a sub-service is; the value is what people read."""

    WAITING = "not started"
    UNDER_WAY = "under way"
    DONE = "done"
    FAILED = "failed"


def state(service: SubService) -> State:
    """How far a sub-service is. An error counts whatever its status says, except for the id of a job."""
    _, code = job_and_code(service.error_code)
    if service.error_msg or code or "FAIL" in word(service.status):
        return State.FAILED
    if service.end_time or verdict(service.status or "") is Verdict.READY:
        return State.DONE
    return State.UNDER_WAY if service.start_time else State.WAITING
