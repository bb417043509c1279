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
from .access import target
from .declared import DeclaredReference
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
        instance_id = str(inputs["instance_id"])
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
        return Reading(instance_id, shown, dict(op.old_inputs) if op.old_inputs else None)

    def update(
        self, op: Operation, instance_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Resume the wait for an instance that is not ready."""
        refuse_absent(news, f"the reference to instance {instance_id} stays as it is")
        return self._wait(op, instance_id, olds, early=False)

    def _wait(self, op: Operation, instance_id: str, props: Mapping[str, Any], *, early: bool) -> dict[str, Any]:
        since = self.session.clock.monotonic()
        found = target(self.session, props, op, instance_id)
        op.say(f"waiting for instance {instance_id}")
        progress = Waiting(self.session, op, found, props, REFERENCED).until_ready(early=early, since=since)
        return {**found.outputs(props, progress), WAS_READY: True}
