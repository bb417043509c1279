"""The roll call: where many wait, one list in place of most of their questions. A rule over answers; it asks nobody.

A list is one call for all instances, and a hint only: the verdict is /process's. An instance is called (its turn has
come) when a list shows it no longer CREATING, or no more at all after an earlier one did. A list that lags would make
everybody late, and one that contradicts /process would call the same instance again and again. So an instance that was
called and is still CREATING is not called any more, and where a list is seen to lag, there are no more of them.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from .verdict import Verdict, verdict

# Between two lists, for up to so many waits. More need more calls for their verdicts, and there are fewer lists.
PAUSE_SECONDS = 5.0
MANY = 75
# Where calls are short: from when on, and then a part of the time that has been waited, but no more than so long. Those
# are some 17 lists until the orders leave the window.
SHORT_SECONDS, SHORT_PART, SHORT_MOST_SECONDS = 40.0, 0.12, 20.0
# Who was ordered together is ready together: after the first one, lists come sooner, by this part of the time since.
ENDED_PART, ENDED_SECONDS = 0.3, 2.0
# The lists may not show at once what has been ordered.
SOON_SECONDS = 30.0


class RollCall:
    """The lists and answers of one place. Times are of one monotonic clock. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun = self._listed_at = float("-inf")
        self._shown: dict[str, str] = {}
        self._known: set[str] = set()
        self._called: set[str] = set()
        self._ready: dict[str, float] = {}
        self.is_lagging = False

    def begins(self, now: float, waits: int, short_for: float | None = None) -> bool:
        """Whether a list is due, where so many wait; whoever is told so asks for it. ``short_for``: where there are
        hardly calls for the verdicts, how many seconds have been waited; then lists are fewer, and begin later."""
        pause = PAUSE_SECONDS * max(1.0, waits / MANY)
        with self._lock:
            due = not self.is_lagging
            if short_for is not None:
                pause = max(pause, min(SHORT_MOST_SECONDS, SHORT_PART * short_for))
                pause = min(pause, self._after_the_first(now, short_for))
                due = due and short_for >= SHORT_SECONDS
            due = due and now >= self._begun + pause
            if due:
                self._begun = now
            return due

    def _after_the_first(self, now: float, waited: float) -> float:
        """The pause after the first one of those that were waited for meanwhile was ready."""
        ended = [at for at in self._ready.values() if at >= now - waited]
        return max(ENDED_SECONDS, ENDED_PART * (now - min(ended))) if ended else float("inf")

    def listed(self, statuses: Mapping[str, str], begun: float) -> None:
        """What a list showed, that was begun at this moment: statuses by id."""
        with self._lock:
            self._shown, self._listed_at = dict(statuses), begun
            self._known |= statuses.keys()
            for instance_id, since in self._ready.items():
                if since < begun and verdict(statuses.get(instance_id, "")) is Verdict.PENDING:
                    self.is_lagging = True

    def answered(self, instance_id: str, status: str, asked: float) -> None:
        """What /process said, that was asked at this moment."""
        with self._lock:
            if verdict(status) is Verdict.READY:
                self._ready.setdefault(instance_id, asked)
            elif self._is_hinted(instance_id):
                self._called.add(instance_id)

    def calls(self, instance_id: str) -> bool:
        """Whether it is this one's turn to ask /process."""
        with self._lock:
            return not self.is_lagging and instance_id not in self._called and self._is_hinted(instance_id)

    def watches(self, instance_id: str, since: float) -> bool:
        """Whether the lists can be trusted to tell when the turn of this one has come, that is waited for since then.
        One that was ordered a moment ago is soon to be in them."""
        with self._lock:
            soon = self._listed_at < since + SOON_SECONDS
            return not self.is_lagging and instance_id not in self._called and (soon or instance_id in self._known)

    def _is_hinted(self, instance_id: str) -> bool:
        status = self._shown.get(instance_id)
        if status is None:
            return bool(self._shown) and instance_id in self._known
        return verdict(status) is not Verdict.PENDING
