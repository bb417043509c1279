"""`roma doctor --report` against a served emulator that repeats every secret: what it asks, and that none is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from roma_provider.cli.application import app
from roma_provider.emulator import PROJECT_ID, REGION, TOKEN, Control
from tests.support.emulator import Api, token_variables

# Of the environment, of a stack's config beside it, and what only a server knows.
IN_ENVIRONMENT, IN_CONFIG, OF_SERVER = "canary-Environment-5f1d", "canaryConfig5f1d", "canary-Server-5f1d"
USER, PASSWORD = "canary-user", "canary-Password-5f1d"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Pulumi project with secrets in clear."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    (tmp_path / "Pulumi.dev.yaml").write_text(f"config:\n  roma:token: {IN_CONFIG}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def doctor(api: Api, folder: Path, *arguments: str, changes: Mapping[str, str | None] | None = None) -> Result:
    environment: dict[str, str | None] = {
        **token_variables(api.url),
        "AWS_SECRET_ACCESS_KEY": IN_ENVIRONMENT,
        "PATH": "",
        "PULUMI_CONFIG": json.dumps({"roma:token": IN_CONFIG}),
        "PULUMI_CONFIG_PASSPHRASE": IN_ENVIRONMENT,
        "HTTPS_PROXY": f"http://me:{IN_ENVIRONMENT}@proxy.example",
        "ROMA_JOURNAL": str(folder / "canary-journal"),
        **(changes or {}),
    }
    return CliRunner().invoke(app, ["doctor", "--report", *arguments], env=environment)


def asked(control: Control) -> list[tuple[str, str]]:
    return [(call.method, call.operation) for call in control.calls()]


LISTS = [("GET", "list_instances"), ("GET", "list_roma_instances")]
PROJECTS = ("GET", "list_projects")


def test_it_reads_and_tells(api: Api, control: Control, folder: Path) -> None:
    made = api.create(name="canary-orders")
    control.clear_calls()
    found = doctor(api, folder)
    assert found.exit_code == 0, found.output
    assert asked(control) == [*LISTS, ("GET", "creation_progress"), PROJECTS]
    lines = found.output.splitlines()
    for line in (
        "| HW_REGION_NAME | cn-north-4 |",
        "| HW_AUTH_TOKEN | (secret) |",
        "| sign-in | an IAM token from the environment |",
        "| ROMA Connect, this machine | answered; 1 shown: 1 CREATING |",
        "| IAM, this machine | answered; the region has one project |",
        "| creation_progress | ok: answered; the status is CREATING |",
        "| fields | 0 fields differ from the models, 0 of them cannot be read |",
    ):
        assert line in lines, line
    for secret in (made, PROJECT_ID, TOKEN, PROJECT_ID[:8], made[:8], "canary", str(folder), api.url):
        assert secret not in found.output


@pytest.mark.parametrize("arguments", [[], ["--json"]])
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500])
def test_no_secret_is_in_it_whatever_a_server_repeats(
    api: Api, control: Control, folder: Path, status: int, arguments: list[str]
) -> None:
    """In its messages, codes, statuses, names of fields, ids, and where a number should be."""
    secrets = f"{IN_ENVIRONMENT} {IN_CONFIG} {OF_SERVER} {PASSWORD}"
    entry = {"id": OF_SERVER, "name": secrets, "status": IN_CONFIG, IN_CONFIG: secrets, "create_time": [secrets]}
    lie = {"error_code": OF_SERVER, "error_msg": secrets, "request_id": OF_SERVER, "total": secrets}
    for operation in ("list_instances", "list_roma_instances", "list_projects", "creation_progress"):
        body = {**lie, "instances": [entry], "projects": [{"id": OF_SERVER, "name": REGION}], "instance": entry}
        headers = {"X-Request-Id": OF_SERVER}
        control.add_fault(operation, times=None, status=status, body=body, headers=headers)
    found = doctor(api, folder, *arguments, changes={"HW_PROJECT_ID": None})
    assert found.exit_code == 1
    assert "canary" not in found.output
    assert {call.method for call in control.calls()} == {"GET"}


def test_with_a_password_nothing_but_the_sign_in_is_posted(api: Api, control: Control, folder: Path) -> None:
    user: dict[str, str | None] = {
        "HW_AUTH_TOKEN": None,
        "HW_USER_NAME": USER,
        "HW_USER_PASSWORD": PASSWORD,
        "HW_DOMAIN_NAME": "canary-account",
    }
    found = doctor(api, folder, changes=user)
    assert {call for call in asked(control) if call[0] != "GET"} == {("POST", "create_token")}
    assert "| sign-in | user name and password from the environment |" in found.output
    assert "canary" not in found.output


def test_the_json_of_a_report_is_the_report(api: Api, folder: Path) -> None:
    told = json.loads(doctor(api, folder, "--json").stdout)
    assert set(told) == {"command", "ok", "exit_code", "messages", "report"}
    assert set(told["report"]) == {"versions", "settings", "reached", "checks", "journal"}
    assert {"name": "HW_AUTH_TOKEN", "said": "(secret)"} in told["report"]["settings"]
