"""What the emulator remembers, in SQLite: instances, tokens, failed signatures, settings, counters.

One file may be used by several threads and by several emulators (processes) at a time.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

_VERSION = 2
_BUSY_SECONDS = 20.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS instances (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    instance_id TEXT NOT NULL UNIQUE,
    project_id TEXT NOT NULL,
    job_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    request TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    creation_seconds REAL NOT NULL,
    scenario TEXT NOT NULL,
    deleted_at INTEGER,
    gone_at INTEGER,
    status TEXT,
    fields TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS instances_of_project ON instances (project_id, number);
CREATE TABLE IF NOT EXISTS tokens (
    digest TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    project_id TEXT
);
CREATE TABLE IF NOT EXISTS signature_failures (
    access_key TEXT PRIMARY KEY, failures INTEGER NOT NULL, locked_until INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT OR IGNORE INTO counters VALUES ('created', 0), ('deleted', 0), ('most_creating_at_once', 0);
"""


class StoreError(Exception):
    """The database cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class InstanceRecord:
    """An instance as it was ordered, and what was done to it since. Times are epoch milliseconds.

    `request` is the body of the POST; `deleted_at` the time of the DELETE; `gone_at` when it vanishes or
    vanished; `status` and `fields` (under the names of `/process`) are overrides made through the control
    endpoints.
    """

    instance_id: str
    project_id: str
    job_id: str
    order_id: str
    user_id: str
    user_name: str
    request: Mapping[str, Any]
    created_at: int
    creation_seconds: float
    scenario: str
    deleted_at: int | None
    gone_at: int | None
    status: str | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class User:
    """Who calls."""

    user_id: str
    user_name: str


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """What is known of a token. `expires_at` is epoch milliseconds; `project_id` the one project that it opens, None
    for any."""

    user: User
    expires_at: int
    project_id: str | None


_COLUMNS = tuple(field.name for field in fields(InstanceRecord))
_JSON = ("request", "fields")
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM instances "  # noqa: S608 - our own column names
_LIVE = "(gone_at IS NULL OR gone_at > :now) "


def _record(row: tuple[Any, ...]) -> InstanceRecord:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in _JSON:
        values[name] = json.loads(values[name])
    return InstanceRecord(**values)


def _column(name: str, value: Any) -> Any:
    return json.dumps(value) if name in _JSON else value


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


class Store:
    """The database. `path` None keeps it in memory."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                str(path) if path is not None else ":memory:",
                timeout=_BUSY_SECONDS,
                isolation_level=None,  # transactions are begun by hand, IMMEDIATE: an upgrade could deadlock
                check_same_thread=False,
            )
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"cannot open the database {path}: {error}; name another file") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise StoreError(f"cannot use the database {path}: {error}; name another file") from error
        except StoreError:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        self._use_wal()
        self._connection.execute("PRAGMA synchronous = NORMAL")
        with self._transaction():
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version not in (0, 1, _VERSION):
                raise StoreError(
                    f"the database was written by another version of the emulator (layout {version}, "
                    f"this one has {_VERSION}); name another file or remove it"
                )
            if version == 1:
                self._connection.execute("ALTER TABLE tokens ADD COLUMN project_id TEXT")
            # Statement by statement: executescript() would commit first and leave the transaction.
            for statement in _SCHEMA.split(";"):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {_VERSION}")

    def _use_wal(self) -> None:
        # Two processes that switch a new file to WAL at the same moment: SQLite does not wait here, whatever
        # the timeout.
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _rows(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    # --- instances

    def add(self, record: InstanceRecord) -> None:
        """Keep a new instance, and count it."""
        values = {name: _column(name, getattr(record, name)) for name in _COLUMNS}
        marks = ", ".join(f":{name}" for name in _COLUMNS)
        with self._transaction():
            self._connection.execute(
                f"INSERT INTO instances ({', '.join(_COLUMNS)}) VALUES ({marks})",  # noqa: S608
                values,
            )
            self._count("created")

    def get(self, instance_id: str, now: int) -> InstanceRecord | None:
        """An instance that is there at `now`."""
        rows = self._rows(_SELECT + f"WHERE instance_id = :id AND {_LIVE}", {"id": instance_id, "now": now})
        return _record(rows[0]) if rows else None

    def live(self, now: int, project_id: str | None = None) -> list[InstanceRecord]:
        """The instances that are there at `now`, oldest first."""
        where = f"WHERE {_LIVE}" + ("AND project_id = :project_id " if project_id is not None else "")
        parameters = {"now": now} | ({"project_id": project_id} if project_id is not None else {})
        return [_record(row) for row in self._rows(_SELECT + where + "ORDER BY number", parameters)]

    def delete(self, instance_id: str, now: int, gone_at: int) -> None:
        """Begin to delete. A second DELETE changes nothing; an override of the status ends."""
        with self._transaction():
            changed = self._connection.execute(
                "UPDATE instances SET deleted_at = ?, gone_at = ?, status = NULL "
                "WHERE instance_id = ? AND deleted_at IS NULL",
                (now, gone_at, instance_id),
            ).rowcount
            if changed:
                self._count("deleted")

    def change(self, instance_id: str, changes: Mapping[str, Any]) -> None:
        """Set columns of an instance."""
        if changes:
            settings = ", ".join(f"{name} = :{name}" for name in changes)
            values = {name: _column(name, value) for name, value in changes.items()}
            with self._transaction():
                self._connection.execute(
                    f"UPDATE instances SET {settings} WHERE instance_id = :id",  # noqa: S608
                    values | {"id": instance_id},
                )

    # --- tokens

    def add_token(self, token: str, issued: IssuedToken) -> None:
        with self._transaction():
            self._connection.execute(
                "INSERT INTO tokens (digest, user_id, user_name, expires_at, project_id) VALUES (?, ?, ?, ?, ?)",
                (_digest(token), issued.user.user_id, issued.user.user_name, issued.expires_at, issued.project_id),
            )

    def token(self, token: str) -> IssuedToken | None:
        """What is known of a token; None for one that was never issued."""
        rows = self._rows(
            "SELECT user_id, user_name, expires_at, project_id FROM tokens WHERE digest = :digest",
            {"digest": _digest(token)},
        )
        return IssuedToken(User(rows[0][0], rows[0][1]), rows[0][2], rows[0][3]) if rows else None

    def expire_tokens(self, now: int) -> None:
        """End every token issued so far."""
        with self._transaction():
            self._connection.execute("UPDATE tokens SET expires_at = min(expires_at, ?)", (now,))

    # --- access keys

    def locked_until(self, access_key: str) -> int:
        """When the key's lock ends or ended; 0 if it has none."""
        rows = self._rows("SELECT locked_until FROM signature_failures WHERE access_key = :key", {"key": access_key})
        return int(rows[0][0]) if rows else 0

    def count_failure(self, access_key: str, bound: int, locked_until: int) -> None:
        """Count a bad signature; the `bound`-th in a row locks the key, and the count begins anew."""
        with self._transaction():
            self._connection.execute(
                "INSERT INTO signature_failures VALUES (?, 1, 0) "
                "ON CONFLICT (access_key) DO UPDATE SET failures = failures + 1",
                (access_key,),
            )
            self._connection.execute(
                "UPDATE signature_failures SET failures = 0, locked_until = ? WHERE access_key = ? AND failures >= ?",
                (locked_until, access_key, bound),
            )

    def forgive(self, access_key: str) -> None:
        """A good signature: what went before is forgotten."""
        known = self._rows("SELECT 1 FROM signature_failures WHERE access_key = :key", {"key": access_key})
        if known:  # a write would be too much for every call
            with self._transaction():
                self._connection.execute("DELETE FROM signature_failures WHERE access_key = ?", (access_key,))

    # --- settings and counters

    def settings(self) -> dict[str, Any]:
        return {name: json.loads(value) for name, value in self._rows("SELECT name, value FROM settings", {})}

    def change_settings(self, changes: Mapping[str, Any]) -> None:
        with self._transaction():
            self._connection.executemany(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)",
                [(name, json.dumps(value)) for name, value in changes.items()],
            )

    def counters(self) -> dict[str, int]:
        return dict(self._rows("SELECT name, value FROM counters", {}))

    def raise_counter(self, name: str, value: int) -> None:
        """Keep the greater of the counter's value and `value`."""
        with self._transaction():
            self._connection.execute("UPDATE counters SET value = max(value, ?) WHERE name = ?", (value, name))

    def _count(self, name: str) -> None:
        self._connection.execute("UPDATE counters SET value = value + 1 WHERE name = ?", (name,))
