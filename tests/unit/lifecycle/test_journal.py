"""The journal of creations: what is on disk, and who may read it."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import JournalError
from roma_provider.lifecycle.journal import Journal, Stage, digest, state_folder
from tests.support.fakes import BACKEND, HOST, ID, OTHER_ID, PROJECT, REGION, TOKEN, URN, FakeClock, inputs
from tests.support.journal import entry, files, mode


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "roma-provider", FakeClock())


def test_an_entry_goes_to_disk_and_comes_back(journal: Journal, tmp_path: Path) -> None:
    one = journal.write(entry())
    assert journal.entries() == [one]
    [path] = files(tmp_path)
    assert path == tmp_path / "roma-provider" / "journal" / f"{one.key}.json"
    assert json.loads(path.read_text()) == {
        "version": 1,
        "stage": "intent",
        "urn": URN,
        "region": REGION,
        "project_id": PROJECT,
        "name": "roma-2222",
        "folder": "/programs/shop",
        "arguments": digest(inputs()),
        "posted_at": 1741262473.5,
        "host": HOST,
        "backend": BACKEND,
        "instance_id": None,
        "key": one.key,
    }


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_goes_to_disk_and_comes_back(journal: Journal, tmp_path: Path, stage: Stage) -> None:
    one = journal.write(entry(instance_id=ID, stage=stage))
    assert journal.entries() == [one]
    answered = stage in (Stage.TOLD, Stage.ANSWERED)
    assert [path.name for path in files(tmp_path)] == [f"{one.key}.answered" if answered else f"{one.key}.json"]
    assert one.is_answered is answered


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


def test_a_later_stage_and_the_answer_replace_the_entry(journal: Journal, tmp_path: Path) -> None:
    one = journal.write(entry())
    two = journal.write(replace(one, instance_id=ID, stage=Stage.ORDERED))
    assert journal.entries() == [two]
    journal.mark_answered(two)
    assert journal.entries() == [replace(two, stage=Stage.TOLD)]
    assert [path.name for path in files(tmp_path)] == [f"{one.key}.answered"]


def test_an_answered_entry_stays_one_whatever_is_written_of_it(journal: Journal, tmp_path: Path) -> None:
    one = journal.write(entry())
    journal.mark_answered(one)
    journal.write(replace(one, instance_id=ID, stage=Stage.SEEN))  # by a hook that knows nothing of the answer
    assert journal.entries() == [replace(one, instance_id=ID, stage=Stage.ANSWERED)]
    journal.mark_answered(journal.entries()[0])
    assert [path.name for path in files(tmp_path)] == [f"{one.key}.answered"]
    journal.close(one)
    assert files(tmp_path) == []


def test_a_write_that_fails_half_way_leaves_the_old_entry_whole(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = journal.write(entry())

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(JournalError, match="No space left on device"):
            journal.write(replace(one, instance_id=ID, stage=Stage.ORDERED))
    assert journal.entries() == [one]
    assert len(files(tmp_path)) == 1


def test_a_full_disk_still_takes_an_answer(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    # Left open, a replacement would resume the very instance that it replaces.
    one = journal.write(entry(instance_id=ID))

    def fail(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "mkstemp", fail)
        journal.mark_answered(one)
    assert journal.entries() == [replace(one, stage=Stage.TOLD)]


def test_an_answer_that_cannot_be_marked_loses_nothing(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    one = journal.write(entry(instance_id=ID))

    def fail(*_arguments: object, **_more: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fail)
        journal.mark_answered(one)
    assert journal.entries() == [one]


def test_the_answer_of_a_closed_entry_is_none(journal: Journal, tmp_path: Path) -> None:
    one = journal.write(entry(instance_id=ID))
    journal.close(one)
    journal.mark_answered(one)
    assert files(tmp_path) == []


def test_closing(journal: Journal) -> None:
    one = journal.write(entry(instance_id=ID))
    two = journal.write(entry(instance_id=OTHER_ID, posted_at=1741262474.0))
    three = journal.write(entry(posted_at=1741262475.0))
    journal.close(one)
    assert journal.entries() == [two, three]
    journal.close(two)
    journal.close(two)
    assert journal.entries() == [three]


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
        "empty.answered": b"",
        "list.answered": b"[]",
        "note.txt": b"hello",
        ".new-abc": b"{}",
    }
    for name, content in foreign.items():
        (folder / name).write_bytes(content)
    (folder / "folder.json").mkdir()
    (folder / "dangling.json").symlink_to("nowhere")
    assert journal.entries() == [one]
    journal.close(entry(key="cut2"))
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name in foreign} == foreign


def test_an_entry_with_more_fields_is_read(journal: Journal, tmp_path: Path) -> None:
    one = journal.write(entry())
    [path] = files(tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "colour": "red"}))
    assert journal.entries() == [one]


ELSEWHERE = ("x", "x", "x")


@pytest.mark.parametrize(
    ("changes", "known_as_other"),
    [
        ({"version": 2}, True),
        ({"version": 0}, True),
        ({"version": "1"}, True),
        ({"version": None}, True),
        ({"version": True}, True),
        ({"version": 2.5}, True),
        ({"stage": "paused"}, True),
        ({"stage": None}, True),
        ({"version": 2, "name": 5, "instance_id": ["x"]}, True),
        ({}, False),
    ],
)
def test_an_entry_of_another_version_is_found_by_its_urn(
    journal: Journal, tmp_path: Path, changes: dict[str, Any], known_as_other: bool
) -> None:
    one = journal.write(entry())
    [path] = files(tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    assert journal.entries() == ([] if known_as_other else [one])
    assert journal.of_another_version(URN, ELSEWHERE) == (path if known_as_other else None)
    assert journal.of_another_version(URN + "2", ELSEWHERE) is None
    assert path.exists()


def test_an_entry_of_another_version_is_found_by_its_name(journal: Journal, tmp_path: Path) -> None:
    one = journal.write(entry())
    [path] = files(tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "version": 2}))
    place = (one.region, one.project_id, one.name)
    assert journal.of_another_version(URN + "2", place) == path
    region, project, name = place
    for other in [("x", project, name), (region, "x", name), (region, project, "x")]:
        assert journal.of_another_version(URN + "2", other) is None


def test_an_entry_without_a_version_is_of_none(journal: Journal, tmp_path: Path) -> None:
    journal.write(entry())
    [path] = files(tmp_path)
    data = json.loads(path.read_text())
    del data["version"]
    path.write_text(json.dumps(data))
    assert (journal.entries(), journal.of_another_version(URN, ELSEWHERE)) == ([], None)


@pytest.mark.parametrize("stage", ["told", "answered", "elsewhere", None, 5])
def test_a_stage_that_no_file_has_is_no_entry(journal: Journal, tmp_path: Path, stage: object) -> None:
    journal.write(entry())
    [path] = files(tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "stage": stage}))
    assert journal.entries() == []


def test_no_folder_no_entries(journal: Journal, tmp_path: Path) -> None:
    assert journal.entries() == []
    journal.close(entry())
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
def test_whose_an_entry_is(changes: dict[str, Any], of: bool) -> None:
    assert entry(**changes).is_of(URN, REGION, PROJECT) is of


@pytest.mark.parametrize(
    ("changes", "matches"),
    [
        ({}, True),
        ({"instance_id": ID, "seen": True, "answered": True, "posted_at": 0.0, "host": "elsewhere"}, True),
        ({"folder": "/programs/other"}, False),
        ({"name": "other"}, False),
        ({"arguments": digest(inputs(description="x"))}, False),
    ],
)
def test_what_is_the_same_order(changes: dict[str, Any], matches: bool) -> None:
    assert entry(**changes).matches("/programs/shop", "roma-2222", digest(inputs())) is matches


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
        ({"XDG_STATE_HOME": "/x/state", "ROMA_JOURNAL": "/x/kept"}, Path("/x/kept")),
        ({"XDG_STATE_HOME": "/x/state", "ROMA_JOURNAL": "kept"}, Path("/x/state/roma-provider")),
        ({"XDG_STATE_HOME": ""}, Path.home() / ".local" / "state" / "roma-provider"),
        ({}, Path.home() / ".local" / "state" / "roma-provider"),
    ],
)
def test_the_state_folder(environment: dict[str, str], folder: Path) -> None:
    assert state_folder(environment) == folder


def test_a_journal_of_the_environment(tmp_path: Path) -> None:
    Journal.of({"XDG_STATE_HOME": str(tmp_path)}, FakeClock()).write(entry())
    assert [path.parent for path in files(tmp_path)] == [tmp_path / "roma-provider" / "journal"]
