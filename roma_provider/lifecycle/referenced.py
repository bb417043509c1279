"""What happens to a reference to an instance: check, diff, create, read, update. Deleting it is forgetting it.

The instance is somebody else's (the console's, an order's, another stack's): it is waited for and read, never made,
never changed, and no status of it ever replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..creation.verdict import Verdict
from ..errors import InputError, InstanceGone
from ..schema.outputs import WAS_READY
from ..schema.written import refuse_absent
from .access import Target, explained, target
from .declared import DeclaredReference
from .named import found_by_name, holders_of, told
from .reading import Reading, look, settled, unready, warn_of_status
from .remedies import REFERENCED
from .waiting import Waiting

if TYPE_CHECKING:
    from .operation import Operation


class Referenced(DeclaredReference):
    """The life of references under one session; check and diff are those of what is only declared (`declared`)."""

    def create(self, op: Operation, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Wait until the instance is ready; its id and outputs."""
        refuse_absent(inputs, "nothing is waited for")
        instance_id = self._id(op, inputs)
        try:
            return instance_id, self._wait(op, instance_id, inputs, early=True)
        except InstanceGone as error:
            if error.progress is not None:
                raise
            raise InputError(
                "instance_id",
                f"there is no instance {instance_id} in project {inputs['project_id']} of {inputs['region']}; write "
                "the id of one that exists, or that is being created",
            ) from error

    def read(self, op: Operation, instance_id: str, props: Mapping[str, Any]) -> Reading | None:
        """The instance as it is, by one GET; None if it is gone, by two witnesses.

        Before it has been ready once, a failure of its creation is an error; later any status is an output.
        """
        found = target(self.session, props, op, instance_id)
        progress = look(self.session, op, found, props, REFERENCED)
        if progress is None:
            return None
        word = settled(props, progress)
        shown = found.outputs(props, progress)
        waiting = (Verdict.PENDING,) if WAS_READY in props else (Verdict.PENDING, Verdict.FAILED, Verdict.ENDED)
        if WAS_READY in props:
            shown[WAS_READY] = True
        if word in waiting:
            op.keep(instance_id, shown)
            error = unready(instance_id, progress, word, REFERENCED)
            REFERENCED.explain(error, op.urn)
            raise error
        warn_of_status(op, instance_id, progress)
        name = (op.old_inputs or {}).get("name")
        if name is not None and shown.get("name") != name:
            op.warn(str(self._elsewhere(op, found, str(name))))
        return Reading(instance_id, shown, dict(op.old_inputs) if op.old_inputs else None)

    def update(
        self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Resume the wait for an instance that is not ready. InputError where it has not the name that is declared."""
        refuse_absent(news, f"the reference to instance {instance_id} stays as it is")
        if WAS_READY not in olds:
            return self._wait(op, instance_id, olds, early=False)
        found = target(self.session, olds, op, instance_id)
        progress = look(self.session, op, found, olds, REFERENCED)
        if progress is None:
            raise InstanceGone(instance_id, [f"instance {instance_id} does not exist any more; run `pulumi refresh`"])
        outputs = {**found.outputs(olds, progress), WAS_READY: True}
        name = news.get("name")
        if name is not None and outputs.get("name") != name:
            raise self._elsewhere(op, found, str(name))
        return outputs

    def _id(self, op: Operation, inputs: Mapping[str, Any]) -> str:
        """The id that is declared, or that of the one instance of the name."""
        if "instance_id" in inputs:
            return str(inputs["instance_id"])
        name = str(inputs["name"])
        instance_id = found_by_name(self.session, op, target(self.session, inputs, op), name)
        op.note(f"the instance named {name!r} is {instance_id}")
        return instance_id

    def _elsewhere(self, op: Operation, found: Target, name: str) -> InputError:
        """What to say where an instance that was found by its name has it no more."""
        with explained(self.session):
            holders = holders_of(found.client.all_instances(), found, name)
        now = f"which {told(holders)} has now" if holders else "which no instance has now"
        return InputError(
            "name",
            f"instance {found.instance_id}, which this resource refers to, is not named {name!r} any more, {now}. "
            f"Write instance_id={found.instance_id!r} to keep it; or run `pulumi up --replace '{op.urn or 'URN'}'` to "
            "refer to the one that has the name",
        )

    def _wait(self, op: Operation, instance_id: str, props: Mapping[str, Any], *, early: bool) -> dict[str, Any]:
        since = self.session.clock.monotonic()
        found = target(self.session, props, op, instance_id)
        op.say(f"waiting for instance {instance_id}")
        progress = Waiting(self.session, op, found, props, REFERENCED).until_ready(early=early, since=since)
        return {**found.outputs(props, progress), WAS_READY: True}
