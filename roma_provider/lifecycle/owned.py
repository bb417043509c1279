"""What happens to an instance: check, diff, create, read, update, delete.

Knows no host: each call gets an Operation, which is whatever runs it (Pulumi's engine by way of
``provider.py``, a test, another host).
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..clock import Clock
from ..config.settings import Settings
from ..creation.wait import DEFAULT_SECONDS, Verdict, describe, failure, verdict
from ..errors import CreationError, CreationFailed, InstanceGone, NameTaken, RomaApiError, RomaError
from ..schema import check as arguments
from ..schema import diff as changes
from ..schema.checked import Checked
from ..schema.diff import Difference
from ..schema.outputs import LOOKED_UP, live_inputs, outputs
from ..schema.place import check_place
from .access import Reach, Reading, settled, warn_of_status
from .deletion import DELETE_SECONDS, Deletion, is_absent
from .journal import Journal
from .memory import Memory, adopted
from .operation import News, Operation
from .ordering import Order, Placed, is_unseen

if TYPE_CHECKING:
    from ..api.client import RomaClient
    from ..api.models import CreationProgress

# What an instance that is not waited for any more may be.
DONE = (Verdict.READY, Verdict.ENDED)


@dataclass
class Lifecycle:
    """The life of instances under one set of settings."""

    settings: Settings
    journal: Journal
    clock: Clock = field(default_factory=Clock)
    memory: Memory = field(default_factory=Memory)

    def __post_init__(self) -> None:
        self._reach = Reach(self.settings, self.clock)

    # --- before anything is done -------------------------------------------------------------------------

    def check(self, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Check arguments in preview and up; ``olds`` are the inputs of the state, {} for a new instance."""
        checked = self._reach.check(op, arguments.check, self.memory, olds, news)
        if op.urn is not None:
            self.memory.check(op.urn, olds, checked)
        for warning in checked.warnings:
            op.warn(warning)
        return checked

    def diff(self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Compare the state's outputs ``olds`` with checked arguments ``news``."""
        if LOOKED_UP in olds:
            return Difference()
        found = changes.difference(olds, news, op.is_unknown)
        self._named_by_the_engine(instance_id)
        if op.urn is not None and found.replaces:
            # A creation that failed has nothing inside it, so replacing it loses nothing.
            failed = verdict(str(olds.get("status") or "")) is Verdict.FAILED
            self.memory.will_replace(op.urn, [] if failed else found.replaces)
        # Not in a refresh, whose diff has the roles of state and program swapped.
        if self.memory.is_of_program(op.urn, op.old_inputs) and verdict(str(olds.get("status") or "")) in DONE:
            foretold = changes.foretell(op.urn, instance_id, found)
            if foretold is not None:
                op.warn(foretold)
        return found

    # --- making one ----------------------------------------------------------------------------------------

    def create(self, op: Operation, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Make (or adopt) the instance and wait until it is ready; its id and outputs."""
        since = self.clock.monotonic()
        client = self._reach.client(op, inputs)
        with self._reach.explained(), contextlib.ExitStack() as held:
            if inputs.get("adopt_id"):
                instance_id, placed = self._adopt(op, client, inputs), None
            else:
                placed = self._order(op, client, inputs, held)
                instance_id = placed.instance_id
            progress = self._wait(op, client, instance_id, inputs, since, placed, own=placed is not None)
        return instance_id, outputs(instance_id, inputs, progress)

    def _order(self, op: Operation, client: RomaClient, inputs: Mapping[str, Any], held: ExitStack) -> Placed:
        """The one instance that is ours: resumed, or ordered just now."""
        order = Order(op, client, self.journal, self.memory, self.clock, inputs)
        placed = order.place(held, seconds=op.timeout or DEFAULT_SECONDS, pause=self.settings.poll_seconds())

        def told(ready: bool) -> None:
            self.memory.will_return(placed.instance_id)
            self.journal.mark_answered(placed.entry)
            if not ready:
                self.memory.leaves_unfinished(placed.entry.key)

        op.on_answer(told)
        op.keep(placed.instance_id, outputs(placed.instance_id, inputs, None))
        if placed.duplicate:
            raise NameTaken(placed.duplicate, placed.instance_id)
        return placed

    def _adopt(self, op: Operation, client: RomaClient, inputs: Mapping[str, Any]) -> str:
        instance_id = str(inputs["adopt_id"])
        op.say(f"looking at instance {instance_id}")
        progress = adopted(client, inputs)
        op.note(f"adopted instance {instance_id}; nothing is created")
        op.on_answer(lambda _ready: self.memory.will_return(instance_id))
        op.keep(instance_id, outputs(instance_id, inputs, progress))
        return instance_id

    def _wait(
        self,
        op: Operation,
        client: RomaClient,
        instance_id: str,
        inputs: Mapping[str, Any],
        since: float,
        placed: Placed | None = None,
        *,
        own: bool = True,
    ) -> CreationProgress:
        """The instance when it is ready; ``own`` if this stack has ordered it."""
        entries = [placed.entry] if placed is not None else self.journal.of_instance(instance_id)
        unseen = [entry for entry in entries if not entry.seen]

        def shown() -> None:
            while unseen:
                self.journal.mark_seen(unseen.pop())

        try:
            return self._reach.wait(
                op,
                client,
                instance_id,
                inputs,
                since,
                early=any(is_unseen(entry, self.clock) for entry in entries),
                gone=lambda: not self._is_unseen(instance_id) and is_absent(client, instance_id, once=True),
                own=own,
                shown=shown,
            )
        except CreationError as error:
            raise self._with_way_on(error, op) from error

    def _with_way_on(self, error: CreationError, op: Operation) -> CreationError:
        """A failed creation, with what the user can do about it; another error as it is."""
        if not isinstance(error, CreationFailed):
            return error
        way = (
            "the next `pulumi up` deletes it and creates another, once the cause is dealt with; if the resource "
            f"is protected, run `pulumi state unprotect '{op.urn or 'URN'}'` first"
        )
        return CreationFailed(
            error.instance_id, [*error.reasons, way], error.progress, code=error.code, message=error.message
        )

    # --- afterwards ----------------------------------------------------------------------------------------

    def read(self, op: Operation, instance_id: str, props: Mapping[str, Any]) -> Reading | None:
        """The instance as it is, by one GET; None if it is gone, by two witnesses.

        One that is not made yet, or failed to be, is an error that the state goes on holding; any other
        status is an output and a warning, and so is any status of an instance that is only looked up.
        """
        place = self._reach.place(props)
        client = self._reach.client(op, {**props, **place})
        # A Get (an instance that is not this resource's own) has no outputs at first, and is marked in a refresh.
        first = "instance_id" not in props
        owned = not first and LOOKED_UP not in props
        if first:
            check_place(place)
            if op.urn is not None:
                self.memory.refers(op.urn, instance_id, {})
        if owned:
            self._named_by_the_engine(instance_id)
        op.say(f"reading instance {instance_id}", News.NONE)
        with self._reach.explained():
            try:
                progress = client.creation_progress(instance_id, timeout=op.timeout)
            except RomaApiError as error:
                if not error.not_found:
                    raise
                if self._is_unseen(instance_id):
                    op.keep(instance_id, props)
                    reason = f"instance {instance_id} was ordered a moment ago, and the API does not show it yet"
                    raise CreationError(instance_id, [f"{reason}; `pulumi up` resumes the wait"]) from error
                if is_absent(client, instance_id):
                    return self._absent(instance_id, place, first=first)
                raise
        word = settled(props, progress)
        self._note_seen(instance_id)
        if word is Verdict.GONE:
            return self._absent(instance_id, place, first=first)
        found = outputs(instance_id, {**props, **place}, progress)
        if not owned:
            found[LOOKED_UP] = True
        if owned and word is Verdict.FAILED:
            op.keep(instance_id, found)
            raise self._with_way_on(failure(instance_id, progress), op)
        if owned and word is Verdict.PENDING:
            op.keep(instance_id, found)
            far = describe(progress)
            reason = f"instance {instance_id} is still being created ({far}); `pulumi up` resumes the wait"
            raise CreationError(instance_id, [reason], progress)
        warn_of_status(op, instance_id, progress)
        inputs = op.old_inputs
        return Reading(instance_id, found, live_inputs(inputs, progress) if inputs else None)

    @staticmethod
    def _absent(instance_id: str, place: Mapping[str, str], *, first: bool) -> None:
        if first:
            raise RomaError(f"there is no instance {instance_id} in project {place['project_id']} of {place['region']}")

    def update(
        self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Resume the wait for an instance that is not ready. For a difference, look whether it has been made
        in the console, and say what to do if it has not: there is no API to make it."""
        since = self.clock.monotonic()
        place = self._reach.place(olds)
        client = self._reach.client(op, {**olds, **place})
        self._named_by_the_engine(instance_id)
        with self._reach.explained():
            if verdict(str(olds.get("status") or "")) in DONE:
                progress = self._look(op, client, instance_id, olds)
            else:
                op.say(f"resuming the wait for instance {instance_id}")
                op.keep(instance_id, olds)
                progress = self._wait(op, client, instance_id, olds, since)
        changes.refuse_unmet(op.urn, instance_id, olds, news, progress)
        return outputs(instance_id, {**news, **place}, progress)

    def _look(self, op: Operation, client: RomaClient, instance_id: str, olds: Mapping[str, Any]) -> CreationProgress:
        """One look at an instance that was ready. Where it is gone, the state is told to read it again."""
        op.say(f"reading instance {instance_id}", News.NONE)
        try:
            progress = client.creation_progress(instance_id, timeout=op.timeout)
            gone = verdict(progress.decisive_status) is Verdict.GONE
        except RomaApiError as error:
            if not (error.not_found and is_absent(client, instance_id)):
                raise
            gone = True
        if gone:
            op.keep(instance_id, olds)
            reason = f"instance {instance_id} does not exist any more; the next `pulumi up` creates another"
            raise InstanceGone(instance_id, [reason])
        warn_of_status(op, instance_id, progress)
        return progress

    def delete(self, op: Operation, instance_id: str, props: Mapping[str, Any]) -> None:
        """Delete the instance, whatever its status, and wait until the list holds it no more."""
        if self.memory.returned(instance_id):
            op.warn(f"instance {instance_id} is the replacement's own by now, so it is not deleted")
            return
        self.memory.refuse_deletion(op.urn, instance_id)
        client = self._reach.client(op, {**props, **self._reach.place(props)})
        pause = self.settings.poll_seconds()
        with self._reach.explained():
            Deletion(op, client, self.clock, instance_id).run(
                seconds=op.timeout or DELETE_SECONDS,
                pause=pause,
                unseen=lambda: self._is_unseen(instance_id),
                seen=lambda: self._note_seen(instance_id),
            )
        op.say(f"instance {instance_id} is gone")
        self.journal.close_instance(instance_id)

    def _is_unseen(self, instance_id: str) -> bool:
        """Whether an instance was ordered from here so lately that a 404 does not mean that it is gone."""
        return any(is_unseen(entry, self.clock) for entry in self.journal.of_instance(instance_id))

    def _note_seen(self, instance_id: str) -> None:
        """The API has shown an instance, so from now on a 404 means that it is gone."""
        for entry in self.journal.of_instance(instance_id):
            if not entry.seen:
                self.journal.mark_seen(entry)

    def _named_by_the_engine(self, instance_id: str) -> None:
        """The engine names an instance, so its state holds it: the journal need not go on doing so."""
        if not self._is_unseen(instance_id):
            self.journal.close_instance(instance_id)
