"""Deleting an instance, whatever its status, and waiting until it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..api.budget import Rank
from ..api.status import DELETION_FAILED, word
from ..creation.verdict import Verdict, verdict
from ..creation.words import brief, spell, stopwatch
from ..errors import CreationCancelled, RomaApiError, RomaConnectionError, RomaError
from .access import Target, entry_of, is_fresh, is_gone, shown
from .journal import Entry, Stage

if TYPE_CHECKING:
    from .operation import Operation
    from .run import Run
    from .session import Session

DELETE_SECONDS = 1800.0
# Right after DELETE the list may still show the status of an earlier deletion that failed.
STALE_SECONDS = 60.0


class Deletion:
    """The deletion of one instance."""

    def __init__(self, session: Session, op: Operation, found: Target, name: str) -> None:
        self._op = op
        self._custody = session.custody
        self._session = session
        self._clock = session.clock
        self._target = found
        self._id = found.instance_id
        self._intent = entry_of(session, op, found, name, Stage.DELETING)

    def run(self) -> None:
        """Delete, and wait until the list holds the instance no more."""
        seconds = self._op.timeout or DELETE_SECONDS
        until = self._clock.monotonic() + seconds
        pause = self._session.settings.poll_seconds()
        self._op.say(f"deleting instance {self._id}")
        entry = self._custody.deletion_of(self._id) or self._intent
        if self._begin(entry):
            self._wait(until, seconds, pause)
        self._custody.deleted(entry)

    def _begin(self, entry: Entry) -> bool:
        """False if the instance is gone already."""
        detail = None
        try:
            detail = self._target.client.creation_progress(self._id, rank=Rank.DELETION).instance
        except RomaApiError as error:
            if not error.not_found:
                raise
            # /process may not know an instance (yet) that the list shows, or that was ordered a moment ago.
            if is_gone(self._session, self._target, self._op.stop):
                return False
            if self._op.stop.is_set():
                raise CreationCancelled(
                    self._id, [f"stopped before instance {self._id} was deleted: it was not seen to be gone"]
                ) from error
        if detail is not None and detail.pre_pay:
            raise RomaError(
                f"instance {self._id} is prepaid (yearly/monthly, order {detail.order_id}) and cannot be deleted by "
                "the API. Nothing was deleted: the instance is there, and paid for. Unsubscribe it in the Billing "
                "Center (Orders > Unsubscriptions), then run `pulumi refresh`. To keep it and forget it here, run "
                "`pulumi state delete`"
            )
        self._custody.deleting(entry)
        try:
            self._target.client.delete_instance(self._id)
        except RomaApiError as error:
            if not error.not_found:
                if not error.outcome_unknown:
                    self._custody.close(entry)
                raise
            if is_fresh(self._session, self._target):
                self._custody.close(entry)  # nothing is being deleted
                raise RomaError(
                    f"instance {self._id} was ordered a moment ago, and the API does not know it yet; run the command "
                    "again in two minutes"
                ) from error
            return not is_gone(self._session, self._target, self._op.stop)
        # So that a later 404 is the end of this deletion, even if this run does not see it.
        self._session.custody.shown(self._id)
        return True

    def _wait(self, until: float, seconds: float, pause: float) -> None:
        started = self._clock.monotonic()
        deleting = False
        while (status := self._status(started, until)) is not None:
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

    def _status(self, started: float, until: float) -> str | None:
        """The instance's status; None once it is gone, by its witnesses; "" while nobody can tell."""
        status = self._listed_status(started, until)
        if status is not None:
            return status
        try:
            if is_gone(self._session, self._target, self._op.stop, once=True):
                return None
            progress = shown(self._target, once=True)
        except (RomaApiError, RomaConnectionError) as error:
            self._pass(error, started, until)
            return ""
        return progress.decisive_status if progress is not None else ""

    def _listed_status(self, started: float, until: float) -> str | None:
        """The instance's status in the list, None once it has left it; "" while the API is in trouble."""
        try:
            listed = [entry for entry in self._target.client.own_instances(once=True) if entry.id == self._id]
        except (RomaApiError, RomaConnectionError) as error:
            self._pass(error, started, until)
            return ""
        status = word(listed[0].status) if listed else ""
        if not listed or verdict(status) is Verdict.GONE:
            return None
        self._say(started, f"status {status or '(none)'}")
        return status

    def _pass(self, error: RomaApiError | RomaConnectionError, started: float, until: float) -> None:
        """Ride out a trouble that may pass; raise another one, and any when the time is over."""
        passing = not error.untrusted if isinstance(error, RomaConnectionError) else error.transient
        if not passing or self._clock.monotonic() >= until:
            raise error
        self._say(started, f"{brief(error)}, trying again")

    def _say(self, started: float, what: str) -> None:
        self._op.say(f"{stopwatch(self._clock.monotonic() - started)} {what}", what)


def refuse_for_a_name(run: Run, urn: str | None, found: Target, name: str) -> None:
    """RomaError if a resource of this run could not be created under the instance's name: it may be the very same
    resource, renamed in the program without an alias."""
    by = run.refused_name(found.region, found.project_id, name)
    if by is not None:
        raise RomaError(
            f"instance {found.instance_id} is not deleted: resource {by.rsplit('::', 1)[-1]!r} was to be created in "
            f"this run under its name {name!r}, and could not be. If that is this resource, renamed in the program, "
            f"give it aliases=[pulumi.Alias(name={(urn or 'OLD_NAME').rsplit('::', 1)[-1]!r})]. If this instance "
            f"shall be deleted with everything in it, run `pulumi destroy --target '{urn or 'URN'}'`"
        )
