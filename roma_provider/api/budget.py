"""How many calls a host may be sent, and who of many is next: one budget for each host, for all callers of a session.

The gateway counts calls by user, for all instances together (docs/api-notes.md §3: 200 in 5 minutes have been seen
there), and says 429 beyond. So at most ``limit`` calls are begun in any 300 seconds; the rest is left to other runs and
the console. Where there is room for one, the order is that of :class:`Rank`, and then of arrival. Sign-in and calls
that no rank is given for are counted, and never held. Nor is DELETE: the look before it waits for the room of both.

A 429 empties the budget for the time that its Retry-After asks for. Huawei's has none; then the budget pauses, twice as
long each time, and shrinks to less than what was refused. Good answers let it grow again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import IntEnum

from ..clock import Clock, Stop
from ..errors import Answer, RomaApiError
from .in_flight import InFlight

CALLS, WINDOW_SECONDS = 150, 300.0
# Of the whole, what a crowd of waits leaves to orders, lists and verdicts.
RESERVE = 1 / 3
# Of the whole, the part that lists need until a crowd's creations end.
LISTS = 1 / 6
# A crowd is one whose waits would take more than this of the whole.
CROWD = 2 / 3
# How long who has ordered waits for the orders of the others.
CROWD_SECONDS = 10.0
# The first pauses of a wait are shorter than they will be.
SETTLED_SECONDS = 10.0
# What is left after refusals is never less than this part of the whole: they may be others' doing.
LEAST = 1 / 3
# To what part of the calls that were refused it shrinks, and by how many it grows for each good answer.
SHRINK, GROWTH = 0.8, 0.25
MOST_SECONDS = 60.0
FIRST_SECONDS = 5.0
# Those that were held come back spread over this time, or as long as they were held, if that is shorter.
SPREAD_SECONDS = 5.0
# How long somebody looks on whose turn is next but one.
LOOK_SECONDS = 0.25


class Rank(IntEnum):
    """Who goes first, where there is room for one.

    ``DELETION``, the look before a DELETE, counts for both; ``PAID``, that DELETE, is not counted again.
    """

    PAID = -1
    FREE = 0
    ORDER = 1
    VERDICT = 2
    LIST = 3
    LOOK = 4
    DELETION = 5

    @property
    def again(self) -> Rank:
        """That of a repetition, for which nobody has paid."""
        return Rank.ORDER if self is Rank.PAID else self


_COUNTED = {Rank.PAID: 0, Rank.DELETION: 2}


@dataclass
class Budget:
    """The budget of a host. Times are seconds of one monotonic clock. Safe to share between threads."""

    calls: int = CALLS
    in_flight: InFlight = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _sent: deque[float] = field(default_factory=deque, init=False)
    _queue: list[tuple[Rank, int]] = field(default_factory=list, init=False)
    _arrived: int = field(default=0, init=False)
    _waits: dict[Hashable, tuple[float, float]] = field(default_factory=dict, init=False)
    _wanted: float = field(default=0.0, init=False)
    _limit: float = field(default=0.0, init=False)
    _until: float = field(default=float("-inf"), init=False)
    _strikes: int = field(default=0, init=False)
    _cause: RomaApiError | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._limit = float(self.calls)
        self.in_flight = InFlight(lambda: self.is_crowded)

    # --- before a call -------------------------------------------------------------------------------------

    def take(self, rank: Rank, clock: Clock, stop: Stop, until: float = float("inf")) -> bool:
        """Whether a call may be begun now, which then counts; waits for it. False where it is stopped, or ``until``
        would pass."""
        with self._lock:
            self._arrived += 1
            mine, count = (rank, self._arrived), _COUNTED.get(rank, 1)
            self._queue.append(mine)
        try:
            while True:
                now = clock.monotonic()
                with self._lock:
                    room = self._room(now)
                    if rank <= Rank.FREE or (room >= count and min(self._queue) == mine):
                        self._sent.extend([now] * count)
                        return True
                    pause = LOOK_SECONDS if room >= count else max(LOOK_SECONDS, self._sent[0] + WINDOW_SECONDS - now)
                if now + pause > until or clock.sleep(pause, stop):
                    return False
        finally:
            with self._lock:
                self._queue.remove(mine)

    def _room(self, now: float) -> int:
        while self._sent and self._sent[0] <= now - WINDOW_SECONDS:
            self._sent.popleft()
        return int(self._limit) - len(self._sent)

    # --- many waits ----------------------------------------------------------------------------------------

    def wants(self, who: Hashable, due: float, pause: float) -> None:
        """A wait wants to ask at ``due``, after a pause of so many seconds."""
        with self._lock:
            self._waits[who] = (due, pause)
            self._wanted = self._calls_wanted()

    @contextmanager
    def expecting(self, who: Hashable) -> Iterator[None]:
        """Inside, an order is made (until :meth:`ordered`), after which there is one more wait."""
        self.wants(who, float("inf"), 0.0)
        try:
            yield
        finally:
            self.leaves(who)

    def ordered(self, who: Hashable, clock: Clock, stop: Stop) -> None:
        """An order that was expected has been made. Returns when those of the others are, in a crowd: then one list
        serves them all."""
        now = clock.monotonic()
        self.wants(who, now, 0.0)
        until = now + CROWD_SECONDS
        while self.is_crowded and self._is_ordering() and clock.monotonic() < until:
            if clock.sleep(LOOK_SECONDS, stop):
                return

    def _is_ordering(self) -> bool:
        with self._lock:
            return self._orders() > 0

    def _orders(self) -> int:
        return sum(due == float("inf") for due, _ in self._waits.values())

    def leaves(self, who: Hashable) -> None:
        with self._lock:
            self._waits.pop(who, None)
            self._wanted = self._calls_wanted()

    def _calls_wanted(self) -> float:
        """By all waits, in a window; kept, since each looks every second."""
        return sum(WINDOW_SECONDS / max(SETTLED_SECONDS, pause) for _, pause in self._waits.values())

    @property
    def waits(self) -> int:
        with self._lock:
            return len(self._waits)

    @property
    def is_crowded(self) -> bool:
        """Whether the waits would take more than their part of the whole."""
        with self._lock:
            return self._wanted > CROWD * self._limit

    @property
    def crowd(self) -> str | None:
        """Why waits ask seldom, in a few words, where they do."""
        return f"asked seldom: {self.waits} wait, {int(self._limit)} calls per 5m" if self.is_crowded else None

    def is_turn(self, who: Hashable, now: float, *, watched: bool = False) -> bool:
        """Whether a wait may ask in a crowd: beyond the reserve, the most overdue in units of its own pause. For one
        that lists watch, the reserve is as many calls as there are waits, for their verdicts, and some for lists."""
        with self._lock:
            kept = max(RESERVE * self._limit, self._owed()) if watched else RESERVE * self._limit
            if who not in self._waits or self._queue or self._room(now) <= kept:
                return False
            mine = self._overdue(who, now)
            return all(self._overdue(other, now) <= mine for other in self._waits)

    def is_short(self, now: float) -> bool:
        """Whether there is room for hardly more than the orders and verdicts of those who wait."""
        with self._lock:
            return self._room(now) <= self._owed()

    def _owed(self) -> float:
        """The orders and verdicts of those who wait, and some lists."""
        return len(self._waits) + self._orders() + LISTS * self._limit

    def _overdue(self, who: Hashable, now: float) -> float:
        due, pause = self._waits[who]
        return (now - due) / max(0.01, pause)

    # --- after an answer -----------------------------------------------------------------------------------

    def note(self, now: float, error: RomaApiError) -> None:
        """Take an answer that is an error into account: a 429, or a 503 that says when to come back."""
        asked = error.retry_after
        if error.status != 429 and (error.status != 503 or asked is None):
            return
        with self._lock:
            # Of many answers that arrive in one pause, the first counts.
            if now >= self._until:
                self._strikes += 1
                if asked is None:
                    self._room(now)
                    self._limit = max(LEAST * self.calls, SHRINK * min(self._limit, len(self._sent)))
            pause = FIRST_SECONDS * 2 ** min(self._strikes - 1, 10) if asked is None else asked
            until = now + min(pause, MOST_SECONDS)
            if until > max(now, self._until):
                self._until, self._cause = until, error

    def passed(self) -> None:
        """An answer was good: the next 429 is a first one again, and the budget grows to what it was."""
        with self._lock:
            self._strikes = 0
            self._limit = min(float(self.calls), self._limit + GROWTH)

    def left(self, now: float) -> float:
        """Seconds until the host may be asked again after a refusal; 0 if it may be."""
        with self._lock:
            return max(0.0, self._until - now)

    def held(self, operation: str, left: float, spread: float) -> RomaApiError:
        """The error of a call that is not sent: that of the call which was, with the time that is left.

        ``spread`` in seconds is added to the time after which this caller shall come back.
        """
        with self._lock:
            cause = self._cause
        # There is one while there is time left.
        answer = cause.answer if cause is not None else Answer(429, None, "too many requests")
        message = f"{answer.message}; nothing is asked for another {max(1, round(left))} s"
        return RomaApiError(operation, replace(answer, message=message, retry_after=left + spread))


class Budgets:
    """One budget for each host with its port, shared by the calls of one session, which has one identity. ``calls``
    gives the most in 5 minutes. Safe to share between threads."""

    def __init__(self, calls: Callable[[], int] = lambda: CALLS) -> None:
        self._lock = threading.Lock()
        self._calls = calls
        self._budgets: dict[str, Budget] = {}

    def of(self, host: str) -> Budget:
        with self._lock:
            if host not in self._budgets:
                self._budgets[host] = Budget(self._calls())
            return self._budgets[host]
