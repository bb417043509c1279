"""`roma doctor` as a command: what is written where, and what it exits with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...lifecycle.session import Session
from ..codes import Code
from ..output import RED, Output
from . import examination
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
    if wish.report:
        made = report(session, findings, wish.region)
        output.found = {"report": made.as_json()}
        output.say(made.as_text())
        return WELL if findings.ok else FAILED
    output.found = findings.as_json()
    for line in findings.as_lines():
        output.say(line, RED if line.startswith("FAIL") else None)
    return WELL if findings.ok else FAILED
