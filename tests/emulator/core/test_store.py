"""The database: what it keeps, for whom, and which files it refuses."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from roma_provider.emulator import Emulator, EmulatorSettings, Statistics
from roma_provider.emulator.core.store import Store, StoreError
from tests.support.emulator import Api, SettableClock


def test_a_database_outlives_its_emulator(tmp_path: Path, clock: SettableClock) -> None:
    database = tmp_path / "a folder" / "that is not there" / "emulator.db"
    with Emulator(database, creation_seconds=100, scenario="slow", list_lag_seconds=7, clock=clock) as emulator:
        api = Api(emulator.url)
        instance_id = api.create()
        token = api.sign_in().headers["X-Subject-Token"]
        before = api.process(instance_id)
    with Emulator(database, clock=clock) as emulator:
        theirs = Api(emulator.url, token=token)
        assert theirs.process(instance_id) == before
        assert emulator.control.settings() == EmulatorSettings(100.0, "slow", 1.0, 7.0, 86400.0, 1, "as-ordered", 0.0)
        assert emulator.control.statistics() == Statistics(1, 1, 0)
        clock.tick(1000)
        assert theirs.process(instance_id)["progress"] == 100
    with Emulator(database, scenario="ready", clock=clock) as emulator:
        assert emulator.control.settings() == EmulatorSettings(100.0, "ready", 1.0, 7.0, 86400.0, 1, "as-ordered", 0.0)


def test_two_emulators_on_one_database(tmp_path: Path, clock: SettableClock) -> None:
    database = tmp_path / "emulator.db"
    with (
        Emulator(database, list_lag_seconds=0, clock=clock) as one,
        Emulator(database, clock=clock) as other,
    ):
        instance_id = Api(one.url).create()
        assert Api(other.url).process(instance_id)["instance_id"] == instance_id
        other.control.patch_instance(instance_id, gone=True)
        assert Api(one.url).listed()["total"] == 0


def test_reading_goes_on_while_another_process_writes(tmp_path: Path) -> None:
    database = tmp_path / "emulator.db"
    with Emulator(database, list_lag_seconds=0) as emulator:
        instance_id = Api(emulator.url).create()
        writer = sqlite3.connect(database, isolation_level=None)
        writer.execute("BEGIN EXCLUSIVE")
        try:
            assert Api(emulator.url).process(instance_id)["instance_id"] == instance_id
            assert Api(emulator.url).listed()["total"] == 1
        finally:
            writer.execute("ROLLBACK")
            writer.close()


_WRITER = """
import sys
from pathlib import Path
from roma_provider.emulator.core.store import IssuedToken, Store, User
store = Store(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.readline()
for number in range(200):
    store.add_token(f"{sys.argv[2]}-{number}", IssuedToken(User("id", sys.argv[2]), number, None))
    store.raise_counter("most_creating_at_once", number)
store.close()
"""


@pytest.mark.slow
def test_two_processes_write_one_database(tmp_path: Path) -> None:
    database = tmp_path / "emulator.db"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(database), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
    for writer in writers:
        writer.communicate("go\n")
    assert [writer.returncode for writer in writers] == [0, 0]
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT user_name, count(*) FROM tokens GROUP BY 1 ORDER BY 1").fetchall()
    connection.close()
    assert rows == [("one", 200), ("two", 200)]
    store = Store(database)
    assert store.counters()["most_creating_at_once"] == 199
    store.close()


def test_a_new_database_opened_by_many_at_once(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def open_it() -> None:
        try:
            Store(tmp_path / "new.db").close()
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_database_of_the_layout_before_keeps_its_tokens(tmp_path: Path, clock: SettableClock) -> None:
    database = tmp_path / "emulator.db"
    with Emulator(database, clock=clock) as emulator:
        token = Api(emulator.url).sign_in().headers["X-Subject-Token"]
    connection = sqlite3.connect(database)
    connection.execute("ALTER TABLE tokens DROP COLUMN project_id")
    connection.execute("DROP TABLE signature_failures")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    for _ in range(2):
        with Emulator(database, clock=clock) as emulator:
            assert Api(emulator.url, token=token).get_list().status_code == 200


def test_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, but long enough to be looked at as one" * 50)
    with pytest.raises(StoreError, match=r"cannot use the database .*text\.db: .*; name another file"):
        Emulator(tmp_path / "text.db").start()
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot open the database"):
        Emulator(tmp_path / "file" / "x.db").start()
    connection = sqlite3.connect(tmp_path / "newer.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match=r"another version of the emulator \(layout 99"):
        Emulator(tmp_path / "newer.db").start()
