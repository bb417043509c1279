"""The text of a comment, from the document of a preview: what is said, in which order, and how much there is room for.

Errors first, then what would be lost, then each resource that changes, then other warnings, then the rest, folded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .diagnostics import Meaning, Message, messages
from .document import Document
from .entries import MESSAGES, entry, urgency
from .layout import Section, fitted
from .losses import Fate, Loss, losses
from .markdown import code, marker, quoted
from .markdown import message as as_message
from .resources import COUNTED, DELETED, STACK, WORDS, Resource, Urn, resources

# Where there is no room for all, no entry takes much more than this part of it.
PART = 8
ENDED_EARLY = (
    "The preview did not come to its end: its JSON has neither an error nor a count of what changes. What pulumi wrote "
    "to standard error says why."
)

UNSAID = (
    "pulumi exited with code {}, and the JSON of the preview has no error. Standard error of pulumi says why. "
    "What a policy refuses is not in the JSON."
)
UNTOLD = "the JSON does not say which. `--diff` in place of `--json` shows all"
# Operations of which each that the engine counts has a step; but for what a refresh alone found.
STEPPED = ("create", "update", "delete", "replace", "import")


@dataclass(frozen=True)
class Summary:
    """What there is to say. ``name``: the stack's, for the title and the marker, in place of that of the document.
    ``code``: what the preview exited with, as far as that is known."""

    document: Document
    name: str | None = None
    code: int = 0
    resources: list[Resource] = field(init=False)
    messages: list[Message] = field(init=False)
    losses: list[Loss] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "resources", resources(self.document.steps))
        object.__setattr__(self, "messages", messages(self.document.diagnostics))
        warned = {message.urn for message in self._with(Meaning.WARNING)}
        object.__setattr__(self, "losses", losses(self.resources, warned))

    def text(self, now: float, most: int) -> str:
        """Markdown of ``most`` bytes at most. ``now``: seconds since 1970."""
        # Whole entries, if there is room for that; else none may take much.
        text, left_out = self._fitted(now, most, most)
        if left_out:
            text, _ = self._fitted(now, most, most // PART)
        return text.rstrip("\n")

    def _fitted(self, now: float, most: int, each: int) -> tuple[str, int]:
        """With about ``each`` bytes for an entry at most."""
        sections = [
            self._errors(each),
            self._lost(now),
            self._changed(each),
            self._warnings(each),
            self._others(each),
        ]
        return fitted(self._head(), sections, lambda left_out: _foot(left_out, most), most)

    def _head(self) -> str:
        named = self.name or self._named()
        title = f"### Pulumi preview of {code(named, 100)}" if named else "### Pulumi preview"
        return f"{marker(named)}\n{title}\n\n{self._headline()}\n\n"

    def _named(self) -> str:
        """Project and stack, as the first URN has them."""
        every = [*(step.urn for step in self.document.steps), *(one.urn for one in self.document.diagnostics)]
        found = [names for names in map(Urn.of, every) if names.stack]
        return f"{found[0].project}/{found[0].stack}" if found else ""

    def _headline(self) -> str:
        counts = Counter(one.what for one in self.resources if one.is_change) + self._untold
        other = sum(counts.values()) - sum(counts[what] for what in COUNTED)
        done = [f"{counts[what]} {what}" for what in COUNTED if counts[what]] + ([f"{other} other"] if other else [])
        same = max(0, self.document.counts.get("same", 0) - self._stack_is_same())
        unchanged = f"{same} unchanged." if same else ""
        if self._failed:
            before = f" Before that: {', '.join(done)}." if done else " It came to no change before that."
            return f"**The preview failed.**{before}"
        if not done:
            return f"**Nothing changes.** {unchanged}".rstrip()
        return f"**{', '.join(done)}.** {unchanged}".rstrip()

    @property
    def _untold(self) -> Counter[str]:
        """How many the engine counts, by what happens to them, that the document has no step of."""
        steps = Counter(step.op for step in self.document.steps)
        return Counter({WORDS[op]: max(0, self.document.counts.get(op, 0) - steps[op]) for op in STEPPED})

    @property
    def _failed(self) -> bool:
        return not self.document.is_whole or self.code != 0 or bool(self._with(Meaning.ERROR))

    def _stack_is_same(self) -> bool:
        return any(Urn.of(step.urn).type == STACK and step.op == "same" for step in self.document.steps)

    def _with(self, *meanings: Meaning) -> list[Message]:
        return [message for message in self.messages if message.meaning in meanings]

    def _errors(self, most: int) -> Section:
        found = self._with(Meaning.ERROR)
        items = [_item(message, most) for message in found]
        if not found and self._failed:
            items = [[f"- {ENDED_EARLY if not self.document.is_whole else UNSAID.format(self.code)}"]]
        title = f"**{_count(len(items), 'error')}.** What else is said here may not be all that would change."
        return _box("CAUTION", title, items, "errors")

    def _lost(self, now: float) -> Section:
        fates = Counter(loss.fate for loss in self.losses)
        instances = _count(fates[Fate.LOST], "instance")
        others = _count(fates[Fate.DELETED], "other resource" if fates[Fate.LOST] else "resource")
        said = [f"{instances} would be deleted for good, with everything inside"] if fates[Fate.LOST] else []
        said += [f"{others} would be deleted"] if fates[Fate.DELETED] else []
        kind = "CAUTION" if said else "WARNING" if fates[Fate.KEPT] else "NOTE"
        title = f"**{', and '.join(said) or 'Deleted or forgotten, and nothing is lost by it'}.**"
        return _box(kind, title, [[f"- {loss.line(now)}"] for loss in self.losses], "of these")

    def _changed(self, most: int) -> Section:
        told = self._told()
        found = [one for one in self.resources if one.is_change and (one.what != DELETED or one.urn in told)]
        items = [
            entry(one, told.get(one.urn, []), most)
            for one in sorted(found, key=lambda one: (urgency(one, told.get(one.urn, [])), not one.is_of_roma))
        ]
        more = "… and {} more resources that change.".format
        return Section(head=[], items=items, more=more, between=[""])

    def _told(self) -> dict[str, list[Message]]:
        """The messages that stand with a resource which changes."""
        changed = {one.urn for one in self.resources if one.is_change}
        found: dict[str, list[Message]] = {}
        for message in self._with(*MESSAGES):
            if message.urn in changed:
                found.setdefault(message.urn, []).append(message)
        return found

    def _alone(self, *meanings: Meaning) -> Iterator[Message]:
        """The messages that stand with no resource."""
        told = self._told()
        return (message for message in self._with(*meanings) if message.urn not in told)

    def _warnings(self, most: int) -> Section:
        found = self._alone(Meaning.REFUSED, Meaning.WARNING, Meaning.RESUMES, Meaning.ADOPTS)
        items = [_item(message, most) for message in found]
        items += [[f"- {number} more would be {what}: {UNTOLD}"] for what, number in self._untold.items() if number]
        return Section(head=["#### Warnings", ""], items=items, more="- … and {} more.".format)

    def _others(self, most: int) -> Section:
        items = [_item(message, most) for message in self._alone(Meaning.NOTE, Meaning.OTHER)]
        head = [f"<details><summary>Other messages: {len(items)}</summary>", ""]
        return Section(head, items, "- … and {} more.".format, tail=["", "</details>"])


def _box(kind: str, title: str, items: Sequence[Sequence[str]], what: str) -> Section:
    """What GitHub shows in a box, and cannot be folded."""
    head = [f"[!{kind}]", title, ""]
    return Section(head, items, f"- … and {{}} more {what}.".format, wrap=quoted, is_heard=True)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _item(message: Message, most: int) -> list[str]:
    """A message as a point of a list, after the resource that it is about."""
    names = Urn.of(message.urn)
    about = f"{code(names.name)} ({code(names.type)}): " if names.name and names.type != STACK else ""
    first, *rest = as_message(message.text, most)
    return [f"- {about}{first}", *rest]


def _foot(left_out: int, most: int) -> str:
    if not left_out:
        return ""
    what = f"{left_out} entr{'y is' if left_out == 1 else 'ies are'} left out"
    return f"---\n{what}, to stay within {most} bytes. `pulumi preview --diff` shows all.\n"
