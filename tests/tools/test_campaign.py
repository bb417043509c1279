"""What `make campaign` draws, and what it says of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.campaign.plan import INTERRUPTIONS, OPERATIONS, SECOND_UP, draw
from tools import campaign


def verdict(seed: int, *findings: tuple[str, str]) -> dict[str, Any]:
    found = [{"kind": kind, "text": text} for kind, text in findings]
    return {"seed": seed, "plan": "one instance; up: interrupt", "findings": found, "seconds": 12.34}


def test_a_seed_decides_a_trial_and_all_that_there_is_is_drawn() -> None:
    plans = [draw(seed) for seed in range(1, 201)]
    assert plans == [draw(seed) for seed in range(1, 201)]
    acts = [act for plan in plans for act in plan.acts]
    assert {act.operation for act in acts} == OPERATIONS.keys()
    assert {act.interruption for act in acts} == INTERRUPTIONS.keys() | {SECOND_UP}
    assert {plan.goal for plan in plans} == {"up", "destroy"}


def test_a_trial_is_a_line_and_the_table_has_the_seeds() -> None:
    verdicts = [
        verdict(2, ("lost", "x lives"), ("lost", "y lives")),
        verdict(1),
        verdict(3, ("known limit", "z lives")),
    ]
    assert campaign.line(verdicts[1]) == "     1   12.3 s  ok"
    assert campaign.line(verdicts[0]).splitlines() == [
        "     2   12.3 s  lost: x lives; lost: y lives",
        "        one instance; up: interrupt",
    ]
    assert campaign.table(verdicts).splitlines() == [
        "lost                     1  2",
        "doubled                  0",
        "destroyed by mistake     0",
        "stuck                    0",
        "untrue                   0",
        "known limit              1  3",
    ]


@pytest.mark.parametrize(("kind", "code"), [("", 0), ("known limit", 0), ("doubled", 1), (campaign.BROKEN, 1)])
def test_the_exit_code_says_whether_there_was_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str, code: int
) -> None:
    monkeypatch.setattr(campaign, "LOGS", tmp_path)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["campaign", "--trials", "2", "--seed", "7"])
    monkeypatch.setattr(subprocess, "run", lambda *_arguments, **_options: subprocess.CompletedProcess([], 0))
    findings = [(kind, "so")] if kind else []
    monkeypatch.setattr(campaign, "trial", lambda seed, _host: verdict(seed, *(findings if seed == 8 else [])))
    assert campaign.main() == code
    assert "seeds 7 to 8" in capsys.readouterr().out


def test_a_trial_that_says_nothing_is_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(campaign, "LOGS", tmp_path)
    monkeypatch.setattr(sys, "executable", "false")
    (tmp_path / "plugin").mkdir()
    [finding] = campaign.trial(1, "plugin")["findings"]
    assert finding == {"kind": campaign.BROKEN, "text": "exit code 1; see its log"}
