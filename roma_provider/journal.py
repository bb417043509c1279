"""The written record of creations under way, for what a crash would forget.

One file for each creation, in the user's state directory, readable by the owner alone and replaced
atomically: *intent* before POST, the *id* after it. An entry is open from POST until the hook has answered a
living engine; then the engine's state knows the instance and the entry goes. What is left over is a creation
whose engine or plugin died. The key is URN, project id and region, never the endpoint's port.

No secret is ever in an entry: its fields are listed one by one in :class:`Entry`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from .clock import Clock, Stop
from .errors import JournalError

try:
    import fcntl
except ImportError:  # Windows: no lock between runs; the look-up by name remains
    fcntl = None  # type: ignore[assignment]

FOLDER = "roma-provider"
_LOCK_PAUSE = 0.2


@dataclass(frozen=True)
class Entry:
    """A creation under way.

    ``arguments`` is a digest, since an argument may be a secret; ``posted_at`` is epoch seconds;
    ``answered`` says that the engine was given the outcome (whether it saved it is not known).
    """

    urn: str
    region: str
    project_id: str
    name: str
    folder: str
    arguments: str
    posted_at: float
    instance_id: str | None = None
    answered: bool = False
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    def is_of(self, urn: str, region: str, project_id: str) -> bool:
        return (self.urn, self.region, self.project_id) == (urn, region, project_id)

    def resumable(self, folder: str, name: str, arguments: str) -> bool:
        """Whether a creation may resume this one: the same program folder, name and arguments.

        Never one that was answered: the state may hold it, and a replacement that resumed the very
        instance it replaces would then delete the only one.
        """
        return not self.answered and (self.folder, self.name, self.arguments) == (folder, name, arguments)


def digest(arguments: Mapping[str, Any]) -> str:
    """A digest of arguments that tells whether two creations are of the same."""
    return hashlib.sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()


def state_folder(environment: Mapping[str, str]) -> Path:
    """$XDG_STATE_HOME or ~/.local/state, on Windows %LOCALAPPDATA%."""
    base = environment.get("XDG_STATE_HOME") or environment.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".local" / "state") / FOLDER


class Journal:
    """The entries in one folder, and the locks beside them."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    @classmethod
    def of(cls, environment: Mapping[str, str], clock: Clock) -> Journal:
        return cls(state_folder(environment), clock)

    def write(self, entry: Entry) -> Entry:
        """Put an entry on disk, in place of an earlier version of it; JournalError if that cannot be done."""
        text = json.dumps(asdict(entry), sort_keys=True)
        try:
            self._make_folder(self._entries)
            descriptor, temporary = tempfile.mkstemp(dir=self._entries, prefix=".new-")  # mode 0600
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, self._path(entry))
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise JournalError(
                f"the journal of creations in {self._folder} cannot be written ({error.strerror}); make it "
                "writable, or set XDG_STATE_HOME to a folder that is. Without it nothing is created, since a "
                "crash could then lose the instance"
            ) from error
        return entry

    def set_id(self, entry: Entry, instance_id: str) -> Entry:
        return self.write(replace(entry, instance_id=instance_id))

    def mark_answered(self, entry: Entry) -> None:
        """The engine is being given the outcome; from here on the entry is a witness, not to be resumed."""
        try:
            self.write(replace(entry, answered=True))
        except JournalError:
            self.close(entry)

    def close(self, entry: Entry) -> None:
        """Forget a creation: the state knows its outcome, or there is nothing to know."""
        with contextlib.suppress(OSError):
            self._path(entry).unlink(missing_ok=True)

    def close_instance(self, instance_id: str) -> None:
        """Forget every creation of an instance that the state holds or that is deleted."""
        for entry in self.entries():
            if entry.instance_id == instance_id:
                self.close(entry)

    def close_answered(self, urn: str) -> None:
        """Forget the answered creations of a resource that the state holds."""
        for entry in self.entries():
            if entry.answered and entry.urn == urn:
                self.close(entry)

    def entries(self) -> list[Entry]:
        """All open entries, the oldest first. A file that cannot be read as one is left alone."""
        found = []
        for path in self._entries.glob("*.json") if self._entries.is_dir() else ():
            try:
                known = {field.name for field in fields(Entry)}
                data = json.loads(path.read_text(encoding="utf-8"))
                found.append(Entry(**{key: value for key, value in data.items() if key in known}))
            except (OSError, ValueError, TypeError, AttributeError):
                continue
        return sorted(found, key=lambda entry: (entry.posted_at, entry.key))

    @contextlib.contextmanager
    def lock(self, region: str, project_id: str, name: str, stop: Stop, seconds: float) -> Iterator[bool]:
        """Hold the lock on a name in a project, between the runs of this user on this machine.

        Gives whether it was got within ``seconds`` (and before ``stop``).
        """
        if fcntl is None:
            yield True
            return
        file = hashlib.sha256("\0".join((region, project_id, name)).encode()).hexdigest()[:32]
        folder = self._folder / "locks"
        try:
            self._make_folder(folder)
            # The file stays: removing it would let two runs hold "the" lock on two files of that name.
            descriptor = os.open(folder / file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise JournalError(f"no lock can be made in {folder} ({error.strerror}); make it writable") from error
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
            else:
                return True

    @property
    def _entries(self) -> Path:
        return self._folder / "journal"

    def _path(self, entry: Entry) -> Path:
        return self._entries / f"{entry.key}.json"

    @staticmethod
    def _make_folder(folder: Path) -> None:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
