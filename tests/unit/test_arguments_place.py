"""Where an instance lives: by argument, config or environment, and never moved by the environment."""

from __future__ import annotations

from typing import Any

import pytest

from .declaring import checked
from .fakes import PROJECT, REGION

OTHER = "0d42a6bc3f3d446a835100a110f56137"
ENVIRONMENT = {"HW_REGION_NAME": "eu-west-101", "HW_PROJECT_ID": OTHER}
LIVES = {"region": REGION, "project_id": PROJECT}


@pytest.mark.parametrize(
    ("arguments", "config", "environment", "place"),
    [
        ({}, {}, ENVIRONMENT, ("eu-west-101", OTHER)),
        ({}, LIVES, ENVIRONMENT, (REGION, PROJECT)),
        ({"region": "ap-southeast-3"}, LIVES, ENVIRONMENT, ("ap-southeast-3", PROJECT)),
        ({"project_id": "x" * 16}, {}, ENVIRONMENT, ("eu-west-101", "x" * 16)),
    ],
)
def test_argument_before_config_before_environment(
    arguments: dict[str, Any], config: dict[str, str], environment: dict[str, str], place: tuple[str, str]
) -> None:
    written = {{"region": "roma:region", "project_id": "roma:projectId"}[key]: value for key, value in config.items()}
    found = checked(written, environment, **arguments)
    assert (found.failures, found.warnings) == ([], [])
    assert (found.inputs["region"], found.inputs["project_id"]) == place


def test_the_environment_never_moves_an_instance_that_exists() -> None:
    found = checked({}, ENVIRONMENT, LIVES)
    assert (found.inputs["region"], found.inputs["project_id"]) == (REGION, PROJECT)
    assert found.failures == []
    assert found.warnings == [
        f"HW_REGION_NAME is eu-west-101, but this instance lives in {REGION} and stays there; "
        "`pulumi config set roma:region eu-west-101` would replace it",
        f"HW_PROJECT_ID is {OTHER}, but this instance lives in {PROJECT} and stays there; "
        f"`pulumi config set roma:projectId {OTHER}` would replace it",
    ]


def test_an_environment_that_is_empty_or_agrees_is_no_warning() -> None:
    for environment in ({}, {"HW_REGION_NAME": " ", "HW_PROJECT_ID": PROJECT}):
        found = checked({}, environment, LIVES)
        assert (found.inputs["region"], found.inputs["project_id"]) == (REGION, PROJECT)
        assert (found.failures, found.warnings) == ([], [])


def test_the_config_does_move_an_instance_that_exists() -> None:
    found = checked({"roma:region": "eu-west-101"}, ENVIRONMENT, LIVES)
    assert (found.inputs["region"], found.inputs["project_id"]) == ("eu-west-101", PROJECT)
    assert [warning.split(" ")[0] for warning in found.warnings] == ["HW_PROJECT_ID"]


def test_a_place_from_config_or_environment_is_checked_as_an_argument_is() -> None:
    found = checked({"roma:region": "CN North"}, {"HW_PROJECT_ID": "short"})
    assert [key for key, _ in found.failures] == ["region", "project_id"]
