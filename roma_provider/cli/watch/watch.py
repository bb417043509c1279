"""What `roma watch` does: follows one creation to its verdict. How it looks is in ``watch_views``.

Reads only. Settings, sign-in and the wait are the provider's own, so that it comes to the verdict of a `pulumi up`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from ...clock import Clock
from ...creation.line import Course, Part, parts
from ...creation.verdict import State
from ...creation.wait import AGAIN, DEFAULT_SECONDS, UNSEEN, Bounds, Report, Wait
from ...creation.words import describe, failure, percent, printable, spell
from ...errors import CreationEnded, CreationFailed, CreationTimedOut, InstanceGone, RomaError
from ...lifecycle.access import Target, explained
from ...lifecycle.session import Session
from ...lifecycle.waiting import build
from ..codes import Code
from ..place import reach

if TYPE_CHECKING:
    from ...api.models import CreationProgress

# Longer than any line that is read by people; what an API sends may be longer.
LONG = 2000


class Outcome(Enum):
    """How watching ended; the value is the ``verdict`` of ``--json``."""

    READY = "ready"
    FAILED = "failed"
    ENDED = "ended"
    GONE = "gone"
    TIMED_OUT = "timed_out"
    ERROR = "error"
    INTERRUPTED = "interrupted"

    @property
    def code(self) -> int:
        """The exit code."""
        return _CODES[self]


_CODES = {
    Outcome.READY: Code.DONE,
    Outcome.FAILED: Code.NO,
    Outcome.ENDED: Code.NO,
    Outcome.GONE: Code.NO,
    Outcome.TIMED_OUT: Code.TIME_OVER,
    Outcome.ERROR: Code.NOTHING_KNOWN,
    Outcome.INTERRUPTED: Code.INTERRUPTED,
}
# After the others the creation goes on, and so does an estimate of its rest.
_OVER = (Outcome.FAILED, Outcome.ENDED, Outcome.GONE, Outcome.ERROR)


@dataclass(frozen=True)
class Look:
    """A creation at one moment, as it is shown. ``at`` is on the monotonic clock, ``seconds`` since the creation began,
    ``remaining`` an estimate, or None. ``line`` and ``news`` are those of the status line in `pulumi up`."""

    at: float
    instance_id: str
    seconds: float
    remaining: float | None
    line: str
    news: Hashable
    progress: CreationProgress | None = None
    trouble: str | None = None
    brief: str | None = None
    warning: str | None = None

    @property
    def parts(self) -> list[Part]:
        return parts(self.progress) if self.progress is not None else []

    @property
    def failures(self) -> list[str]:
        """A line for each sub-service that failed, with its reason."""
        if self.progress is None:
            return []
        return [printable(reason, LONG) for reason in failure(self.instance_id, self.progress).reasons[1:]]

    @property
    def percent(self) -> int | None:
        """0–100, or None where the API does not tell."""
        return percent(self.progress.progress) if self.progress is not None else None

    @property
    def status(self) -> str | None:
        return (self.progress.decisive_status or None) if self.progress is not None else None

    @property
    def name(self) -> str | None:
        if self.progress is None:
            return None
        return (self.progress.instance.name if self.progress.instance else None) or self.progress.name


@dataclass(frozen=True)
class Ending:
    """How it ended. ``lines`` is what people read of an instance; ``reasons`` why there is none that is ready."""

    outcome: Outcome
    look: Look
    lines: list[str]
    reasons: list[str]


class View(Protocol):
    """Where what is seen is shown."""

    def show(self, look: Look) -> None: ...


@dataclass
class Watch:
    """One creation, watched for at most ``seconds``. ``region`` and ``project_id`` come before the settings."""

    session: Session
    instance_id: str
    region: str | None = None
    project_id: str | None = None
    seconds: float = DEFAULT_SECONDS

    @property
    def _clock(self) -> Clock:
        return self.session.clock

    def run(self, view: View) -> Ending:
        """Wait for the verdict, showing every answer. Raises nothing of ours, and no KeyboardInterrupt."""
        self._course = Course(self._clock.monotonic())
        self._progress: CreationProgress | None = None
        self._trouble: Report | None = None

        def report(report: Report) -> None:
            self._trouble = report if report.trouble else None
            if report.progress is not None:
                self._see(report.progress)
            view.show(self._look(report))

        try:
            with explained(self.session):
                self._see(self._wait(report).until_ready())
        except KeyboardInterrupt:
            goes_on = "; the creation goes on at Huawei Cloud" if self._progress is not None else ""
            return self._ending(Outcome.INTERRUPTED, [f"stopped watching{goes_on}"])
        except CreationTimedOut as error:
            return self._ending(Outcome.TIMED_OUT, self._timed_out(error))
        except InstanceGone as error:
            if error.progress is None:
                said = f"there is no instance {self.instance_id} in {self._target.where}"
                return self._ending(Outcome.ERROR, [f"{said}; check the id, --region and --project-id"])
            return self._ending(Outcome.GONE, error.reasons, error.progress)
        except CreationFailed as error:
            return self._ending(Outcome.FAILED, error.reasons, error.progress)
        except CreationEnded as error:
            return self._ending(Outcome.ENDED, error.reasons, error.progress)
        except RomaError as error:
            return self._ending(Outcome.ERROR, error.reasons)
        return self._ready()

    def _wait(self, report: Callable[[Report], None]) -> Wait:
        self.session.settings.live_wish()
        self._target = self._find()
        # It may have been ordered a moment ago.
        bounds = Bounds(self.seconds, early=True)
        return build(self.session, self._target, threading.Event(), bounds, report)

    def _find(self) -> Target:
        return reach(self.session, self.region, self.project_id).of(self.instance_id)

    def _see(self, progress: CreationProgress) -> None:
        if progress is not self._progress:
            self._progress = progress
            self._course.see(progress, self._clock.monotonic())

    def _look(self, report: Report | None = None) -> Look:
        now = self._clock.monotonic()
        trouble, brief, warning = (report.trouble, report.brief, report.warning) if report else (None, None, None)
        return Look(
            at=now,
            instance_id=self.instance_id,
            seconds=self._course.elapsed(now),
            remaining=self._remaining(now),
            line=self._course.text(now, brief),
            news=self._course.news(brief),
            progress=self._progress,
            trouble=trouble,
            brief=brief,
            warning=warning,
        )

    def _remaining(self, now: float) -> float | None:
        # With a part that failed nobody knows how the rest will go.
        if self._progress is not None and any(part.state is State.FAILED for part in parts(self._progress)):
            return None
        return self._course.remaining(now)

    def _ending(self, outcome: Outcome, reasons: list[str], progress: CreationProgress | None = None) -> Ending:
        if progress is not None:
            self._see(progress)
        look = self._look()
        if outcome in _OVER:
            look = replace(look, remaining=None)
        clean = [printable(reason, LONG) for reason in reasons]
        return Ending(outcome, look, [] if outcome is Outcome.ERROR else clean, clean)

    def _ready(self) -> Ending:
        look = self._look()
        detail = self._progress.instance if self._progress is not None else None
        where = f" at {detail.connect_address}" if detail and detail.connect_address else ""
        lines = [f"{look.name or 'instance'} ({self.instance_id}) is {look.status}{where}"]
        if took := self._course.end(look.at):
            lines.append(took)
        return Ending(Outcome.READY, look, [printable(line, LONG) for line in lines], [])

    def _timed_out(self, error: CreationTimedOut) -> list[str]:
        far = describe(error.progress) if error.progress else "without one answer about its progress"
        lines = [f"instance {self.instance_id} was not ready after {spell(self.seconds)} of watching: {far}"]
        more = "--timeout allows more, such as --timeout 2h"
        if self._trouble is not None and self._trouble.brief == UNSEEN:
            lines.append("the API has not shown such an instance; check the id, --region and --project-id")
            return [*lines, f"if it was ordered a moment ago, it may show within a minute: {more}"]
        if self._trouble is not None and self._trouble.trouble:
            lines.append(f"the last question got no good answer: {self._trouble.trouble.removesuffix(AGAIN)}")
        # Without one answer nobody knows whether there is a creation that could go on.
        goes_on = "its creation goes on at Huawei Cloud; " if error.progress else ""
        return [*lines, f"{goes_on}{more}"]
