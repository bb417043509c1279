"""What happens to an instance that a stack owns: check, diff, create, read, update, delete.

Knows no host: each call gets an Operation, which is whatever runs it (Pulumi's engine by way of ``hosts``, a test,
another host).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..creation.verdict import Verdict
from ..creation.wait import DEFAULT_SECONDS
from ..errors import InputError, InstanceGone, NameTaken, RomaError
from ..schema import diff as changes
from ..schema.outputs import GIVEN_AT, ORDERED_AT, live_inputs
from ..schema.place import check_place
from ..schema.written import refuse_absent
from .access import Target, entry_of, explained, is_fresh, target
from .adoption import adopted
from .appointed import in_words_of_the_setting
from .declared import DONE, DeclaredInstance, verdict_of
from .deletion import Deletion, refuse_for_a_name
from .journal import Stage
from .named import found_by_name, holders_of, name_of
from .ordering import Order
from .placed import Placed
from .reading import Reading, look, settled, unready, warn_of_status
from .remedies import ADOPTED, OWNED
from .strays import say_doubles, say_left_open, say_other_owner
from .urns import name_of as urn_name
from .waiting import Waiting

if TYPE_CHECKING:
    from ..api.models import CreationProgress
    from .operation import Operation


class Owned(DeclaredInstance):
    """The life of instances under one session; check and diff are those of what is only declared (`declared`)."""

    # --- making one

    def create(self, op: Operation, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Make (or adopt) the instance and wait until it is ready; its id and outputs."""
        since = self.session.clock.monotonic()
        self.session.custody.let_go(op.urn)
        self.session.memory.creates(op.urn)
        with ExitStack() as held:
            with self._sparing(op, inputs):
                refuse_absent(inputs, "nothing was created")
                found = target(self.session, inputs, op)
                if not self.session.deletes_first:
                    found = replace(found, given_at=self.session.clock.epoch())
                if inputs.get("adopt_id"):
                    found = self._adopt(op, found.of(str(inputs["adopt_id"])), inputs)
                    remedies = ADOPTED
                else:
                    found = found.of(self._order(op, found, inputs, held).instance_id)
                    remedies = OWNED
            if inputs.get("wait") is False:
                return found.instance_id, self._ordered(op, found, inputs)
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
        made = found.of(placed.instance_id).outputs(inputs, None)
        op.keep(placed.instance_id, {**made, ORDERED_AT: placed.ordered_at})
        if placed.duplicate:
            raise NameTaken(placed.duplicate, placed.instance_id)
        return placed

    def _ordered(self, op: Operation, found: Target, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs of an instance that somebody else waits for: as ordered, or as adopted."""
        if inputs.get("adopt_id"):
            with explained(self.session):
                return found.outputs(inputs, found.client.creation_progress(found.instance_id))
        op.note(f"ordered instance {found.instance_id}, which is not waited for")
        return found.outputs(inputs, None)

    def _adopt(self, op: Operation, found: Target, inputs: Mapping[str, Any]) -> Target:
        op.say(f"looking at instance {found.instance_id}")
        with explained(self.session), in_words_of_the_setting(self.session, op):
            progress = adopted(found, inputs)
        say_other_owner(self.session, op, found.instance_id)
        adoption = entry_of(self.session, op, found, str(inputs.get("name") or ""), Stage.ADOPTED)
        self.session.custody.adopted(adoption)
        op.note(f"adopted instance {found.instance_id}; nothing is created")
        op.on_answer(lambda ready: self.session.custody.answered(found.instance_id, None, ready=ready))
        op.keep(found.instance_id, found.outputs(inputs, progress))
        return found

    # --- afterwards

    def read(self, op: Operation, instance_id: str, props: Mapping[str, Any], *, owned: bool) -> Reading | None:
        """The instance as it is, by one GET; None if it is gone, by two witnesses. ``owned``: it is this resource's
        own; else it is only looked up, for the first time where ``props`` are no outputs yet.

        One that failed to be made is an error that the state goes on holding; any other status is an output and a
        warning, and so is any status of an instance that is only looked up.
        """
        if (name := name_of(instance_id)) is not None:
            return self._named(op, instance_id, name, props)
        found = target(self.session, props, op, instance_id)
        if _is_first(props):
            check_place(found.place)
            if op.urn is not None:
                self.session.memory.refers(op.urn, instance_id, {})
        if owned:
            self.session.custody.named_by_the_engine(op.urn, instance_id)
        progress = look(self.session, op, found, props, OWNED)
        if progress is None:
            if _is_first(props):
                raise RomaError(f"there is no instance {instance_id} in {found.where}")
            return None
        word = settled(props, progress)
        shown = found.outputs(props, progress)
        if owned and word is Verdict.FAILED:
            op.keep(instance_id, shown)
            error = unready(instance_id, progress, word, OWNED)
            OWNED.explain(error, op.urn)
            raise error
        pending = owned and word is Verdict.PENDING
        if pending and props.get("wait") is not False:
            # No error that the state would hold: with replace_on_changes=["*"] that replaces the half-made instance.
            op.warn(str(unready(instance_id, progress, word, OWNED)))
        else:
            warn_of_status(op, instance_id, progress)
        if owned:
            say_doubles(self.session, op, found, progress_name(progress), fresh=False)
            say_left_open(self.session, op, instance_id)
        inputs = op.old_inputs
        return Reading(instance_id, shown, live_inputs(inputs, progress) if inputs else None, pending)

    def _named(self, op: Operation, engine_id: str, name: str, props: Mapping[str, Any]) -> Reading | None:
        """The one instance of a name, as it is; None in a refresh that finds none, since the next run looks anew."""
        place = target(self.session, props, op)
        check_place(place.place)
        try:
            instance_id = found_by_name(self.session, op, place, name)
        except InputError:
            if not _is_first(props) and not holders_of(place.client.all_instances(), place, name):
                return None
            raise
        before = props.get("instance_id")
        if before not in (None, instance_id):
            op.warn(f"the instance named {name!r} is {instance_id} now; it was {before}")
        found = place.of(instance_id)
        progress = look(self.session, op, found, place.place, OWNED)
        if progress is None:
            raise InputError("name", f"instance {instance_id}, named {name!r}, does not exist any more; run it again")
        warn_of_status(op, instance_id, progress)
        return Reading(engine_id, found.outputs(place.place, progress), dict(op.old_inputs) if op.old_inputs else None)

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
        looks = verdict_of(olds) in DONE or news.get("wait") is False
        if looks or deletion is not None:
            progress = look(self.session, op, found, olds, OWNED)
            if progress is None:
                op.keep(instance_id, olds)
                reason = f"instance {instance_id} does not exist any more; the next `pulumi up` creates another"
                raise InstanceGone(instance_id, [reason])
            if deletion is not None and progress.decisive_status != "DELETING":
                self.session.custody.close(deletion)  # it did not come to it, or it failed
            if looks or settled(olds, progress) not in (Verdict.PENDING, Verdict.FAILED):
                warn_of_status(op, instance_id, progress)
            else:
                progress = None  # a creation goes on
        if progress is None:
            op.say(f"resuming the wait for instance {instance_id}")
            op.keep(instance_id, olds)
            early = is_fresh(self.session, found)
            waiting = Waiting(self.session, op, found, olds, OWNED)
            progress = waiting.until_ready(early=early, since=since)
            say_doubles(self.session, op, found, progress_name(progress), fresh=True)
        changes.refuse_unmet(op.urn, instance_id, olds, news, progress)
        return found.outputs(news, progress)

    def delete(self, op: Operation, instance_id: str, props: Mapping[str, Any]) -> None:
        """Delete the instance, whatever its status, and wait until the list holds it no more."""
        if self.session.custody.was_given(instance_id):
            op.warn(f"instance {instance_id} is the replacement's own by now, so it is not deleted{self._forced}")
            return
        if self.session.memory.keeps(op.urn, instance_id, props.get(GIVEN_AT)):
            op.warn(
                f"instance {instance_id} is not deleted, since this resource goes on with it. After a replacement by "
                f"force the state held it twice{self._forced}"
            )
            return
        holder = self.session.memory.other_holder(op.urn, instance_id)
        holder = holder or self.session.run.other_holder(instance_id, op.urn)
        if holder is not None:
            name = urn_name(holder)
            op.warn(f"instance {instance_id} is held by the resource {name!r} too, so it is not deleted")
            return
        self.session.memory.refuse_deletion(op.urn, instance_id, self.session.run.referrers(instance_id, op.urn))
        say_left_open(self.session, op, instance_id)
        found = target(self.session, props, op, instance_id)
        refuse_for_a_name(self.session.run, op.urn, found, str(props.get("name") or ""))
        self._refuse_in_vain(op, instance_id)
        with explained(self.session):
            Deletion(self.session, op, found, str(props.get("name") or "")).run()
        op.say(f"instance {instance_id} is gone")

    @property
    def _forced(self) -> str:
        """How a replacement by force would have made another one, where the host's programs have to say so."""
        return "" if self.session.deletes_first else ". To have another one made, set the option delete_before_replace"

    def _refuse_in_vain(self, op: Operation, instance_id: str) -> None:
        """NameTaken where an instance is to be deleted for a new one that could not be made: another has its name."""
        new = self.session.memory.replacement(op.urn)
        known = ("region", "project_id", "name")
        if new is None or new.get("adopt_id") or not all(isinstance(new.get(key), str) for key in known):
            return
        found = target(self.session, new, op)
        with explained(self.session):
            listed = found.client.all_instances()
        refusal = Order(self.session, op, found, new).refusal(listed, {instance_id})
        if refusal is not None:
            raise NameTaken(
                f"instance {instance_id} is not deleted, since the new one could not be made: {refusal}", None
            )


def _is_first(props: Mapping[str, Any]) -> bool:
    """Whether an instance is looked up for the first time: it has no outputs yet."""
    return "instance_id" not in props


def progress_name(progress: CreationProgress) -> str | None:
    """The name of an instance, as the API shows it."""
    return (progress.instance.name if progress.instance else None) or progress.name
