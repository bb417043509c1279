"""The matrix of faults: each fault at each kind of request, and what comes of it, by value.

python -m tests.faults.matrix    writes outcomes.json and the table of docs/reliability.md anew
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from roma_provider.lifecycle.custody import FRESH_SECONDS
from tests.faults.faults import EVER, SAID, WAY, Fault
from tests.hostile.stack import Stack
from tests.support.fakes import OTHER_ID
from tests.support.hostile import STRANGER, Lies, Said

Rows: TypeAlias = "Mapping[str, Mapping[str, dict[str, Any]]]"
"""By fault, by where it was tried."""

TABLE = Path(__file__).with_name("outcomes.json")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
MARKS = ("<!-- faults: made by `python -m tests.faults.matrix` -->\n", "<!-- end of faults -->")
# Where a fault is tried: the call of the engine's, and the requests that are at fault.
WHERE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "POST": ("create", ("create",)),
    "names": ("create", ("list", "roma_list")),
    "wait": ("create", ("process",)),
    "refresh": ("read", ("process",)),
    "resume": ("update", ("process",)),
    "DELETE": ("delete", ("delete",)),
    "gone": ("delete", ("list", "roma_list")),
}
HEADS = {
    "POST": "`create`: POST",
    "names": "`create`: the lists",
    "wait": "`create`: /process",
    "refresh": "`read`: /process",
    "resume": "`update` (a wait that is resumed): /process",
    "DELETE": "`delete`: DELETE",
    "gone": "`delete`: the lists",
}
OFTEN = {"once": 1, "for ever": EVER}
ROWS = (
    *(replace(fault, name=f"{fault.name}, {often}", times=times) for fault in WAY for often, times in OFTEN.items()),
    *SAID,
)


class Faulty(Lies):
    """An honest API whose requests of some kinds are at fault, so many times."""

    def __init__(self) -> None:
        super().__init__()
        self.fault: Fault | None = None
        self.at: tuple[str, ...] = ()
        self.sent: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    def answer(self, method: str, path: str, sent: bytes) -> Said:
        """At fault, or true."""
        self.headers = {}
        operation = self.operation(method, path)
        self.sent[operation] += 1
        fault = self.fault
        if fault is None or operation not in self.at or self.failed[operation] >= fault.times:
            return super().answer(method, path, sent)
        self.failed[operation] += 1
        self.headers = fault.headers
        return fault.say(None if fault.before else super().answer(method, path, sent)[1])


def outcome(fault: Fault, where: str, folder: Path, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What comes of a fault: what the user sees, the state, the requests, the seconds, and the instances there are."""
    world = Faulty()
    stack = Stack(folder, world, patch, seconds=None)
    call, at = WHERE[where]
    if call != "create":
        assert stack.call("create") == "ok"
        stack.clock.now += FRESH_SECONDS
    if where == "resume" and stack.held is not None:
        stack.held = stack.held[0], {**stack.held[1], "status": "CREATING", "end_time": None}
    world.fault, world.at, world.sent, begun = fault, at, Counter(), stack.clock.now
    stack.said, stack.reasons = [], []
    came = stack.call(call)
    held = "nothing"
    if stack.held is not None:
        whose = "ours" if stack.held[0] in world.made else stack.held[0]
        held = f"{whose}, {stack.held[1].get('status')}"
    assert world.instances[OTHER_ID] == STRANGER
    assert world.posts <= 1
    return {
        "came": came,
        "seen": [re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", reason)[:160] for reason in stack.reasons[:1]],
        "state": held,
        "journal": ", ".join(sorted(entry.stage.name for entry in stack.journal.entries())),
        "requests": {kind: world.sent[kind] for kind in ("create", "list", "roma_list", "process", "delete")},
        "seconds": round(stack.clock.now - begun),
        "made": len(world.made),
        "live": len(world.ours),
    }


def outcomes(fault: Fault) -> Iterator[tuple[str, dict[str, Any]]]:
    """A row: by where it was tried."""
    for where in fault.at:
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            yield where, outcome(fault, where, Path(folder), patch)


DONE = {"create": "ready", "read": "read", "update": "ready", "delete": "gone"}


def cell(where: str, found: dict[str, Any] | None) -> str:
    """In a few words."""
    if found is None:
        return ""
    call = WHERE[where][0]
    when = f"after {found['seconds']} s" if found["seconds"] else "at once"
    if found["came"] == "ok":
        words = DONE[call] if found["state"] != "nothing" or call == "delete" else "dropped"
        return words if when == "at once" else f"{words} {when}"
    kept = "held" if found["state"] != "nothing" else "in the journal" if found["journal"] else "nothing made"
    if kept == "nothing made" and found["live"]:
        kept = "told by the next `up`"
    return f"error {when}, {kept}"


def table(rows: Rows) -> str:
    """As docs/reliability.md has it. A fault that comes to the same once and for ever is one row."""
    shown: dict[str, tuple[str, ...]] = {}
    for name, row in rows.items():
        cells = tuple(cell(where, row.get(where)) for where in HEADS)
        once = name.replace(", for ever", ", once")
        if once != name and shown[once] == cells:
            shown = {key.removesuffix(", once") if key == once else key: value for key, value in shown.items()}
        else:
            shown[name] = cells
    lines = [
        ("fault", *HEADS.values()),
        ("---",) * (len(HEADS) + 1),
        *((name, *cells) for name, cells in shown.items()),
    ]
    return "".join(f"| {' | '.join(cells)} |\n".replace("|  |", "| |").replace("|  |", "| |") for cells in lines)


def _lines(row: Mapping[str, dict[str, Any]]) -> str:
    return ",\n".join(f"  {json.dumps(where)}: {json.dumps(found)}" for where, found in row.items())


def show(rows: Rows) -> None:
    """Write the page's table anew."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARKS[0])
    PAGE.write_text(f"{before}{MARKS[0]}{table(rows)}{MARKS[1]}{rest.partition(MARKS[1])[2]}", encoding="utf-8")


def main() -> None:
    rows = {fault.name: dict(outcomes(fault)) for fault in ROWS}
    # A line a case, so that a change is seen.
    parts = (f" {json.dumps(name)}: {{\n{_lines(row)}\n }}" for name, row in rows.items())
    TABLE.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    show(rows)


if __name__ == "__main__":
    main()
