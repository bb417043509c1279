"""The journal where something is not as it should be: damaged entries, no home, no locks, odd folders."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import JournalError
from roma_provider.lifecycle.journal import Journal, state_folder
from tests.support.fakes import ID, PROJECT, REGION, FakeClock
from tests.support.journal import entry, files, mode


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "roma-provider", FakeClock())


@pytest.mark.parametrize(
    "damage",
    [
        {"posted_at": "yesterday"},
        {"posted_at": None},
        {"urn": 5},
        {"region": None},
        {"project_id": []},
        {"name": {}},
        {"folder": None},
        {"arguments": 1.5},
        {"instance_id": 5},
        {"host": None},
        {"stage": "yes"},
        {"stage": None},
    ],
)
def test_an_entry_with_a_value_of_another_type_is_none_and_stays(
    journal: Journal, tmp_path: Path, damage: dict[str, Any]
) -> None:
    good = journal.write(entry())
    [path] = files(tmp_path)
    bad = path.with_name("bad.json")
    bad.write_text(json.dumps({**json.loads(path.read_text()), **damage}))
    assert journal.entries() == [good]
    assert bad.exists()


@pytest.mark.parametrize("name", ["urn", "region", "project_id", "name", "folder", "arguments", "posted_at"])
def test_an_entry_that_lacks_a_field_is_none(journal: Journal, tmp_path: Path, name: str) -> None:
    journal.write(entry())
    [path] = files(tmp_path)
    path.write_text(json.dumps({key: value for key, value in json.loads(path.read_text()).items() if key != name}))
    assert journal.entries() == []


def test_only_the_file_s_name_says_whether_an_entry_is_answered(journal: Journal, tmp_path: Path) -> None:
    good = journal.write(entry())
    [path] = files(tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "answered": True}))
    assert journal.entries() == [good]
    path.rename(path.with_suffix(".answered"))
    assert [found.is_answered for found in journal.entries()] == [True]


def test_a_file_that_is_very_deep_is_no_entry(journal: Journal, tmp_path: Path) -> None:
    good = journal.write(entry())
    (tmp_path / "roma-provider" / "journal" / "deep.json").write_text("[" * 200_000)
    assert journal.entries() == [good]


def test_the_key_of_an_entry_is_its_file_s_whatever_is_in_it(journal: Journal, tmp_path: Path) -> None:
    victim = tmp_path / "victim.json"
    victim.write_text("not ours")
    written = journal.write(entry(instance_id=ID))
    path = tmp_path / "roma-provider" / "journal" / f"{written.key}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "key": "../../victim"}))
    assert journal.entries() == [written]
    journal.close(journal.entries()[0])
    assert files(tmp_path) == [victim]
    assert victim.read_text() == "not ours"


def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", fail)
    assert state_folder({}) is None
    journal = Journal.of({}, FakeClock())
    assert journal.entries() == []
    journal.close(entry())
    journal.mark_answered(entry())
    words = (
        "the journal of creations in the home folder, which this user has none of, cannot be written; make it "
        "writable, or set XDG_STATE_HOME to a folder that is. Without it nothing is created, since a crash could then "
        "lose the instance"
    )
    with pytest.raises(JournalError) as writing:
        journal.write(entry())
    with pytest.raises(JournalError) as locking, journal.lock(REGION, PROJECT, "n", threading.Event(), 0):
        pytest.fail("there is no lock to hold")
    assert (str(writing.value), str(locking.value)) == (words, words)


def test_a_folder_that_cannot_be_read_has_no_entries(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.write(entry())

    def deny(*_arguments: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "glob", deny)
    assert journal.entries() == []


def test_a_file_system_without_locks_is_warned_of_and_goes_on(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(95, "Operation not supported")

    fcntl = pytest.importorskip("fcntl", reason="this system has no such locks (Windows)")
    monkeypatch.setattr(fcntl, "flock", refuse)
    with (
        caplog.at_level(logging.WARNING, "roma_provider"),
        journal.lock(REGION, PROJECT, "n", threading.Event(), 0) as got,
    ):
        assert got
    assert [record.getMessage() for record in caplog.records] == [
        "no lock between runs on this machine: [Errno 95] Operation not supported"
    ]


def test_folders_that_others_could_read_are_closed_to_them(journal: Journal, tmp_path: Path) -> None:
    for name in ("journal", "locks"):
        (tmp_path / "roma-provider" / name).mkdir(parents=True)
    folders = [tmp_path / "roma-provider", *(tmp_path / "roma-provider" / name for name in ("journal", "locks"))]
    for folder in folders:
        folder.chmod(0o755)
    journal.write(entry())
    with journal.lock(REGION, PROJECT, "n", threading.Event(), 0):
        pass
    assert [mode(folder) for folder in folders] == [0o700] * 3
