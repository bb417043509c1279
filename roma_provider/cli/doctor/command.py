"""`roma doctor` as a command: what is written where, and what it exits with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import RomaError
from ...lifecycle.session import Session
from ..codes import Code
from ..output import RED, Output, complain
from . import examination, recording
from .report import report

WELL, FAILED = Code.DONE, Code.NO


@dataclass(frozen=True)
class Wish:
    """What was asked for. ``report``: a text for an issue; ``record``: a file for the answers."""

    region: str | None = None
    project_id: str | None = None
    report: bool = False
    record: Path | None = None


def run(session: Session, wish: Wish, output: Output) -> int:
    """Look, and say what was found; the exit code."""
    findings = examination.examine(session, wish.region, wish.project_id)
    kept = _recorded(session, wish, findings.package) if wish.record is not None else {}
    if wish.report:
        made = report(session, findings, wish.region)
        output.found = {"report": made.as_json(), **kept}
        output.say(made.as_text())
        return WELL if findings.ok else FAILED
    output.found = {**findings.as_json(), **kept}
    for line in findings.as_lines():
        output.say(line, RED if line.startswith("FAIL") else None)
    return WELL if findings.ok else FAILED


def _recorded(session: Session, wish: Wish, package: str) -> dict[str, Any]:
    """Write the file; what ``--json`` says of it. Where nothing can be asked, the findings say why."""
    path = Path(wish.record or "")
    try:
        found = recording.record(session, wish.region, wish.project_id, package)
    except RomaError as error:
        complain(f"nothing is recorded: {examination.shown(str(error))}")
        return {"recorded": None}
    recording.write(path, found)
    count = len(found["exchanges"])
    complain(f"{count} answers are in {path}. Read it before you give it away; CONTRIBUTING.md says what it is for")
    return {"recorded": {"file": str(path), "answers": count}}
