"""Colours: on a terminal, and there only; none with NO_COLOR. Elsewhere nothing that a terminal would obey."""

from __future__ import annotations

import re
import sys

import pytest

from roma_provider.cli.codes import OWN
from tests.support.emulator import Api, SettableClock
from tests.support.terminal import Terminal
from tests.support.watched import environment, finish, piped

ESCAPE = "\x1b"
# Foreground and background colours, of 16, 256 and 16 million.
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3\d|4\d|9\d|10\d)(?:;\d+)*m")
COMMANDS = {"watch": ["--timeout", "20"], "doctor": [], "list": []}


def shown(api: Api, command: str, *arguments: str, **changes: str) -> bytes:
    """What a command sends to a terminal."""
    program = [sys.executable, "-m", "roma_provider.cli.main", command, *arguments]
    with Terminal(program, size=(120, 30), environment=environment(api, **changes)) as terminal:
        terminal.end(60)
        return bytes(terminal.sent)


@pytest.mark.parametrize(("colourless", "found"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_watch_and_doctor_on_a_terminal(
    api: Api, clock: SettableClock, colourless: dict[str, str], found: bool
) -> None:
    made = api.create()
    finish(clock)
    assert bool(COLOUR.search(shown(api, "watch", made, **colourless))) == found
    # Without a sign-in something fails, which is red.
    failing = {"HW_AUTH_TOKEN": "", "HOME": "/nonexistent", **colourless}
    assert bool(COLOUR.search(shown(api, "doctor", **failing))) == found


@pytest.mark.parametrize("arguments", [["--help"], ["--regoin"]])
def test_help_and_bad_usage_have_none_even_in_a_ci_system(api: Api, arguments: list[str]) -> None:
    """Where typer by itself would have escape codes in a log."""
    for command in OWN:
        ended = piped(api, *arguments, command=command, GITHUB_ACTIONS="true")
        assert ESCAPE not in ended.stdout + ended.stderr


def test_piped_there_is_no_escape_code(api: Api, clock: SettableClock) -> None:
    made = api.create()
    finish(clock)
    for command, arguments in (("watch", [made]), ("doctor", []), ("list", []), ("import", [made]), ("journal", [])):
        ended = piped(api, *arguments, command=command, GITHUB_ACTIONS="true")
        assert (ended.returncode, ESCAPE in ended.stdout + ended.stderr) == (0, False), ended.stderr
