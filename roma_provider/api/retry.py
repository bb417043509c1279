"""Whether a call outside waits is sent again, and after how long. The contract is in docs/retries.md:

=============================================  =====================================
GET or DELETE; 408, 429, 500, 502, 503, 504    again, as often as ``max_retries``
GET or DELETE; no answer, which may pass       again, as often as ``max_retries``
GET or DELETE; no answer, which will not pass  never
any other answer                               never
POST                                           never: it makes an instance each time
=============================================  =====================================

The pauses are 0, 1, 2, 4 and 8 seconds, then 8 again and again; where the answer asks for a longer one (Retry-After),
that, up to 30 seconds. Whoever pauses adds a little by chance, so that many callers do not come back together.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import RomaApiError, RomaConnectionError

METHODS = frozenset({"GET", "DELETE"})
STATUSES = frozenset({408, 429, 500, 502, 503, 504})
# By the number of attempts that have failed; the last one goes on.
PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0)
# The longest pause that Retry-After is granted. For 429 and 503 the host's budget adds what is left of it.
RETRY_AFTER_SECONDS = 30.0


@dataclass(frozen=True)
class Limits:
    """How often a call outside waits is repeated, and the seconds that each attempt may take from its
    beginning to the last byte of the answer."""

    max_retries: int = 5
    timeout_seconds: float = 30.0


def pause(attempt: int, method: str, error: RomaApiError | RomaConnectionError, limits: Limits) -> float | None:
    """The seconds before the next attempt of a call, of which ``attempt`` (1, 2, …) has just ended with ``error``.

    None where there is no next one.
    """
    if method not in METHODS or not _may_pass(error) or attempt > limits.max_retries:
        return None
    asked = error.retry_after if isinstance(error, RomaApiError) else None
    return max(PAUSES[min(attempt, len(PAUSES)) - 1], min(asked or 0.0, RETRY_AFTER_SECONDS))


def _may_pass(error: RomaApiError | RomaConnectionError) -> bool:
    return error.status in STATUSES if isinstance(error, RomaApiError) else not error.lasting
