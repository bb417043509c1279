"""tools/stack.py as a process in a copied tree, with `pulumi` and `roma-emulator` played by a script."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# The example protects its instance; what `make up` makes shall be deleted by `make down`.
UNPROTECTED = ["--config", "roma-quickstart:protect=false"]
TOOLS = Path(__file__).resolve().parents[2] / "tools"
# Logs its name, arguments and environment; `roma-emulator run … -- COMMAND` becomes COMMAND.
LOGGER = f"""#!{sys.executable}
import json, os, sys
name = os.path.basename(sys.argv[0])
if sys.argv[1:] == ["version"]:
    print("v3.259.0")
    raise SystemExit
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([name, sys.argv[1:], os.getpid(), dict(os.environ)]) + "\\n")
if name == "roma-emulator":
    command = sys.argv[sys.argv.index("--") + 1 :]
    os.execvp(command[0], command)
if sys.argv[1:3] == ["stack", "init"]:
    raise SystemExit(int(os.environ.get("INIT_CODE", "0")))
raise SystemExit(int(os.environ.get("CODE", "0")))
"""


class Checkout:
    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.calls_file = folder / "calls"
        binaries = self.root / ".venv" / "bin"
        path = folder / "bin"
        shutil.copytree(TOOLS, self.root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        for needed in (binaries, path):
            needed.mkdir(parents=True)
        for script in (binaries / "roma-emulator", path / "pulumi"):
            script.write_text(LOGGER)
            script.chmod(0o755)
        for name in ("pulumi-language-python", "pulumi-resource-pulumi-python"):
            (path / name).write_text("#!/bin/sh\n")
            (path / name).chmod(0o755)
        self.environment = {"PATH": str(path), "CALLS": str(self.calls_file)}

    def made(self) -> None:
        checkpoint = self.root / ".state/backend/.pulumi/stacks/roma-quickstart/emulator.json"
        checkpoint.parent.mkdir(parents=True)
        checkpoint.write_text("{}")

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, self.root / "tools" / "stack.py", *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
        )

    def calls(self) -> list[tuple[str, list[str], int, dict[str, str]]]:
        if not self.calls_file.exists():
            return []
        lines: list[Any] = [json.loads(line) for line in self.calls_file.read_text().splitlines()]
        return [(name, arguments, pid, environment) for name, arguments, pid, environment in lines]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_up_makes_the_stack_once_and_hands_over_to_the_emulator_and_pulumi(checkout: Checkout) -> None:
    ran = checkout.run("up", "--creation-seconds", "3", "--scenario", "create-failed", CODE="7")
    assert ran.returncode == 7
    assert ran.stdout.startswith("make up: ")
    init, emulator, up = checkout.calls()
    assert init[:2] == ("pulumi", ["stack", "init", "emulator", "--non-interactive"])
    database = str(checkout.root / ".state" / "emulator.sqlite")
    options = ["--database", database, "--creation-seconds", "3", "--scenario", "create-failed"]
    assert emulator[:2] == ("roma-emulator", ["run", *options, "--", "pulumi", *up[1]])
    assert up[:2] == ("pulumi", ["up", "--yes", "--suppress-outputs", *UNPROTECTED, "--stack", "emulator"])
    assert emulator[2] == up[2]  # the same process: nobody is left in between to pass a signal on twice

    checkout.made()
    checkout.calls_file.unlink()
    assert checkout.run("up").returncode == 0
    assert [name for name, *_ in checkout.calls()] == ["roma-emulator", "pulumi"]


def test_a_stack_that_cannot_be_made_ends_it(checkout: Checkout) -> None:
    assert checkout.run("up", INIT_CODE="5").returncode == 5
    assert len(checkout.calls()) == 1


@pytest.mark.parametrize(
    ("verb", "command"),
    [
        ("preview", ["preview", *UNPROTECTED]),
        ("refresh", ["refresh", "--yes", "--skip-preview"]),
        ("down", ["destroy", "--yes", "--remove"]),
    ],
)
def test_other_verbs_on_a_stack(checkout: Checkout, verb: str, command: list[str]) -> None:
    checkout.made()
    assert checkout.run(verb).returncode == 0
    _, (name, arguments, *_) = checkout.calls()
    assert (name, arguments) == ("pulumi", [*command, "--stack", "emulator"])


def test_the_journal_of_its_runs(checkout: Checkout) -> None:
    """With the emulator that they spoke with, since `roma journal` asks the API what has become of them."""
    checkout.made()
    (checkout.root / ".venv" / "bin" / "roma").symlink_to(checkout.root / ".venv" / "bin" / "roma-emulator")
    assert checkout.run("journal").returncode == 0
    emulator, roma = checkout.calls()
    assert emulator[1][-3:] == ["--", "roma", "journal"]
    assert (roma[0], roma[1], roma[3]["XDG_STATE_HOME"]) == ("roma", ["journal"], str(checkout.root / ".state" / "xdg"))


@pytest.mark.parametrize(("verb", "command"), [("outputs", ["stack", "output"]), ("cancel", ["cancel", "--yes"])])
def test_what_needs_no_emulator(checkout: Checkout, verb: str, command: list[str]) -> None:
    checkout.made()
    assert checkout.run(verb).returncode == 0
    ((name, arguments, *_),) = checkout.calls()
    assert (name, arguments) == ("pulumi", [*command, "--stack", "emulator"])


def test_who_unlocks_is_not_told_to_unlock(checkout: Checkout) -> None:
    checkout.made()
    lock = checkout.root / ".state/backend/.pulumi/locks/organization/roma-quickstart/emulator/of-a-run.json"
    lock.parent.mkdir(parents=True)
    lock.write_text("{}")
    assert "If it was killed, `make cancel` unlocks it." in checkout.run("up").stdout
    assert checkout.run("cancel").stdout == ""


@pytest.mark.parametrize(("verb", "code"), [("refresh", 1), ("outputs", 1), ("down", 0)])
def test_without_a_stack_there_is_nothing_to_do(checkout: Checkout, verb: str, code: int) -> None:
    ran = checkout.run(verb)
    assert ran.returncode == code
    assert "there is no stack yet; `make up` makes it" in ran.stdout
    assert checkout.calls() == []


def test_settings_of_a_real_account_do_not_reach_it_and_all_it_makes_is_in_the_checkout(
    checkout: Checkout,
) -> None:
    foreign = ("HW_SECRET_KEY", "OS_PASSWORD", "HUAWEICLOUD_SDK_SK", "ROMA_ENDPOINT", "PULUMI_ACCESS_TOKEN")
    own = {"ROMA_LOG": "debug", "LANG": "C.UTF-8"}
    checkout.run("up", **dict.fromkeys(foreign, "canary"), **own)
    for *_, environment in checkout.calls():
        assert "canary" not in environment.values()
        assert environment["ROMA_LOG"] == "debug"
        assert environment["LANG"] == "C.UTF-8"
        assert environment["PATH"].split(os.pathsep)[0] == str(checkout.root / ".venv" / "bin")
        state = checkout.root / ".state"
        assert environment["PULUMI_HOME"] == str(state / "home")
        assert environment["PULUMI_BACKEND_URL"] == f"file://{state}/backend"
        assert environment["XDG_STATE_HOME"] == str(state / "xdg")
    assert len(checkout.calls()) == 3


def test_without_an_engine_the_reason_is_said(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "bin" / "pulumi").unlink()
    ran = checkout.run("up", ROMA_PROVIDER_CACHE=str(tmp_path / "cache"))
    assert ran.returncode == 1
    assert "No Pulumi engine: no Go on PATH." in ran.stderr
    assert "Traceback" not in ran.stderr
