"""One call in flight serves all who asked before it began: lists, which are the same for everybody.

Many who come within seconds, each a little after the last call began, would still make a call each. So no more than two
of a kind begin in any three seconds, and in a crowd three in any six, a second apart; who comes meanwhile shares the
next.

A call that fails has failed for all who share it: else they would fail one after another, and the last of 64 after 64
times as long. But not for those who would have tried for longer, nor where it was only stopped.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from ..clock import Clock, Stop
from ..errors import RomaError, fresh

Found = TypeVar("Found")

# How often somebody looks whether the call of another one is done.
LOOK_SECONDS = 0.05
FEW, MOMENT_SECONDS = 2, 3.0
CROWD_FEW, CROWD_MOMENT_SECONDS, CROWD_APART_SECONDS = 3, 6.0, 1.0


@dataclass
class _Call:
    """``value`` is what it found, in a list of one; empty as long as it has not, and where it failed.

    Then ``error`` says why, unless it was stopped. ``patience``: for how many seconds it tries.
    """

    patience: float
    value: list[Any] = field(default_factory=list)
    error: RomaError | None = None
    is_over: bool = False


class InFlight:
    """The calls of one host, by what they ask for. Safe to share between threads."""

    def __init__(self, is_crowded: Callable[[], bool] = lambda: False) -> None:
        self._is_crowded = is_crowded
        self._lock = threading.Lock()
        self._coming: dict[Hashable, _Call] = {}
        self._running: set[Hashable] = set()
        self._begun: dict[Hashable, deque[float]] = {}

    def shared(
        self, what: Hashable, ask: Callable[[], Found], clock: Clock, stop: Stop, patience: float = 0.0
    ) -> Found:
        """What ``ask`` finds, or what another caller's does that begins after this moment. ``patience``: for how many
        seconds it tries, 0 for one attempt. Where the other one was stopped, or fails and has tried for a shorter time,
        this caller asks for itself; where this one is stopped, too, and is told so by its own call."""
        while True:
            with self._lock:
                call = self._coming.get(what)
                mine = call is None
                if call is None:
                    call = self._coming[what] = _Call(patience)
            if mine:
                return self._asked(what, call, ask, clock, stop)
            while not call.is_over:
                if clock.sleep(LOOK_SECONDS, stop):
                    return ask()
            if call.value:
                return cast("Found", call.value[0])
            if call.error is not None and call.patience >= patience:
                raise fresh(call.error) from call.error

    def _asked(self, what: Hashable, call: _Call, ask: Callable[[], Found], clock: Clock, stop: Stop) -> Found:
        """Ask when the call before is over: until this one begins, others join it."""
        try:
            while not self._begins(what, call, clock.monotonic()):
                if clock.sleep(LOOK_SECONDS, stop):
                    return ask()
            try:
                found = ask()
                call.value.append(found)
                return found
            except RomaError as error:
                call.error = None if stop.is_set() else error
                raise
            finally:
                with self._lock:
                    self._running.discard(what)
        finally:
            with self._lock:
                if self._coming.get(what) is call:
                    del self._coming[what]
            call.is_over = True

    def _begins(self, what: Hashable, call: _Call, now: float) -> bool:
        is_crowded = self._is_crowded()
        with self._lock:
            begun = self._begun.setdefault(what, deque(maxlen=CROWD_FEW))
            if what in self._running or now < self._free(begun, is_crowded):
                return False
            begun.append(now)
            self._running.add(what)
            if self._coming.get(what) is call:
                del self._coming[what]
            return True

    @staticmethod
    def _free(begun: deque[float], is_crowded: bool) -> float:
        """From when on one more may begin, after those that have."""
        few, moment, apart = FEW, MOMENT_SECONDS, 0.0
        if is_crowded:
            few, moment, apart = CROWD_FEW, CROWD_MOMENT_SECONDS, CROWD_APART_SECONDS
        last = begun[-1] + apart if begun else float("-inf")
        return max(last, begun[-few] + moment) if len(begun) >= few else last
