"""The written record of creations under way, for what a crash would forget.

One file for each creation, in the user's state directory, readable by the owner alone and replaced
atomically: *intent* before POST, the *id* after it. An entry is open, and can be resumed, from POST until the
hook has answered a living engine. An answered one is a witness only: that the engine was told does not mean that
it could save what it was told. It goes when the engine names the instance, by which it shows that it did. The
key is URN, project id and region, never the endpoint's port.

No secret is ever in an entry: its fields are listed one by one in :class:`Entry`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ..clock import Clock, Stop
from ..errors import JournalError

try:
    import fcntl
except ImportError:  # Windows: no lock between runs; the look-up by name remains
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("roma_provider")

FOLDER = "roma-provider"
HOLD_SECONDS = 15.0
_LOCK_PAUSE = 0.2


@dataclass(frozen=True)
class Entry:
    """A creation under way.

    ``arguments`` is a digest, since an argument may be a secret; ``posted_at`` is epoch seconds; ``seen`` says
    that /process has known the instance, so that a 404 means that it is gone and not that it is to come;
    ``host`` is the endpoint's; ``answered`` says that the engine was given the outcome.
    """

    urn: str
    region: str
    project_id: str
    name: str
    folder: str
    arguments: str
    posted_at: float
    host: str = ""
    instance_id: str | None = None
    seen: bool = False
    answered: bool = False
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def file(self) -> str:
        """The name of its file, which tells an open entry from an answered one."""
        return f"{self.key}.answered" if self.answered else f"{self.key}.json"

    def is_of(self, urn: str, region: str, project_id: str) -> bool:
        return (self.urn, self.region, self.project_id) == (urn, region, project_id)

    def matches(self, folder: str, name: str, arguments: str) -> bool:
        """Whether a creation may resume this one: the same program folder, name and arguments."""
        return (self.folder, self.name, self.arguments) == (folder, name, arguments)


_FIELDS = frozenset(field.name for field in fields(Entry)) - {"answered"}  # which the file's name tells


def digest(arguments: Mapping[str, Any]) -> str:
    """A digest of arguments that tells whether two creations are of the same."""
    return hashlib.sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()


def state_folder(environment: Mapping[str, str]) -> Path | None:
    """$XDG_STATE_HOME or ~/.local/state, on Windows %LOCALAPPDATA%; None for a user without a home."""
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
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    return base / name


def _entry(data: Any, key: str) -> Entry:
    """The entry that a file holds; ValueError or TypeError if it holds none."""
    if not isinstance(data, dict):
        raise TypeError("not an entry")
    entry = Entry(**{**{name: data[name] for name in _FIELDS if name in data}, "key": key})
    texts = (entry.urn, entry.region, entry.project_id, entry.name, entry.folder, entry.arguments, entry.host)
    if not all(isinstance(text, str) for text in texts) or not isinstance(entry.posted_at, int | float):
        raise ValueError("not an entry")
    if not isinstance(entry.instance_id, str | None) or not isinstance(entry.seen, bool):
        raise ValueError("not an entry")
    return entry


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
        text = json.dumps({key: value for key, value in asdict(entry).items() if key in _FIELDS}, sort_keys=True)
        if self._folder is None:
            raise _unwritable(None, None)
        try:
            folder = _made(self._folder, "journal")
            descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")  # mode 0600
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                # An answered entry stays one: its file has another name by now.
                witness = replace(entry, answered=True)
                os.replace(temporary, folder / (witness if (folder / witness.file).exists() else entry).file)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        return entry

    def set_id(self, entry: Entry, instance_id: str) -> Entry:
        return self.write(replace(entry, instance_id=instance_id))

    def mark_seen(self, entry: Entry) -> None:
        """/process has known the instance."""
        with contextlib.suppress(JournalError):  # then the next run asks for it a little longer, no more
            self.write(replace(entry, seen=True))

    def mark_answered(self, entry: Entry) -> None:
        """The engine is being given the outcome. A new name, since a full disk still takes that."""
        if self._folder is not None:
            folder = self._folder / "journal"
            with contextlib.suppress(OSError):
                os.replace(folder / entry.file, folder / replace(entry, answered=True).file)

    def close(self, entry: Entry) -> None:
        """Forget a creation: the state knows its outcome, or there is nothing to know."""
        if self._folder is not None:
            for answered in (False, True):
                with contextlib.suppress(OSError):
                    (self._folder / "journal" / replace(entry, answered=answered).file).unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                (self._folder / "locks" / entry.key).unlink(missing_ok=True)

    def close_instance(self, instance_id: str) -> None:
        """Forget every creation of an instance that the state holds or that is deleted."""
        for entry in self.of_instance(instance_id):
            self.close(entry)

    def of_instance(self, instance_id: str) -> list[Entry]:
        """The entries of an instance."""
        return [entry for entry in self.entries() if entry.instance_id == instance_id]

    def entries(self) -> list[Entry]:
        """All entries, open and answered, the oldest first. A file that cannot be read as one is left alone."""
        found = []
        try:
            folder = None if self._folder is None else self._folder / "journal"
            paths = [] if folder is None else [*folder.glob("*.json"), *folder.glob("*.answered")]
        except OSError:
            paths = []
        for path in paths:
            try:
                entry = _entry(json.loads(path.read_text(encoding="utf-8")), path.stem)
                found.append(replace(entry, answered=path.suffix == ".answered"))
            except (OSError, ValueError, TypeError, RecursionError):
                continue
        return sorted(found, key=lambda entry: (entry.posted_at, entry.key))

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
    def hold(self, entry: Entry, stop: Stop) -> Iterator[bool]:
        """Hold an entry for as long as its hook works on it; gives False if another run's hook does."""
        # Not at once: the process of a run that was killed may take a moment to notice.
        with self._locked(entry.key, stop, HOLD_SECONDS) as held:
            yield held

    @contextlib.contextmanager
    def _locked(self, file: str, stop: Stop, seconds: float) -> Iterator[bool]:
        if fcntl is None:
            yield True
            return
        if self._folder is None:
            raise _unwritable(None, None)
        try:
            descriptor = os.open(_made(self._folder, "locks") / file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        try:
            yield self._acquire(descriptor, stop, seconds)
        finally:
            os.close(descriptor)  # and so gives the lock back

    def _acquire(self, descriptor: int, stop: Stop, seconds: float) -> bool:
        until = self._clock.monotonic() + seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self._clock.monotonic() >= until or self._clock.sleep(_LOCK_PAUSE, stop):
                    return False
            except OSError as error:
                # Some network file systems have no locks; the look-up by name remains.
                log.warning("no lock between runs on this machine: %s", error)
                return True
            else:
                return True
