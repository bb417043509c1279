"""Twelve trials of the campaign: random interruptions, each decided by its seed, and what they leave.

`make campaign` runs more of them; tests/campaign has the trials.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign import trial
from tests.campaign.plan import NAMES, Act, Moment, Plan
from tests.engine.harness import Engine
from tests.engine.hosts import DYNAMIC, PLUGIN, Host

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize(
    ("host", "seed"),
    [*((DYNAMIC, seed) for seed in range(1, 11)), *((PLUGIN, seed) for seed in (1, 2))],
)
def test_a_trial_of_the_campaign(engine: Engine, tmp_path: Path, host: Host, seed: int) -> None:
    verdict = trial.run(seed, tmp_path, engine, host)
    assert verdict.faults == [], verdict.log


@pytest.mark.parametrize(
    ("operation", "interruption", "moment", "goal"),
    [
        # Between a hook's answer and its being saved; destroy says so.
        ("up, one more", "kill everything", Moment("answered", 1, 0.0), "destroy"),
        # The state holds what the replacement had deleted, and another machine is told to adopt the new one.
        ("up --replace", "another home", Moment("create_instance", 1, 0.3), "up"),
    ],
)
def test_what_the_campaign_has_found(
    engine: Engine, tmp_path: Path, operation: str, interruption: str, moment: Moment, goal: str
) -> None:
    act = Act(operation, interruption, moment, ("--skip-preview",), which=0.0, seconds=1.0)
    plan = Plan(0, NAMES[:1], False, 1.0, 0.1, 0, "nothing", (act,), goal)
    verdict = trial.play(plan, tmp_path, engine)
    assert verdict.findings == [], verdict.log
