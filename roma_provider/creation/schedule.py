"""When a wait asks next.

**The principle.** A question costs one call; each second that an instance has been ready without anybody knowing costs
a second. Ask when the *expected* time that it has been ready already reaches c, the price of one call in seconds.
For a time left that is evenly likely in [low, high], asking after ``a`` seconds finds it ready for (a − low)² /
2(high − low) seconds on average; that is c at ``a = low + √(2c(high − low))``. While low is far beyond that root, half
the way to it is slept: to measure again nearer the end narrows the window, which is worth a call.

**The window** [low, high] of the creation's end:

- two paces: that of the whole creation so far, and that of its last stretch, as long as what is left;
- each by the moments at which levels were reached, which lie between two questions, or are told (``end_time``);
- the grain of the readings (their common divisor): a reading p means less than p + grain. Each step of a grain varies,
  the more the coarser it is, and the sum of n steps by 1/√n of that;
- once the end is overdue, it may be late by as much again.

Without any progress there is no pace: 5, 5, 10, 20, 20 … seconds. Nothing is assumed about how long creations take: a
wrong idea of it costs more than a right one gains. All times are those of the answers (``currentTime − start_time``),
never this machine's, so that a wait which resumes knows what an unbroken one does. docs/performance.md has the figures.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from .line import elapsed
from .words import percent

if TYPE_CHECKING:
    from ..api.models import CreationProgress

# c: so many seconds of not knowing are as dear as one call.
PRICE_SECONDS = 0.2
SHORTEST_SECONDS, LONGEST_SECONDS = 1.0, 30.0
# Without progress: as long as has passed, within these.
BLIND_SECONDS = (5.0, 20.0)
# After a question without a good answer.
TROUBLE_SECONDS = 5.0
# Every pause is longer or shorter by up to this, so that many waits do not come together.
JITTER = 0.1
# Half the way to low is slept while low is this many times the root.
FAR = 5.0
# The last stretch has at least so many grains: of fewer, the rounding says more than the pace.
GRAINS = 5.0
# How much a step varies, as a part of its length: SPREAD × grain ** POWER, which is 0.15 for 1 % and 0.54 for a half.
SPREAD, POWER = 0.68, 0.33
# How late is counted from this part of the window on, and how much later it may be, for each second that it is late.
OVERDUE, LATER = 0.25, 1.15


class Schedule(Protocol):
    """What a wait asks after each of its questions."""

    def pause(self, answer: CreationProgress | None) -> float:
        """The seconds until the next question; ``answer`` is None where there was no good one."""


@dataclass(frozen=True)
class Fixed:
    """The same pause each time."""

    seconds: float

    def pause(self, answer: CreationProgress | None) -> float:
        return self.seconds


@dataclass(frozen=True)
class Level:
    """Progress (0–1) that was reached between two moments, in seconds since the creation began."""

    progress: float
    after: float
    by: float


START = Level(0.0, 0.0, 0.0)


class Expected:
    """The schedule of one wait, by the principle above. ``chance`` gives numbers from 0 to 1."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._levels: list[Level] = []  # of them the last is the newest
        self._done = self._whole = self._grain = 0
        self._asked = 0.0

    def pause(self, answer: CreationProgress | None) -> float:
        wanted = TROUBLE_SECONDS
        now = None if answer is None else elapsed(answer)
        if answer is not None and now is not None:
            self._see(answer, now)
            wanted = self._wanted(now)
        jitter = 1 + JITTER * (2 * self._chance() - 1)
        return max(SHORTEST_SECONDS, min(LONGEST_SECONDS, wanted) * jitter)

    def _see(self, answer: CreationProgress, now: float) -> None:
        done, whole = reading(answer)
        if whole != self._whole or done < self._done:
            self._levels, self._grain = [], 0  # it went back, or is counted otherwise: what was known is void
            if self._whole:
                self._levels = [Level(done / whole, now, now)]
        self._grain = math.gcd(self._grain, done, whole)
        told = _ends(answer, done, whole)
        if told:
            self._levels = [Level(100 * number / whole, end, end) for number, end in enumerate(told, 1)]
        elif not self._levels or done / whole > self._levels[-1].progress:
            # Of several steps since the last question, the newest took its part of the time.
            steps = (done - self._done) / self._grain if done else 1.0
            self._levels.append(Level(done / whole, now - (now - self._asked) / max(1.0, steps), now))
        self._done, self._whole, self._asked = done, whole, now

    def _wanted(self, now: float) -> float:
        if not self._done:
            return max(BLIND_SECONDS[0], min(BLIND_SECONDS[1], now))
        low, high = self._window(now)
        root = math.sqrt(2 * PRICE_SECONDS * (high - low))
        return low / 2 if low > FAR * root else low + root

    def _window(self, now: float) -> tuple[float, float]:
        """The seconds from now within which the creation is expected to end."""
        last, grain = self._levels[-1], self._grain / self._whole
        left = 1 - last.progress
        lows, highs = [], []
        for first in self._stretches(left, grain):
            seen = last.progress - first.progress
            least, most = max(0.0, last.after - first.by) / seen, (last.by - first.after) / seen
            if first is START:
                least = max(least, now / (last.progress + grain))  # or the next level would be there
            steps = grain / max(left, grain) + grain / seen
            spread = min(0.9, SPREAD * grain**POWER * math.sqrt(steps))
            lows.append(last.after + least * left * (1 - spread))
            highs.append(last.by + most * left * (1 + spread))
        low, high = min(lows), max(highs)
        late = now - low - OVERDUE * (high - low)
        low = max(low, now)
        return low - now, max(high, low, now + LATER * late) - now

    def _stretches(self, left: float, grain: float) -> list[Level]:
        """Where the stretches begin whose paces count: the whole, and the last, as long as what is left."""
        last, earlier = self._levels[-1], [level for level in self._levels[:-1] if level.progress > 0]
        long = max(left, GRAINS * grain)
        fits = (level for level in reversed(earlier) if last.progress - level.progress >= long)
        return [START, *(level for level in [next(fits, earlier[0] if earlier else None)] if level)]


def reading(answer: CreationProgress) -> tuple[int, int]:
    """How much is done, of how much: by the sub-services, which say it finer, where the whole is their mean or is not
    told; else by the whole."""
    overall = percent(answer.progress) or 0
    parts = [percent(service.progress) for service in answer.services]
    known = [part for part in parts if part is not None]
    if known and len(known) == len(parts):
        done, whole = sum(known), 100 * len(known)
        if not overall or abs(100 * done / whole - overall) <= 1:
            return done, whole
    return overall, 100


def _ends(answer: CreationProgress, done: int, whole: int) -> list[float]:
    """When the sub-services ended that are done, in seconds since the creation began, where they are all that is done;
    [] where they are not, or do not tell."""
    begun = answer.start_time or (answer.instance.created_at if answer.instance else None)
    ended = [service.end_time for service in answer.services if percent(service.progress) == 100]
    if not begun or not done or not all(ended) or (100 * len(ended), 100 * len(answer.services)) != (done, whole):
        return []
    return sorted(max(0.0, (end - begun) / 1000) for end in ended if end)
