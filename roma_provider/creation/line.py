"""A creation in one line for people's eyes: how far, since when, how long still, and what its parts do.

Nothing here decides anything. What is shown is the API's last answer, even where it goes back, since a part that
is made anew would else look as if it hung; only the estimate and what is news for a log hold on to the furthest.

For a creation that somebody watches: one :class:`Course`, told each answer by :meth:`Course.see`, asked for
:meth:`Course.text` (or for :meth:`~Course.elapsed`, :meth:`~Course.remaining`, and :func:`parts` of the answer).
The state of a sub-service is ``verdict.state``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .verdict import State, Verdict, state, verdict
from .words import columns, percent, printable, rough, spell, stopwatch

if TYPE_CHECKING:
    from ..api.models import CreationProgress, SubService

WIDTH = 100
# A longer name of a sub-service is cut; those that are known have three or four letters.
NAME_WIDTH = 20
# Below this the first steps say too little about the rest.
ESTIMATE_FROM = 10
# No creation takes longer; the times of one that seems to are not what they should be.
LONGEST_SECONDS = 7 * 24 * 3600.0
RECENT_SECONDS = 24 * 3600.0
# An estimate of more than this says that the progress hangs, not when it ends.
ESTIMATE_SECONDS = 4 * 3600.0
# What is news is told by this many names of sub-services at most, should each answer have others.
MOST_PARTS = 10_000


@dataclass(frozen=True)
class Part:
    """A sub-service as it is shown. ``percent`` is 0–100; ``seconds`` is how long it took, or has taken so far by
    the API's clock. Both are None where the API does not tell."""

    name: str
    state: State
    percent: int | None
    seconds: float | None

    def __str__(self) -> str:
        if self.state is not State.UNDER_WAY:
            return f"{self.name} {self.state.value}"
        return f"{self.name} under way" if self.percent is None else f"{self.name} {self.percent}%"


def parts(progress: CreationProgress) -> list[Part]:
    """The sub-services of an answer, in the API's order."""
    # A part that never got an end is at work no longer than the creation itself.
    return [_part(service, progress.end_time or progress.current_time) for service in progress.services]


def _part(service: SubService, now: int | None) -> Part:
    found = state(service)
    end = service.end_time or (now if found is State.UNDER_WAY else None)
    seconds = (end - service.start_time) / 1000 if end and service.start_time else -1.0
    far = 100 if found is State.DONE else percent(service.progress)
    return Part(
        name=printable(service.name or "?", NAME_WIDTH),
        state=found,
        percent=far,
        seconds=seconds if 0 <= seconds <= LONGEST_SECONDS else None,
    )


def elapsed(progress: CreationProgress) -> float | None:
    """Seconds since the creation began (until it ended), by the API's own clock; None where it does not tell."""
    begun = progress.start_time or (progress.instance.created_at if progress.instance else None)
    until = progress.end_time or progress.current_time
    seconds = (until - begun) / 1000 if begun and until else -1.0
    return seconds if 0 <= seconds <= LONGEST_SECONDS else None


