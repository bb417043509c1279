"""The written record of creations under way, for what a crash would forget.

One file for each order, in the user's state directory, readable by the owner alone and replaced atomically. This
module only keeps them; what their stages mean, and who moves them, is in ``custody``. An order belongs to a URN, a
project id and a region, never to the endpoint's port.

The format has a version, and is frozen with the first release (docs/compatibility.md). A program that finds an entry
of another version leaves it alone, and orders nothing for its resource or of its name.

No secret is ever in an entry: its fields are listed one by one in :class:`Entry`.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import logging
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import Enum
from pathlib import Path
from typing import Any

from ..clock import Clock, Stop
from ..config.keys import JOURNAL
from ..errors import JournalError
from . import locking, own_files

log = logging.getLogger("roma_provider")

FOLDER = "roma-provider"
VERSION = 1
HOLD_SECONDS = 15.0
_LOCK_PAUSE = 0.2


class Stage(Enum):
    """How far an order is; see ``custody``. The value is what a file says."""

    INTENT = "intent"
    ORDERED = "ordered"
    SEEN = "seen"
    TOLD = "told"
    ANSWERED = "answered"
    DELETING = "deleting"
    DELETED = "deleted"
    ADOPTED = "adopted"


# The name of a file tells whether its order was answered: a new name is what a full disk still takes.
_ON_DISK = {Stage.TOLD: Stage.ORDERED, Stage.ANSWERED: Stage.SEEN}
ANSWERED_AS = {Stage.INTENT: Stage.TOLD, Stage.ORDERED: Stage.TOLD, Stage.SEEN: Stage.ANSWERED}
"""What an order is when the engine has been given it (an intent: its id could not be written)."""
_OPEN_SUFFIX, _ANSWERED_SUFFIX = ".json", ".answered"


@dataclass(frozen=True)
class Entry:
    """An order, a deletion or an adoption (of which ``arguments`` and ``folder`` say nothing).

    ``arguments`` is a digest, since an argument may be a secret; ``posted_at`` is epoch seconds; ``host`` is the
    endpoint's; ``backend`` is a digest of the address of Pulumi's backend, "" where it is not known; ``instance_id`` is
    None until it is known.
    """

    urn: str
    region: str
    project_id: str
    name: str
    folder: str
    arguments: str
    posted_at: float
    host: str = ""
    backend: str = ""
    instance_id: str | None = None
    stage: Stage = Stage.INTENT
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def is_order(self) -> bool:
        """Whether this is an order: neither a deletion nor an adoption."""
        return not self.is_deletion and self.stage is not Stage.ADOPTED

    @property
    def is_deletion(self) -> bool:
        """Whether this is the deletion of an instance."""
        return self.stage in (Stage.DELETING, Stage.DELETED)

    @property
    def is_answered(self) -> bool:
        """Whether the engine was given the outcome."""
        return self.stage in _ON_DISK

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.key + (_ANSWERED_SUFFIX if self.is_answered else _OPEN_SUFFIX)

    def is_of(self, urn: str, region: str, project_id: str) -> bool:
        return (self.urn, self.region, self.project_id) == (urn, region, project_id)

    def matches(self, folder: str, name: str, arguments: str) -> bool:
        """Whether a creation may resume this one: the same program folder, name and arguments."""
        return (self.folder, self.name, self.arguments) == (folder, name, arguments)


_FIELDS = frozenset(field.name for field in fields(Entry)) - {"stage"}
_TEXTS = ("urn", "region", "project_id", "name", "folder", "arguments", "host", "backend")


def digest(arguments: Mapping[str, Any]) -> str:
    """A digest of arguments that tells whether two creations are of the same."""
    return hashlib.sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()


def state_folder(environment: Mapping[str, str]) -> Path | None:
    """$ROMA_JOURNAL, else a folder of our own in $XDG_STATE_HOME or ~/.local/state, on Windows %LOCALAPPDATA%; None for
    a user without a home."""
    chosen = environment.get(JOURNAL.variable, "").strip()
    if chosen and Path(chosen).is_absolute():  # of another one check says what is wrong
        return Path(chosen)
    base = environment.get("XDG_STATE_HOME") or environment.get("LOCALAPPDATA")
    try:
        # A relative path is to be ignored, says the XDG specification; it would depend on the working folder.
        return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".local" / "state") / FOLDER
    except RuntimeError:
        return None


def _unwritable(folder: Path | None, error: OSError | None) -> JournalError:
    place = folder or "the home folder, which this user has none of,"
    reason = f" ({error.strerror})" if error else ""
    return JournalError(
        f"the journal of creations in {place} cannot be written{reason}; make it writable, or set XDG_STATE_HOME to "
        "a folder that is. Without it nothing is created, since a crash could then lose the instance"
    )


def _made(base: Path, name: str) -> Path:
    for folder in (base, base / name):
        own_files.make_folder(folder)
    return base / name


def _as_json(entry: Entry) -> str:
    shown = {key: value for key, value in asdict(entry).items() if key in _FIELDS}
    stage = _ON_DISK.get(entry.stage, entry.stage).value
    return json.dumps({"version": VERSION, "stage": stage, **shown}, sort_keys=True)


def _version(data: Mapping[str, Any]) -> int:
    """The version of a file's format; 0 where it says none."""
    version = data.get("version")
    return version if isinstance(version, int) and not isinstance(version, bool) else 0


