"""Whether a status is replaced in place: what the user's wish and the terminal's mode say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from roma_provider.config.settings import Settings
from roma_provider.errors import InputError
from roma_provider.hosts import terminal
from roma_provider.lifecycle.checking import checked
from roma_provider.schema.checked import Checked
from tests.support.fakes import FakeOperation, plain_session

termios = pytest.importorskip("termios", reason="this system has no terminals of that kind (Windows)")
tty = pytest.importorskip("tty", reason="this system has no terminals of that kind (Windows)")


@pytest.fixture
def pair() -> Iterator[tuple[int, str]]:
    """A terminal, as a descriptor and as a path."""
    ours, theirs = os.openpty()
    yield theirs, os.ttyname(theirs)
    os.close(theirs)
    os.close(ours)


def test_a_terminal_in_raw_mode_is_drawn_on(pair: tuple[int, str]) -> None:
    device, path = pair
    before = termios.tcgetattr(device)
    assert not terminal.is_drawn_on(path)
    tty.setraw(device)
    assert terminal.is_drawn_on(path)
    termios.tcsetattr(device, termios.TCSANOW, before)
    assert not terminal.is_drawn_on(path)


@pytest.mark.parametrize("left", [termios.ECHO, termios.ICANON, termios.ISIG])
def test_a_pager_on_the_terminal_is_not_the_cli(pair: tuple[int, str], left: int) -> None:
    """less takes no lines and echoes nothing, but leaves Ctrl-C to the terminal."""
    device, path = pair
    tty.setraw(device)
    mode = termios.tcgetattr(device)
    mode[3] |= left
    termios.tcsetattr(device, termios.TCSANOW, mode)
    assert not terminal.is_drawn_on(path)


def test_what_is_no_terminal_is_not_drawn_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    before = len(os.listdir("/proc/self/fd"))
    assert not terminal.is_drawn_on(str(tmp_path / "file"))
    assert not terminal.is_drawn_on(str(tmp_path / "none"))
    assert len(os.listdir("/proc/self/fd")) == before
    monkeypatch.setattr(terminal, "termios", None)  # Windows
    assert not terminal.is_drawn_on("/dev/tty")


@pytest.mark.parametrize(("word", "wish"), [("live", True), (" plain ", False), ("", None), ("  ", None), (None, None)])
def test_what_the_environment_asks_for(word: str | None, wish: bool | None) -> None:
    environment = {} if word is None else {"ROMA_PROGRESS": word}
    assert Settings(lambda _key: None, environment).live_wish() is wish


@pytest.mark.parametrize("wish", [True, False, None])
def test_a_wish_comes_before_the_terminal(wish: bool | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for drawn in (True, False):
        monkeypatch.setattr(terminal, "is_drawn_on", lambda drawn=drawn: drawn)
        assert terminal.is_live(wish) is (drawn if wish is None else wish)


def test_another_word_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Settings(lambda _key: None, {"ROMA_PROGRESS": "Live"}).live_wish()
    assert str(caught.value) == "ROMA_PROGRESS: write live or plain, not 'Live'; unset, the terminal decides"


def test_the_check_names_a_bad_word() -> None:
    session = plain_session({"roma:region": "cn-north-4"}, {"ROMA_PROGRESS": "yes", "HW_AUTH_TOKEN": "t"})
    found = checked(session, FakeOperation(), lambda *_: Checked({"region": "cn-north-4"}), {}, {})
    assert found.failures == [("ROMA_PROGRESS", "write live or plain, not 'yes'; unset, the terminal decides")]


def tree(folder: Path, *parents: tuple[int, int]) -> str:
    """The processes of a machine: each with its parent."""
    for process, parent in parents:
        (folder / str(process)).mkdir()
        (folder / str(process) / "stat").write_text(f"{process} (a (b) c) S {parent} 1 1 34816 1")
    return str(folder)


def test_the_cli_has_to_own_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program draws on it while the CLI runs in the background: 10 is ours, 9 its launcher, 8 the CLI."""
    processes = tree(tmp_path, (10, 9), (9, 8), (8, 7), (7, 1))
    groups = {9: 9, 8: 8, 7: 7, 1: 1}
    monkeypatch.setattr(os, "getpid", lambda: 10)
    monkeypatch.setattr(os, "getpgid", lambda process: groups[process])
    monkeypatch.setattr(os, "tcgetpgrp", lambda _terminal: 8)
    assert terminal._is_owned(0, processes)
    monkeypatch.setattr(os, "tcgetpgrp", lambda _terminal: 55)
    assert not terminal._is_owned(0, processes)
    # Where nobody can tell, the terminal's mode alone does.
    assert terminal._is_owned(0, str(tmp_path / "none"))


def test_a_terminal_of_another_session_has_no_foreground_of_ours(pair: tuple[int, str]) -> None:
    assert terminal._is_owned(pair[0])
