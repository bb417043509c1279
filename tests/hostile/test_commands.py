"""The corpus against the commands of `roma` that ask, by their own entry point: an end in time, by one of their exit
codes, no traceback, nothing that a terminal or a CI system obeys, no secret, and nothing sent that changes anything."""

from __future__ import annotations

import ast
import itertools
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from roma_provider.cli.application import app
from roma_provider.cli.imports.program import program
from roma_provider.lifecycle import session
from tests.hostile.corpus import BODIES, lie
from tests.hostile.stack import answering
from tests.support.fakes import OTHER_ID, PROJECT, REGION, TOKEN, FakeClock
from tests.support.hostile import Lies, clean

# Many runs of what other tests measure the coverage of, which takes half as long again.
pytestmark = pytest.mark.no_cover
SECONDS = 20
WATCH = ("watch", OTHER_ID, "--timeout", str(SECONDS))
COMMANDS = {
    "watch": WATCH,
    "watch --json": (*WATCH, "--json"),
    "doctor": ("doctor",),
    "doctor --json": ("doctor", "--json"),
    "list": ("list",),
    "list --json": ("list", "--json"),
    "import": ("import", "--all"),
    "import --json": ("import", "--all", "--json"),
}
# A list is asked for, at 429, six times with pauses of at most 30 s; doctor and import ask for three things.
MOST_SECONDS = {"watch": SECONDS + 5, "doctor": 3 * 5 * 31, "list": 2 * 5 * 31, "import": 3 * 5 * 31}

REFUSED = ("302", "400 of the sign-in", "401 with the token", "403", "404 of the gateway", "418 with much")
# Those that make an answer larger than 1 MiB, or change the id, are not in here.
WORDS = (
    *("blank", "command", "command first", "deleted", "dotless", "escape", "failed", "format", "nothing", "null"),
    *("number", "other", "path", "pipelines", "separators", "surrogate", "token", "turned"),
)
NUMBERS = (*WORDS, "fraction", "huge", "list", "negative", "nested", "object", "true")
# Texts that a list may have in each place, and that are not read as another kind.
TEXTS = (*WORDS, "long")
NO_NUMBERS = {"body: not a number", *(f"every number: {name}" for name in ("fraction", "huge", "negative", "null"))}
# What says nothing of an instance, or is no answer.
UNREADABLE = {
    *(f"every number: {name}" for name in ("long", "wide")),
    *(f"every text: {name}" for name in ("deleted", "failed", "long", "wide")),
    *(f"body: {name}" for name in REFUSED),
    *("body: 204", "body: 206", "body: 401 with the token", "body: 429", "body: 500 nested", "body: 503 in HTML"),
    *("body: cut", "body: deep", "body: deep objects", "body: empty", "body: invalid UTF-8", "body: large"),
    *("body: no JSON", "body: null", "body: number", "body: text"),
}
# A list that can be read: the ids in it have the shape of one.
READABLE = {
    *("body: not a number", "every text: deleted", "every text: other"),
    *(f"every number: {name}" for name in (*NUMBERS, "long")),
}
# Which for the V3 list are: a cloud may have none.
NO_V3 = {*(f"body: {name}" for name in REFUSED), "body: 404", "body: 401 with the token"}
CODES: dict[tuple[str, str], tuple[int, dict[int, set[str]]]] = {
    # A watch waits on, until its time is over; an instance that the lists do not show is no lie that it could see.
    ("watch", "list"): (2, {}),
    ("watch", "roma_list"): (2, {}),
    ("watch", "process"): (
        2,
        {0: {f"every number: {name}" for name in NUMBERS}, 3: {f"body: {name}" for name in REFUSED}},
    ),
    # What is not as the models say is a failure of doctor's.
    ("doctor", "list"): (1, {0: NO_NUMBERS}),
    # A cloud may have no V3 list, so that a refusal is none.
    ("doctor", "roma_list"): (
        1,
        {
            0: {
                *NO_NUMBERS,
                "body: 404",
                *(f"every text: {name}" for name in TEXTS),
                *(f"body: {name}" for name in REFUSED),
            }
        },
    ),
    ("doctor", "process"): (1, {0: {"every number: null"}}),
    ("list", "list"): (3, {0: {*READABLE, "every text: failed"}}),
    ("list", "roma_list"): (3, {0: {*READABLE, *NO_V3, "every text: failed"}}),
    # What has CREATE_FAILED for an id is not there.
    ("import", "list"): (3, {0: READABLE, 1: {"every text: failed"}}),
    ("import", "roma_list"): (3, {0: READABLE | NO_V3, 1: {"every text: failed"}}),
    # An instance whose status is none that a wait ends well with is left out.
    ("import", "process"): (1, {0: {f"every number: {name}" for name in NUMBERS}, 3: UNREADABLE}),
}
"""By command and operation: the exit code, and the others with the answers that lead to them."""

