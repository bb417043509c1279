"""What happens to an instance that a stack owns: check, diff, create, read, update, delete.

Knows no host: each call gets an Operation, which is whatever runs it (Pulumi's engine by way of ``hosts``, a test,
another host).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..creation.verdict import Verdict, verdict
from ..creation.wait import DEFAULT_SECONDS
from ..errors import InstanceGone, NameTaken, RomaError
from ..schema import check as arguments
from ..schema import diff as changes
from ..schema.diff import Difference
from ..schema.outputs import LOOKED_UP, live_inputs, outputs
from ..schema.place import check_place
from .access import Target, explained, target
from .adoption import adopted
from .checking import checked
from .deletion import Deletion
from .ordering import Order, Placed
from .reading import Reading, look, settled, unready, warn_of_status
from .remedies import ADOPTED, OWNED
from .waiting import Waiting

if TYPE_CHECKING:
    from ..schema.checked import Checked
    from .operation import Operation
    from .session import Session

# What an instance that is not waited for any more may be.
DONE = (Verdict.READY, Verdict.ENDED)


@dataclass
class Owned:
    """The life of instances under one session."""

    session: Session

    # --- before anything is done

    def check(self, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Check arguments in preview and up; ``olds`` are the inputs of the state, {} for a new instance."""
        found = checked(self.session, op, arguments.check, olds, news)
        if op.urn is not None:
            self.session.memory.check(op.urn, olds, found)
        for warning in found.warnings:
            op.warn(warning)
        return found

    def diff(self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Compare the state's outputs ``olds`` with checked arguments ``news``."""
        if LOOKED_UP in olds:
            return Difference()
        found = changes.difference(olds, news, op.is_unknown)
        self.session.custody.named_by_the_engine(instance_id)
        if op.urn is not None and found.replaces:
            # A creation that failed has nothing inside it, so replacing it loses nothing.
            failed = _verdict(olds) is Verdict.FAILED
            self.session.memory.will_replace(op.urn, [] if failed else found.replaces)
        # Not in a refresh, whose diff has the roles of state and program swapped.
        if self.session.memory.is_of_program(op.urn, op.old_inputs) and _verdict(olds) in DONE:
            foretold = changes.foretell(op.urn, instance_id, found)
            if foretold is not None:
                op.warn(foretold)
        return found

    # --- making one

    def create(self, op: Operation, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Make (or adopt) the instance and wait until it is ready; its id and outputs."""
        since = self.session.clock.monotonic()
        found = target(self.session, inputs, op.stop)
        with ExitStack() as held:
            if inputs.get("adopt_id"):
                found = self._adopt(op, found.of(str(inputs["adopt_id"])), inputs)
                remedies = ADOPTED
            else:
                found = found.of(self._order(op, found, inputs, held).instance_id)
                remedies = OWNED
            early = self.session.custody.is_fresh(found.instance_id)
            waiting = Waiting(self.session, op, found, inputs, remedies)
            progress = waiting.until_ready(early=early, since=since)
        return found.instance_id, outputs(found.instance_id, inputs, progress)

    def _order(self, op: Operation, found: Target, inputs: Mapping[str, Any], held: ExitStack) -> Placed:
        """The one instance that is ours: resumed, or ordered just now."""
        with explained(self.session):
            placed = Order(self.session, op, found, inputs).place(
                held, seconds=op.timeout or DEFAULT_SECONDS, pause=self.session.settings.poll_seconds()
            )
        op.on_answer(lambda ready: self.session.custody.answered(placed.instance_id, placed.key, ready=ready))
        op.keep(placed.instance_id, outputs(placed.instance_id, inputs, None))
        if placed.duplicate:
            raise NameTaken(placed.duplicate, placed.instance_id)
        return placed

    def _adopt(self, op: Operation, found: Target, inputs: Mapping[str, Any]) -> Target:
        op.say(f"looking at instance {found.instance_id}")
        with explained(self.session):
            progress = adopted(found, inputs)
        op.note(f"adopted instance {found.instance_id}; nothing is created")
        op.on_answer(lambda ready: self.session.custody.answered(found.instance_id, None, ready=ready))
        op.keep(found.instance_id, outputs(found.instance_id, inputs, progress))
        return found

    # --- afterwards

    def read(self, op: Operation, instance_id: str, props: Mapping[str, Any]) -> Reading | None:
        """The instance as it is, by one GET; None if it is gone, by two witnesses.

        One that is not made yet, or failed to be, is an error that the state goes on holding; any other
        status is an output and a warning, and so is any status of an instance that is only looked up.
        """
        found = target(self.session, props, op.stop, instance_id)
        # A Get (an instance that is not this resource's own) has no outputs at first, and is marked in a refresh.
        first = "instance_id" not in props
        owned = not first and LOOKED_UP not in props
        if first:
            check_place(found.place)
            if op.urn is not None:
                self.session.memory.refers(op.urn, instance_id, {})
        if owned:
            self.session.custody.named_by_the_engine(instance_id)
        progress = look(self.session, op, found, props, OWNED)
        if progress is None:
            if first:
                raise RomaError(f"there is no instance {instance_id} in {found.where}")
            return None
        word = settled(props, progress)
        shown = outputs(instance_id, {**props, **found.place}, progress)
        if not owned:
            shown[LOOKED_UP] = True
        elif word in (Verdict.FAILED, Verdict.PENDING):
            op.keep(instance_id, shown)
            error = unready(instance_id, progress, word, OWNED)
            OWNED.explain(error, op.urn)
            raise error
        warn_of_status(op, instance_id, progress)
        inputs = op.old_inputs
        return Reading(instance_id, shown, live_inputs(inputs, progress) if inputs else None)

    def update(
        self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Resume the wait for an instance that is not ready. For a difference, look whether it has been made
        in the console, and say what to do if it has not: there is no API to make it."""
        since = self.session.clock.monotonic()
        found = target(self.session, olds, op.stop, instance_id)
        self.session.custody.named_by_the_engine(instance_id)
        if _verdict(olds) in DONE:
            progress = look(self.session, op, found, olds, OWNED)
            if progress is None:
                op.keep(instance_id, olds)
                reason = f"instance {instance_id} does not exist any more; the next `pulumi up` creates another"
                raise InstanceGone(instance_id, [reason])
            warn_of_status(op, instance_id, progress)
        else:
            op.say(f"resuming the wait for instance {instance_id}")
            op.keep(instance_id, olds)
            early = self.session.custody.is_fresh(instance_id)
            waiting = Waiting(self.session, op, found, {**olds, **found.place}, OWNED)
            progress = waiting.until_ready(early=early, since=since)
        changes.refuse_unmet(op.urn, instance_id, olds, news, progress)
        return outputs(instance_id, {**news, **found.place}, progress)

    def delete(self, op: Operation, instance_id: str, props: Mapping[str, Any]) -> None:
        """Delete the instance, whatever its status, and wait until the list holds it no more."""
        if self.session.custody.was_given(instance_id):
            op.warn(f"instance {instance_id} is the replacement's own by now, so it is not deleted")
            return
        self.session.memory.refuse_deletion(op.urn, instance_id)
        found = target(self.session, props, op.stop, instance_id)
        with explained(self.session):
            Deletion(self.session, op, found).run()
        op.say(f"instance {instance_id} is gone")
        self.session.custody.close_instance(instance_id)


def _verdict(props: Mapping[str, Any]) -> Verdict:
    """What the status of the state says."""
    return verdict(str(props.get("status") or ""))
