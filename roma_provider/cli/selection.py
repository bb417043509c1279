"""Which instances of a project a command is about: those of an id or a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..api.models import RomaInstanceSummary
from ..lifecycle.names import are_alike, is_there


@dataclass
class Selection:
    """What was found, each once, in the order in which it was asked for; and a line for each that was not."""

    found: list[RomaInstanceSummary] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def select(listed: Sequence[RomaInstanceSummary], wanted: Iterable[str], where: str) -> Selection:
    """The instances of these ids or names. An id comes before a name; a name has to be that of one alone."""
    selection = Selection()
    for what in dict.fromkeys(wanted):
        by_id = [entry for entry in listed if entry.id == what]
        holders = by_id or [entry for entry in listed if entry.name == what and is_there(entry)]
        if len(holders) == 1:
            selection.found += [entry for entry in holders if entry not in selection.found]
        elif holders:
            several = f"{len(holders)} instances in {where} have the name {what!r}: {_told(holders)}"
            selection.problems.append(f"{several}; write the id of the one that is meant")
        else:
            selection.problems.append(f"there is no instance with the id or the name {what!r} in {where}")
            alike = [entry for entry in listed if is_there(entry) and are_alike(entry.name, what)]
            if alike:
                selection.problems[-1] += f"; there is {', '.join(_named(entry) for entry in alike)}"
    return selection


def _told(entries: Iterable[RomaInstanceSummary]) -> str:
    return ", ".join(f"{entry.id} ({entry.status or 'no status'})" for entry in entries)


def _named(entry: RomaInstanceSummary) -> str:
    return f"{entry.name!r} ({entry.id})"