def _is_known(data: Mapping[str, Any]) -> bool:
    """Whether this version knows what a file of a version says."""
    return _version(data) == VERSION and data.get("stage") in {stage.value for stage in Stage}


def _entry(path: Path) -> Entry:
    """The entry that a file holds; OSError, ValueError or TypeError if it holds none that this version can read."""
    return _parsed(path.read_text(encoding="utf-8"), path.stem, path.suffix)


# Each of many creations reads the entries of all, which hardly change.
@functools.lru_cache(maxsize=4096)
def _parsed(text: str, key: str, suffix: str) -> Entry:
    data = json.loads(text)
    if not isinstance(data, dict) or _version(data) != VERSION:
        raise ValueError("not an entry of this version")
    entry = Entry(**{**{name: data[name] for name in _FIELDS if name in data}, "key": key})
    if not all(isinstance(getattr(entry, name), str) for name in _TEXTS):
        raise ValueError("not an entry")
    if not isinstance(entry.posted_at, int | float) or not isinstance(entry.instance_id, str | None):
        raise ValueError("not an entry")
    stage = Stage(data.get("stage"))
    if stage in _ON_DISK:
        raise ValueError("a stage that only the file's name tells")
    return replace(entry, stage=ANSWERED_AS.get(stage, stage) if suffix == _ANSWERED_SUFFIX else stage)


