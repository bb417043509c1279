"""What the processes of one run of the engine tell each other: the program, and each of its plugin processes.

A guard that rests on one process does not hold: with ``--target`` the engine checks nothing of what is not
targeted, and a provider resource of its own has a plugin process of its own. But the program runs in every case, and
all of its processes know the engine's address. So each leaves its notes in a folder that is named after that
address, below the journal's own folder: readable by its owner alone, one file a note, without secrets.

An address is used again one day, by an engine that knows nothing of these notes. So a plugin that connects removes
the folders of engines that do not answer any more, and those that are older than a day. Containers that share this
folder have addresses of their own each: so a folder says its machine, too, and another machine's is judged by its age.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..clock import Clock
from . import own_files
from .journal import state_folder
from .urns import in_its_stack, name_of

FOLDER = "runs"
STALE_SECONDS = 86400.0
_ENGINE = "engine"  # the file that says whose notes these are
_REFERENCES, _ADOPTIONS, _NAMES, _RETAINED = "references", "adoptions", "names", "retained"
_HOLDERS = "holders"


class Run:
    """The notes of one run of the engine. Without a folder a process knows its own alone. Safe to share between
    threads."""

    def __init__(self, base: Path | None, address: str | None, machine: str | None = None) -> None:
        self._base = None if base is None else base / FOLDER
        self._address = address or ""
        self._machine = socket.gethostname() if machine is None else machine
        known = self._base is not None and bool(address)
        self._folder = self._base / _digest(self._address, self._machine) if known and self._base is not None else None
        self._lock = threading.Lock()
        self._told: set[tuple[str, tuple[str, ...], str]] = set()  # by this process, should the disk not take it

    @classmethod
    def none(cls) -> Run:
        """No run is known: what is noted stays in this process."""
        return cls(None, None)

    @classmethod
    def of(cls, environment: Mapping[str, str], address: str | None, machine: str | None = None) -> Run:
        """The run of the engine at ``address`` (host:port) of a ``machine`` (this one, by its host name); none where
        the address is not known."""
        return cls(state_folder(environment), address, machine)

    @property
    def is_known(self) -> bool:
        return self._folder is not None

    def refer(self, instance_id: str, by: str) -> None:
        """The program refers to an instance, by its resource ``by``. OSError where other processes cannot be told."""
        self._write(_REFERENCES, (instance_id,), by)

    def adopt(self, instance_id: str, by: str) -> None:
        """The program's resource ``by`` is to adopt an instance, or has done so. It is named as in its URN after stack
        and project, since resources of several parents may have one name. OSError where other processes cannot be told.
        """
        self._write(_ADOPTIONS, (instance_id,), by)

    def adopters(self, instance_id: str, urn: str) -> list[str]:
        """The other resources of the program that are to adopt an instance, or have done so."""
        return sorted({*self._read(_ADOPTIONS, (instance_id,))} - {in_its_stack(urn)})

    def referrers(self, instance_id: str, urn: str | None = None) -> list[str]:
        """The resources of the program that refer to an instance, or adopt it: other ones than the resource ``urn``."""
        return sorted({*self._read(_REFERENCES, (instance_id,)), *self.adopters(instance_id, urn or "")})

    def hold(self, instance_id: str, by: str) -> None:
        """The state holds an instance for the program's resource ``by``. Of several, the last to be noted counts, so
        that one of them deletes it when all are deleted. OSError where other processes cannot be told."""
        self._note(_HOLDERS, _digest(instance_id), (instance_id,), by)

    def other_holder(self, instance_id: str, urn: str | None) -> str | None:
        """The resource for which the state holds an instance by :meth:`hold`, if it is another one than ``urn``."""
        return next((by for by in self._read(_HOLDERS, (instance_id,)) if by != urn), None)

    def retain(self, name: str) -> None:
        """The program gives its resource of this name retain_on_delete. OSError where others cannot be told."""
        self._write(_RETAINED, (name,), name)

    def retains(self, urn: str) -> bool:
        """Whether the program gives this resource retain_on_delete, as far as its constructor tells."""
        return any(self._read(_RETAINED, (name_of(urn),)))

    def refuse_name(self, region: str, project_id: str, name: str, by: str) -> None:
        """The resource ``by`` was to be created under this name in this run, and could not be. OSError where other
        processes cannot be told."""
        self._write(_NAMES, (region, project_id, name), by)

    def refused_name(self, region: str, project_id: str, name: str) -> str | None:
        """The resource that was refused this name in this run, if there is one."""
        return next(iter(sorted(self._read(_NAMES, (region, project_id, name)))), None)

    def clean(self, clock: Clock, answers: Callable[[str], bool] | None = None) -> None:
        """Remove what other runs have left. ``answers`` tells whether an engine is still there."""
        for folder in self._folders():
            if folder == self._folder:
                continue
            with contextlib.suppress(OSError):
                is_old = clock.epoch() - folder.stat().st_mtime > STALE_SECONDS
                address, _, machine = (_text(folder / _ENGINE) or "").partition("\n")
                is_here = bool(address) and machine == self._machine
                if is_old or (is_here and not (answers or engine_answers)(address)):
                    shutil.rmtree(folder, ignore_errors=True)

    def _folders(self) -> list[Path]:
        if self._base is None:
            return []
        try:
            return [path for path in self._base.iterdir() if path.is_dir() and not path.is_symlink()]
        except OSError:
            return []

    def _write(self, kind: str, about: tuple[str, ...], by: str) -> None:
        with self._lock:
            self._told.add((kind, about, by))
        self._note(kind, _digest(*about, by), about, by)

    def _note(self, kind: str, name: str, about: tuple[str, ...], by: str) -> None:
        """Write a note for other processes, in place of an earlier one of this name."""
        if self._folder is None:
            return
        self._begin()
        folder = self._folder / kind
        own_files.make_folder(folder)
        _put(folder / f"{name}.json", json.dumps({"about": about, "by": by}))

    def _begin(self) -> None:
        """Make the folder, which says from its first moment whose it is."""
        if self._base is None or self._folder is None or self._folder.is_dir():
            return
        for folder in (self._base.parent, self._base):
            own_files.make_folder(folder)
        made = Path(tempfile.mkdtemp(dir=self._base, prefix=".new-"))  # mode 0700
        try:
            _put(made / _ENGINE, f"{self._address}\n{self._machine}")
            made.rename(self._folder)
        except OSError:
            shutil.rmtree(made, ignore_errors=True)
            if not self._folder.is_dir():  # another process of this run was quicker
                raise

    def _read(self, kind: str, about: tuple[str, ...]) -> Iterator[str]:
        with self._lock:
            told = [by for of_kind, of_what, by in self._told if (of_kind, of_what) == (kind, about)]
        yield from told
        for path in _notes(None if self._folder is None else self._folder / kind):
            with contextlib.suppress(OSError, ValueError, RecursionError):
                note: Any = json.loads(path.read_text(encoding="utf-8"))
                if isinstance(note, dict) and note.get("about") == list(about) and isinstance(note.get("by"), str):
                    yield note["by"]


def engine_answers(address: str) -> bool:
    """Whether an engine is there. Trouble of this process's own tells nothing, and counts as yes."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=2).close()
    except (ConnectionRefusedError, ValueError):
        return False
    except OSError:
        return True
    return True


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _put(path: Path, text: str) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def _notes(folder: Path | None) -> Iterable[Path]:
    if folder is None:
        return []
    try:
        return sorted(folder.glob("*.json"))
    except OSError:
        return []
