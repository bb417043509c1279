"""What happens to an instance that a stack owns: check, diff, create, read, update, delete.

Knows no host: each call gets an Operation, which is whatever runs it (Pulumi's engine by way of ``hosts``, a test,
another host).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..creation.verdict import Verdict, verdict
from ..creation.wait import DEFAULT_SECONDS
from ..errors import InputError, InstanceGone, NameTaken, RomaError
from ..schema import check as arguments
from ..schema import diff as changes
from ..schema.diff import Difference
from ..schema.outputs import LOOKED_UP, live_inputs
from ..schema.place import check_place
from ..schema.written import refuse_absent
from .access import Target, explained, target, written
from .adoption import adopted
from .checking import checked
from .deletion import Deletion, refuse_for_a_name
from .journal import Stage
from .ordering import Order, Placed
from .reading import Reading, look, settled, unready, warn_of_status
from .remedies import ADOPTED, OWNED
from .strays import say_doubles, say_left_open, say_other_owner
from .waiting import Waiting

if TYPE_CHECKING:
    from ..api.models import CreationProgress
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
            self.session.memory.check(op.urn, olds, found, retained=self.session.run.retains(op.urn))
        for warning in found.warnings:
            op.warn(warning)
        return found

    def diff(self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Compare the state's outputs ``olds`` with checked arguments ``news``."""
        if LOOKED_UP in olds:
            return Difference()
        found = changes.difference(olds, news, op.is_unknown)
        if _is_half_made(olds):
            found = replace(found, resumes=True)
        self._refuse_adoption(instance_id, olds, news, found)
        self.session.custody.named_by_the_engine(op.urn, instance_id)
        if op.urn is not None:
            self.session.memory.holds(op.urn, instance_id)
            # A creation that failed has nothing inside it, so replacing it loses nothing. Nor does one that goes on
            # without any difference: the old instance is gone already, and only the new one could not be made.
            harmless = _verdict(olds) is Verdict.FAILED or not found.any
            self.session.memory.will_replace(op.urn, [] if harmless else found.replaces or None)
        # Not in a refresh, whose diff has the roles of state and program swapped.
        if not self.session.memory.is_of_program(op.urn, op.old_inputs):
            return found
        if _verdict(olds) in DONE:
            foretold = changes.foretell(op.urn, instance_id, found)
            if foretold is not None:
                op.warn(foretold)
        if self.session.custody.deletion_of(instance_id) is not None and not found.replaces:
            op.warn(f"an earlier run began to delete instance {instance_id}; `pulumi up` looks what has become of it")
            return replace(found, resumes=True)
        return found

    @staticmethod
    def _refuse_adoption(instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], found: Difference) -> None:
        """InputError where adopt_id says what cannot be: that a resource which has an instance adopts another one, or
        that a replacement adopts what it deletes. Only here is it known that there is an instance."""
        adopt = news.get("adopt_id")
        if not isinstance(adopt, str):
            return
        if found.replaces and adopt == instance_id:
            raise InputError(
                "adopt_id", "this change replaces the instance, which would delete the one to adopt; remove adopt_id"
            )
        if not found.replaces and adopt not in (instance_id, olds.get("adopt_id")):
            raise InputError(
                "adopt_id",
                f"this resource has instance {instance_id} already and cannot adopt another; remove adopt_id",
            )

    # --- making one

    def create(self, op: Operation, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Make (or adopt) the instance and wait until it is ready; its id and outputs."""
        since = self.session.clock.monotonic()
        self.session.custody.let_go(op.urn)
        with ExitStack() as held:
            with self._sparing(op, inputs):
                refuse_absent(inputs, "nothing was created")
                found = target(self.session, inputs, op)
                if inputs.get("adopt_id"):
                    found = self._adopt(op, found.of(str(inputs["adopt_id"])), inputs)
                    remedies = ADOPTED
                else:
                    found = found.of(self._order(op, found, inputs, held).instance_id)
                    remedies = OWNED
            early = self.session.custody.is_fresh(found.instance_id)
            waiting = Waiting(self.session, op, found, inputs, remedies)
            progress = waiting.until_ready(early=early, since=since)
        say_doubles(self.session, op, found, progress_name(progress), fresh=True)
        return found.instance_id, found.outputs(inputs, progress)

    @contextmanager
    def _sparing(self, op: Operation, inputs: Mapping[str, Any]) -> Iterator[None]:
        """Should no instance come of it, have none of this name, and not the one to adopt, deleted in this run: it
        may be this very resource's, renamed in the program without an alias."""
        try:
            yield
        except RomaError:
            name = str(inputs.get("name"))
            by = op.urn or name
            with suppress(OSError):  # this process, at least, knows
                if isinstance(adopt := inputs.get("adopt_id"), str):
                    self.session.run.refer(adopt, by)
                self.session.run.refuse_name(str(inputs.get("region")), str(inputs.get("project_id")), name, by)
            raise

    def _order(self, op: Operation, found: Target, inputs: Mapping[str, Any], held: ExitStack) -> Placed:
        """The one instance that is ours: resumed, or ordered just now."""
        with explained(self.session):
            placed = Order(self.session, op, found, inputs).place(
                held, seconds=op.timeout or DEFAULT_SECONDS, pause=self.session.settings.poll_seconds()
            )
        op.on_answer(lambda ready: self.session.custody.answered(placed.instance_id, placed.key, ready=ready))
        op.on_saved(lambda: self.session.custody.saved(placed.key))
        op.keep(placed.instance_id, found.of(placed.instance_id).outputs(inputs, None))
        if placed.duplicate:
            raise NameTaken(placed.duplicate, placed.instance_id)
        return placed

    def _adopt(self, op: Operation, found: Target, inputs: Mapping[str, Any]) -> Target:
        op.say(f"looking at instance {found.instance_id}")
        with explained(self.session):
            progress = adopted(found, inputs)
        say_other_owner(self.session, op, found.instance_id)
        adoption = written(self.session, op, found, str(inputs.get("name") or ""), Stage.ADOPTED)
        self.session.custody.adopted(adoption)
        op.note(f"adopted instance {found.instance_id}; nothing is created")
        op.on_answer(lambda ready: self.session.custody.answered(found.instance_id, None, ready=ready))
        op.keep(found.instance_id, found.outputs(inputs, progress))
        return found

    # --- afterwards

    def read(self, op: Operation, instance_id: str, props: Mapping[str, Any]) -> Reading | None:
        """The instance as it is, by one GET; None if it is gone, by two witnesses.

        One that failed to be made is an error that the state goes on holding; any other status is an output and a
        warning, and so is any status of an instance that is only looked up.
        """
        found = target(self.session, props, op, instance_id)
        # A Get (an instance that is not this resource's own) has no outputs at first, and is marked in a refresh.
        first = "instance_id" not in props
        owned = not first and LOOKED_UP not in props
        if first:
            check_place(found.place)
            if op.urn is not None:
                self.session.memory.refers(op.urn, instance_id, {})
        if owned:
            self.session.custody.named_by_the_engine(op.urn, instance_id)
        progress = look(self.session, op, found, props, OWNED)
        if progress is None:
            if first:
                raise RomaError(f"there is no instance {instance_id} in {found.where}")
            return None
        word = settled(props, progress)
        shown = found.outputs(props, progress)
        if not owned:
            shown[LOOKED_UP] = True
        elif word is Verdict.FAILED:
            op.keep(instance_id, shown)
            error = unready(instance_id, progress, word, OWNED)
            OWNED.explain(error, op.urn)
            raise error
        pending = owned and word is Verdict.PENDING
        if pending:
            # No error that the state would hold: with replace_on_changes=["*"] that replaces the half-made instance.
            op.warn(str(unready(instance_id, progress, word, OWNED)))
        else:
            warn_of_status(op, instance_id, progress)
        if owned:
            say_doubles(self.session, op, found, progress_name(progress), fresh=False)
            say_left_open(self.session, op, instance_id)
        inputs = op.old_inputs
        return Reading(instance_id, shown, live_inputs(inputs, progress) if inputs else None, pending)

    def update(
        self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Resume the wait for an instance that is not ready. For a difference, look whether it has been made
        in the console, and say what to do if it has not: there is no API to make it."""
        since = self.session.clock.monotonic()
        refuse_absent(news, f"instance {instance_id} stays as it is")
        found = target(self.session, olds, op, instance_id)
        self.session.custody.named_by_the_engine(op.urn, instance_id)
        deletion = self.session.custody.deletion_of(instance_id)
        progress = None
        if _verdict(olds) in DONE or deletion is not None:
            progress = look(self.session, op, found, olds, OWNED)
            if progress is None:
                op.keep(instance_id, olds)
                reason = f"instance {instance_id} does not exist any more; the next `pulumi up` creates another"
                raise InstanceGone(instance_id, [reason])
            if deletion is not None and progress.decisive_status != "DELETING":
                self.session.custody.close(deletion)  # it did not come to it, or it failed
            if _verdict(olds) in DONE or settled(olds, progress) not in (Verdict.PENDING, Verdict.FAILED):
                warn_of_status(op, instance_id, progress)
            else:
                progress = None  # a creation goes on
        if progress is None:
            op.say(f"resuming the wait for instance {instance_id}")
            op.keep(instance_id, olds)
            early = self.session.custody.is_fresh(instance_id)
            waiting = Waiting(self.session, op, found, olds, OWNED)
            progress = waiting.until_ready(early=early, since=since)
            say_doubles(self.session, op, found, progress_name(progress), fresh=True)
        changes.refuse_unmet(op.urn, instance_id, olds, news, progress)
        return found.outputs(news, progress)

    def delete(self, op: Operation, instance_id: str, props: Mapping[str, Any]) -> None:
        """Delete the instance, whatever its status, and wait until the list holds it no more."""
        if self.session.custody.was_given(instance_id):
            op.warn(f"instance {instance_id} is the replacement's own by now, so it is not deleted")
            return
        holder = self.session.memory.other_holder(op.urn, instance_id)
        if holder is not None:
            name = holder.rsplit("::", 1)[-1]
            op.warn(f"instance {instance_id} is held by the resource {name!r} too, so it is not deleted")
            return
        self.session.memory.refuse_deletion(op.urn, instance_id, self.session.run.referrers(instance_id, op.urn))
        say_left_open(self.session, op, instance_id)
        found = target(self.session, props, op, instance_id)
        refuse_for_a_name(self.session.run, op.urn, found, str(props.get("name") or ""))
        with explained(self.session):
            Deletion(self.session, op, found, str(props.get("name") or "")).run()
        op.say(f"instance {instance_id} is gone")


def progress_name(progress: CreationProgress) -> str | None:
    """The name of an instance, as the API shows it."""
    return (progress.instance.name if progress.instance else None) or progress.name


def _is_half_made(props: Mapping[str, Any]) -> bool:
    """Whether the state holds an instance that is still to be waited for."""
    word = _verdict(props)
    return word is Verdict.PENDING or (word is Verdict.UNKNOWN and "end_time" not in props)


def _verdict(props: Mapping[str, Any]) -> Verdict:
    """What the status of the state says."""
    return verdict(str(props.get("status") or ""))