class Journal:
    """The entries in one folder, and the locks beside them."""

    def __init__(self, folder: Path | None, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    @classmethod
    def of(cls, environment: Mapping[str, str], clock: Clock) -> Journal:
        return cls(state_folder(environment), clock)

    def write(self, entry: Entry) -> Entry:
        """Put an entry on disk, in place of an earlier version of it; JournalError if that cannot be done."""
        if self._folder is None:
            raise _unwritable(None, None)
        try:
            folder = _made(self._folder, "journal")
            descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")  # mode 0600
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(_as_json(entry))
                    file.flush()
                    os.fsync(file.fileno())
                # A file keeps its name, which tells whether it was answered; only `mark_answered` changes that.
                names = [folder / (entry.key + suffix) for suffix in (_ANSWERED_SUFFIX, _OPEN_SUFFIX)]
                os.replace(temporary, next((path for path in names if path.exists()), folder / entry.file))
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        return entry

    def update(self, entry: Entry) -> None:
        """As :meth:`write`, of an entry that is there: one that was closed meanwhile stays closed."""
        if self._folder is None:
            raise _unwritable(None, None)
        folder = self._folder / "journal"
        if any((folder / (entry.key + suffix)).exists() for suffix in (_OPEN_SUFFIX, _ANSWERED_SUFFIX)):
            self.write(entry)

    def mark_answered(self, entry: Entry) -> None:
        """The engine is being given the outcome."""
        if self._folder is not None:
            folder = self._folder / "journal"
            with contextlib.suppress(OSError):
                os.replace(folder / (entry.key + _OPEN_SUFFIX), folder / (entry.key + _ANSWERED_SUFFIX))

    def close(self, entry: Entry) -> None:
        """Forget an order."""
        if self._folder is not None:
            for suffix in (_OPEN_SUFFIX, _ANSWERED_SUFFIX):
                with contextlib.suppress(OSError):
                    (self._folder / "journal" / (entry.key + suffix)).unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                (self._folder / "locks" / entry.key).unlink(missing_ok=True)

    def entries(self) -> list[Entry]:
        """All entries, open and answered, the oldest first. A file that cannot be read as one is left alone."""
        found = []
        for path in self._files():
            try:
                found.append(_entry(path))
            except (OSError, ValueError, TypeError, RecursionError):
                continue
        return sorted(found, key=lambda entry: (entry.posted_at, entry.key))

    def unread(self) -> int:
        """How many files there are that are no entries to this version."""
        return len(self._files()) - len(self.entries())

    def of_another_version(self, urn: str, place: tuple[str, str, str]) -> Path | None:
        """The file of an order that another version of this package has written, if there is one of this resource, or
        of this name in this project: ``place`` is region, project id and name. None of its fields is trusted further.
        """
        for path in self._files():
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError, RecursionError):
                continue
            if not isinstance(data, dict) or "version" not in data or _is_known(data):
                continue
            if data.get("urn") == urn or tuple(data.get(key) for key in ("region", "project_id", "name")) == place:
                return path
        return None

    def _files(self) -> list[Path]:
        if self._folder is None:
            return []
        folder = self._folder / "journal"
        if not all(map(own_files.is_own, (self._folder, folder))):
            return []
        try:
            found = [*folder.glob(f"*{_OPEN_SUFFIX}"), *folder.glob(f"*{_ANSWERED_SUFFIX}")]
            return [path for path in found if own_files.is_own(path)]
        except OSError:
            return []

    @contextlib.contextmanager
    def lock(self, region: str, project_id: str, name: str, stop: Stop, seconds: float) -> Iterator[bool]:
        """Hold the lock on a name in a project, between the runs of this user on this machine.

        Gives whether it was got within ``seconds`` (and before ``stop``).
        """
        file = hashlib.sha256("\0".join((region, project_id, name)).encode()).hexdigest()[:32]
        # The file stays: removing it would let two runs hold "the" lock on two files of that name.
        with self._locked(file, stop, seconds) as held:
            yield held

    @contextlib.contextmanager
    def hold(self, entry: Entry, stop: Stop, seconds: float = HOLD_SECONDS) -> Iterator[bool]:
        """Hold an entry for as long as its hook works on it; gives False if another run's hook does."""
        # Not at once: the process of a run that was killed may take a moment to notice.
        with self._locked(entry.key, stop, seconds) as held:
            yield held

    @contextlib.contextmanager
    def _locked(self, file: str, stop: Stop, seconds: float) -> Iterator[bool]:
        if self._folder is None:
            raise _unwritable(None, None)
        try:
            descriptor = own_files.open_file(_made(self._folder, "locks") / file)
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        try:
            yield self._acquire(descriptor, stop, seconds)
        finally:
            locking.give_back(descriptor)

    def _acquire(self, descriptor: int, stop: Stop, seconds: float) -> bool:
        until = self._clock.monotonic() + seconds
        while True:
            try:
                if locking.take(descriptor):
                    return True
            except OSError as error:
                # Some network file systems have no locks; the look-up by name remains.
                log.warning("no lock between runs on this machine: %s", error)
                return True
            if self._clock.monotonic() >= until or self._clock.sleep(_LOCK_PAUSE, stop):
                return False
