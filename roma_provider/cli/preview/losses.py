"""What would be lost: the resources that a preview deletes, on their own or for a replacement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from ...creation.verdict import Verdict, verdict
from .document import State, Step
from .markdown import code
from .resources import DELETED, OWNED, REFERENCE, REPLACED, WORDS, Resource, text_of

DAY, HOUR = 86400.0, 3600.0
# So that there is room for a loss in the smallest comment.
MOST_WORD, MOST_REASONS = 64, 6
# What deletes nothing that anybody has made: components, and the settings of providers.
_NOTHING = ("pulumi:providers:", "pulumi:pulumi:")


class Fate(Enum):
    """What becomes of what is deleted."""

    LOST = "is deleted with everything inside it, for good"
    DELETED = "is deleted"
    EMPTY = "is deleted; its creation failed, so nothing is inside it"
    KEPT = "leaves the state and is kept, by retain_on_delete; it goes on being billed"
    FORGOTTEN = "is only referred to: the reference is forgotten, and the instance stays"


@dataclass(frozen=True)
class Loss:
    """A resource whose old state is deleted. ``how``: deleted or replaced; ``because``: what replaces it."""

    resource: Resource
    old: State
    how: str
    fate: Fate
    because: tuple[str, ...] = ()

    def line(self, now: float) -> str:
        """As Markdown, without the dash of a list. ``now`` is in seconds since 1970."""
        names = self.resource.names
        made = self._made(now)
        parts = [
            f"id {_word(self.old.id)}" if self.old.id else "",
            f"{_word(names.type)} {_word(names.name)}",
            f"address {_word(address)}" if (address := text_of(self.old, "connect_address")) else "",
            f"made {made} ago" if made else "",
            f"status {_word(status)}" if (status := text_of(self.old, "status")) else "",
        ]
        reasons = [*map(_word, self.because[:MOST_REASONS]), *(["…"] if len(self.because) > MOST_REASONS else [])]
        why = f", replaced because of {', '.join(reasons)}" if reasons else f", {self.how}"
        named = _word(text_of(self.old, "name") or names.name)
        return f"**{named}** {self.fate.value} ({', '.join(filter(None, parts))}{why})"

    def _made(self, now: float) -> str | None:
        made = self.old.outputs.get("created_at")
        if not isinstance(made, int | float) or isinstance(made, bool) or not 0 < made / 1000 <= now:
            return None
        return age(now - made / 1000)


def _word(text: str) -> str:
    return code(text, MOST_WORD)


def age(seconds: float) -> str:
    """How long ago, no more exact than people need it."""
    for length, word in ((DAY, "days"), (HOUR, "h"), (60.0, "min")):
        if seconds >= (2 * length if length == DAY else length):
            return f"{seconds // length:.0f} {word}"
    return f"{seconds:.0f} s"


def losses(resources: Iterable[Resource], warned: Collection[str]) -> list[Loss]:
    """All of them, those of whole instances first. ``warned``: the URNs that a warning is about."""
    found = [loss for resource in resources for loss in _of(resource, warned)]
    order = list(Fate)
    return sorted(found, key=lambda loss: order.index(loss.fate))


def _of(resource: Resource, warned: Collection[str]) -> Iterator[Loss]:
    told: set[str | None] = set()
    for step in sorted(resource.steps, key=lambda step: WORDS.get(step.op) != REPLACED):
        how = WORDS.get(step.op)
        if how not in (DELETED, REPLACED) or step.old is None or step.old.id is None or step.old.id in told:
            continue
        if not resource.names.type.startswith(_NOTHING) and not _is_gone(resource, step, warned):
            told.add(step.old.id)
            because = tuple(step.replaces) if how == REPLACED else ()
            yield Loss(resource, step.old, how, _fate(resource, step.old), because)


def _is_gone(resource: Resource, step: Step, warned: Collection[str]) -> bool:
    """Whether there is nothing to delete: what was only read, or a replacement that was interrupted after it had
    deleted the old one. That goes on without a reason; and the provider warns of each other one."""
    if step.old is not None and "external" in step.old.flags:
        return True
    goes_on = WORDS.get(step.op) == REPLACED and not (step.replaces or step.reasons or step.paths)
    return goes_on and resource.names.type == OWNED and resource.urn not in warned


def _fate(resource: Resource, old: State) -> Fate:
    kind = resource.names.type
    if kind == REFERENCE:
        return Fate.FORGOTTEN
    if "retainOnDelete" in old.flags:
        return Fate.KEPT
    if kind != OWNED:
        return Fate.DELETED
    return Fate.EMPTY if verdict(_status(old.outputs)) is Verdict.FAILED else Fate.LOST


def _status(outputs: Mapping[str, object]) -> str:
    found = outputs.get("status")
    return found if isinstance(found, str) else ""
