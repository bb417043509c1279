"""What a message of a preview means. The engine gives a severity alone; of our own messages the words tell more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from .document import Diagnostic
from .resources import DYNAMIC, OWNED, REFERENCE, Urn

# As schema/diff, lifecycle/foretelling and lifecycle/declared word it; tests/unit/cli/preview hold it against them.
_REFUSED = re.compile(r"`pulumi up` (?:will fail|fails)\b")
_RESUMES = re.compile(r"is still being created \((?:(\d{1,3})%)?.*`pulumi up` (?:resumes the wait|waits for it)")
_ADOPTS = re.compile(r"adopts instance ")
# What the CLI says from 3.274 on after another error.
_ENDED = "Resource monitor has terminated, shutting down"
_PREFIX = re.compile(r"^(?:error|warning): ")


class Meaning(Enum):
    """What is to be done about a message, the most urgent first."""

    ERROR = "Error"
    REFUSED = "Will be refused"
    WARNING = "Warning"
    RESUMES = "Resumes"
    ADOPTS = "Adoption"
    NOTE = "Note"
    OTHER = "Other"


@dataclass(frozen=True)
class Message:
    """A message, without the severity before it. ``percent``: how far a creation is that is resumed."""

    meaning: Meaning
    text: str
    urn: str
    percent: int | None = None


def messages(diagnostics: Iterable[Diagnostic]) -> list[Message]:
    """What they mean, each text once for a resource."""
    found: dict[tuple[str, str], Message] = {}
    for one in diagnostics:
        message = _message(one)
        if message.text:
            found.setdefault((message.urn, message.text), message)
    said = list(found.values())
    others = [message for message in said if message.text != _ENDED]
    return others if any(message.meaning is Meaning.ERROR for message in others) else said


def _message(given: Diagnostic) -> Message:
    names = Urn.of(given.urn)
    text = _PREFIX.sub("", given.message.strip(), count=1).strip()
    # What the engine begins with stands before the message anyhow.
    for kind in (names.type, DYNAMIC + names.type):
        text = text.removeprefix(f"{kind} resource '{names.name}': ")
    is_ours = names.type in (OWNED, REFERENCE)
    if given.severity == "error":
        return Message(Meaning.ERROR, text, given.urn)
    if given.severity == "warning":
        if is_ours and _REFUSED.search(text):
            return Message(Meaning.REFUSED, text, given.urn)
        if is_ours and (resumes := _RESUMES.search(text)):
            return Message(Meaning.RESUMES, text, given.urn, int(resumes[1]) if resumes[1] else None)
        return Message(Meaning.WARNING, text, given.urn)
    if is_ours:
        return Message(Meaning.ADOPTS if _ADOPTS.match(text) else Meaning.NOTE, text, given.urn)
    return Message(Meaning.OTHER, text, given.urn)
