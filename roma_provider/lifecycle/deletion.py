"""Deleting an instance, whatever its status, and waiting until it is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..api.status import DELETION_FAILED
from ..clock import Clock
from ..creation.line import clock as as_clock
from ..creation.wait import Verdict, brief, spell, verdict
from ..errors import CreationCancelled, RomaApiError, RomaConnectionError, RomaError

if TYPE_CHECKING:
    from ..api.client import RomaClient
    from .operation import Operation

DELETE_SECONDS = 1800.0
# Right after DELETE the list may still show the status of an earlier deletion that failed.
STALE_SECONDS = 60.0


def is_absent(client: RomaClient, instance_id: str, *, once: bool = False) -> bool:
    """The second witness of "gone": lists of the project that succeed and do not hold the id."""
    return all(
        entry.id != instance_id or verdict(entry.status or "") is Verdict.GONE
        for entry in client.all_instances(once=once)
    )


class Deletion:
    """The deletion of one instance."""

    def __init__(self, op: Operation, client: RomaClient, clock: Clock, instance_id: str) -> None:
        self._op = op
        self._client = client
        self._clock = clock
        self._id = instance_id

    def run(self, *, seconds: float, pause: float, unseen: Callable[[], bool], seen: Callable[[], None]) -> None:
        """Delete, and wait until the list holds the instance no more.

        ``unseen`` tells whether it was ordered so lately that a 404 does not mean that it is gone; ``seen`` is
        told that the API knows it.
        """
        until = self._clock.monotonic() + seconds
        self._op.say(f"deleting instance {self._id}")
        if self._begin(unseen, seen):
            self._wait(until, seconds, pause)

    def _begin(self, unseen: Callable[[], bool], seen: Callable[[], None]) -> bool:
        """False if the instance is gone already."""
        detail = None
        try:
            detail = self._client.creation_progress(self._id).instance
        except RomaApiError as error:
            if not error.not_found:
                raise
            # /process may not know an instance (yet) that the list shows, or that was ordered a moment ago.
            if not unseen() and is_absent(self._client, self._id):
                return False
        if detail is not None and detail.pre_pay:
            raise RomaError(
                f"instance {self._id} is prepaid (yearly/monthly, order {detail.order_id}) and cannot be deleted by "
                "the API: unsubscribe it in the Billing Center (Orders > Unsubscriptions), then run `pulumi refresh`; "
                "or `pulumi state delete` to forget it here"
            )
        try:
            self._client.delete_instance(self._id)
        except RomaApiError as error:
            if not error.not_found:
                raise
            if unseen():
                raise RomaError(
                    f"instance {self._id} was ordered a moment ago, and the API does not know it yet; run the command "
                    "again in two minutes"
                ) from error
            return not is_absent(self._client, self._id)
        seen()  # so that a later 404 is the end of this deletion, even if this run does not see it
        return True

    def _wait(self, until: float, seconds: float, pause: float) -> None:
        started = self._clock.monotonic()
        deleting = False
        while (status := self._listed_status(started, until)) is not None:
            now = self._clock.monotonic()
            if status in DELETION_FAILED and (deleting or now - started > STALE_SECONDS):
                raise RomaError(
                    f"instance {self._id} could not be deleted ({status}); look at it in the console, then run the "
                    "command again"
                )
            deleting = deleting or status == "DELETING"
            if now >= until:
                raise RomaError(
                    f"instance {self._id} was not gone after {spell(seconds)}; its deletion goes on: run the command "
                    "again to wait for it"
                )
            if self._clock.sleep(min(pause, until - now), self._op.stop):
                raise CreationCancelled(
                    self._id, [f"stopped waiting for the deletion of instance {self._id}, which goes on; run it again"]
                )

    def _listed_status(self, started: float, until: float) -> str | None:
        """The instance's status in the list, None once it has left it; "" while the API is in trouble."""
        try:
            listed = [entry for entry in self._client.own_instances(once=True) if entry.id == self._id]
        except (RomaApiError, RomaConnectionError) as error:
            passing = isinstance(error, RomaConnectionError) or error.transient
            if not passing or self._clock.monotonic() >= until:
                raise
            self._say(started, f"{brief(error)}, trying again")
            return ""
        status = (listed[0].status or "").upper() if listed else ""
        if not listed or verdict(status) is Verdict.GONE:
            return None
        self._say(started, f"status {status or '(none)'}")
        return status

    def _say(self, started: float, what: str) -> None:
        self._op.say(f"{as_clock(self._clock.monotonic() - started)} {what}", what)
