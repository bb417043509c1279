"""The journal of creations: what is on disk, who may read it, and who holds the lock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from roma_provider.clock import Clock
from roma_provider.errors import JournalError
from roma_provider.journal import Journal, digest, state_folder

from .fakes import ID, OTHER_ID, PROJECT, REGION, TOKEN, URN, FakeClock, inputs
from .journaling import entry, files, mode


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "roma-provider", FakeClock())


def test_an_entry_goes_to_disk_and_comes_back(journal: Journal, tmp_path: Path) -> None:
    one = journal.write(entry())
    assert journal.entries() == [one]
    [path] = files(tmp_path)
    assert path == tmp_path / "roma-provider" / "journal" / f"{one.key}.json"
    assert json.loads(path.read_text()) == {
        "urn": URN,
        "region": REGION,
        "project_id": PROJECT,
        "name": "roma-2222",
        "folder": "/programs/shop",
        "arguments": digest(inputs()),
        "posted_at": 1741262473.5,
        "instance_id": None,
        "seen": False,
        "answered": False,
        "key": one.key,
    }
    journal.mark_seen(one)
    assert [entry.seen for entry in journal.entries()] == [True]


def test_only_the_owner_can_read_it(journal: Journal, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        journal.write(entry())
        with journal.lock(REGION, PROJECT, "n", threading.Event(), 0):
            pass
    finally:
        os.umask(before)
    assert [mode(path) for path in files(tmp_path)] == [0o600, 0o600]
    folders = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert {path.name: mode(path) for path in folders} == {"roma-provider": 0o700, "journal": 0o700, "locks": 0o700}


def test_the_id_and_the_answer_replace_the_entry(journal: Journal, tmp_path: Path) -> None:
    one = journal.write(entry())
    two = journal.set_id(one, ID)
    assert two == entry(key=one.key, instance_id=ID)
    assert journal.entries() == [two]
    journal.mark_answered(two)
    assert journal.entries() == [entry(key=one.key, instance_id=ID, answered=True)]
    assert len(files(tmp_path)) == 1


def test_a_write_that_fails_half_way_leaves_the_old_entry_whole(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = journal.write(entry())

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(JournalError, match="No space left on device"):
            journal.set_id(one, ID)
    assert journal.entries() == [one]
    assert len(files(tmp_path)) == 1


def test_an_answer_that_cannot_be_marked_closes_the_entry(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    # Left open and unmarked, a replacement would resume the very instance that it replaces.
    one = journal.write(entry(instance_id=ID))

    def fail(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fail)
        journal.mark_answered(one)
    assert journal.entries() == []


def test_closing(journal: Journal) -> None:
    one = journal.write(entry(instance_id=ID))
    two = journal.write(entry(instance_id=OTHER_ID, posted_at=1741262474.0))
    three = journal.write(entry(posted_at=1741262475.0))
    journal.close_instance(ID)
    assert journal.entries() == [two, three]
    journal.close(two)
    journal.close(two)
    assert journal.entries() == [three]
    journal.close_instance("unknown")
    assert journal.entries() == [three]
    assert one.key not in {found.key for found in journal.entries()}


def test_closing_what_was_answered_for_one_resource(journal: Journal) -> None:
    journal.write(entry(answered=True))
    others = [
        journal.write(entry(posted_at=1.0)),
        journal.write(entry(posted_at=2.0, answered=True, urn=URN + "2")),
    ]
    journal.close_answered(URN)
    assert journal.entries() == others


def test_the_oldest_first(journal: Journal) -> None:
    for moment in (3.0, 1.0, 2.0):
        journal.write(entry(posted_at=moment))
    assert [found.posted_at for found in journal.entries()] == [1.0, 2.0, 3.0]


def test_files_that_are_no_entries_are_left_alone(journal: Journal, tmp_path: Path) -> None:
    one = journal.write(entry())
    folder = tmp_path / "roma-provider" / "journal"
    foreign = {
        "cut.json": b'{"urn": "x',
        "list.json": b"[]",
        "null.json": b"null",
        "number.json": b"5",
        "other.json": b'{"what": "is this"}',
        "binary.json": b"\xff\xfe\x00",
        "empty.json": b"",
        "note.txt": b"hello",
        ".new-abc": b"{}",
    }
    for name, content in foreign.items():
        (folder / name).write_bytes(content)
    (folder / "folder.json").mkdir()
    (folder / "dangling.json").symlink_to("nowhere")
    assert journal.entries() == [one]
    journal.close_instance(ID)
    journal.close_answered(URN)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name in foreign} == foreign


def test_an_entry_of_a_later_version_with_more_fields_is_read(journal: Journal, tmp_path: Path) -> None:
    one = journal.write(entry())
    [path] = files(tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "colour": "red"}))
    assert journal.entries() == [one]


def test_no_folder_no_entries(journal: Journal, tmp_path: Path) -> None:
    assert journal.entries() == []
    journal.close_instance(ID)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    journal = Journal(tmp_path / "taken", FakeClock())
    with pytest.raises(JournalError) as caught:
        journal.write(entry())
    assert str(caught.value).startswith(f"the journal of creations in {tmp_path / 'taken'} cannot be written (")
    assert str(caught.value).endswith(
        "); make it writable, or set XDG_STATE_HOME to a folder that is. Without it nothing is created, since a "
        "crash could then lose the instance"
    )
    with pytest.raises(JournalError) as locking, journal.lock(REGION, PROJECT, "n", threading.Event(), 0):
        pytest.fail("there is no lock to hold")
    assert str(locking.value) == str(caught.value)
    assert journal.entries() == []
    journal.close(entry())


@pytest.mark.parametrize(
    ("changes", "of"),
    [
        ({}, True),
        ({"urn": URN + "2"}, False),
        ({"region": "x"}, False),
        ({"project_id": "x"}, False),
        ({"name": "x", "folder": "/x", "arguments": "x"}, True),
    ],
)
def test_whose_an_entry_is(changes: dict[str, str], of: bool) -> None:
    assert entry(**changes).is_of(URN, REGION, PROJECT) is of


@pytest.mark.parametrize(
    ("changes", "resumable"),
    [
        ({}, True),
        ({"instance_id": ID}, True),
        ({"answered": True}, False),
        ({"folder": "/programs/other"}, False),
        ({"name": "other"}, False),
        ({"arguments": digest(inputs(description="x"))}, False),
        ({"posted_at": 0.0}, True),
    ],
)
def test_what_may_be_resumed(changes: dict[str, Any], resumable: bool) -> None:
    assert entry(**changes).resumable("/programs/shop", "roma-2222", digest(inputs())) is resumable


def test_digest() -> None:
    one = inputs(description=TOKEN)
    assert digest(one) == digest(dict(reversed(one.items())))
    assert digest(one) != digest(inputs())
    assert len(digest(one)) == 64
    assert TOKEN not in digest(one)
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_STATE_HOME": "/x/state"}, Path("/x/state/roma-provider")),
        ({"LOCALAPPDATA": "/x/local"}, Path("/x/local/roma-provider")),
        ({"XDG_STATE_HOME": "/x/state", "LOCALAPPDATA": "/x/local"}, Path("/x/state/roma-provider")),
        ({"XDG_STATE_HOME": ""}, Path.home() / ".local" / "state" / "roma-provider"),
        ({}, Path.home() / ".local" / "state" / "roma-provider"),
    ],
)
def test_the_state_folder(environment: dict[str, str], folder: Path) -> None:
    assert state_folder(environment) == folder


def test_a_journal_of_the_environment(tmp_path: Path) -> None:
    Journal.of({"XDG_STATE_HOME": str(tmp_path)}, FakeClock()).write(entry())
    assert [path.parent for path in files(tmp_path)] == [tmp_path / "roma-provider" / "journal"]


# --- the lock


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
from roma_provider.journal import Journal
with Journal(Path(sys.argv[1]), Clock()).lock(*sys.argv[2:5], threading.Event(), 0) as got:
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
