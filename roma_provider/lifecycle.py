"""What happens to an instance: check, diff, create, read, update, delete.

Knows no host: each call gets an Operation, which is whatever runs it (Pulumi's engine by way of
``provider.py``, a test, another host).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import arguments, changes
from .arguments import Checked
from .changes import Difference
from .clock import Clock
from .creation import DEFAULT_SECONDS, Report, Verdict, Wait, describe, failure, verdict
from .deletion import DELETE_SECONDS, Deletion, is_absent
from .errors import (
    CreationError,
    CreationFailed,
    InputError,
    InstanceGone,
    NameTaken,
    RomaApiError,
    RomaConnectionError,
    RomaError,
)
from .identity import Memory, adopted
from .journal import Journal
from .operation import Operation
from .ordering import Order, Placed, is_unseen
from .outputs import live_inputs, outputs
from .schedule import every
from .settings import ENDPOINT, REGION, Settings

if TYPE_CHECKING:
    from .api.client import RomaClient
    from .api.models import CreationProgress


@dataclass(frozen=True)
class Reading:
    """What a read found. ``inputs`` is None where the host does not know those of the state."""

    instance_id: str
    outputs: dict[str, Any]
    inputs: dict[str, Any] | None


@dataclass
class Lifecycle:
    """The life of instances under one set of settings."""

    settings: Settings
    journal: Journal
    clock: Clock = field(default_factory=Clock)
    memory: Memory = field(default_factory=Memory)

    # --- before anything is done -------------------------------------------------------------------------

    def check(self, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Check arguments in preview and up; ``olds`` are the inputs of the state, {} for a new instance."""
        # The second check of a replacement has no olds; the new instance belongs where the old one was.
        place = olds or self.memory.place(op.urn)
        checked = arguments.check(place, news, self.settings, op.is_unknown)
        if place is not olds:
            checked.warnings.clear()  # the first check has said them
        self._check_settings(checked)
        if op.urn is not None:
            self.memory.check(op.urn, olds, checked)
        for warning in checked.warnings:
            op.warn(warning)
        return checked

    def _check_settings(self, checked: Checked) -> None:
        region = checked.inputs.get("region")
        if not isinstance(region, str) or "region" in dict(checked.failures):
            region = REGION.example  # has a problem of its own; the endpoint's, if any, is said all the same
        settings = self.settings
        for read in (
            lambda: settings.endpoint(region),
            settings.poll_seconds,
            settings.limits,
            lambda: settings.credentials(region),
        ):
            try:
                read()
            except InputError as error:
                # A setting that several others rest on is told once.
                if (error.key, error.reason) not in checked.failures:
                    checked.failures.append((error.key, error.reason))

    def diff(self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Compare the state's outputs ``olds`` with checked arguments ``news``."""
        found = changes.difference(olds, news, op.is_unknown)
        self._named_by_the_engine(instance_id)
        if op.urn is not None and found.replaces:
            self.memory.will_replace(op.urn, found.replaces)
        return found

    # --- making one ----------------------------------------------------------------------------------------

    def create(self, op: Operation, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Make (or adopt) the instance and wait until it is ready; its id and outputs."""
        since = self.clock.monotonic()
        client = self._client(op, inputs)
        with self._explained(), contextlib.ExitStack() as held:
            if inputs.get("adopt_id"):
                instance_id, placed = self._adopt(op, client, inputs), None
            else:
                placed = self._order(op, client, inputs, held)
                instance_id = placed.instance_id
            progress = self._wait(op, client, instance_id, inputs, since, placed)
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
    ) -> CreationProgress:
        """The instance when it is ready. What is known of it is kept all the way."""
        entries = [placed.entry] if placed is not None else self.journal.of_instance(instance_id)
        unseen = [entry for entry in entries if not entry.seen]
        early = any(is_unseen(entry, self.clock) for entry in entries)

        def report(report: Report) -> None:
            if report.progress is not None:
                while unseen:
                    self.journal.mark_seen(unseen.pop())
                op.keep(instance_id, outputs(instance_id, inputs, report.progress))
            if report.warning:
                op.warn(report.warning)
            far = describe(report.progress) if report.progress else "waiting for the first answer"
            op.say(f"{far} ({report.trouble})" if report.trouble else far)

        wait = Wait(
            instance_id,
            lambda seconds: client.creation_progress(instance_id, timeout=seconds, once=True),
            op.stop,
            self.clock,
            seconds=op.timeout or DEFAULT_SECONDS,
            since=since,
            schedule=every(self.settings.poll_seconds()),
            report=report,
            early=early,
            gone=lambda: not self._is_unseen(instance_id) and is_absent(client, instance_id, once=True),
        )
        try:
            return wait.until_ready()
        except CreationError as error:
            if error.progress is not None:
                op.keep(instance_id, outputs(instance_id, inputs, error.progress))
            raise self._with_way_on(error, op) from error
        except (RomaApiError, RomaConnectionError) as error:
            error.hints.append("the creation goes on at Huawei Cloud: run `pulumi up` again to resume the wait")
            raise

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
        place = self._place(props)
        client = self._client(op, place)
        # A Get (an instance that is not this resource's own) is told by the absence of outputs.
        owned = "instance_id" in props
        if owned:
            self._named_by_the_engine(instance_id)
        with self._explained():
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
                    return self._absent(instance_id, place, owned=owned)
                raise
        word = verdict(progress.decisive_status)
        self._note_seen(instance_id)
        before = verdict(str(props.get("status") or ""))
        if word is Verdict.UNKNOWN and "end_time" not in props and before in (Verdict.PENDING, Verdict.UNKNOWN):
            word = Verdict.PENDING  # it has never been ready
        if word is Verdict.GONE:
            return self._absent(instance_id, place, owned=owned)
        found = outputs(instance_id, {**props, **place}, progress)
        if owned and word is Verdict.FAILED:
            op.keep(instance_id, found)
            raise self._with_way_on(failure(instance_id, progress), op)
        if owned and word is Verdict.PENDING:
            op.keep(instance_id, found)
            far = describe(progress)
            reason = f"instance {instance_id} is still being created ({far}); `pulumi up` resumes the wait"
            raise CreationError(instance_id, [reason], progress)
        self._warn_of_status(op, instance_id, progress)
        inputs = op.old_inputs
        return Reading(instance_id, found, live_inputs(inputs, progress) if inputs else None)

    @staticmethod
    def _absent(instance_id: str, place: Mapping[str, str], *, owned: bool) -> None:
        if not owned:
            raise RomaError(f"there is no instance {instance_id} in project {place['project_id']} of {place['region']}")

    def update(
        self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Resume the wait for an instance that is not ready. For a difference, look whether it has been made
        in the console, and say what to do if it has not: there is no API to make it."""
        since = self.clock.monotonic()
        place = self._place(olds)
        client = self._client(op, place)
        self._named_by_the_engine(instance_id)
        with self._explained():
            if verdict(str(olds.get("status") or "")) in (Verdict.READY, Verdict.ENDED):
                progress = self._look(op, client, instance_id, olds)
            else:
                op.say(f"resuming the wait for instance {instance_id}")
                op.keep(instance_id, olds)
                progress = self._wait(op, client, instance_id, olds, since)
        changes.refuse_unmet(op.urn, instance_id, olds, news, progress)
        return outputs(instance_id, {**news, **place}, progress)

    def _look(self, op: Operation, client: RomaClient, instance_id: str, olds: Mapping[str, Any]) -> CreationProgress:
        """One look at an instance that was ready. Where it is gone, the state is told to read it again."""
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
        self._warn_of_status(op, instance_id, progress)
        return progress

    @staticmethod
    def _warn_of_status(op: Operation, instance_id: str, progress: CreationProgress) -> None:
        """After a creation any status is an output, and but for the good one worth a warning."""
        if verdict(progress.decisive_status) not in (Verdict.READY, Verdict.PENDING):
            op.warn(f"instance {instance_id} has the status {progress.decisive_status or '(none)'}")

    def delete(self, op: Operation, instance_id: str, props: Mapping[str, Any]) -> None:
        """Delete the instance, whatever its status, and wait until the list holds it no more."""
        if self.memory.returned(instance_id):
            op.warn(f"instance {instance_id} is the replacement's own by now, so it is not deleted")
            return
        self.memory.refuse_deletion(op.urn, instance_id)
        client = self._client(op, self._place(props))
        pause = self.settings.poll_seconds()
        with self._explained():
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

    # --- where, and as whom --------------------------------------------------------------------------------

    def _place(self, props: Mapping[str, Any]) -> dict[str, str]:
        """Where an instance lives: by its state; by today's settings only where the state does not say."""
        region = props.get("region") or self.settings.get(REGION)
        if not region:
            raise InputError(REGION.config, REGION.missing("region"))
        with self._explained():
            project_id = props.get("project_id") or self.settings.project_id(str(region))
        return {"region": str(region), "project_id": str(project_id)}

    def _client(self, op: Operation, place: Mapping[str, Any]) -> RomaClient:
        return self.settings.client(str(place["region"]), str(place["project_id"])).stopped_by(op.stop)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Add to an answer that refuses the sign-in or the path which setting it is about."""
        try:
            yield
        except RomaApiError as error:
            if error.refuses_sign_in:
                error.hints += self.settings.sign_in_hints(error, self.clock.epoch())
            elif error.wrong_endpoint:
                error.hints.append(
                    f"this address is not ROMA Connect's: check the region, and {ENDPOINT.config} or "
                    f"{ENDPOINT.variable} if one is set"
                )
            raise
