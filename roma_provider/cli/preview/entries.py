"""What is said of one resource that changes: a heading, its messages, and its properties, old → new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .changes import arguments, changes
from .diagnostics import Meaning, Message
from .layout import size
from .markdown import code, message, prose
from .resources import CREATED, DELETED, REPLACED, Resource

# The messages that stand with a resource, in their order.
MESSAGES = (Meaning.REFUSED, Meaning.RESUMES, Meaning.ADOPTS, Meaning.WARNING, Meaning.NOTE)
_MOST_ERRORS = 3


def entry(resource: Resource, told: Sequence[Message], most: int) -> list[str]:
    """Its lines, of about ``most`` bytes. ``told``: the messages about it."""
    lines = [_heading(resource, told)]
    differing = _within((f"- {change.line()}" for change in changes(resource.step)), most)
    parts = [[*_within(_said(resource, told, most), most), *differing]]
    made = resource.step.new
    if resource.what == CREATED and made is not None:
        given = [f"- {line}" for line in arguments(made.inputs)]
        parts.append(
            ["<details><summary>" + f"Arguments: {len(given)}</summary>", "", *_within(given, most), "", "</details>"]
        )
    for part in filter(None, parts):
        lines += ["", *part]
    return lines


def urgency(resource: Resource, told: Sequence[Message]) -> int:
    """A number by which the most important come first."""
    meanings = {message.meaning for message in told}
    if resource.what in (REPLACED, DELETED):
        return 0
    if Meaning.REFUSED in meanings:
        return 1
    if Meaning.RESUMES in meanings or resource.protection is False:
        return 2
    return 3 if resource.is_of_roma or meanings else 4


def _heading(resource: Resource, told: Sequence[Message]) -> str:
    names = resource.names
    found = {message.meaning: message for message in told}
    does = f"is {resource.what}"
    if resumes := found.get(Meaning.RESUMES):
        does = "resumes" if resumes.percent is None else f"resumes at {resumes.percent} %"
    elif Meaning.ADOPTS in found:
        does = "is adopted"
    elif resource.what == "unchanged":
        does = "stays as it is"
    but = ", **but will be refused**" if Meaning.REFUSED in found else ""
    kind = f" ({code(names.type)})" if names.type else ""
    return f"#### {code(names.name)}{kind} {does}{but}"


def _said(resource: Resource, told: Sequence[Message], most: int) -> Iterator[str]:
    if resource.protection is not None:
        how = "is put on" if resource.protection else "is **taken away**: from then on a change may delete it"
        yield f"- Protection against deletion {how}"
    for one in sorted(told, key=lambda message: MESSAGES.index(message.meaning)):
        first, *rest = message(one.text, most)
        yield "\n".join([f"- **{one.meaning.value}:** {first}", *rest])
    # What the provider says of it now is newer.
    for error in [] if told else resource.init_errors[:_MOST_ERRORS]:
        yield f"- **Its last update did not end well:** {prose(error, most // 3)}"


def _within(lines: Iterable[str], most: int) -> list[str]:
    """As many of the lines as have room; and of how many there is none."""
    found: list[str] = []
    given = list(lines)
    for number, line in enumerate(given):
        most -= size(line) + 1
        if most < 0 and number:
            return [*found, f"- … and {len(given) - number} more"]
        found.append(line)
    return found
