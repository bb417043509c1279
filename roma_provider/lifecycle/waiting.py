"""Waiting for an instance: the one way in which ``owned``, ``referenced`` and `roma watch` do it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..creation.line import Course
from ..creation.schedule import Expected, Fixed
from ..creation.wait import DEFAULT_SECONDS, Bounds, Report, Wait
from ..errors import CreationError, RomaApiError, RomaConnectionError
from .access import Target, explained, is_gone
from .among import Among
from .operation import News, Operation
from .remedies import Remedies

if TYPE_CHECKING:
    from ..api.models import CreationProgress
    from ..clock import Stop
    from .session import Session


@dataclass(frozen=True)
class _Instance:
    """A wait's source: the instance, as the API shows it."""

    session: Session
    found: Target
    stop: Stop
    among: Among

    def read(self, seconds: float) -> CreationProgress:
        return self.among.read(seconds)

    def is_gone(self) -> bool:
        return is_gone(self.session, self.found, self.stop, once=True)


def build(session: Session, found: Target, stop: Stop, bounds: Bounds, report: Callable[[Report], None]) -> Wait:
    """The wait for an instance, under the session's settings."""
    fixed = session.settings.fixed_pause()
    among = Among(session, found, stop)
    return Wait(
        found.instance_id,
        _Instance(session, found, stop, among),
        stop,
        session.clock,
        bounds,
        Expected() if fixed is None else Fixed(fixed),
        report,
        among,
    )


class Waiting:
    """A wait of a hook: what is known of the instance is kept all the way, and shown.

    ``props`` are its declared properties. How long the creation of one that is not our own took is
    said only if it was seen to end.
    """

    def __init__(
        self, session: Session, op: Operation, found: Target, props: Mapping[str, Any], remedies: Remedies
    ) -> None:
        self._session = session
        self._op = op
        self._target = found
        self._props = props
        self._remedies = remedies
        self._brief: str | None = None
        self._showing = threading.Lock()

    def until_ready(self, *, early: bool, since: float | None = None) -> CreationProgress:
        """The instance when it is ready.

        ``early``: it may have been ordered a moment ago. ``since`` is when the call began, on the monotonic clock.
        Raises what :meth:`~roma_provider.creation.wait.Wait.until_ready` raises, with the way on.
        """
        since = self._session.clock.monotonic() if since is None else since
        self._course = Course(since)
        bounds = Bounds(self._op.timeout or DEFAULT_SECONDS, since, early)
        wait = build(self._session, self._target, self._op.stop, bounds, self._report)
        with explained(self._session):
            try:
                with self._session.ticks.showing(self._tick):
                    progress = wait.until_ready()
            except CreationError as error:
                if error.progress is not None:
                    self._keep(error.progress)
                self._remedies.explain(error, self._op.urn)
                raise
            except (RomaApiError, RomaConnectionError) as error:
                error.hints.append("the creation goes on at Huawei Cloud: run `pulumi up` again to resume the wait")
                raise
        self._end()
        return progress

    def _report(self, report: Report) -> None:
        now = self._session.clock.monotonic()
        if report.progress is not None:
            if report.trouble is None:
                with self._showing:
                    self._course.see(report.progress, now)
            self._session.custody.shown(self._target.instance_id)
            self._keep(report.progress)
        if report.warning:
            self._op.warn(report.warning)
        if not self._course.is_ready:  # the last line is a note
            self._brief = report.brief
            self._say(now, self._course.news(report.brief))

    def _tick(self) -> None:
        """Between two answers: the same line, later. A log has no use for it."""
        if not self._course.is_ready:
            self._say(self._session.clock.monotonic(), News.NONE)

    def _say(self, now: float, news: Hashable) -> None:
        with self._showing:
            self._op.say(self._course.text(now, self._brief, self._target.client.budget.crowd), news)

    def _keep(self, progress: CreationProgress) -> None:
        self._op.keep(self._target.instance_id, self._target.outputs(self._props, progress))

    def _end(self) -> None:
        course = self._course
        told = course.is_recent if self._remedies.own else course.was_unready
        end = course.end(self._session.clock.monotonic()) if told else None
        if end:
            self._op.note(end)
        elif self._brief:
            self._op.say("ready")  # or the trouble would stay on the row
