"""The plugin's own imports, which do not depend on the program's folder.

The SDK's host runs in the program's folder, which comes first on ``sys.path``: a program's ``resource.py`` or
``requests.py`` would stand in place of what the hooks need. So all of that is imported by a thread that does not see
that folder: what every hook needs at configure, what asks the API when it is first asked (requests and pydantic take as
long as all the rest of a preview). Other threads, such as the hooks of the program's other dynamic providers, go on
seeing it. A module of the program that was loaded before keeps its name; ours is held by those that imported it.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

# With these everything is loaded that check and diff of an unchanged instance use.
NEEDED = (
    "roma_provider.api.call_log",
    "roma_provider.hosts.dynamic.call",
    "roma_provider.hosts.dynamic.frames",
    "roma_provider.hosts.link",
    "roma_provider.lifecycle.declared",
    "roma_provider.lifecycle.session",
    # What Python loads by itself for the first connection, such as that which looks whether the engine lives.
    "encodings.idna",
    "stringprep",
)
# With these, everything that asks the API and waits, but for what the first use of a module loads (`LATE`).
API = (
    "roma_provider.api.client",
    "roma_provider.api.iam",
    "roma_provider.api.signing",
    "roma_provider.api.transport",
    "roma_provider.lifecycle.foretelling",
    "roma_provider.lifecycle.owned",
    "roma_provider.lifecycle.referenced",
)
LATE = ("_strptime", "idna", "netrc")
ATTEMPTS = 10  # each fails only if another thread imports such a module within the same milliseconds

_loading = threading.Lock()


@contextlib.contextmanager
def without_program_folder() -> Iterator[None]:
    """Around imports of this thread."""
    folder = _real(os.curdir)
    written = _written(folder)
    theirs = {name: module for name, module in list(sys.modules.items()) if _is_in(module, folder, written)}
    finder = _Finder([entry for entry in sys.path if _real(entry or os.curdir) != folder])
    for name in theirs:
        del sys.modules[name]
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        sys.modules.update(theirs)  # and no part of ours goes, for what imports one later


def load() -> None:
    """Import what every hook needs; once, since later calls find it imported."""
    _load(NEEDED)


def load_api() -> None:
    """Import what asks the API; once."""
    _load((*API, *LATE))


def _load(names: Sequence[str]) -> None:
    with _loading:
        if all(name in sys.modules for name in names):
            return
        # The hooks of the program's other providers run meanwhile. One that imports the program's own module of such a
        # name puts it in the place that was cleared for ours, which then lacks its parts. It is cleared again.
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with without_program_folder():
                    for name in names:
                        importlib.import_module(name)
                return
            except (ImportError, AttributeError):
                if attempt == ATTEMPTS:
                    raise


class _Finder:
    """Finds the modules of one thread on another path."""

    def __init__(self, path: list[str]) -> None:
        self._path = path
        self._thread = threading.get_ident()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is not None or threading.get_ident() != self._thread:
            return None
        return PathFinder.find_spec(name, self._path, target)


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except OSError:  # the working folder was removed
        return path


def _is_in(module: ModuleType | None, folder: str, written: Collection[str]) -> bool:
    """Whether a module is of the program: a file of its folder, or a package or part of one that stands there.

    Not of what else may be below that folder, such as a virtual environment, nor this package itself.
    """
    name = getattr(module, "__name__", None)
    if not isinstance(name, str) or name == "__main__" or name.partition(".")[0] == "roma_provider":
        return False
    is_written = name.partition(".")[0] in written
    return is_written and _file(module).startswith(folder + os.sep) and not _is_installed(_file(module))


def _written(folder: str) -> set[str]:
    """The modules and packages that the program's folder has, by name."""
    try:
        entries = os.listdir(folder)
    except OSError:
        return set()
    files = {entry.removesuffix(".py") for entry in entries if entry.endswith(".py")}
    return files | {entry for entry in entries if os.path.isfile(os.path.join(folder, entry, "__init__.py"))}


def _file(module: ModuleType | None) -> str:
    found = getattr(module, "__file__", None)
    return _real(found) if isinstance(found, str) else ""


def _is_installed(file: str) -> bool:
    return "site-packages" in file.split(os.sep)