class Course:
    """A creation as somebody sees it who watches from ``now`` on. Every ``now`` is on the same monotonic clock."""

    def __init__(self, now: float) -> None:
        self._began = now
        self._last: CreationProgress | None = None
        self._unready = False
        self._highest = 0
        self._reached = 0.0
        self._furthest: dict[str, State] = {}

    def see(self, progress: CreationProgress, now: float) -> None:
        """An answer of the API, had at ``now``."""
        self._last = progress
        self._unready = self._unready or not self.is_ready
        told = elapsed(progress)
        if told is not None:
            self._began = now - told
        far = percent(progress.progress) or 0
        if far > self._highest:
            self._highest = far
            self._reached = self.elapsed(now)
        for part in parts(progress):
            before = self._furthest.get(part.name, State.WAITING)
            if part.name not in self._furthest and len(self._furthest) >= MOST_PARTS:
                continue
            self._furthest[part.name] = max(before, part.state, key=_ORDER.index)

    @property
    def is_ready(self) -> bool:
        """Whether the last answer showed the instance ready."""
        return self._last is not None and verdict(self._last.decisive_status) is Verdict.READY

    def elapsed(self, now: float) -> float:
        """Seconds since the creation began: by the API's clock, or else since it has been watched."""
        return max(0.0, now - self._began)

    def remaining(self, now: float) -> float | None:
        """Seconds that are expected still: as if the rest went like the way to the last step.

        None where there is no basis: nearly nothing done yet, all of it done, a progress that is not told or fell
        back, an estimate that has passed, or one that is too long to mean anything.
        """
        far = percent(self._last.progress) if self._last is not None else None
        if far is None or far < max(ESTIMATE_FROM, self._highest):
            return None
        left = self._reached * 100 / far - self.elapsed(now)
        return left if 0 < left <= ESTIMATE_SECONDS and far < 100 else None

    def text(self, now: float, trouble: str | None = None, aside: str | None = None) -> str:
        """At most 100 columns, what matters first: ``42% 7:40, ~11m left: mqs 30%, lvs done``. ``aside`` comes last.

        The engine cuts a row at the terminal's width, which at 100 columns leaves some 22 of this. So the estimate
        gives way to ``trouble`` (such as "502") and to parts that failed.
        """
        found = parts(self._last) if self._last is not None else []
        failed = _in(found, State.FAILED)
        head = " ".join(filter(None, [self._far(), stopwatch(self.elapsed(now))]))
        if trouble:
            head += f" {trouble}, trying again"
        if self._last is None:
            head = head if trouble else f"{head} waiting for the first answer"
        left = self.remaining(now)
        if left is not None and not trouble and not failed:
            head += f", ~{rough(left)} left"
        rest = [part for part in found if part.state is not State.FAILED]
        after = f"; {aside}" if aside else ""
        if columns(head + after) > WIDTH:
            after = ""
        return _fitted(head, failed, rest, WIDTH - columns(after)) + after

    def _far(self) -> str:
        if self._last is None:
            return ""
        far = percent(self._last.progress)
        if far is not None:
            return f"{far}%"
        return printable(self._last.decisive_status.lower(), NAME_WIDTH) or "no status"

    def news(self, trouble: str | None = None) -> Hashable:
        """What a reader of a log cares about; changes when a line is due. Whatever goes back is no news."""
        known = frozenset((name, found) for name, found in self._furthest.items() if found is not State.WAITING)
        return known, self._highest // 25, bool(trouble)

    @property
    def was_unready(self) -> bool:
        """Whether an answer has shown the instance before it was ready."""
        return self._unready

    @property
    def is_recent(self) -> bool:
        """Whether the creation ended in this watching, or within a day before it: later it is no news."""
        if self._unready or self._last is None:
            return self._unready
        now, end = self._last.current_time, self._last.end_time
        return bool(now and end) and 0 <= (now or 0) - (end or 0) <= RECENT_SECONDS * 1000

    def end(self, now: float) -> str | None:
        """The line that stays of a creation that is ready: how long it took, and what took longest.

        None for an instance that was ready at the first look and does not tell how long it took.
        """
        if self._last is None or not (self._unready or (self._last.end_time and elapsed(self._last) is not None)):
            return None
        total = self.elapsed(now)
        took = f"created in {_spelled(total)}"
        timed = [(min(total, part.seconds), part.name) for part in parts(self._last) if part.seconds is not None]
        if len(timed) < 2:
            return took
        seconds, name = max(timed)
        return f"{took}; slowest sub-service: {name}, {_spelled(seconds)}"


_ORDER = list(State)


def _fitted(head: str, failed: list[Part], rest: list[Part], width: int) -> str:
    """The head, and as much of the parts as has room: what failed, then the parts under way, done, to come.

    Those to come are only counted; so are those done where their names have no room, and then whatever is left.
    """
    named = [str(part) for part in (*failed, *_in(rest, State.UNDER_WAY))]
    done = [str(part) for part in _in(rest, State.DONE)]
    later = _count(len(_in(rest, State.WAITING)), "not started")
    line = _joined(head, [*named, *done, later])
    # A part has three columns at least, so more of them than this have no room.
    for shown in range(min(len(named), width // 3), -1, -1):
        if len(line) <= width and columns(line) <= width:
            return line
        more = _count(len(named) - shown, "more")
        line = _joined(head, [*named[:shown], more, _count(len(done), "done"), later])
    return line if columns(line) <= width else printable(head, width)


def _in(found: list[Part], wanted: State) -> list[Part]:
    return [part for part in found if part.state is wanted]


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count else ""


def _joined(head: str, tail: Iterable[str]) -> str:
    said = ", ".join(filter(None, tail))
    return f"{head}: {said}" if said else head


def _spelled(seconds: float) -> str:
    return spell(round(seconds) if seconds >= 1 else seconds)
