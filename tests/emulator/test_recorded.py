"""A file of `roma doctor --record` against the emulator: what an account answers, and what docs/assumptions.md says.

The files in tests/data/recordings are held to, and one that is named: ROMA_RECORDING=answers.json (CONTRIBUTING.md).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from roma_provider.cli.application import app
from roma_provider.cli.doctor import recording
from roma_provider.emulator import PROJECT_ID, TOKEN, Control, Emulator
from tests.support.emulator import Api, SettableClock, token_variables
from tests.support.rcu import create_rcu
from tests.support.recorded import ROWS, WORDS, assumed, differences, read

FOLDER = Path(__file__).parents[1] / "data" / "recordings"
NAMED = os.environ.get("ROMA_RECORDING")
FILES = sorted(FOLDER.glob("*.json")) + ([Path(NAMED)] if NAMED else [])


def replayed(path: Path) -> list[str]:
    """The differences of a file, in words, by an emulator that holds nothing else."""
    with Emulator(creation_seconds=1000, list_lag_seconds=0) as fresh:
        return [str(one) for one in differences(read(path), Api(fresh.url), fresh.control)]


def test_the_answers_of_real_accounts() -> None:
    """Each line is a thing to correct: in the emulator, in docs/assumptions.md, and where the code rests on it."""
    found = {path.name: replayed(path) for path in FILES}
    wrong = [f"{name}: {line}" for name, lines in found.items() for line in lines]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


class Account:
    """An emulator in the place of an account: of both kinds, ready and not; and a shell for `roma doctor`."""

    def __init__(self, api: Api, control: Control, clock: SettableClock, folder: Path) -> None:
        self.url, self.control, self.file = api.url, control, folder / "answers.json"
        self.ready, self.rcu = api.create(name="canary-orders", enable_all=True), create_rcu(api, name="canary-units")
        control.patch_instance(self.ready, creation_seconds=0)
        self.creating = api.create(name="canary-new")
        clock.tick(30)
        control.clear_calls()

    def record(self, *arguments: str, **changes: str | None) -> Result:
        environment: dict[str, str | None] = {
            **token_variables(self.url),
            **changes,
        }
        return CliRunner().invoke(app, ["doctor", "--record", str(self.file), *arguments], env=environment)

    def lie(self, operation: str, **effect: Any) -> None:
        self.control.add_fault(operation, times=None, **effect)


@pytest.fixture
def account(api: Api, control: Control, clock: SettableClock, tmp_path: Path) -> Account:
    return Account(api, control, clock, tmp_path)


EXAMINED = ["list_instances", "list_roma_instances", "creation_progress"]
RECORDED = ["list_instances", "list_instances", "list_roma_instances", *["creation_progress"] * 4, "other"]


def test_what_is_recorded_of_the_emulator_is_what_it_answers(account: Account) -> None:
    done = account.record()
    assert done.exit_code == 0, done.output
    assert f"roma: 8 answers are in {account.file}." in done.stderr
    assert replayed(account.file) == []


def test_it_sends_gets_alone(account: Account) -> None:
    account.record()
    calls = account.control.calls()
    assert [call.operation for call in calls] == [*EXAMINED, *RECORDED]
    assert {call.method for call in calls} == {"GET"}
    asked = [call.instance_id for call in calls if call.operation == "creation_progress"]
    # One of each kind and status; the last is nobody's.
    assert set(asked[1:-1]) == {account.ready, account.rcu, account.creating}
    assert asked[-1] not in {account.ready, account.rcu, account.creating}


def test_with_a_password_only_the_sign_in_is_posted(account: Account) -> None:
    user = {"HW_USER_NAME": "canary-user", "HW_USER_PASSWORD": "canary-Pass-5f1d", "HW_DOMAIN_NAME": "canary-account"}
    assert account.record(HW_AUTH_TOKEN=None, **user).exit_code == 0
    calls = account.control.calls()
    assert [call.operation for call in calls if call.method != "GET"] == ["create_token"]
    assert "canary" not in account.file.read_text(encoding="utf-8")


def test_nothing_of_the_account_is_in_the_file(account: Account) -> None:
    account.record()
    text = account.file.read_text(encoding="utf-8")
    own = [PROJECT_ID, account.ready, account.rcu, account.creating, TOKEN, account.url, "canary", "127.0.0.1"]
    assert [one for one in own if one in text] == []
    # The same by the same: an instance of the lists is the one that is asked about.
    exchanges = read(account.file)
    listed = {entry["id"] for entry in exchanges[2]["answer"]["body"]["instances"]}
    about = {
        one["answer"]["body"]["instance_id"]
        for one in exchanges
        if one["operation"] == "creation_progress" and one["answer"]["status"] == 200
    }
    assert (len(listed), about) == (3, listed)


def test_secrets_that_a_server_repeats_are_not_in_the_file(account: Account, tmp_path: Path) -> None:
    mine, server = "canarySecretOfMine", "canary-5f1d-of-the-server"
    entry = {
        "id": account.ready,
        "status": mine,
        "name": server,
        mine: 1,
        "error_msg": f"{TOKEN} {mine}",
        server: server,
    }
    for operation in ("list_instances", "list_roma_instances"):
        account.lie(operation, status=200, body={"instances": [entry], "total": 1, "size": 1, "category": mine})
    account.lie("creation_progress", status=500, body={"error_code": mine, "error_msg": f"{server} {mine} {TOKEN}"})
    (tmp_path / "Pulumi.dev.yaml").write_text(f"config:\n  roma:token: {server}\n", encoding="utf-8")
    account.record(MY_API_TOKEN=mine)
    text = account.file.read_text(encoding="utf-8")
    assert [one for one in (mine, server, TOKEN, "canary") if one in text] == []


@pytest.mark.parametrize(
    ("name", "said"), [("answers.json", "write the name of a new file"), ("no/a.json", "write the")]
)
def test_no_file_is_overwritten_and_nothing_is_asked(account: Account, tmp_path: Path, name: str, said: str) -> None:
    account.file.write_text("mine", encoding="utf-8")
    account.file = tmp_path / name
    done = account.record()
    assert (done.exit_code, account.control.calls()) == (64, [])
    assert said in done.stderr
    assert (tmp_path / "answers.json").read_text(encoding="utf-8") == "mine"


def test_without_a_sign_in_there_is_no_file(account: Account) -> None:
    done = account.record("--json", HW_AUTH_TOKEN=None, HOME="/nonexistent")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["recorded"], account.file.exists()) == (1, None, False)
    assert told["messages"][0].startswith("nothing is recorded: ")
    assert json.loads(account.record("--json").stdout)["recorded"] == {"file": str(account.file), "answers": 8}


Change = Callable[[dict[str, Any]], object]


def of_process(change: Change) -> Callable[[Account, Api], None]:
    """/process of a ready instance, after a change."""

    def lie(account: Account, api: Api) -> None:
        answer = api.process(account.ready)
        change(answer)
        account.control.add_fault("creation_progress", times=None, status=200, body=answer, instance_id=account.ready)

    return lie


@pytest.mark.parametrize(
    ("lie", "row", "said"),
    [
        (of_process(lambda answer: answer.pop("item")), 4, "item: the account's answer has no such field"),
        (
            of_process(lambda answer: answer["instance"].update(newField="x")),
            4,
            "instance.newField: the account's answer",
        ),
        (of_process(lambda answer: answer["instance"].update(createdAt="x")), 4, "the account has text, the emulator"),
        (of_process(lambda answer: answer["instance"].update(status="STARTING")), 7, 'the account says "STARTING"'),
        (
            of_process(lambda answer: answer["instance"].update(errorCode="ROMA.1234")),
            8,
            "the account writes an error's",
        ),
        (
            of_process(lambda answer: answer["instance"].update(prePay="no")),
            14,
            "the account has text, the emulator true",
        ),
        (of_process(lambda answer: answer["instance"].update(cpuArch="x86")), 16, 'the account says "x86"'),
        (
            of_process(lambda answer: answer["instance"].update(maintainBegin="22:00")),
            17,
            "the account writes HH:MM, the",
        ),
    ],
)
def test_a_difference_points_to_its_row(
    account: Account, api: Api, lie: Callable[[Account, Api], None], row: int, said: str
) -> None:
    lie(account, api)
    account.record()
    [found] = replayed(account.file)
    line, assumption = assumed(row)
    assert found.startswith("creation_progress")
    assert said in found
    assert found.endswith(f" docs/assumptions.md:{line}, row {row}: {assumption}")


@pytest.mark.parametrize(
    ("operation", "status", "code", "row"),
    [
        ("list_instances", 403, "APIGW.0302", 10),
        ("list_roma_instances", 404, "APIGW.0101", 25),
        ("creation_progress", 400, "ROMA.1000", 4),
    ],
)
def test_another_status_points_to_its_row(account: Account, operation: str, status: int, code: str, row: int) -> None:
    account.lie(operation, status=status, body={"error_code": code, "error_msg": "no"})
    account.record()
    found = replayed(account.file)
    assert any(f"the account was answered HTTP {status}, the emulator answers" in line for line in found)
    assert any(f"row {row}: {assumed(row)[1]}" in line for line in found)


def test_every_row_that_is_pointed_to_is_there() -> None:
    rows = {row for _, row in WORDS.values()} | set(ROWS.values())
    for group in (recording.LIST, recording.PAGED, recording.ROMA_LIST, recording.PROCESS, recording.PROCESS_OF_RCU):
        rows |= set(group)
    for row in (*rows, *recording.MISSING, *recording.NO_API):
        assert assumed(row)[1]
