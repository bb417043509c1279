"""Ten trials of the campaign: random interruptions, each decided by its seed, and what they leave.

`make campaign` runs more of them; tests/campaign has the trials.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign import trial
from tests.engine.harness import Engine


@pytest.mark.parametrize("seed", range(1, 11))
def test_a_trial_of_the_campaign(engine: Engine, tmp_path: Path, seed: int) -> None:
    verdict = trial.run(seed, tmp_path, engine)
    assert verdict.faults == [], verdict.log
