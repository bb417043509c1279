"""The corpus against `roma watch` and `roma doctor`, by their own entry point: an end in time, by one of their exit
codes, no traceback, nothing that a terminal or a CI system obeys, no secret, and nothing sent that changes anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from roma_provider.cli.application import app
from roma_provider.lifecycle import session
from tests.hostile.corpus import BODIES, lie
from tests.hostile.stack import answering
from tests.support.fakes import OTHER_ID, PROJECT, REGION, TOKEN, FakeClock
from tests.support.hostile import Lies, clean

SECONDS = 20
WATCH = ("watch", OTHER_ID, "--timeout", str(SECONDS))
COMMANDS = {
    "watch": WATCH,
    "watch --json": (*WATCH, "--json"),
    "doctor": ("doctor",),
    "doctor --json": ("doctor", "--json"),
}
# A list is asked for, at 429, six times with pauses of at most 30 s; doctor asks for three things.
MOST_SECONDS = {"watch": SECONDS + 5, "doctor": 3 * 5 * 31}

REFUSED = ("302", "400 of the sign-in", "401 with the token", "403", "404 of the gateway", "418 with much")
# Those that make an answer larger than 1 MiB, or change the id, are not in here.
NUMBERS = (
    *(
        "blank",
        "command",
        "command first",
        "deleted",
        "dotless",
        "escape",
        "failed",
        "format",
        "fraction",
        "huge",
        "list",
    ),
    *("negative", "nested", "nothing", "null", "number", "object", "other", "path", "pipelines", "separators"),
    *("surrogate", "token", "true", "turned"),
)
# Texts that a list may have in each place, and that are not read as another kind.
TEXTS = (
    *(
        "blank",
        "command",
        "command first",
        "deleted",
        "dotless",
        "escape",
        "failed",
        "format",
        "long",
        "nothing",
        "null",
    ),
    *("number", "other", "path", "pipelines", "separators", "surrogate", "token", "turned"),
)
NO_NUMBERS = {"body: not a number", *(f"every number: {name}" for name in ("fraction", "huge", "negative", "null"))}
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
}
"""By command and operation: the exit code, and the others with the answers that lead to them."""


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
        self.code, self.output, self.seconds = ended.exit_code, ended.output, clock.now


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("operation", ["list", "roma_list", "process"])
@pytest.mark.parametrize("name", BODIES)
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
    assert (lies.instances, lies.posts, lies.deleted) == (before, 0, [])
    assert said.seconds <= MOST_SECONDS[command.split()[0]]
    if "--json" in command:
        assert said.output.isascii()
        for line in [said.output] if "doctor" in command else said.output.splitlines():
            json.loads(line)
