"""What happens to a reference to an instance: check, diff, create, read, update. Deleting it is forgetting it.

The instance is somebody else's (the console's, an order's, another stack's): it is waited for and read, never made,
never changed, and no status of it ever replaces it. The journal, which is of our own creations, is not touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..clock import Clock
from ..config.settings import Settings
from ..creation.wait import Verdict, describe, ended, failure
from ..errors import CreationEnded, CreationError, CreationFailed, InputError, InstanceGone, RomaApiError
from ..schema import check as arguments
from ..schema.catalogue import EXISTING
from ..schema.checked import Checked
from ..schema.diff import Difference
from ..schema.outputs import WAS_READY, outputs
from .access import Reach, Reading, settled, warn_of_status
from .deletion import is_absent
from .memory import Memory
from .operation import News, Operation

if TYPE_CHECKING:
    from ..api.models import CreationProgress

WAY_ON = "this resource only waits for the instance: whoever made it has to make another, whose id goes here"


@dataclass
class Existing:
    """The life of references under one set of settings."""

    settings: Settings
    clock: Clock = field(default_factory=Clock)
    memory: Memory = field(default_factory=Memory)

    def __post_init__(self) -> None:
        self._reach = Reach(self.settings, self.clock)

    def check(self, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Check arguments in preview and up; ``olds`` are the inputs of the state, {} for a new reference."""
        checked = self._reach.check(op, arguments.check_existing, self.memory, olds, news)
        if op.urn is not None:
            self.memory.refers(op.urn, checked.inputs.get("instance_id"), olds)
        for warning in checked.warnings:
            op.warn(warning)
        return checked

    def diff(self, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
        """Compare the state's outputs with checked arguments: another instance is another reference."""
        known = {key: news[key] for key in EXISTING if key in news and not op.is_unknown(news[key])}
        unknown = sorted(EXISTING.keys() & news.keys() - known.keys())
        return Difference(sorted(key for key in known if known[key] != olds.get(key)), unknown, unknown)

    def create(self, op: Operation, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Wait until the instance is ready; its id and outputs."""
        instance_id = str(inputs["instance_id"])
        try:
            progress = self._wait(op, instance_id, inputs, early=True)
        except InstanceGone as error:
            if error.progress is not None:
                raise
            raise InputError(
                "instance_id",
                f"there is no instance {instance_id} in project {inputs['project_id']} of {inputs['region']}; write "
                "the id of one that exists, or that is being created",
            ) from error
        return instance_id, self._ready(instance_id, inputs, progress)

    @staticmethod
    def _ready(instance_id: str, props: Mapping[str, Any], progress: CreationProgress) -> dict[str, Any]:
        return {**outputs(instance_id, props, progress), WAS_READY: True}

    def read(self, op: Operation, instance_id: str, props: Mapping[str, Any]) -> Reading | None:
        """The instance as it is, by one GET; None if it is gone, by two witnesses."""
        props = {**props, **self._reach.place(props)}
        client = self._reach.client(op, props)
        op.say(f"reading instance {instance_id}", News.NONE)
        with self._reach.explained():
            try:
                progress = client.creation_progress(instance_id, timeout=op.timeout)
            except RomaApiError as error:
                if error.not_found and is_absent(client, instance_id):
                    return None
                raise
        word = settled(props, progress)
        if word is Verdict.GONE:
            return None
        found = outputs(instance_id, props, progress)
        if WAS_READY in props:
            found[WAS_READY] = True
        elif word in (Verdict.FAILED, Verdict.ENDED):
            op.keep(instance_id, found)
            failed = failure(instance_id, progress) if word is Verdict.FAILED else ended(instance_id, progress)
            failed.hints.append(WAY_ON)
            raise failed
        if word is Verdict.PENDING:
            op.keep(instance_id, found)
            reason = f"instance {instance_id} is still being created ({describe(progress)}); `pulumi up` waits for it"
            raise CreationError(instance_id, [reason], progress)
        warn_of_status(op, instance_id, progress)
        return Reading(instance_id, found, dict(op.old_inputs) if op.old_inputs else None)

    def update(self, op: Operation, instance_id: str, olds: Mapping[str, Any]) -> dict[str, Any]:
        """Resume the wait for an instance that is not ready."""
        return self._ready(instance_id, olds, self._wait(op, instance_id, olds))

    def _wait(
        self, op: Operation, instance_id: str, props: Mapping[str, Any], *, early: bool = False
    ) -> CreationProgress:
        since = self.clock.monotonic()
        props = {**props, **self._reach.place(props)}
        client = self._reach.client(op, props)
        op.say(f"waiting for instance {instance_id}")
        with self._reach.explained():
            try:
                return self._reach.wait(
                    op,
                    client,
                    instance_id,
                    props,
                    since,
                    gone=lambda: is_absent(client, instance_id, once=True),
                    early=early,
                    own=False,
                )
            except (CreationFailed, CreationEnded, InstanceGone) as error:
                error.hints.append(WAY_ON)
                raise
