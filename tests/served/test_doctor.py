"""`roma doctor` against a served emulator: what it asks, what it says, and what it never shows."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from typer.testing import CliRunner, Result

from roma_provider.cli.application import app
from roma_provider.emulator import PROJECT_ID, REGION, Control
from tests.support.emulator import Api, token_variables

CANARY = "canary-of-the-token-5f1d"


def doctor(api: Api, *arguments: str, changes: Mapping[str, str | None] | None = None) -> Result:
    environment: dict[str, str | None] = {
        **token_variables(api.url),
        "COLUMNS": "80",
        **(changes or {}),
    }
    return CliRunner().invoke(app, ["doctor", *arguments], env=environment)


def asked(control: Control) -> list[tuple[str, str]]:
    return [(call.method, call.operation) for call in control.calls()]


LISTS = [("GET", "list_instances"), ("GET", "list_roma_instances")]


@pytest.mark.parametrize(
    ("status", "body", "code", "said"),
    [
        (
            404,
            {"error_code": "APIGW.0101", "error_msg": "no such API"},
            0,
            "ok    list_roma_instances: refused, so RCU",
        ),
        (503, {}, 1, "FAIL  list_roma_instances: list_roma_instances was answered with HTTP 503"),
        (200, {"instances": "none"}, 1, "FAIL  list_roma_instances: the answer is not the list it should be"),
    ],
)
def test_a_list_of_rcu_instances_that_is_none(
    api: Api, control: Control, status: int, body: Mapping[str, str], code: int, said: str
) -> None:
    control.add_fault("list_roma_instances", times=None, status=status, body=body)
    found = doctor(api)
    assert found.exit_code == code
    assert said in found.output


def test_it_reads_a_list_and_one_instance_and_nothing_more(api: Api, control: Control) -> None:
    made = [api.create(), api.create(name="second")]
    control.clear_calls()
    found = doctor(api)
    assert found.exit_code == 0, found.output
    assert asked(control) == [*LISTS, ("GET", "creation_progress")]
    assert found.output.splitlines()[1:] == [
        f"ok    region: {REGION}",
        "ok    endpoint: 127.0.0.1",
        "ok    sign-in: signing in with an IAM token from environment variable HW_AUTH_TOKEN",
        f"ok    project: {PROJECT_ID[:8]}…",
        "ok    list_instances: 2 on the first page, 2 in all, 2 CREATING (assumption 10, 19)",
        "ok    list_roma_instances: 2, 2 in all, 2 of category roma (assumption 25, 26)",
        f"ok    creation_progress: instance {made[0][:8]}… is CREATING (assumption 4, 7)",
        "ok    every field that came is as the models say",
    ]
    assert PROJECT_ID not in found.output
    assert made[0] not in found.output


def test_without_an_instance_it_says_so(api: Api, control: Control) -> None:
    found = doctor(api)
    assert found.exit_code == 0
    assert asked(control) == LISTS
    assert "creation_progress: not tried: there is no instance to read" in found.output


def test_as_json(api: Api) -> None:
    api.create()
    found = doctor(api, "--json")
    report = json.loads(found.output)
    assert (report["ok"], report["differences"], found.exit_code) == (True, [], 0)
    assert [(check["name"], check["ok"]) for check in report["checks"]] == [
        (name, True)
        for name in (
            *("region", "endpoint", "sign-in", "project"),
            *("list_instances", "list_roma_instances", "creation_progress"),
        )
    ]


def test_the_project_is_looked_up_where_it_is_not_given(api: Api, control: Control) -> None:
    found = doctor(api, changes={"HW_PROJECT_ID": None})
    assert found.exit_code == 0, found.output
    assert asked(control) == [("GET", "list_projects"), *LISTS]
    assert f"ok    project: {PROJECT_ID[:8]}…" in found.output


def test_options_come_first(api: Api, control: Control) -> None:
    other = "d" * 31 + "1"
    found = doctor(api, "--project-id", other, "--region", "eu-west-101")
    assert found.exit_code == 0
    assert {call.project_id for call in control.calls()} == {other}
    assert "region: eu-west-101" in found.output


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_a_sign_in_that_is_refused_exits_with_1_and_shows_no_secret(
    api: Api, control: Control, arguments: list[str]
) -> None:
    control.add_fault("list_instances", status=401, body={"error_code": "APIGW.0301", "error_msg": f"bad {CANARY}"})
    found = doctor(api, *arguments, changes={"HW_AUTH_TOKEN": CANARY})
    assert found.exit_code == 1
    assert "list_instances was answered with HTTP 401: APIGW.0301: bad [secret]" in found.output
    assert "the token came from environment variable HW_AUTH_TOKEN" in found.output
    assert CANARY not in found.output
    assert asked(control) == [("GET", "list_instances")]


def test_answers_that_differ(api: Api, control: Control) -> None:
    made = api.create()
    control.patch_instance(made, status="STARTING", fields={"prePay": "value-canary"})
    answer = api.process(made)
    answer["instance"]["newField"] = ["value-canary"]
    control.add_fault("creation_progress", status=200, body=answer)
    found = doctor(api)
    assert found.exit_code == 1
    assert found.output.splitlines()[-5:] == [
        "FAIL  list_instances: 1 on the first page, 1 in all, 1 STARTING; not known: STARTING (assumption 10, 19)",
        "ok    list_roma_instances: 1, 1 in all, 1 of category roma (assumption 25, 26)",
        f"FAIL  creation_progress: instance {made[:8]}… is STARTING, a status that is not known (assumption 4, 7)",
        "FAIL  creation_progress: instance.prePay: text, where true or false is expected",
        "note  creation_progress: instance.newField: is not known here; it holds a list",
    ]
    assert "value-canary" not in found.output


def test_a_process_that_cannot_be_read(api: Api, control: Control) -> None:
    api.create()
    control.clear_calls()
    control.add_fault("creation_progress", status=404)
    found = doctor(api)
    assert found.exit_code == 1
    assert "FAIL  creation_progress: creation_progress was answered with HTTP 404" in found.output
    assert asked(control) == [*LISTS, ("GET", "creation_progress")]


def test_bad_usage_exits_with_64(api: Api, control: Control) -> None:
    assert doctor(api, "--regoin", "x").exit_code == 64
    assert control.calls() == []
