"""The journal writes and reads in folders and files of this user's own alone."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from roma_provider.errors import JournalError
from roma_provider.lifecycle import own_files
from roma_provider.lifecycle.journal import Journal
from roma_provider.lifecycle.run import Run
from tests.support.fakes import PROJECT, REGION, FakeClock
from tests.support.journal import entry

pytestmark = pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links are another thing here")
REFUSED = "it is a link, or another user's"


def lock(journal: Journal) -> None:
    with journal.lock(REGION, PROJECT, "n", threading.Event(), 0):
        pass


def _use(journal: Journal) -> None:
    lock(journal)
    journal.write(entry())


@pytest.mark.parametrize("part", ["roma-provider", "roma-provider/journal", "roma-provider/locks"])
def test_a_link_in_place_of_a_folder(tmp_path: Path, part: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    link = tmp_path / "state" / part
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    journal = Journal(tmp_path / "state" / "roma-provider", FakeClock())
    with pytest.raises(JournalError, match=REFUSED):
        _use(journal)
    assert elsewhere.stat().st_mode & 0o777 == 0o755
    assert list(elsewhere.iterdir()) == []


def test_a_link_in_place_of_a_lock(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "roma-provider", FakeClock())
    lock(journal)
    [file] = (tmp_path / "roma-provider" / "locks").iterdir()
    file.unlink()
    (tmp_path / "mine").write_text("precious")
    for target in (tmp_path / "mine", tmp_path / "nowhere"):
        file.symlink_to(target)
        with pytest.raises(JournalError):
            lock(journal)
        file.unlink()
    assert not (tmp_path / "nowhere").exists()
    os.mkfifo(file)
    with pytest.raises(JournalError, match=REFUSED):
        lock(journal)


def test_an_entry_that_is_a_link_is_not_read(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "roma-provider", FakeClock())
    journal.write(entry())
    folder = tmp_path / "roma-provider" / "journal"
    [file] = folder.iterdir()
    (folder / "planted.json").symlink_to(file)
    assert [found.key for found in journal.entries()] == [file.stem]


def test_what_is_another_user_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "roma-provider", FakeClock())
    journal.write(entry())
    lock(journal)
    monkeypatch.setattr(own_files, "os", SimpleNamespace(**{**vars(os), "geteuid": lambda: os.getuid() + 4711}))
    if os.getuid() == 0:
        # Root's own counts as everybody's.
        monkeypatch.setattr(own_files, "_is_ours", lambda _found: False)
    assert journal.entries() == []
    with pytest.raises(JournalError, match=REFUSED):
        journal.write(entry())
    with pytest.raises(JournalError, match=REFUSED):
        lock(journal)
    with pytest.raises(JournalError, match="XDG_STATE_HOME"):
        lock(journal)


def test_notes_of_a_run_are_not_written_through_a_link(tmp_path: Path) -> None:
    base = tmp_path / "roma-provider"
    (tmp_path / "elsewhere").mkdir()
    base.mkdir()
    (base / "runs").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="link"):
        Run(base, "127.0.0.1:1").refer("i", "one")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_of_one_s_own_may_be_the_state_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "state").symlink_to(tmp_path / "real")
    Journal(tmp_path / "state" / "roma-provider", FakeClock()).write(entry())
    assert (tmp_path / "real" / "roma-provider" / "journal").is_dir()
