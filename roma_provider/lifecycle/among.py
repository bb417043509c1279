"""A wait among others: when many wait for one host, they share its budget of calls.

Alone, or among few, a wait asks when its schedule says so. In a crowd (``Budget.is_crowded``) one list each 5 s stands
in place of most questions (``RollCall``). Whose turn has come by it asks at once, the others as the budget has room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..api.budget import WINDOW_SECONDS, Rank
from ..errors import RomaApiError, RomaConnectionError
from .access import Target

if TYPE_CHECKING:
    from ..api.models import CreationProgress
    from ..clock import Stop
    from .session import Session

# How often a wait in a crowd looks whether its turn has come.
LOOK_SECONDS = 1.0


class Among:
    """The questions and pauses of one wait."""

    def __init__(self, session: Session, found: Target, stop: Stop) -> None:
        self._session = session
        self._clock = session.clock
        self._target = found
        self._stop = stop
        self._budget = found.client.budget
        self._roll_call = session.roll_call(found)
        self._rank = Rank.LOOK
        self._since = 0.0

    @property
    def is_crowded(self) -> bool:
        return self._budget.is_crowded

    def read(self, seconds: float) -> CreationProgress:
        """One question, in its turn."""
        instance_id, rank, self._rank = self._target.instance_id, self._rank, Rank.LOOK
        asked = self._clock.monotonic()
        answer = self._target.client.creation_progress(instance_id, timeout=seconds, once=True, rank=rank)
        self._roll_call.answered(instance_id, answer.decisive_status, asked)
        return answer

    def begin(self, most: float) -> None:
        """At once, but in a crowd, where the first question of each would leave no call for the last."""
        self._since = now = self._clock.monotonic()
        self._budget.wants(self._target.instance_id, now, 0.0)
        if self._budget.is_crowded:
            self.pause(0.0, most)

    def pause(self, seconds: float, most: float) -> None:
        """About so many seconds, at the most ``most``; returns when it is time to ask, or when it is stopped."""
        instance_id, now = self._target.instance_id, self._clock.monotonic()
        due, end = now + seconds, now + most
        self._budget.wants(instance_id, due, seconds)
        while now < end and not self._stop.is_set():
            if not self._budget.is_crowded:
                if now >= due:
                    return
                self._clock.sleep(min(due, end) - now, self._stop)
            elif self._roll_call.calls(instance_id):
                self._rank = Rank.VERDICT
                return
            elif now >= due and self._is_turn(now):
                return
            elif self._roll_call.begins(now, self._budget.waits, self._short_for(now)):
                self._list(now)
            else:
                self._clock.sleep(min(LOOK_SECONDS, end - now), self._stop)
            now = self._clock.monotonic()

    def _is_turn(self, now: float) -> bool:
        watched = self._roll_call.watches(self._target.instance_id, self._since)
        return self._budget.is_turn(self._target.instance_id, now, watched=watched)

    def _short_for(self, now: float) -> float | None:
        """While the orders of a crowd leave few calls: how long this one has waited."""
        waited = now - self._since
        return waited if waited < WINDOW_SECONDS and self._budget.is_short(now) else None

    def leave(self) -> None:
        """The wait is over."""
        self._budget.leaves(self._target.instance_id)

    def _list(self, begun: float) -> None:
        """Call the roll. It is a hint, so that a list in trouble only leaves everybody to their own questions."""
        client = self._target.client
        try:
            # The V3 list is one call, however many there are; where it does not show ours, the list that surely does.
            listed = client.list_roma_instances(once=True)
            shown = {entry.id: entry.status for entry in listed}
            if self._target.instance_id in shown:
                self._session.note_listed(self._target, begun, listed)
            else:
                shown = {entry.id: entry.status for entry in client.own_instances(once=True)}
        except (RomaApiError, RomaConnectionError):
            return
        self._roll_call.listed({str(id_): status or "" for id_, status in shown.items()}, begun)
