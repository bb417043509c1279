"""What `roma list` says: the instances of a project, and what the journal of this machine knows of each.

Reads only: both lists of the project, and the journal. As a health check it compares statuses, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..api.models import RomaInstanceSummary
from ..api.status import word
from ..creation.words import spell
from ..lifecycle.access import Target, explained
from ..lifecycle.journal import Entry, Stage
from ..lifecycle.names import epoch, is_there
from ..lifecycle.session import Session
from ..texts import for_people
from .codes import Code
from .output import Output, complain, stream
from .place import reach
from .selection import select

# Exit codes, beside those of `output`.
WELL, NOT_AS_EXPECTED = Code.DONE, Code.NO
EDITION = "roma"  # the V3 list's category of an instance of an edition
LEAST_WIDTH = 72  # or a table has no room beside the ids
COLUMNS = ("ID", "NAME", "STATUS", "EDITION", "AGE", "ZONES", "FROM HERE")


@dataclass(frozen=True)
class Wish:
    """What is asked for. ``names``: ids or names, all if there are none; ``statuses``: of these alone;
    ``expected``: the status that each of them is to have."""

    names: Sequence[str] = ()
    statuses: Sequence[str] = ()
    expected: str | None = None


@dataclass(frozen=True)
class Row:
    """An instance as it is shown. ``age`` is in seconds, by the API's clock; ``marks`` what the journal knows."""

    entry: RomaInstanceSummary
    age: float | None
    marks: tuple[Entry, ...]

    @property
    def edition(self) -> str | None:
        """Its edition, RCU, or else its product."""
        if self.entry.category not in (None, EDITION):
            return "RCU"
        return self.entry.flavor_type or self.entry.flavor_id

    @property
    def cells(self) -> list[str]:
        """One text a column, as people read it."""
        shown = [
            *(self.entry.id, self.entry.name, word(self.entry.status), self.edition),
            "" if self.age is None else spell(max(1.0, self.age)),
            ", ".join(self.entry.available_zone_ids or ()),
            "; ".join(map(_mark, self.marks)),
        ]
        return [for_people(cell or "") for cell in shown]

    def as_json(self) -> dict[str, Any]:
        """An entry of ``--json``; its keys never change."""
        entry = self.entry
        return {
            "id": entry.id,
            "name": entry.name,
            "status": word(entry.status),
            "edition": self.edition,
            "product_id": entry.flavor_id,
            "zones": entry.available_zone_ids or [],
            "create_time": entry.create_time,
            "age_seconds": None if self.age is None else round(self.age),
            "journal": [{"what": _WHAT[_stage(mark)], "resource": mark.urn} for mark in self.marks],
        }


def run(session: Session, region: str | None, project_id: str | None, wish: Wish, output: Output) -> int:
    """Show them; the exit code."""
    found = reach(session, region, project_id)
    with explained(session):
        listed = found.client.all_instances()
    problems: list[str] = []
    shown = [entry for entry in listed if is_there(entry) or word(entry.status) in map(word, wish.statuses)]
    if wish.names:
        selection = select(listed, wish.names, found.where)
        shown, problems = selection.found, selection.problems
    if wish.statuses:
        shown = _of_status(shown, wish.statuses)
    here = _journal(session, found)
    rows = [_row(session, found, entry, here) for entry in shown]
    _show(rows, found, wish, output)
    problems += _unexpected(rows, found, wish)
    for problem in problems:
        complain(problem)
    _say_unlisted(here, listed)
    return NOT_AS_EXPECTED if problems else WELL


def _of_status(listed: Iterable[RomaInstanceSummary], statuses: Sequence[str]) -> list[RomaInstanceSummary]:
    wanted, every = set(map(word, statuses)), list(listed)
    found = [entry for entry in every if word(entry.status) in wanted]
    if not found and every:
        counts = Counter(word(entry.status) or "(none)" for entry in every)
        there = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
        complain(f"no instance is {' or '.join(sorted(wanted))}; there are {there}")
    return found


def _row(session: Session, found: Target, entry: RomaInstanceSummary, here: Iterable[Entry]) -> Row:
    created = epoch(entry.create_time)
    now = session.clock.epoch() + found.client.skew
    marks = tuple(mark for mark in here if entry.id == mark.instance_id or _may_be(mark, entry))
    return Row(entry, None if created is None else max(0.0, now - created), marks)


def _may_be(mark: Entry, entry: RomaInstanceSummary) -> bool:
    """Whether an order without an id may have made this one."""
    return mark.instance_id is None and mark.name == entry.name and is_there(entry)


def _journal(session: Session, found: Target) -> list[Entry]:
    """What the journal of this machine holds of a place."""
    return [entry for entry in session.journal.entries() if (entry.host, entry.region, entry.project_id) == found.key]


_WHAT = {
    Stage.ORDERED: "ordered",
    Stage.ANSWERED: "given",
    Stage.DELETING: "deleting",
    Stage.DELETED: "deleted",
    Stage.ADOPTED: "adopted",
}
_SAID = {
    Stage.ORDERED: "ordered from here for {urn}, in no state",
    Stage.ANSWERED: "ordered from here for {urn}",
    Stage.DELETING: "being deleted from here for {urn}",
    Stage.DELETED: "deleted from here for {urn}",
    Stage.ADOPTED: "adopted from here for {urn}",
}


def _stage(entry: Entry) -> Stage:
    if entry.is_order:
        return Stage.ANSWERED if entry.is_answered else Stage.ORDERED
    return entry.stage


def _mark(entry: Entry) -> str:
    return _SAID[_stage(entry)].format(urn=entry.urn or "an unknown resource")


def _show(rows: Sequence[Row], found: Target, wish: Wish, output: Output) -> None:
    if output.as_json:
        place = {"region": found.region, "project_id": found.project_id}
        output.found = {**place, "instances": [row.as_json() for row in rows]}
    elif not rows:
        if not wish.names and not wish.statuses and wish.expected is None:
            complain(f"there is no instance in {found.where}")
    elif (out := stream("stdout")) is not None and out.isatty() and (console := _console()).width >= LEAST_WIDTH:
        console.print(_table(rows))
    else:
        for row in rows:
            output.write("\t".join(row.cells))


def _console() -> Console:
    return Console(highlight=False, emoji=False)


def _table(rows: Sequence[Row]) -> Table:
    columns = [*COLUMNS] if any(row.marks for row in rows) else [*COLUMNS[:-1]]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        # An id is there to be copied.
        table.add_column(column, no_wrap=column == "ID", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row.cells[: len(columns)]))
    return table


def _unexpected(rows: Sequence[Row], found: Target, wish: Wish) -> list[str]:
    if wish.expected is None:
        return []
    expected = word(wish.expected)
    if not rows:
        return [f"no instance is shown, so none is {expected} (in {found.where})"]
    other = [row.entry for row in rows if word(row.entry.status) != expected]
    return [
        f"instance {one.id} ({one.name!r}) is {word(one.status) or 'without a status'}, not {expected}" for one in other
    ]


def _say_unlisted(here: Iterable[Entry], listed: Sequence[RomaInstanceSummary]) -> None:
    """Orders that the lists do not show (yet) are `roma journal`'s."""
    ids, names = {entry.id for entry in listed}, {entry.name for entry in listed}
    left = [
        entry
        for entry in here
        if entry.is_order and not entry.is_answered and not ({entry.instance_id} & ids or _is_named(entry, names))
    ]
    if left:
        complain(f"this machine has ordered {len(left)} more that the list does not show: run `roma journal`")


def _is_named(entry: Entry, names: Iterable[str | None]) -> bool:
    return entry.instance_id is None and entry.name in names
