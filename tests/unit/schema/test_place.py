"""Where an instance lives: by argument, config or environment, and never moved by the environment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.arguments import checked, checked_by
from tests.support.fakes import PROJECT, REGION, TOKEN, Unknown, credentials_file, plain_sign_in
from tests.support.iam_server import IamServer, serving_iam

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
    # A project is of one region: that of the state is none of the new one's.
    assert (found.inputs["region"], found.inputs["project_id"]) == ("eu-west-101", OTHER)
    assert (found.failures, found.warnings) == ([], [])


def test_a_place_from_config_or_environment_is_checked_as_an_argument_is() -> None:
    found = checked({"roma:region": "CN North"}, {"HW_PROJECT_ID": "short"})
    assert [key for key, _ in found.failures] == ["region", "project_id"]


# --- looked up ---------------------------------------------------------------------------------------------

MISSING = (
    "no project id is given; set one of: argument project_id, `pulumi config set roma:projectId "
    'c29445cce74b445682de4fcf3102cec4`, environment variable HW_PROJECT_ID, input {"roma:projectId": '
    '"c29445cce74b445682de4fcf3102cec4"} of a provider resource (which does not see the stack config)'
)
SIGNED = {"HW_AUTH_TOKEN": TOKEN, "HW_REGION_NAME": REGION}


@pytest.fixture
def iam() -> Iterator[IamServer]:
    with serving_iam() as server:
        server.projects = [{"name": REGION, "id": OTHER}, {"name": "cn-east-3", "id": "e" * 32}]
        yield server


def test_a_project_that_nobody_gives_is_looked_up_once(iam: IamServer) -> None:
    settings = {"roma:authUrl": iam.url}, SIGNED
    sign_in = plain_sign_in(*settings)
    for _ in range(3):
        found = checked_by(sign_in)
        assert (found.failures, found.inputs["project_id"]) == ([], OTHER)
    assert iam.queries == [{"name": [REGION]}]
    # An instance that moves by its region alone moves to that region's project.
    moved = checked({**settings[0], "roma:region": "cn-east-3"}, SIGNED, LIVES)
    assert (moved.failures, moved.inputs["project_id"]) == ([], "e" * 32)


def test_a_project_that_anybody_gives_is_not_looked_up(iam: IamServer, tmp_path: Path) -> None:
    config = {"roma:authUrl": iam.url}
    file = {"HW_REGION_NAME": REGION, **credentials_file(tmp_path)}
    for found in (
        checked(config, SIGNED, LIVES),
        checked(config, SIGNED, project_id=PROJECT),
        checked({**config, "roma:projectId": PROJECT}, SIGNED),
        checked(config, {**SIGNED, "HUAWEICLOUD_SDK_PROJECT_ID": PROJECT}),
        checked(config, file),
        # The region is not known yet, so that it cannot be said what becomes of the project.
        checked(config, SIGNED, LIVES, region=Unknown()),
    ):
        assert (found.failures, found.warnings, found.inputs["project_id"]) == ([], [], PROJECT)
    unknown = checked(config, SIGNED, region=Unknown())
    assert unknown.failures == []
    assert "project_id" not in unknown.inputs
    # The file's says as little as the environment does about an instance that exists.
    moved = checked(config, file, {**LIVES, "project_id": "x" * 16})
    path = file["HUAWEICLOUD_SDK_CREDENTIALS_FILE"]
    assert moved.inputs["project_id"] == "x" * 16
    assert [warning.partition(",")[0] for warning in moved.warnings] == [f"project_id of file {path} is {PROJECT}"]
    assert iam.queries == []


@pytest.mark.parametrize(
    ("config", "environment", "arguments", "failing"),
    [
        ({}, {"HW_REGION_NAME": REGION}, {}, ["project_id"]),
        ({}, {"HW_REGION_NAME": REGION, "HW_ACCESS_KEY": "a"}, {}, ["project_id"]),
        ({}, {"HW_AUTH_TOKEN": TOKEN}, {}, ["region", "project_id"]),
        ({}, SIGNED, {"region": "CN North"}, ["project_id", "region"]),
        ({"roma:authUrl": "http://iam.x"}, {"HW_REGION_NAME": REGION}, {}, ["project_id"]),
    ],
)
def test_where_nobody_can_be_asked_the_project_is_missing(
    config: dict[str, str], environment: dict[str, str], arguments: dict[str, Any], failing: list[str]
) -> None:
    found = checked(config, environment, **arguments)
    assert [key for key, _ in found.failures] == failing
    assert dict(found.failures)["project_id"] == MISSING


def test_a_lookup_that_finds_nothing_or_cannot_be_made(iam: IamServer) -> None:
    iam.projects = []
    [(key, reason)] = checked({"roma:authUrl": iam.url}, SIGNED).failures
    assert (key, reason.partition(";")[0]) == ("project_id", f"IAM shows no project named {REGION!r}")
    iam.status = 401
    user = {"HW_USER_NAME": "u", "HW_USER_PASSWORD": "canary", "HW_DOMAIN_NAME": "d", "HW_REGION_NAME": REGION}
    sign_in = plain_sign_in({"roma:authUrl": iam.url}, user)
    for _ in range(2):
        [(key, reason)] = checked_by(sign_in).failures
        assert key == "project_id"
        assert reason.startswith(
            f"{MISSING}; it could not be looked up: create_token was answered with HTTP 401: 401: no: [secret]; "
            "the sign-in was refused: user name, password and account name came from environment variables HW_USER_NAME"
        )
    assert len(iam.asked) == 1
    [(key, reason)] = checked({"roma:authUrl": "http://iam.x"}, SIGNED).failures
    assert (key, reason.partition(" ")[0]) == ("project_id", "http")
