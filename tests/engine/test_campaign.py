"""Ten trials of the campaign: random interruptions, each decided by its seed, and what they leave.

`make campaign` runs more of them; tests/campaign has the trials.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign import trial
from tests.campaign.plan import NAMES, Act, Moment, Plan
from tests.engine.harness import Engine


@pytest.mark.parametrize("seed", range(1, 11))
def test_a_trial_of_the_campaign(engine: Engine, tmp_path: Path, seed: int) -> None:
    verdict = trial.run(seed, tmp_path, engine)
    assert verdict.faults == [], verdict.log


def test_what_was_killed_between_its_answer_and_its_being_saved_is_said_by_destroy(
    engine: Engine, tmp_path: Path
) -> None:
    act = Act(
        "up, one more", "kill everything", Moment("answered", 1, 0.0), ("--skip-preview",), which=0.0, seconds=1.0
    )
    plan = Plan(0, NAMES[:1], False, 1.0, 0.1, 0, "nothing", (act,), "destroy")
    verdict = trial.play(plan, tmp_path, engine)
    assert verdict.findings == [], verdict.log
