"""When a wait asks next."""

from __future__ import annotations

import pytest

from roma_provider.creation.schedule import every
from tests.support.fakes import progress


@pytest.mark.parametrize("elapsed", [0.0, 3.0, 3600.0])
def test_the_same_pause_whatever_is_known(elapsed: float) -> None:
    assert [every(7.0)(elapsed, last) for last in (None, progress(), progress("RUNNING"))] == [7.0, 7.0, 7.0]
