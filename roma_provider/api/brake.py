"""One brake for each host: after "too many requests", nobody in this session asks before the time is over.

The gateway counts calls by user and by address, for all instances together (docs/api-notes.md §3), so a waiter
that goes on asking takes from the others, and many that come back at one moment are refused again.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from ..errors import Answer, RomaApiError

MOST_SECONDS = 60.0
# Huawei's gateway sends no Retry-After (docs/api-notes.md §3). Then: this pause, twice as long each time that the
# answer after it is another 429.
FIRST_SECONDS = 5.0
# Those that were held come back spread over this time, or as long as they were held, if that is shorter.
SPREAD_SECONDS = 5.0


@dataclass
class Brake:
    """The brake of a host. Times are seconds of one monotonic clock. Safe to share between threads."""

    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _until: float = field(default=float("-inf"), init=False)
    _strikes: int = field(default=0, init=False)
    _cause: RomaApiError | None = field(default=None, init=False)

    def note(self, now: float, error: RomaApiError) -> None:
        """Take an answer that is an error into account: a 429, or a 503 that says when to come back."""
        asked = error.retry_after
        if error.status != 429 and (error.status != 503 or asked is None):
            return
        with self._lock:
            # Of many answers that arrive in one pause, the first counts.
            self._strikes += now >= self._until
            pause = FIRST_SECONDS * 2 ** min(self._strikes - 1, 10) if asked is None else asked
            until = now + min(pause, MOST_SECONDS)
            if until > max(now, self._until):
                self._until, self._cause = until, error

    def passed(self) -> None:
        """An answer was good: the next 429 is a first one again."""
        with self._lock:
            self._strikes = 0

    def left(self, now: float) -> float:
        """Seconds until the host may be asked again; 0 if it may be."""
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


class Brakes:
    """One brake for each host with its port, shared by the calls of one session. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._brakes: dict[str, Brake] = {}

    def of(self, host: str) -> Brake:
        with self._lock:
            return self._brakes.setdefault(host, Brake())
