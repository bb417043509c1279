"""Waiting for a creation: asks for progress again and again until there is a verdict.

Knows no HTTP and no Pulumi: it is given a :class:`Source` to ask, and everything else that it needs. The loop owns
retry, Retry-After and sleep, so that a stop ends it at once. What ends it is in :meth:`Wait.until_ready`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ..clock import Clock, Stop
from ..errors import (
    CreationCancelled,
    CreationEnded,
    CreationTimedOut,
    InstanceGone,
    RomaApiError,
    RomaConnectionError,
)
from .schedule import Fixed, Schedule
from .verdict import Verdict, verdict
from .words import LOOK, brief, describe, ended, failure, spell

if TYPE_CHECKING:
    from ..api.models import CreationProgress

# Creations of 60 minutes are known; a timeout as long as the longest would fail each slow one once.
DEFAULT_SECONDS = 5400.0
POLL_SECONDS = 5.0
# Right after POST /process may not know the instance yet (seen with Huawei's prepaid services).
EARLY_SECONDS = 60.0
# How long the API may be in trouble, without one good answer, before a wait gives up.
PATIENCE_SECONDS = 300.0
# The longest pause that the API's Retry-After is granted.
RETRY_AFTER_SECONDS = 60.0
# A status that is another one at each answer is not worth a warning each.
MOST_WARNINGS = 10

# What a report says of trouble: in brief of an instance that was ordered a moment ago, and after the whole of it.
UNSEEN = "not shown yet"
AGAIN = "; asking again"


class Source(Protocol):
    """What a wait asks about its instance."""

    def read(self, seconds: float) -> CreationProgress:
        """One question that may take so many seconds; raises RomaApiError or RomaConnectionError."""

    def is_gone(self) -> bool:
        """The second witness of a 404, and of a status that says so: whether the lists of the project lack the instance
        too. Raises as `read`."""


class Rest(Protocol):
    """The pauses of a wait among others."""

    def begin(self, most: float) -> None:
        """Return when the first question may be asked, after ``most`` seconds at the latest."""

    def pause(self, seconds: float, most: float) -> None:
        """Return when the next question may be asked: after about so many seconds, after ``most`` at the latest."""

    def leave(self) -> None:
        """The wait is over."""


@dataclass(frozen=True)
class Bounds:
    """How long a wait may take.

    ``seconds`` is the deadline, counted from ``since`` on the monotonic clock (None: from the wait's beginning).
    ``early`` says that the instance was ordered a moment ago, so that a 404 in the first minute is no trouble.
    ``patience`` is how many seconds the API may go without one good answer.
    """

    seconds: float = DEFAULT_SECONDS
    since: float | None = None
    early: bool = False
    patience: float = PATIENCE_SECONDS


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
    """One wait for one instance."""

    instance_id: str
    source: Source
    stop: Stop
    clock: Clock = field(default_factory=Clock)
    bounds: Bounds = field(default_factory=Bounds)
    schedule: Schedule = field(default_factory=lambda: Fixed(POLL_SECONDS))
    report: Callable[[Report], None] = _ignore
    rest: Rest | None = None

    _last: CreationProgress | None = field(default=None, init=False)
    _warned: set[str] = field(default_factory=set, init=False)
    _trouble: str | None = field(default=None, init=False)

    def until_ready(self) -> CreationProgress:
        """The ready instance; or raises CreationFailed, CreationEnded, CreationTimedOut,
        CreationCancelled, InstanceGone, or the API's own error where it will not pass."""
        if self.rest is None:
            return self._until_ready()
        try:
            self.rest.begin(self.bounds.seconds)
            return self._until_ready()
        finally:
            self.rest.leave()

    def _until_ready(self) -> CreationProgress:
        begun = good = self.clock.monotonic()
        started = begun if self.bounds.since is None else self.bounds.since
        seconds = self.bounds.seconds
        while True:
            self._stop_if_asked()
            left = seconds - (self.clock.monotonic() - started)
            answer, pause = None, 0.0
            try:
                answer = self.source.read(max(0.1, left))
            except (RomaApiError, RomaConnectionError) as error:
                now = self.clock.monotonic()
                self._judge_trouble(error, early=self.bounds.early and now - begun < EARLY_SECONDS, quiet=now - good)
                pause = min(getattr(error, "retry_after", None) or 0.0, RETRY_AFTER_SECONDS)
            else:
                now = self.clock.monotonic()
                if verdict(answer.decisive_status) is Verdict.GONE and not self._is_gone():
                    self._judge_deleted(answer, quiet=now - good)
                else:
                    good, self._trouble = now, None
                    if self._is_ready(answer):
                        return answer
            elapsed = self.clock.monotonic() - started
            if elapsed >= seconds:
                raise CreationTimedOut(self.instance_id, self._timed_out_reasons(), self._last)
            pause = max(pause, self.schedule.pause(answer))
            self._rest(pause, seconds - elapsed, is_answered=answer is not None)

    def _rest(self, pause: float, most: float, *, is_answered: bool) -> None:
        if self.rest is not None and is_answered:
            self.rest.pause(pause, most)
        else:
            self.clock.sleep(min(pause, most), self.stop)

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
        elif error.untrusted if isinstance(error, RomaConnectionError) else not error.transient:
            raise error
        if quiet >= self.bounds.patience:
            raise error
        # Of one that was ordered a moment ago a 404 is no trouble to frighten anybody with.
        unseen = early and self._last is None and isinstance(error, RomaApiError) and error.not_found
        self._trouble = str(error)
        short = UNSEEN if unseen else brief(error)
        self.report(Report(self._last, trouble=f"{error}{AGAIN}", brief=short))

    def _judge_deleted(self, answer: CreationProgress, *, quiet: float) -> None:
        """An answer that calls the instance deleted, without the lists' word: trouble, like a 404 without it."""
        status = answer.decisive_status
        told = f"its status is {status}, but the list does not lack it"
        if quiet >= self.bounds.patience:
            reasons = [f"the creation of instance {self.instance_id} got no further: {told}", LOOK]
            raise CreationEnded(self.instance_id, reasons, self._last, status=status)
        self._trouble = told
        self.report(Report(self._last, trouble=told + AGAIN, brief=status.lower()))

    def _is_gone(self) -> bool:
        try:
            return self.source.is_gone()
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
        if word is Verdict.UNKNOWN and status not in self._warned and len(self._warned) < MOST_WARNINGS:
            self._warned.add(status)
            warning = f"the status {status or '(none)'!r} is not known here; waiting on"
        self.report(Report(answer, warning=warning))
        return word is Verdict.READY

    def _timed_out_reasons(self) -> list[str]:
        far = describe(self._last) if self._last else "without one answer about its progress"
        reasons = [f"instance {self.instance_id} was not ready after {spell(self.bounds.seconds)}: {far}"]
        if self._trouble:
            reasons.append(f"the last question got no good answer: {self._trouble}")
        # Without one answer nobody knows whether there is a creation that could go on.
        goes_on = "its creation goes on at Huawei Cloud: " if self._last else ""
        reasons.append(f"{goes_on}run `pulumi up` again to resume the wait, or allow more time with custom_timeouts")
        return reasons
