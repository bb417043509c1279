"""Settings: what cannot be one is refused on every way in."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.emulator import Control, ControlError, Emulator
from roma_provider.emulator.core.settings import BadInputError
from tests.support.emulator import Api


def test_bad_settings_are_refused_before_anything_starts() -> None:
    with pytest.raises(BadInputError, match="unknown scenario 'x'; write one of ready"):
        Emulator(scenario="x")
    with pytest.raises(BadInputError, match="creation_seconds is nan"):
        Emulator(creation_seconds=float("nan"))


@pytest.mark.parametrize("count", [-1, 11, 1.5, "one", True])
def test_a_number_of_projects_that_cannot_be(control: Control, count: Any) -> None:
    with pytest.raises(ControlError, match=r"^projects is .*; write a whole number from 0 to 10$"):
        control.settings(projects=count)
    assert control.settings().projects == 1


def test_a_shorter_life_of_tokens_can_be_set(api: Api, control: Control) -> None:
    control.settings(token_seconds=60)
    assert api.sign_in().json()["token"]["expires_at"] == "2025-03-06T12:02:13.785000Z"
