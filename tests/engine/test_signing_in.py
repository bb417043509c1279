"""Each way to sign in on the real engine, and that none of its secrets is to be seen anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from roma_provider.emulator import (
    ACCESS_KEY,
    PROJECT_ID,
    REGION,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    Emulator,
)
from tests.engine.conftest import MakeStack
from tests.engine.harness import Run, Stack
from tests.engine.programs import program
from tests.engine.seen import counted, files_with, new_calls
from tests.support.until import wait_until

pytestmark = pytest.mark.thorough

PASSWORD = "canary-of-a-password"
# How every token of the emulator begins; 40 characters of one are no word of anything else.
ISSUED = re.compile(r"MII[0-9A-Za-z_=-]{40}")
PRINT = 'pulumi.export("everything", {name: getattr(integration, name) for name in roma.Instance.__annotations__})\n'
CREDENTIALS_FILE = f"[basic]\nak = {ACCESS_KEY}\nsk = {SECRET_KEY}\n"

ENVIRONMENTS = {
    "keys": {"HW_ACCESS_KEY": ACCESS_KEY, "HW_SECRET_KEY": SECRET_KEY},
    "keys of the SDK": {"HUAWEICLOUD_SDK_AK": ACCESS_KEY, "HUAWEICLOUD_SDK_SK": SECRET_KEY},
    "temporary keys": {
        "HW_ACCESS_KEY": TEMPORARY_ACCESS_KEY,
        "HW_SECRET_KEY": TEMPORARY_SECRET_KEY,
        "HW_SECURITY_TOKEN": SECURITY_TOKEN,
    },
    "user": {"HW_USER_NAME": "zhangyue", "HW_USER_PASSWORD": PASSWORD, "HW_DOMAIN_NAME": "account"},
}
CONFIGS = {
    "config keys": {"roma:accessKey": ACCESS_KEY, "roma:secretKey": SECRET_KEY},
    "config temporary keys": {
        "roma:accessKey": TEMPORARY_ACCESS_KEY,
        "roma:secretKey": TEMPORARY_SECRET_KEY,
        "roma:securityToken": SECURITY_TOKEN,
    },
    "config user": {"roma:userName": "zhangyue", "roma:userPassword": PASSWORD, "roma:domainName": "account"},
}
CANARIES = (ACCESS_KEY, SECRET_KEY, TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, SECURITY_TOKEN, PASSWORD)
USERS = ("user", "config user")


@pytest.fixture
def emulator(make_emulator: Callable[..., Emulator]) -> Emulator:
    emulator = make_emulator(creation_seconds=0.3, list_lag_seconds=0)
    emulator.control.settings(deletion_seconds=0)
    return emulator


def stack_of(make_stack: MakeStack, emulator: Emulator, way: str, text: str) -> Stack:
    """A stack that knows the emulator and one way to sign in, and no project id."""
    where = {"ROMA_ENDPOINT": emulator.url, "HW_AUTH_URL": f"{emulator.url}/v3", "HW_REGION_NAME": REGION}
    quick = {"ROMA_POLL_SECONDS": "0.1", "ROMA_LOG": "debug"}
    stack = make_stack(text, environment=where | quick | ENVIRONMENTS.get(way, {}))
    for key, value in CONFIGS.get(way, {}).items():
        stack.config(key, value, secret=True)
    if way == "file":
        path = stack.home / ".huaweicloud" / "credentials"
        path.parent.mkdir()
        path.write_text(CREDENTIALS_FILE)
    return stack


def assert_unseen(stack: Stack, *runs: Run) -> None:
    for run in runs:
        assert [canary for canary in CANARIES if canary in run.text] == []
        assert ISSUED.search(run.text) is None
        assert "Signature=" not in run.text
    own = stack.home / ".huaweicloud" / "credentials"
    assert set(files_with(CANARIES, stack.backend, stack.home, stack.folder)) <= {own}
    kept: list[Path] = [path for folder in (stack.backend, stack.state_home) for path in folder.rglob("*")]
    assert [path for path in kept if path.is_file() and ISSUED.search(path.read_text(errors="replace"))] == []


@pytest.mark.parametrize("way", [*ENVIRONMENTS, *CONFIGS, "file"])
def test_each_way_in(make_stack: MakeStack, emulator: Emulator, way: str) -> None:
    stack = stack_of(make_stack, emulator, way, program(more=PRINT))
    made = stack.up("--diff", preview=True)
    (resource,) = stack.resources()
    assert (resource["outputs"]["status"], resource["outputs"]["project_id"]) == ("RUNNING", PROJECT_ID)
    calls = counted(emulator)
    assert calls["create_instance"] == 1
    # Preview and up are one plugin process each, at most; a token for the project, and one to look it up with.
    assert 1 <= calls["list_projects"] <= 2
    assert calls["create_token"] == 0 if way not in USERS else 2 <= calls["create_token"] <= 4

    # The state holds the project: nobody is asked for a preview without changes.
    unchanged = stack.preview()
    assert "2 unchanged" in unchanged.text
    assert counted(emulator) == {}
    refreshed = stack.refresh("--diff")
    assert counted(emulator)["list_projects"] == 0
    destroyed = stack.destroy("--diff")
    assert "2 deleted" in destroyed.text
    seen = {(call.operation, call.status) for call in new_calls(emulator)}
    # What is deleted is looked for until it is gone.
    assert {status for _, status in seen - {("creation_progress", 404)}} <= {200, 201, 202}
    # ROMA_LOG=debug was on, and is part of what has been looked through.
    assert f"POST /v1/{PROJECT_ID}/instances 200" in made.text
    assert_unseen(stack, made, unchanged, refreshed, destroyed)


@pytest.mark.parametrize("way", ["temporary keys", "user"])
def test_the_journal_of_a_creation_under_way(make_stack: MakeStack, emulator: Emulator, way: str) -> None:
    stack = stack_of(make_stack, emulator, way, program())
    held = emulator.control.add_fault("creation_progress", hold=True)
    with stack.start_up() as running:
        wait_until(lambda: emulator.control.faults()[0].hits == 1 or not running.running, "a poll")
        (entry,) = stack.state_home.rglob("journal/*.json")
        assert PROJECT_ID in entry.read_text()
        assert_unseen(stack)
        emulator.control.clear_fault(held)
        assert_unseen(stack, running.wait(expect=0))


def test_keys_that_are_refused(make_stack: MakeStack, emulator: Emulator) -> None:
    stack = stack_of(make_stack, emulator, "keys", program(project_id=PROJECT_ID))
    wrong = {"HW_SECRET_KEY": "canary-of-a-wrong-secret-key"}
    run = stack.up(expect=None, environment=wrong)
    assert run.code > 0
    assert "list_instances was answered with HTTP 401: APIGW.0301" in run.text
    assert "verify aksk signature fail, canonicalRequest:GET|" in run.text
    assert (
        "the sign-in was refused: AK/SK came from environment variables HW_ACCESS_KEY, HW_SECRET_KEY. Check" in run.text
    )
    assert wrong["HW_SECRET_KEY"] not in run.text
    assert "Traceback" not in run.text
    # Sent once: five of them would lock the key.
    assert [(call.operation, call.status) for call in new_calls(emulator)] == [("list_instances", 401)]
    unknown = stack.up(expect=None, environment={"HW_ACCESS_KEY": "canary-of-a-key-that-nobody-made"})
    assert "ak [secret] not exist" in unknown.text
    assert_unseen(stack, run, unknown)
    assert stack.resources() == []
    stack.up()
    assert [made.status for made in emulator.control.instances()] == ["RUNNING"]


def test_a_password_that_is_refused(make_stack: MakeStack, emulator: Emulator) -> None:
    stack = stack_of(make_stack, emulator, "user", program())
    run = stack.preview(expect=None, environment={"HW_USER_PASSWORD": "wrong"})
    assert run.code > 0
    assert "it could not be looked up: create_token was answered with HTTP 401" in run.text
    assert "user name, password and account name came from environment variables HW_USER_NAME" in run.text
    assert [(call.operation, call.status) for call in new_calls(emulator)] == [("create_token", 401)]
    assert_unseen(stack, run)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "no way to sign in is given"),
        ({"HW_ACCESS_KEY": ACCESS_KEY}, "no secret key is given, while HW_ACCESS_KEY is set in the environment"),
        (
            {"HUAWEICLOUD_SDK_SK": SECRET_KEY, "HW_ACCESS_KEY": ACCESS_KEY},
            "HUAWEICLOUD_SDK_SK does not go with it, since all parts come from one place",
        ),
        ({"HW_USER_NAME": "u", "HW_USER_PASSWORD": PASSWORD}, "no account (domain) name of the IAM user is given"),
    ],
)
def test_a_way_that_is_missing_or_not_whole(
    make_stack: MakeStack, emulator: Emulator, environment: dict[str, str], said: str
) -> None:
    """A warning in preview, which may need none; the error of the call that does."""
    stack = stack_of(make_stack, emulator, "none", program(project_id=PROJECT_ID))
    run = stack.preview(environment=environment)
    assert run.text.split("Diagnostics:")[1].count(said) == 1
    assert "warning: " in run.text
    assert_unseen(stack, run)
    refused = stack.up(expect=None, environment=environment)
    assert refused.code > 0
    assert re.search(rf"error: [^\n]*{re.escape(said)}", refused.text)
    assert new_calls(emulator) == []
    assert_unseen(stack, refused)


def test_a_file_that_is_not_there_is_refused_in_preview(make_stack: MakeStack, emulator: Emulator) -> None:
    stack = stack_of(make_stack, emulator, "none", program(project_id=PROJECT_ID))
    run = stack.preview(expect=None, environment={"HUAWEICLOUD_SDK_CREDENTIALS_FILE": "no-such-file"})
    assert run.code > 0
    problems = run.text.split("Diagnostics:")[1]
    assert "there is no file no-such-file" in problems
    assert problems.count("has a problem: ") == 1
    assert new_calls(emulator) == []
    assert_unseen(stack, run)


def test_no_project_or_several_are_said_in_preview(make_stack: MakeStack, emulator: Emulator) -> None:
    stack = stack_of(make_stack, emulator, "keys", program())
    for count, words in ((0, f"IAM shows no project named '{REGION}'"), (2, "IAM shows several projects named")):
        emulator.control.settings(projects=count)
        run = stack.preview(expect=None)
        assert run.code > 0
        assert words in run.text
        assert "write the id of one: argument project_id" in run.text
        assert "list_instances" not in counted(emulator)


def test_a_token_that_expires_in_the_middle_of_a_wait(make_stack: MakeStack, emulator: Emulator) -> None:
    emulator.control.settings(creation_seconds=2)
    stack = stack_of(make_stack, emulator, "user", program(project_id=PROJECT_ID))
    emulator.control.add_fault("creation_progress", expire_tokens=True)
    run = stack.up()
    (resource,) = stack.resources()
    assert resource["outputs"]["status"] == "RUNNING"
    calls = new_calls(emulator)
    assert [call.status for call in calls if call.operation == "create_token"] == [201, 201]
    assert [call.status for call in calls if call.operation == "creation_progress"].count(401) == 1
    assert_unseen(stack, run)


@pytest.mark.parametrize("key", ["roma:accessKey", "roma:secretKey", "roma:securityToken", "roma:userPassword"])
def test_a_secret_that_stands_in_clear_gets_a_warning(make_stack: MakeStack, emulator: Emulator, key: str) -> None:
    stack = stack_of(make_stack, emulator, "keys", program(project_id=PROJECT_ID))
    stack.config(key, "x")
    said = f"{key} stands in clear in the stack's config and so in its state; set it again with `pulumi config set"
    assert stack.preview().text.split("Diagnostics:")[1].count(said) == 1
