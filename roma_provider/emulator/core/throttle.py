"""The gateway's throttle: so many calls of one user in so many seconds, and 429 for any more."""

from collections import deque
from dataclasses import dataclass, field


@dataclass
class Throttle:
    """Calls by user. Those that are refused do not count."""

    _taken: dict[str, deque[float]] = field(default_factory=dict)

    def refuses(self, user: str, limit: int, seconds: float, now: float) -> bool:
        """Whether a call of this moment is one too many; if not, it counts."""
        taken = self._taken.setdefault(user, deque())
        while taken and taken[0] <= now - seconds:
            taken.popleft()
        if len(taken) >= limit:
            return True
        taken.append(now)
        return False


def parsed(text: str) -> tuple[int, float] | None:
    """``200/300``: 200 calls in 300 seconds; None where it is empty.

    Raises:
        ValueError: it is neither.
    """
    if not text:
        return None
    limit, slash, seconds = text.partition("/")
    if not slash or not int(limit) >= 1 or not 0 < float(seconds) <= 86_400:
        raise ValueError(text)
    return int(limit), float(seconds)
