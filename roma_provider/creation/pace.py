"""Which status lines a log gets, where none is replaced in place: pure functions of time and of what is new.

A line when there is news, and a sign of life otherwise, ever rarer. Both take from one allowance, so that no log
grows without end, whatever the API does: a trouble that comes and goes, sub-services that appear under new names.
What the allowance holds back is said when there is room, if it still is news.
"""

from __future__ import annotations

from collections.abc import Hashable

# Lines at once, and then one a minute: at most 40 in half an hour.
ALLOWANCE = 10.0
MINUTE = 60.0
# A sign of life is due after a minute of silence, or after a tenth of what has passed where that is more.
RARER = 0.1


class Pace:
    """The lines of one call of the engine."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._allowance = ALLOWANCE
        self._counted = 0.0
        self._said_at = 0.0
        self._said: Hashable = None

    def is_due(self, news: Hashable, now: float) -> bool:
        """Whether a line is to be said now, in seconds on a clock that never jumps; if so, it counts as said.

        ``news`` is what a reader cares about; the same again is none.
        """
        if self._began is None:
            self._began = self._counted = now
        self._allowance = min(ALLOWANCE, self._allowance + (now - self._counted) / MINUTE)
        self._counted = now
        silence = max(MINUTE, RARER * (now - self._began))
        if (news == self._said and now - self._said_at < silence) or self._allowance < 1:
            return False
        self._allowance -= 1
        self._said, self._said_at = news, now
        return True
