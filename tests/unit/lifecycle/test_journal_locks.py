"""Who holds the lock on a name, and who the hold on an entry."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from roma_provider.clock import Clock
from roma_provider.errors import JournalError
from roma_provider.lifecycle.journal import HOLD_SECONDS, Journal
from tests.support.fakes import PROJECT, REGION, FakeClock
from tests.support.journal import entry, files, mode


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "roma-provider", FakeClock())


# --- the lock on a name


def test_one_name_is_held_once(journal: Journal) -> None:
    stop = threading.Event()
    with journal.lock(REGION, PROJECT, "n", stop, 0) as first:
        assert first
        with journal.lock(REGION, PROJECT, "n", stop, 0) as second:
            assert not second
        for place in ((REGION, PROJECT, "m"), (REGION, "p", "n"), ("r", PROJECT, "n")):
            with journal.lock(*place, stop, 0) as other:
                assert other
    with journal.lock(REGION, PROJECT, "n", stop, 0) as again:
        assert again


def test_a_lock_is_given_back_after_an_error(journal: Journal) -> None:
    stop = threading.Event()
    with pytest.raises(RuntimeError), journal.lock(REGION, PROJECT, "n", stop, 0):
        raise RuntimeError
    with journal.lock(REGION, PROJECT, "n", stop, 0) as again:
        assert again


def test_waiting_for_the_lock_ends_with_its_time(tmp_path: Path) -> None:
    clock = FakeClock()
    journal = Journal(tmp_path, clock)
    stop = threading.Event()
    with journal.lock(REGION, PROJECT, "n", stop, 0), journal.lock(REGION, PROJECT, "n", stop, 10.0) as second:
        assert not second
    assert clock.now == pytest.approx(10.0, abs=0.21)


def test_waiting_for_the_lock_ends_when_it_is_stopped(tmp_path: Path) -> None:
    clock = FakeClock()
    journal = Journal(tmp_path, clock)
    stop = threading.Event()
    clock.at(3.0, stop.set)
    with journal.lock(REGION, PROJECT, "n", stop, 0), journal.lock(REGION, PROJECT, "n", stop, 300.0) as second:
        assert not second
    assert clock.now == 3.0


def test_two_threads_take_turns(tmp_path: Path) -> None:
    journal = Journal(tmp_path, Clock())
    inside: list[int] = []
    most = 0

    def work() -> None:
        nonlocal most
        for _ in range(20):
            with journal.lock(REGION, PROJECT, "n", threading.Event(), 60.0) as got:
                assert got
                inside.append(1)
                most = max(most, len(inside))
                inside.pop()

    def slice_pause(self: Clock, seconds: float, stop: Any) -> bool:
        return bool(stop.wait(0.001))

    journal._clock = type("Quick", (Clock,), {"sleep": slice_pause})()
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


HOLD = """
import sys, threading
from pathlib import Path
from roma_provider.clock import Clock
from roma_provider.lifecycle.journal import Journal
with Journal(Path(sys.argv[1]), Clock()).lock(*sys.argv[2:5], threading.Event(), 0) as got:
    print(got, flush=True)
    sys.stdin.read()
"""


HOLD_ENTRY = """
import sys, threading
from pathlib import Path
from roma_provider.clock import Clock
from roma_provider.lifecycle.journal import Entry, Journal
one = Entry("u", "r", "p", "n", "f", "a", 0.0, key=sys.argv[2])
with Journal(Path(sys.argv[1]), Clock()).hold(one, threading.Event()) as got:
    print(got, flush=True)
    sys.stdin.read()
"""


def test_two_processes_take_turns_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path, FakeClock())
    stop = threading.Event()
    command = [sys.executable, "-c", HOLD, str(tmp_path), REGION, PROJECT, "n"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        with journal.lock(REGION, PROJECT, "n", stop, 0) as got:
            assert not got
        other.kill()
        other.wait()
    with journal.lock(REGION, PROJECT, "n", stop, 0) as got:
        assert got


# --- the hold on an entry


def test_an_entry_is_held_once_and_its_file_goes_with_it(journal: Journal, tmp_path: Path) -> None:
    stop = threading.Event()
    one = entry()
    with journal.hold(one, stop) as first:
        assert first
        [file] = files(tmp_path)
        assert (file, mode(file)) == (tmp_path / "roma-provider" / "locks" / one.key, 0o600)
        with journal.hold(one, stop) as second, journal.hold(entry(), stop) as other:
            assert (second, other) == (False, True)
        # The file stays, or two could hold "the" lock on two files of that name; it goes with the entry.
        assert file in files(tmp_path)
    assert file in files(tmp_path)
    with journal.hold(one, stop) as again:
        assert again
    journal.close(one)
    assert file not in files(tmp_path)


def test_a_hold_is_given_back_after_an_error(journal: Journal, tmp_path: Path) -> None:
    one = entry()
    with pytest.raises(RuntimeError), journal.hold(one, threading.Event()):
        raise RuntimeError
    with journal.hold(one, threading.Event()) as again:
        assert again


def test_a_held_entry_is_waited_for_a_moment(tmp_path: Path) -> None:
    clock = FakeClock()
    journal = Journal(tmp_path, clock)
    stop = threading.Event()
    one = entry()
    with journal.hold(one, stop), journal.hold(one, stop) as second:
        assert not second
    assert HOLD_SECONDS == 15.0
    assert clock.now == pytest.approx(15.0, abs=0.21)
    clock.at(clock.now + 3.0, stop.set)
    before = clock.now
    with journal.hold(one, threading.Event()), journal.hold(one, stop) as third:
        assert not third
    assert clock.now == before + 3.0


def test_an_entry_whose_process_is_dying_is_got(tmp_path: Path) -> None:
    clock = FakeClock()
    journal = Journal(tmp_path, clock)
    one = entry()
    command = [sys.executable, "-c", HOLD_ENTRY, str(tmp_path), one.key]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"

        def die() -> None:
            other.kill()
            other.wait()

        clock.at(2.0, die)
        with journal.hold(one, threading.Event()) as got:
            assert got
    assert clock.now == pytest.approx(2.0, abs=0.21)


def test_without_a_folder_nothing_can_be_held(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    for journal in (Journal(None, FakeClock()), Journal(tmp_path / "taken", FakeClock())):
        with pytest.raises(JournalError), journal.hold(entry(), threading.Event()):
            pytest.fail("there is nothing to hold")
