"""Arguments and settings, checked together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.fakes import (
    CONFIG,
    ID,
    REGION,
    TOKEN,
    FakeClient,
    FakeOperation,
    Host,
    Unknown,
    inputs,
)
from tests.support.lifecycle import STATE, Case


def check(case: Case, olds: dict[str, Any] | None = None, **changes: Any) -> list[tuple[str, str]]:
    news = {key: value for key, value in inputs(**changes).items() if key not in ("region", "project_id")}
    return case.host.owned.check(case.op, olds or {}, news).failures


def place_check(folder: Path, config: dict[str, str] | None = None, **changes: Any) -> list[tuple[str, str]]:
    host = Host(FakeClient(lists=[]), folder, config=config or CONFIG)
    return host.owned.check(FakeOperation(), {}, inputs(**changes)).failures


def test_check_finds_nothing_and_calls_nobody(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[])
    assert check(case) == []
    assert sum(case.client.counts.values()) == 0


def test_check_finds_settings_too(tmp_path: Path) -> None:
    case = Case(tmp_path)
    case.host.session.settings.environment.pop("HW_AUTH_TOKEN")  # type: ignore[attr-defined]
    assert [key for key, _ in check(case, name="")] == ["name"]
    for key, bad in (("roma:endpoint", "http://h"), ("roma:pollSeconds", "0"), ("roma:productIds", "[")):
        host = Host(FakeClient(), tmp_path, config={**CONFIG, key: bad})
        news = inputs(product_id=None, edition="basic")
        found = host.owned.check(FakeOperation(), {}, news)
        assert [failure for failure, _ in found.failures] == [key]


def test_a_sign_in_that_is_missing_is_a_warning_told_once(tmp_path: Path) -> None:
    """What does not change can be previewed without; the call that needs it is refused."""
    for environment in ({}, {"HW_ACCESS_KEY": "key"}):
        host = Host(FakeClient(), tmp_path, environment=environment)
        op = FakeOperation()
        for _ in range(2):
            assert host.owned.check(op, inputs(), inputs()).failures == []
        [said] = op.warnings
        assert said.startswith("no secret key is given" if environment else "no way to sign in is given")
        assert said.endswith(". Until then nothing can be made, changed or read")
        assert not host.owned.diff(op, ID, STATE, inputs()).any


def test_a_project_s_name_that_cannot_be_asked_about_moves_nothing(tmp_path: Path) -> None:
    host = Host(FakeClient(), tmp_path, config={"roma:region": REGION, "roma:projectName": "shop"}, environment={})
    news = {key: value for key, value in inputs().items() if key != "project_id"}
    found = host.owned.check(FakeOperation(), inputs(), news)
    assert (found.failures, found.inputs["project_id"]) == ([], inputs()["project_id"])


def test_all_problems_of_settings_and_arguments_are_told_at_once(tmp_path: Path) -> None:
    config = {**CONFIG, "roma:endpoint": "http://h", "roma:pollSeconds": "0", "roma:productIds": "["}
    host = Host(FakeClient(), tmp_path, config=config, environment={"HW_AUTH_TOKEN": "a b"})
    found = host.owned.check(FakeOperation(), {}, inputs(product_id=None, edition="basic", name="", vpc_id=None))
    assert sorted(key for key, _ in found.failures) == [
        "name",
        "roma:endpoint",
        "roma:pollSeconds",
        "roma:productIds",
        "roma:token",
        "vpc_id",
    ]


@pytest.mark.parametrize("region", ["a:b", "a?b", "u@b", "a b", "a/b", "", 5.0])
def test_a_region_that_cannot_be_one_is_one_problem_beside_the_others(tmp_path: Path, region: Any) -> None:
    assert sorted(key for key, _ in place_check(tmp_path, region=region, name="")) == ["name", "region"]
    config = {**CONFIG, "roma:endpoint": "http://h"}
    found = place_check(tmp_path, config, region=region)
    assert sorted(key for key, _ in found) == ["region", "roma:endpoint"]


def test_a_region_that_is_not_known_yet_hides_no_bad_endpoint(tmp_path: Path) -> None:
    assert place_check(tmp_path, region=Unknown()) == []
    found = place_check(tmp_path, {**CONFIG, "roma:endpoint": "http://h"}, region=Unknown())
    assert [key for key, _ in found] == ["roma:endpoint"]


def test_a_token_that_cannot_be_one_is_found_in_preview_and_not_shown(tmp_path: Path) -> None:
    host = Host(FakeClient(), tmp_path, environment={"HW_AUTH_TOKEN": f"{TOKEN} {TOKEN}"})
    [(key, words)] = host.owned.check(FakeOperation(), {}, inputs()).failures
    assert key == "roma:token"
    assert TOKEN not in words


def test_check_passes_its_warnings_on(tmp_path: Path) -> None:
    host = Host(
        FakeClient(), tmp_path, config={}, environment={"HW_AUTH_TOKEN": TOKEN, "HW_REGION_NAME": "eu-west-101"}
    )
    op = FakeOperation()
    news = {key: value for key, value in inputs().items() if key != "region"}
    assert host.owned.check(op, inputs(), news).failures == []
    assert len(op.warnings) == 1
    assert op.warnings[0].startswith("HW_REGION_NAME is eu-west-101, but this instance lives in cn-north-4")


def test_what_has_no_value_is_warned_of_for_a_new_resource_too(tmp_path: Path) -> None:
    case = Case(tmp_path)
    lost = {key: value for key, value in inputs().items() if key != "vpc_id"}
    found = case.host.owned.check(case.op, {}, {**lost, "__written": {"vpc_id": {}}})
    assert found.failures == []
    [said] = case.op.warnings
    assert said.startswith("what the program gives 'vpc_id' has no value")
