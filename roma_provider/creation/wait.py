"""Waiting for a creation: asks for progress again and again until there is a verdict.

Knows no HTTP and no Pulumi: it is given a function that reads progress, and everything else that it needs.
The status's word alone decides. ``errorCode`` is no sign of trouble: while all is well it holds a job id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from ..api.status import ENDED as ENDED
from ..api.status import FAILED as FAILED
from ..api.status import GONE as GONE
from ..api.status import PENDING as PENDING
from ..api.status import READY as READY
from ..clock import Clock, Stop
from ..errors import (
    CreationCancelled,
    CreationEnded,
    CreationFailed,
    CreationTimedOut,
    InstanceGone,
    RomaApiError,
    RomaConnectionError,
)
from .schedule import Schedule, every

if TYPE_CHECKING:
    from ..api.models import CreationProgress, SubService

DEFAULT_SECONDS = 3600.0
# Right after POST /process may not know the instance yet (seen with Huawei's prepaid services).
EARLY_SECONDS = 60.0
# How long the API may be in trouble, without one good answer, before a wait gives up.
PATIENCE_SECONDS = 300.0
# The longest pause that the API's Retry-After is granted.
RETRY_AFTER_SECONDS = 60.0

# What a report says of trouble: in brief of an instance that was ordered a moment ago, and after the whole of it.
UNSEEN = "not shown yet"
AGAIN = "; asking again"

# What errorCode holds while all is well: the id of the provisioning job.
JOB = "JOB-"


class State(Enum):
    """How far a sub-service is; the value is what people read."""

    WAITING = "not started"
    UNDER_WAY = "under way"
    DONE = "done"
    FAILED = "failed"


class Verdict(Enum):
    """What a status says about a creation."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"
    ENDED = "ended"
    GONE = "gone"
    UNKNOWN = "unknown"


_VERDICTS = {
    Verdict.READY: READY,
    Verdict.PENDING: PENDING,
    Verdict.FAILED: FAILED,
    Verdict.ENDED: ENDED,
    Verdict.GONE: GONE,
}


def verdict(status: str) -> Verdict:
    """The verdict of a status, in any case; UNKNOWN (which keeps waiting) for a word nobody documented."""
    word = status.strip().upper()
    return next((verdict for verdict, words in _VERDICTS.items() if word in words), Verdict.UNKNOWN)


@dataclass(frozen=True)
class Report:
    """What a wait tells while it goes on: the last progress, and what the API's trouble is at the moment.

    ``trouble`` is the whole of it, ``brief`` what a line without room has space for.
    """

    progress: CreationProgress | None
    trouble: str | None = None
    warning: str | None = None
    brief: str | None = None


def _ignore(_report: Report) -> None:
    return None


