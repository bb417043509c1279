"""Each exit code of each command, as its one table has them (cli/codes.py), and what `--json` says of it."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from roma_provider import __version__
from roma_provider.cli import output
from roma_provider.cli.application import app
from roma_provider.cli.codes import OWN, Code, meanings
from roma_provider.cli.output import Output
from roma_provider.clock import Clock
from roma_provider.emulator import Control
from roma_provider.lifecycle.journal import Journal, Stage
from tests.states.frozen import PROMISES
from tests.states.scenes import FOLDER
from tests.support.emulator import Api, SettableClock, token_variables
from tests.support.fakes import ID, OTHER_ID
from tests.support.journal import entry
from tests.support.watched import finish


class World:
    """An emulator with one instance, a journal with one order, and a shell for `roma`."""

    def __init__(self, api: Api, control: Control, clock: SettableClock, folder: Path) -> None:
        self.control, self.clock = control, clock
        self.made = api.create(name="orders")
        self.journal = Journal(folder / "journal", Clock())
        self.journal.write(entry(instance_id=OTHER_ID))
        self.preview = folder / "preview.json"
        self.preview.write_text('{"steps": [], "changeSummary": {}}', encoding="utf-8")
        self.environment: dict[str, str | None] = {
            **token_variables(api.url),
            "ROMA_JOURNAL": str(folder / "journal"),
            "ROMA_POLL_SECONDS": "0.05",
        }

    def usual(self, command: str) -> list[str]:
        """What a command is given where nothing is wrong."""
        return {
            "watch": [self.made, "--timeout", "20"],
            "import": [self.made],
            "preview-summary": [str(self.preview)],
            "forget": [OTHER_ID, "--yes"],
            "completion": ["bash"],
        }.get(command, [])

    def roma(self, command: str, *arguments: str, **environment: str) -> Result:
        """Run it."""
        return CliRunner().invoke(app, [command, *arguments], env={**self.environment, **environment}, input="")


@pytest.fixture
def world(api: Api, control: Control, clock: SettableClock, tmp_path: Path) -> Iterator[World]:
    before = signal.getsignal(signal.SIGTERM)
    yield World(api, control, clock, tmp_path)
    signal.signal(signal.SIGTERM, before)


Case = Callable[[World, pytest.MonkeyPatch], tuple[list[str], dict[str, str]]]


def usual(command: str, *more: str, **environment: str) -> Case:
    """A command that is given what it needs, and more."""
    return lambda world, _patch: ([command, *world.usual(command), *more], environment)


def instead(command: str, *given: str, **environment: str) -> Case:
    """A command that is given something else."""
    return lambda _world, _patch: ([command, *given], environment)


def ready(command: str, *more: str) -> Case:
    def case(world: World, _patch: pytest.MonkeyPatch) -> tuple[list[str], dict[str, str]]:
        finish(world.clock)
        return [command, *world.usual(command), *more], {}

    return case


def settled(world: World, _patch: pytest.MonkeyPatch) -> tuple[list[str], dict[str, str]]:
    """A journal in which nothing is open."""
    for one in world.journal.entries():
        world.journal.close(one)
    world.journal.write(entry(instance_id=ID, stage=Stage.ADOPTED))
    return ["journal"], {}


def failed(world: World, _patch: pytest.MonkeyPatch) -> tuple[list[str], dict[str, str]]:
    world.control.patch_instance(world.made, status="ERROR")
    return ["watch", world.made], {}


def closed(command: str) -> Case:
    """Standard output is closed."""

    def case(world: World, patch: pytest.MonkeyPatch) -> tuple[list[str], dict[str, str]]:
        patch.setattr(output, "stream", lambda name: None if name == "stdout" else sys.stderr)
        return [command, *world.usual(command)], {}

    return case


def writing(command: str, does: Callable[[], object]) -> Case:
    """Something happens while the command writes."""

    def case(world: World, patch: pytest.MonkeyPatch) -> tuple[list[str], dict[str, str]]:
        finish(world.clock)
        patch.setattr(output, "discard", lambda _out: None)
        patch.setattr("roma_provider.cli.watch.command.discard", lambda _out: None)
        patch.setattr(Output, "write", lambda *_given: does())
        return [command, *world.usual(command)], {}

    return case


def raising(error: type[BaseException]) -> Callable[[], object]:
    def do() -> object:
        raise error

    return do


CASES: dict[tuple[str, Code], Case] = {
    ("doctor", Code.DONE): usual("doctor"),
    ("doctor", Code.NO): usual("doctor", HW_REGION_NAME=""),
    ("doctor", Code.NOTHING_KNOWN): closed("doctor"),
    ("watch", Code.DONE): ready("watch"),
    ("watch", Code.NO): failed,
    ("watch", Code.TIME_OVER): usual("watch", "--timeout", "0.2"),
    ("watch", Code.NOTHING_KNOWN): usual("watch", HW_REGION_NAME=""),
    ("watch", Code.TERMINATED): writing("watch", lambda: os.kill(os.getpid(), signal.SIGTERM)),
    ("list", Code.DONE): usual("list"),
    ("list", Code.NO): usual("list", "--expect", "RUNNING"),
    ("list", Code.NOTHING_KNOWN): usual("list", HW_AUTH_TOKEN="wrong"),
    ("import", Code.DONE): ready("import"),
    ("import", Code.NO): instead("import", "nobody"),
    ("import", Code.NOTHING_KNOWN): instead("import", "--tfstate", "/nonexistent"),
    ("preview-summary", Code.DONE): usual("preview-summary"),
    ("preview-summary", Code.NOTHING_KNOWN): instead("preview-summary", "/nonexistent"),
    ("journal", Code.DONE): settled,
    ("journal", Code.NO): usual("journal"),
    ("journal", Code.NOTHING_KNOWN): closed("journal"),
    ("forget", Code.DONE): usual("forget"),
    ("forget", Code.NO): instead("forget", ID, "--yes"),
    ("forget", Code.NOTHING_KNOWN): closed("forget"),
    ("completion", Code.DONE): usual("completion"),
    ("completion", Code.NOTHING_KNOWN): closed("completion"),
    **{(command, Code.USAGE): usual(command, "--nonsense") for command in OWN},
    **{(command, Code.INTERRUPTED): writing(command, raising(KeyboardInterrupt)) for command in OWN},
    **{(command, Code.BROKEN_PIPE): writing(command, raising(BrokenPipeError)) for command in OWN},
}


def test_every_code_of_the_table_has_its_case() -> None:
    assert set(CASES) == {(command, code) for command in OWN for code in meanings(command)}


@pytest.mark.parametrize(("command", "code"), CASES, ids=lambda given: getattr(given, "name", given))
def test_a_command_exits_with(world: World, monkeypatch: pytest.MonkeyPatch, command: str, code: Code) -> None:
    [*arguments], environment = CASES[command, code](world, monkeypatch)
    found = world.roma(*arguments, **environment)
    assert found.exit_code == code, found.output
    assert "Traceback" not in found.output
    assert "a fault of this program's own" not in found.output


def test_forget_asks_on_standard_error_and_takes_silence_for_a_no(world: World) -> None:
    found = world.roma("forget", OTHER_ID)
    assert (found.exit_code, len(found.stdout.strip().splitlines())) == (1, 1)
    assert "Forget it?" in found.stderr
    assert found.stderr.splitlines()[-1] == "roma: nothing was forgotten"
    asked = world.roma("forget", OTHER_ID, "--json")
    assert (asked.exit_code, json.loads(asked.stdout)["messages"]) == (
        64,
        ["Invalid value for --json: write --yes too; with --json nobody is asked"],
    )
    assert [one.instance_id for one in world.journal.entries()] == [OTHER_ID]


# Where nothing can be written, there is no JSON either.
WRITABLE = [
    (command, code)
    for command, code in CASES
    if code not in (Code.INTERRUPTED, Code.BROKEN_PIPE, Code.TERMINATED)
    and not (code is Code.NOTHING_KNOWN and command in ("doctor", "journal", "forget", "completion"))
]
# The keys that are promised, with the kinds of their values: of this version, whose list leaves none out.
PROMISED: dict[str, dict[str, str]] = json.loads((FOLDER / __version__ / PROMISES).read_text(encoding="utf-8"))["json"]
ENVELOPE = PROMISED["every command"]


@pytest.mark.parametrize(("command", "code"), WRITABLE, ids=lambda given: getattr(given, "name", given))
def test_json_is_alike(world: World, monkeypatch: pytest.MonkeyPatch, command: str, code: Code) -> None:
    """docs/scripts.md: standard output has JSON alone, its last line says how it ended, and what was said beside."""
    [*arguments], environment = CASES[command, code](world, monkeypatch)
    found = world.roma(*arguments, "--json", **environment)
    told: list[dict[str, Any]] = [json.loads(line) for line in found.stdout.splitlines()]
    last = told[-1]
    assert found.exit_code == code
    assert (last["command"], last["ok"], last["exit_code"]) == (command, code == 0, code)
    if code is not Code.USAGE:
        beside = [line.removeprefix("roma: ") for line in found.stderr.splitlines() if line.startswith("roma: ")]
        assert last["messages"] == beside
    if code in (Code.NOTHING_KNOWN, Code.USAGE):
        assert last["messages"]
    if command == "watch":
        assert all(line["exit_code"] is None and line["ok"] is None for line in told[:-1])
        return
    own = {} if code in (Code.NOTHING_KNOWN, Code.USAGE) else PROMISED[command]
    assert (len(told), set(last)) == (1, {*ENVELOPE, *own})


# What watch says, and what is in the lists of doctor and list: tests/unit/test_compatibility.py.
HERE = ("doctor", "list", "import", "import instances", "preview-summary", "journal", "journal entries", "forget")


@pytest.mark.parametrize("part", [*HERE, "forget entries", "completion"])
def test_the_keys_have_the_kinds_that_are_promised(world: World, part: str) -> None:
    command, _, inner = part.partition(" ")
    if command == "import":
        finish(world.clock)
    said = json.loads(world.roma(command, *world.usual(command), "--json").stdout)
    for found in said[inner] if inner else [said]:
        kinds = {name: type(value).__name__ for name, value in found.items()}
        assert kinds == (PROMISED[part] if inner else {**ENVELOPE, **PROMISED[part]})
