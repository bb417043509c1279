"""The shell's cursor, while `roma watch` draws and Ctrl-Z or Ctrl-\\ leads back to the shell."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.watch.screen import HIDE_CURSOR, SHOW_CURSOR, shown_to_the_shell

if not hasattr(signal, "SIGTSTP"):
    pytest.skip("this system's shells stop no program (Windows)", allow_module_level=True)

SIGNALS = (signal.SIGTSTP, signal.SIGQUIT, signal.SIGCONT)


def handlers() -> list[Any]:
    return [signal.getsignal(number) for number in SIGNALS]


def send(number: signal.Signals) -> None:
    """Call what is set for a signal, without the signal."""
    handler = signal.getsignal(number)
    assert callable(handler)
    handler(number, None)


@pytest.fixture
def kept() -> Iterator[None]:
    """The signals are afterwards as they were before, whatever a test did."""
    before = handlers()
    yield
    for number, handler in zip(SIGNALS, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def raised(monkeypatch: pytest.MonkeyPatch, kept: None) -> list[int]:
    """The signals that this process sends itself, which do not reach it."""
    found: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: found.append(number) if pid == os.getpid() else None)
    return found


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[int]:
    descriptor = os.open(tmp_path / "terminal", os.O_RDWR | os.O_CREAT)
    yield descriptor
    os.close(descriptor)


def written(terminal: int) -> bytes:
    return os.pread(terminal, 1000, 0)


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGQUIT])
def test_the_shell_gets_its_cursor_and_the_signal_does_what_it_always_does(
    number: signal.Signals, terminal: int, raised: list[int]
) -> None:
    with shown_to_the_shell(terminal):
        send(number)
        assert written(terminal) == SHOW_CURSOR
        assert signal.getsignal(number) is signal.SIG_DFL
    assert raised == [number]


@pytest.mark.parametrize(("group", "shown"), [(0, HIDE_CURSOR), (1, b"")])
def test_in_the_foreground_again_the_cursor_is_hidden_and_in_the_background_not(
    group: int, shown: bytes, terminal: int, raised: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "tcgetpgrp", lambda _terminal: os.getpgrp() + group)
    with shown_to_the_shell(terminal):
        ours = signal.getsignal(signal.SIGTSTP)
        send(signal.SIGTSTP)
        send(signal.SIGCONT)
        assert written(terminal) == SHOW_CURSOR + shown
        # A second Ctrl-Z is answered as the first one was.
        assert signal.getsignal(signal.SIGTSTP) is ours


def test_a_terminal_that_is_gone_is_no_reason_to_fail(tmp_path: Path, raised: list[int]) -> None:
    gone = os.open(tmp_path / "gone", os.O_RDWR | os.O_CREAT)
    with shown_to_the_shell(gone):
        os.close(gone)
        send(signal.SIGTSTP)
        send(signal.SIGCONT)
    assert raised == [signal.SIGTSTP]


@pytest.mark.usefixtures("kept")
def test_the_signals_are_given_back(terminal: int) -> None:
    def mine(_number: int, _frame: object) -> None:
        raise AssertionError("nobody sends it")

    for number in SIGNALS:
        signal.signal(number, mine)
    with contextlib.suppress(KeyboardInterrupt), shown_to_the_shell(terminal):
        assert mine not in handlers()
        raise KeyboardInterrupt
    assert handlers() == [mine] * 3


@pytest.mark.usefixtures("kept")
def test_what_the_shell_ignores_stays_ignored(terminal: int) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    with shown_to_the_shell(terminal):
        assert handlers() == [signal.SIG_IGN] * 3


def test_without_such_signals_nothing_is_done(terminal: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = handlers()
    monkeypatch.delattr(signal, "SIGTSTP")
    with shown_to_the_shell(terminal):
        assert handlers() == before
