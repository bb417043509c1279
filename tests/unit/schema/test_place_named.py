"""A project by its name, and the enterprise project of a new instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.arguments import checked
from tests.support.fakes import PROJECT, REGION, TOKEN, Unknown
from tests.support.iam_server import IamServer, serving_iam

NAME = f"{REGION}_dev"
DEV = "0d42a6bc3f3d446a835100a110f56137"
LIVES = {"region": REGION, "project_id": PROJECT}
SIGNED = {"HW_AUTH_TOKEN": TOKEN, "HW_REGION_NAME": REGION}


@pytest.fixture
def iam() -> Iterator[IamServer]:
    with serving_iam() as server:
        server.projects = [{"name": REGION, "id": PROJECT}, {"name": NAME, "id": DEV}]
        yield server


class TestName:
    """HW_PROJECT_NAME and roma:projectName."""

    @pytest.mark.parametrize(
        ("config", "environment"),
        [({}, {"HW_PROJECT_NAME": NAME}), ({"roma:projectName": NAME}, {"HW_PROJECT_ID": PROJECT})],
    )
    def test_it_is_looked_up(self, iam: IamServer, config: dict[str, str], environment: dict[str, str]) -> None:
        found = checked({"roma:authUrl": iam.url, **config}, {**SIGNED, **environment})
        assert (found.failures, found.warnings, found.inputs["project_id"]) == ([], [], DEV)
        assert iam.queries == [{"name": [NAME]}]

    def test_none_or_several(self, iam: IamServer) -> None:
        for projects, said in (
            ([], f"IAM shows no project named '{NAME}' (HW_PROJECT_NAME); there are: none"),
            ([{"name": NAME, "id": id_} for id_ in ("a", "b")], f"IAM shows several projects named '{NAME}'"),
        ):
            iam.projects = projects
            [(key, reason)] = checked({"roma:authUrl": iam.url}, {**SIGNED, "HW_PROJECT_NAME": NAME}).failures
            assert key == "project_id"
            assert reason.startswith(said)

    def test_the_environment_s_moves_nothing_and_asks_nobody(self, iam: IamServer) -> None:
        found = checked({"roma:authUrl": iam.url}, {**SIGNED, "HW_PROJECT_NAME": NAME}, LIVES)
        assert (found.failures, found.warnings, found.inputs["project_id"]) == ([], [], PROJECT)
        assert iam.queries == []

    def test_the_config_s_does_move(self, iam: IamServer) -> None:
        config = {"roma:authUrl": iam.url, "roma:projectName": NAME}
        assert checked(config, SIGNED, LIVES).inputs["project_id"] == DEV
        assert checked({**config, "roma:projectName": REGION}, SIGNED, LIVES).inputs["project_id"] == PROJECT
        unknown = checked(config, SIGNED, region=Unknown())
        assert unknown.failures == []
        assert "project_id" not in unknown.inputs

    def test_an_iam_in_trouble_moves_nothing(self) -> None:
        config = {"roma:authUrl": "http://127.0.0.1:9", "roma:projectName": NAME, "roma:maxRetries": "0"}
        found = checked(config, SIGNED, LIVES)
        assert (found.failures, found.inputs["project_id"]) == ([], PROJECT)
        [warning] = found.warnings
        assert warning.startswith(
            f"roma:projectName is {NAME}, but it could not be looked up: list_projects got no answer"
        )
        assert warning.endswith(f"; this instance stays in {PROJECT}")
        [(key, reason)] = checked(config, SIGNED).failures
        assert key == "project_id"
        assert "it could not be looked up" in reason

    @pytest.mark.parametrize("ids", [[DEV], [DEV, "b"]])
    def test_an_id_that_agrees_counts(self, iam: IamServer, ids: list[str]) -> None:
        iam.projects = [{"name": NAME, "id": id_} for id_ in ids]
        found = checked({"roma:authUrl": iam.url}, {**SIGNED, "HW_PROJECT_NAME": NAME, "HW_PROJECT_ID": DEV})
        assert (found.failures, found.inputs["project_id"]) == ([], DEV)

    def test_an_id_of_another_project_is_an_error(self, iam: IamServer) -> None:
        environment = {**SIGNED, "HW_PROJECT_NAME": NAME, "HW_PROJECT_ID": PROJECT}
        [failure] = checked({"roma:authUrl": iam.url}, environment).failures
        said = f"HW_PROJECT_ID is {PROJECT}, but HW_PROJECT_NAME is '{NAME}', which is project {DEV}; unset one of them"
        assert failure == ("project_id", said)
        config = {"roma:authUrl": iam.url, "roma:projectId": PROJECT, "roma:projectName": "x"}
        [(_, reason)] = checked(config, SIGNED).failures
        assert reason == (
            f"roma:projectId is {PROJECT}, but roma:projectName is 'x', which is no project that this sign-in may see; "
            "unset one of them"
        )
        # What the state holds already is asked about no more.
        assert checked(config, SIGNED, LIVES).failures == []

    def test_an_iam_that_cannot_say_is_no_contradiction(self) -> None:
        environment = {**SIGNED, "HW_PROJECT_NAME": NAME, "HW_PROJECT_ID": PROJECT, "HW_MAX_RETRIES": "0"}
        found = checked({"roma:authUrl": "http://127.0.0.1:9"}, environment)
        assert (found.failures, found.inputs["project_id"]) == ([], PROJECT)


ENTERPRISE = {"HW_ENTERPRISE_PROJECT_ID": "ep-1"}


@pytest.mark.parametrize(
    ("config", "environment", "olds", "arguments", "found"),
    [
        ({}, ENTERPRISE, {}, {}, "ep-1"),
        ({"roma:enterpriseProjectId": "ep-2"}, ENTERPRISE, {}, {}, "ep-2"),
        ({}, ENTERPRISE, {}, {"enterprise_project_id": "mine"}, "mine"),
        ({}, ENTERPRISE, LIVES, {}, None),
        ({"roma:enterpriseProjectId": "ep-2"}, ENTERPRISE, {**LIVES, "enterprise_project_id": "old"}, {}, "old"),
        ({}, {}, {**LIVES, "enterprise_project_id": "old"}, {}, "old"),
        ({}, ENTERPRISE, {}, {"adopt_id": "b037d389-62a4-464a-8461-c88797ad4f23"}, None),
        ({}, {}, {}, {}, None),
    ],
)
def test_the_enterprise_project_of_a_new_instance(
    config: dict[str, str],
    environment: dict[str, str],
    olds: dict[str, Any],
    arguments: dict[str, Any],
    found: str | None,
) -> None:
    place = {"roma:region": REGION, "roma:projectId": PROJECT}
    result = checked({**place, **config}, environment, olds, **arguments)
    assert result.failures == []
    assert result.inputs.get("enterprise_project_id") == found


def test_a_refused_variable_is_one_problem() -> None:
    # Not a project that is missing too: nobody was asked because of the variable.
    assert checked({}, {**SIGNED, "HW_PROFILE": "prod"}).failures == []