# With which every program begins.
DOCSTRING = ast.unparse(ast.parse(program((), (), existing=False, is_ascii=True)).body[0])


class Said:
    """What a command has written, in a process of its own."""

    def __init__(self, lies: Lies, command: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        clock = FakeClock()
        monkeypatch.setattr(session, "Clock", lambda: clock)
        answering(lies, monkeypatch)
        environment = {
            "HW_AUTH_TOKEN": TOKEN,
            "HW_REGION_NAME": REGION,
            "HW_PROJECT_ID": PROJECT,
            "ROMA_ENDPOINT": "https://roma.example.com",
            "XDG_STATE_HOME": str(folder),
        }
        ended = CliRunner().invoke(app, COMMANDS[command], env=environment)
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        self.code, self.output, self.stdout = ended.exit_code, ended.output, ended.stdout
        self.seconds = clock.now


ASKED = [(asked, command) for command in COMMANDS for name, asked in CODES if name == command.split()[0]]
EVERY = 4
"""`make test` gives each request of a command one in so many of the answers, and each answer to one in so many."""


@pytest.mark.parametrize(
    ("name", "operation", "command"),
    [
        pytest.param(name, *asked, marks=[pytest.mark.thorough] * ((row + column) % EVERY != 0))
        for (row, name), (column, asked) in itertools.product(enumerate(BODIES), enumerate(ASKED))
    ],
)
def test_an_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, operation: str, command: str) -> None:
    lies = Lies()
    lies.says = {operation: lie(name)}
    if operation != "process" and command.startswith("watch"):
        del lies.instances[OTHER_ID]  # or the lists would not be asked
    before = dict(lies.instances)
    said = Said(lies, command, monkeypatch, tmp_path)
    usual, others = CODES[command.split()[0], operation]
    assert said.code == next((code for code, names in others.items() if name in names), usual)
    assert TOKEN not in said.output
    clean(said.output)
    assert "a fault of this program's own" not in said.output
    if command == "import":
        assert_harmless(said.stdout)
    elif command == "import --json":
        assert_harmless(json.loads(said.stdout).get("program") or "")
    assert (lies.instances, lies.posts, lies.deleted) == (before, 0, [])
    assert said.seconds <= MOST_SECONDS[command.split()[0]]
    if "--json" in command:
        # Complaints are for people, on standard error.
        assert said.stdout.isascii()
        told = [json.loads(line) for line in said.stdout.splitlines()]
        assert told[-1]["exit_code"] == said.code


def assert_harmless(program: str) -> None:
    """A program of calls to the two constructors, with literals for arguments."""
    for statement in ast.parse(program).body:
        if isinstance(statement, ast.Assign):
            assert isinstance(statement.value, ast.Call)
            assert ast.unparse(statement.value.func) in ("roma.Instance", "roma.ExistingInstance")
            given = [entry.value for entry in statement.value.keywords if entry.arg != "opts"]
            for argument in (*statement.value.args, *given):
                ast.literal_eval(argument)
        else:
            assert ast.unparse(statement) in ("import pulumi", "import roma_provider as roma", DOCSTRING)
