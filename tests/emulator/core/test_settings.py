"""Settings: what cannot be one is refused on every way in."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest

from roma_provider.emulator import Control, ControlError, Emulator
from roma_provider.emulator.core.settings import BadInputError
from tests.support.emulator import SEED_CREATED, Api


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


@pytest.mark.parametrize("offset", [float("inf"), 4e8, "1", True])
def test_an_offset_of_the_clock_that_cannot_be(control: Control, offset: Any) -> None:
    with pytest.raises(BadInputError, match=r"^clock_offset_seconds is .*; write a number of seconds, up to ten years"):
        Emulator(clock_offset_seconds=offset)
    assert control.settings().clock_offset_seconds == 0


@pytest.mark.parametrize("offset", [7200.0, -7200.0])
def test_a_clock_apart_from_the_machine_s(api: Api, control: Control, offset: float) -> None:
    control.settings(clock_offset_seconds=offset)
    answer = api.get_process(api.create())
    assert (
        answer.json()["currentTime"] == answer.json()["instance"]["createdAt"] == round((SEED_CREATED + offset) * 1000)
    )
    assert answer.headers["Date"] == formatdate(SEED_CREATED + offset, usegmt=True)


@pytest.mark.parametrize(
    ("names", "shown"), [("as-ordered", "Roma-2"), ("upper-case", "ROMA-2"), ("padded", " Roma-2 ")]
)
def test_names_as_the_lists_show_them(api: Api, control: Control, names: str, shown: str) -> None:
    control.settings(listed_names=names)
    instance_id = api.create(name="Roma-2")
    listed = [api.listed(), api.call("GET", f"/v3/{api.project_id}/roma/instances").json()]
    assert [entry["name"] for answer in listed for entry in answer["instances"]] == [shown, shown]
    assert api.process(instance_id)["name"] == "Roma-2"
    with pytest.raises(ControlError, match=r"^listed_names is 'x'; write one of as-ordered, upper-case, padded"):
        control.settings(listed_names="x")