@dataclass
class Wait:
    """One wait for one instance.

    ``read`` asks once, raising RomaApiError or RomaConnectionError; its argument is the number of seconds
    it may take. ``seconds`` is the deadline, counted from ``since`` on the monotonic clock (None: from
    :meth:`until_ready`). ``early`` says that the
    instance was ordered a moment ago, so that a 404 in the first minute is patience. ``gone`` is the second
    witness of a later 404: whether the list of the project lacks the instance too.
    """

    instance_id: str
    read: Callable[[float], CreationProgress]
    stop: Stop
    clock: Clock = field(default_factory=Clock)
    seconds: float = DEFAULT_SECONDS
    since: float | None = None
    schedule: Schedule = field(default_factory=lambda: every(5.0))
    report: Callable[[Report], None] = _ignore
    early: bool = False
    gone: Callable[[], bool] = lambda: True
    patience: float = PATIENCE_SECONDS

    _last: CreationProgress | None = field(default=None, init=False)
    _warned: set[str] = field(default_factory=set, init=False)
    _trouble: str | None = field(default=None, init=False)

    def until_ready(self) -> CreationProgress:
        """The ready instance; or raises CreationFailed, CreationEnded, CreationTimedOut,
        CreationCancelled, InstanceGone, or the API's own error where it will not pass."""
        begun = good = self.clock.monotonic()
        started = begun if self.since is None else self.since
        while True:
            self._stop_if_asked()
            left = self.seconds - (self.clock.monotonic() - started)
            pause = 0.0
            try:
                answer = self.read(max(0.1, left))
            except (RomaApiError, RomaConnectionError) as error:
                now = self.clock.monotonic()
                self._judge_trouble(error, early=self.early and now - begun < EARLY_SECONDS, quiet=now - good)
                pause = min(getattr(error, "retry_after", None) or 0.0, RETRY_AFTER_SECONDS)
            else:
                good = self.clock.monotonic()
                self._trouble = None
                if self._is_ready(answer):
                    return answer
            elapsed = self.clock.monotonic() - started
            if elapsed >= self.seconds:
                raise CreationTimedOut(self.instance_id, self._timed_out_reasons(), self._last)
            pause = max(pause, self.schedule(elapsed, self._last))
            self.clock.sleep(min(pause, self.seconds - elapsed), self.stop)

    def _stop_if_asked(self) -> None:
        if self.stop.is_set():
            far = f" at {describe(self._last)}" if self._last else ""
            raise CreationCancelled(
                self.instance_id,
                [
                    f"stopped waiting for instance {self.instance_id}{far}: its creation goes on; "
                    "run `pulumi up` again to resume the wait"
                ],
                self._last,
            )

    def _judge_trouble(self, error: RomaApiError | RomaConnectionError, *, early: bool, quiet: float) -> None:
        """Return to wait on; raise where waiting on is of no use."""
        if isinstance(error, RomaApiError) and error.not_found:
            if not early and self._is_gone():
                raise InstanceGone(
                    self.instance_id,
                    [f"instance {self.instance_id} does not exist any more: {error}"],
                    self._last,
                ) from error
        elif isinstance(error, RomaApiError) and not error.transient:
            raise error
        if quiet >= self.patience:
            raise error
        # Of one that was ordered a moment ago a 404 is no trouble to frighten anybody with.
        unseen = early and self._last is None and isinstance(error, RomaApiError) and error.not_found
        self._trouble = str(error)
        short = UNSEEN if unseen else brief(error)
        self.report(Report(self._last, trouble=f"{error}{AGAIN}", brief=short))

    def _is_gone(self) -> bool:
        try:
            return self.gone()
        except (RomaApiError, RomaConnectionError):
            return False  # no second witness, so not gone

    def _is_ready(self, answer: CreationProgress) -> bool:
        self._last = answer
        status = answer.decisive_status
        word = verdict(status)
        if word is Verdict.FAILED:
            raise failure(self.instance_id, answer)
        if word in (Verdict.ENDED, Verdict.GONE):
            raise ended(self.instance_id, answer)
        warning = None
        if word is Verdict.UNKNOWN and status not in self._warned:
            self._warned.add(status)
            warning = f"the status {status or '(none)'!r} is not known here; waiting on"
        self.report(Report(answer, warning=warning))
        return word is Verdict.READY

    def _timed_out_reasons(self) -> list[str]:
        far = describe(self._last) if self._last else "without one answer about its progress"
        reasons = [f"instance {self.instance_id} was not ready after {spell(self.seconds)}: {far}"]
        if self._trouble:
            reasons.append(f"the last question got no good answer: {self._trouble}")
        # Without one answer nobody knows whether there is a creation that could go on.
        goes_on = "its creation goes on at Huawei Cloud: " if self._last else ""
        reasons.append(f"{goes_on}run `pulumi up` again to resume the wait, or allow more time with custom_timeouts")
        return reasons


def failure(instance_id: str, progress: CreationProgress) -> CreationFailed:
    """The error of a status CREATE_FAILED, with the instance's own words and each failed sub-service's."""
    detail = progress.instance
    given = (detail.error_code if detail else None) or None
    message = (detail.error_message if detail else None) or None
    # The field may still hold the id of the job that failed, which is no error code but worth telling.
    job = given if given and given.startswith(JOB) else None
    code = None if job else given
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
    return CreationEnded(
        instance_id, [reason, "look at the instance in the ROMA Connect console"], progress, status=status
    )


def state(service: SubService) -> State:
    """How far a sub-service is. An error counts whatever its status says, except for the id of a job."""
    code = (service.error_code or "").strip("0")  # a code of 0 is none
    if service.error_msg or (code and not code.startswith(JOB)) or "FAIL" in (service.status or "").upper():
        return State.FAILED
    if service.end_time or verdict(service.status or "") is Verdict.READY:
        return State.DONE
    return State.UNDER_WAY if service.start_time else State.WAITING


def percent(value: int | None) -> int | None:
    """A progress as people read it: within 0–100, or None."""
    return None if value is None else min(100, max(0, value))


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
