"""The lock of an open file, by what each system has for it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from roma_provider.errors import JournalError
from roma_provider.lifecycle import locking
from roma_provider.lifecycle.journal import Journal
from tests.support.fakes import FakeClock
from tests.support.other_system import FakeMsvcrt


@pytest.fixture(params=["fcntl", errno.EACCES, errno.EDEADLK])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "fcntl":
        monkeypatch.setattr(locking, "fcntl", None)
        monkeypatch.setattr(locking, "msvcrt", FakeMsvcrt(request.param))


@pytest.fixture
def opened(tmp_path: Path) -> list[int]:
    return [os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT, 0o600) for _ in range(2)]


@pytest.mark.usefixtures("system")
def test_a_file_is_locked_once(opened: list[int]) -> None:
    first, second = opened
    assert locking.take(first)
    assert not locking.take(second)
    locking.give_back(first)
    assert locking.take(second)
    locking.give_back(second)
    for descriptor in opened:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)


@pytest.mark.usefixtures("system")
def test_giving_back_what_was_not_got_leaves_it_with_whom_it_is(opened: list[int], tmp_path: Path) -> None:
    first, second = opened
    assert locking.take(first)
    assert not locking.take(second)
    locking.give_back(second)
    third = os.open(tmp_path / "lock", os.O_RDWR)
    assert not locking.take(third)
    locking.give_back(third)
    locking.give_back(first)


@pytest.mark.usefixtures("system")
def test_two_runs_of_one_name(tmp_path: Path) -> None:
    journal, other = Journal(tmp_path, FakeClock()), Journal(tmp_path, FakeClock())
    stop = _Never()
    with journal.lock("r", "p", "n", stop, 0) as first, other.lock("r", "p", "n", stop, 5.0) as second:
        assert (first, second) == (True, False)
    with other.lock("r", "p", "n", stop, 0) as again:
        assert again


class _Never:
    def is_set(self) -> bool:
        return False

    def wait(self, timeout: float | None = None) -> bool:
        return False


def test_a_file_system_without_locks(opened: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "fcntl", None)
    monkeypatch.setattr(locking, "msvcrt", FakeMsvcrt(errno.ENOLCK))
    assert locking.take(opened[0])
    with pytest.raises(OSError, match="taken"):
        locking.take(opened[1])
    for descriptor in opened:
        locking.give_back(descriptor)


def test_without_either_nothing_is_ordered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "fcntl", None)
    monkeypatch.setattr(locking, "msvcrt", None)
    journal = Journal(tmp_path, FakeClock())
    with pytest.raises(JournalError, match="neither fcntl nor msvcrt"), journal.lock("r", "p", "n", _Never(), 0):
        pass
