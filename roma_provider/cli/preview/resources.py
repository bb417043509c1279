"""The resources that a preview changes, each once, whatever number of steps the engine has for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .document import State, Step
from .hiding import SECRET

DYNAMIC = "pulumi-python:dynamic/"
OWNED, REFERENCE = "roma:Instance", "roma:ExistingInstance"
STACK = "pulumi:pulumi:Stack"
# What happens, by the engine's word for it; a resource with several steps has the first of these that it has.
WORDS = {
    "replace": "replaced",
    "create-replacement": "replaced",
    "import-replacement": "replaced",
    "read-replacement": "replaced",
    "create": "created",
    "import": "imported",
    "update": "updated",
    "delete": "deleted",
    "delete-replaced": "deleted",
    "read": "read",
    "discard": "no longer read",
    "discard-replaced": "no longer read",
    "refresh": "refreshed",
    "same": "unchanged",
}
REPLACED, CREATED, UPDATED, DELETED = "replaced", "created", "updated", "deleted"
# In a count: what is done, in this order; the rest is no change.
COUNTED = (REPLACED, DELETED, "no longer read", UPDATED, CREATED, "imported")
PROTECT = "protect"


@dataclass(frozen=True)
class Urn:
    """The parts of a URN that people know. Whatever it is, it has them."""

    stack: str
    project: str
    type: str
    name: str

    @classmethod
    def of(cls, urn: str) -> Urn:
        parts = urn.removeprefix("urn:pulumi:").split("::", 3)
        if len(parts) < 4:
            return cls("", "", "", urn)
        stack, project, types, name = parts
        return cls(stack, project, types.rpartition("$")[2].removeprefix(DYNAMIC), name)


@dataclass(frozen=True)
class Resource:
    """A resource and what would happen to it. ``steps`` has all of it, in the engine's order; ``step`` what counts."""

    urn: str
    steps: Sequence[Step]

    @property
    def step(self) -> Step:
        order = list(WORDS)
        return min(self.steps, key=lambda step: order.index(step.op) if step.op in WORDS else len(order))

    @property
    def what(self) -> str:
        """In a word: replaced, created, …; changed, where the engine has a new one."""
        return WORDS.get(self.step.op, "changed")

    @property
    def names(self) -> Urn:
        return Urn.of(self.urn)

    @property
    def is_of_roma(self) -> bool:
        return self.names.type in (OWNED, REFERENCE)

    @property
    def old(self) -> State | None:
        return next((step.old for step in [self.step, *self.steps] if step.old is not None), None)

    @property
    def init_errors(self) -> Sequence[str]:
        """Why its last update did not end well."""
        return next((step.old.init_errors for step in self.steps if step.old and step.old.init_errors), ())

    @property
    def protection(self) -> bool | None:
        """Whether it is protected from now on; None if that does not change."""
        before, after = self.step.old, self.step.new
        if before is None or after is None or (PROTECT in before.flags) == (PROTECT in after.flags):
            return None
        return PROTECT in after.flags

    @property
    def is_change(self) -> bool:
        """Whether there is anything to show."""
        quiet = self.what in ("unchanged", "refreshed", "read")
        return not quiet or self.protection is not None or bool(self.step.paths)


def resources(steps: Iterable[Step]) -> list[Resource]:
    """The resources of these steps, in the engine's order, without the stack itself."""
    by_urn: dict[str, list[Step]] = {}
    for step in steps:
        if Urn.of(step.urn).type != STACK:
            by_urn.setdefault(step.urn, []).append(step)
    return [Resource(urn, found) for urn, found in by_urn.items()]


def text_of(state: State | None, key: str) -> str | None:
    """A property of a state as text: what the API said of it, or else what the program did."""
    if state is None:
        return None
    for values in (state.outputs, state.inputs):
        value = values.get(key)
        if isinstance(value, str) and value and value != SECRET:
            return value
    return None
