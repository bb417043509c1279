"""Output that cannot be written, and what a command's errors come to. (As processes: tests/served.)"""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Callable

import pytest

from roma_provider.cli.output import INTERRUPTED, NOTHING_KNOWN, Output, complain, with_output
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
