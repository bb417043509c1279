"""`roma list` and `roma import` against a served emulator, as processes: what they ask, write, and exit with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from roma_provider.emulator import PROJECT_ID, Control
from tests.support.emulator import Api, SettableClock
from tests.support.rcu import create_rcu
from tests.support.watched import environment, finish, piped


def asked(control: Control) -> list[str]:
    return [call.operation for call in control.calls()]


LISTS = ["list_instances", "list_roma_instances"]


def test_the_list_has_both_kinds_and_ages_by_the_apis_clock(api: Api, control: Control, clock: SettableClock) -> None:
    made, units = api.create(available_zones=["az0.dc0", "az1.dc1"]), create_rcu(api)
    control.clear_calls()
    clock.tick(90)
    ended = piped(api, command="list")
    assert (ended.returncode, ended.stderr, asked(control)) == (0, "", LISTS)
    first, second = (line.split("\t") for line in ended.stdout.splitlines())
    # Times of the API are in whole seconds.
    assert first.pop(4) in ("1 min 29 s", "1 min 30 s", "1 min 31 s")
    assert first == [made, "roma-2222", "CREATING", "basic", "az0.dc0, az1.dc1", ""]
    assert second == [units, "roma-rcu", "CREATING", "RCU", "", "az0.dc0", ""]
    found = json.loads(piped(api, "--json", command="list").stdout)
    ages = [one["age_seconds"] for one in found["instances"]]
    assert (ages[0] in (89, 90, 91), ages[1]) == (True, None)
    ended = piped(api, "--expect", "RUNNING", command="list")
    assert (ended.returncode, ended.stderr.count("is CREATING, not RUNNING")) == (1, 2)


@pytest.mark.parametrize("command", ["list", "import"])
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"HW_REGION_NAME": ""}, "roma: --region: no region is given"),
        ({"HW_AUTH_TOKEN": "", "HOME": "/nonexistent"}, "no way to sign in is given"),
        ({"HW_AUTH_TOKEN": "MII-canary-5f1d"}, "the token came from environment variable HW_AUTH_TOKEN"),
        ({"ROMA_ENDPOINT": "ftp://x"}, "roma: ROMA_ENDPOINT: "),
    ],
)
def test_where_nothing_can_be_said(api: Api, command: str, changes: dict[str, str], said: str) -> None:
    ended = piped(api, *(["--all"] if command == "import" else []), command=command, **changes)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert said in ended.stderr
    assert "canary" not in ended.stderr


def test_an_import_reads_each_once(api: Api, control: Control, clock: SettableClock) -> None:
    made = [api.create(name=name) for name in ("orders", "stock")]
    finish(clock)
    control.clear_calls()
    ended = piped(api, "--all", command="import")
    assert (ended.returncode, asked(control)) == (0, [*LISTS, "creation_progress", "creation_progress"])
    assert [f'    adopt_id="{one}",' in ended.stdout.splitlines() for one in made] == [True, True]
    assert f'    project_id="{PROJECT_ID}",' in ended.stdout.splitlines()
    control.clear_calls()
    ended = piped(api, made[0], command="import", HW_PROJECT_ID="0" * 32)
    assert (ended.returncode, ended.stdout) == (1, "")


def test_names_that_the_output_cannot_show(api: Api, clock: SettableClock) -> None:
    made = api.create(name="集成")
    finish(clock)
    plain = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ended = piped(api, command="list", **plain)
    assert (ended.returncode, ended.stdout.split("\t")[1]) == (0, "??")
    ended = piped(api, made, command="import", **plain)
    assert ended.returncode == 0
    assert "    name='\\u96c6\\u6210'," in ended.stdout.splitlines()
    compile(ended.stdout, "program", "exec")


@pytest.mark.parametrize(("command", "option"), [("list", "--json"), ("import", "--all")])
def test_output_that_cannot_be_written_is_no_success(api: Api, clock: SettableClock, command: str, option: str) -> None:
    api.create()
    finish(clock)
    program = [sys.executable, "-m", "roma_provider.cli.main", command, option]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            program, env=environment(api), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert (ended.returncode, ended.stderr) == (3, "roma: standard output cannot be written: No space left on device\n")


def test_the_help_tells_the_exit_codes(api: Api) -> None:
    for command in ("list", "import"):
        shown = " ".join(piped(api, "--help", command=command, COLUMNS="200").stdout.split())
        assert "Exit codes: 0 " in shown
        assert " 3 nothing can be said" in shown
