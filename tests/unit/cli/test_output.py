"""Output that cannot be written, and what a command's errors come to. (As processes: tests/served.)"""

from __future__ import annotations

import errno
import io
import json
import re
import sys
from collections.abc import Callable

import pytest

from roma_provider.cli.output import INTERRUPTED, NOTHING_KNOWN, Output, complain, wants_colour, with_output
from roma_provider.errors import RomaError


class Full(io.StringIO):
    """A file on a full disk."""

    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def fileno(self) -> int:
        return 99


def test_a_full_disk_is_told_once_and_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    discarded: list[object] = []
    monkeypatch.setattr("roma_provider.cli.output.discard", discarded.append)

    def write(output: Output) -> int:
        output.write("one")
        output.write("two")
        return 0

    assert (with_output(write), len(discarded)) == (NOTHING_KNOWN, 1)
    assert capsys.readouterr().err == "roma: standard output cannot be written: No space left on device\n"


def test_no_standard_output(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert with_output(lambda output: output.write("x") or 0) == NOTHING_KNOWN  # type: ignore[func-returns-value]
    assert capsys.readouterr().err == "roma: standard output cannot be written: it is closed\n"


def raising(error: BaseException) -> Callable[[Output], int]:
    def do(_output: Output) -> int:
        raise error

    return do


def test_an_error_of_ours_is_a_line_for_each_reason(capsys: pytest.CaptureFixture[str]) -> None:
    error = RomaError("said\nno \x1b[2J")
    error.hints.append("a way on")
    assert with_output(raising(error)) == NOTHING_KNOWN
    assert capsys.readouterr().err == "roma: said no ?[2J\nroma: a way on\n"


def test_ctrl_c() -> None:
    assert with_output(raising(KeyboardInterrupt())) == INTERRUPTED


def test_the_code_is_that_of_the_command() -> None:
    assert [with_output(lambda _output, code=code: code) for code in (0, 1)] == [0, 1]  # type: ignore[misc]


def test_a_complaint_without_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    complain("lost")


# --- a fault of our own, and JSON


def test_a_fault_of_our_own_is_one_line_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert with_output(raising(ValueError("MII-canary"))) == NOTHING_KNOWN
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(r"roma: a fault of this program's own: ValueError at test_output\.py:\d+\n", said.err)


def test_json_says_how_it_ended_and_what_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    def do(output: Output) -> int:
        output.found = {"one": 1}
        output.say("for people")
        complain("no \x1b[2J")
        return 1

    assert with_output(do, "list", as_json=True) == 1
    said = capsys.readouterr()
    ended = {"command": "list", "ok": False, "exit_code": 1, "messages": ["no ?[2J"], "one": 1}
    assert (json.loads(said.out), said.out.count("\n"), said.err) == (ended, 1, "roma: no ?[2J\n")


@pytest.mark.parametrize(("error", "code"), [(RomaError("no"), 3), (KeyboardInterrupt(), 130), (ValueError(), 3)])
def test_json_of_an_error_is_json(capsys: pytest.CaptureFixture[str], error: BaseException, code: int) -> None:
    assert with_output(raising(error), "list", as_json=True) == code
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["exit_code"], bool(told["messages"])) == (False, code, code == 3)


def test_what_one_command_says_is_not_anothers(capsys: pytest.CaptureFixture[str]) -> None:
    with_output(raising(RomaError("first")), "list", as_json=True)
    complain("between")
    with_output(lambda _output: 0, "list", as_json=True)
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["messages"], second["messages"]) == (["first"], [])


@pytest.mark.parametrize(
    ("terminal", "environment", "wanted"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": "0", "FORCE_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "", "GITHUB_ACTIONS": "true"}, False),
    ],
)
def test_where_colours_are_wanted(terminal: bool, environment: dict[str, str], wanted: bool) -> None:
    class Stream(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    assert wants_colour(Stream(), environment) == wanted
