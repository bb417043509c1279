"""What hooks need is imported without the program's folder, which comes first on the path of the SDK's host."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from roma_provider.hosts.dynamic import imports
from roma_provider.lifecycle.session import Session

NAMES = ("shadowed_one", "shadowed_two", "only_theirs", "package_of_both", "needing")


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program's folder, the working folder, before one of libraries, both with modules of the same names."""
    program, library = tmp_path / "program", tmp_path / "library"
    for folder in (program, library):
        (folder / "package_of_both").mkdir(parents=True)
        (folder / "package_of_both" / "__init__.py").write_text(f"WHOSE = {folder.name!r}\n")
        for name in NAMES[:2]:
            (folder / f"{name}.py").write_text(f"WHOSE = {folder.name!r}\n")
    (library / "package_of_both" / "part.py").write_text("WHOSE = 'library'\n")
    (program / "only_theirs.py").write_text("WHOSE = 'program'\n")
    monkeypatch.chdir(program)
    monkeypatch.setattr(sys, "path", [str(program), "", str(library), *sys.path])
    yield program
    for name in [name for name in sys.modules if name.partition(".")[0] in NAMES]:
        del sys.modules[name]


def whose(name: str) -> str:
    return str(importlib.import_module(name).WHOSE)


def test_the_program_s_folder_is_not_looked_into(folders: Path) -> None:
    before, path = list(sys.meta_path), list(sys.path)
    with imports.without_program_folder():
        assert [whose("shadowed_one"), whose("package_of_both"), whose("package_of_both.part")] == ["library"] * 3
        assert sys.path == path
    assert (sys.meta_path, sys.path) == (before, path)
    assert whose("shadowed_two") == "program"


def test_what_only_the_program_has_is_found(folders: Path) -> None:
    """Such as this package itself, copied into the program's folder."""
    with imports.without_program_folder():
        assert whose("only_theirs") == "program"


def test_a_module_of_the_program_that_is_loaded_keeps_its_name(folders: Path) -> None:
    theirs = importlib.import_module("package_of_both", "needing")
    with imports.without_program_folder():
        assert whose("package_of_both") == "library"
        assert whose("package_of_both.part") == "library"
    assert sys.modules["package_of_both"] is theirs
    assert whose("package_of_both.part") == "library"  # what ours imports late


def test_other_threads_see_the_folder(folders: Path) -> None:
    seen: list[str] = []
    with imports.without_program_folder():
        other = threading.Thread(target=lambda: seen.append(whose("shadowed_one")))
        other.start()
        other.join()
    assert seen == ["program"]


# A module of ours that needs another, which the program has too, by a part that only ours has. While it is imported
# for the first time, a thread of the program imports its own.
NEEDING = """
import importlib
import threading

import trace_of_loads

trace_of_loads.COUNT += 1
if trace_of_loads.COUNT <= trace_of_loads.INTRUSIONS:
    other = threading.Thread(target=importlib.import_module, args=["package_of_both"])
    other.start()
    other.join()
import package_of_both.part
WHOSE = package_of_both.part.WHOSE
"""


def needing(folders: Path, monkeypatch: pytest.MonkeyPatch, intrusions: int) -> ModuleType:
    Path(folders.parent, "library", "needing.py").write_text(NEEDING)
    trace = ModuleType("trace_of_loads")
    vars(trace).update(COUNT=0, INTRUSIONS=intrusions)
    monkeypatch.setitem(sys.modules, "trace_of_loads", trace)
    monkeypatch.setattr(imports, "NEEDED", ("needing",))
    return trace


def test_a_thread_of_the_program_that_imports_its_own_meanwhile(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = needing(folders, monkeypatch, intrusions=2)
    theirs = importlib.import_module("package_of_both", "needing")
    imports.load()
    assert whose("needing") == "library"
    assert trace.COUNT == 3
    assert sys.modules["package_of_both"].WHOSE == "program"
    assert theirs.WHOSE == "program"


def test_what_cannot_be_imported_is_an_error_in_the_end(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = needing(folders, monkeypatch, intrusions=10**6)
    with pytest.raises(ModuleNotFoundError, match="package_of_both"):
        imports.load()
    assert trace.COUNT == imports.ATTEMPTS == 10


def test_an_error_in_between_puts_all_back(folders: Path) -> None:
    theirs, before = importlib.import_module("shadowed_one"), list(sys.meta_path)
    with pytest.raises(ModuleNotFoundError), imports.without_program_folder():
        importlib.import_module("nobody_has_this")
    assert sys.modules["shadowed_one"] is theirs
    assert sys.meta_path == before


ALL = """
import sys
import pulumi.dynamic
from roma_provider.hosts.dynamic import imports
import roma_provider.provider  # as the engine does, to unpickle it
imports.load()
light = {"requests", "urllib3", "pydantic"} & set(sys.modules)
imports.load_api()
before = set(sys.modules)
imports.load()
imports.load_api()
import roma_provider.lifecycle.run
print(sorted(set(sys.modules) - before), light, {"requests", "pydantic", "idna", "netrc"} <= before)
"""


def test_what_every_hook_needs_is_loaded_at_once_and_what_asks_the_api_later() -> None:
    """What hooks load afterwards: tests/engine/test_shadowed.py."""
    done = subprocess.run([sys.executable, "-c", ALL], capture_output=True, text=True, check=True)
    assert done.stdout == "[] set() True\n"


def test_what_asks_the_api_is_loaded_before_it_is_asked() -> None:
    """By the session of a host, which says how."""
    loaded: list[str] = []
    environment = {"HW_AUTH_TOKEN": "token"}
    session = Session.of({"roma:region": "cn-north-4"}.get, environment, load=lambda: loaded.append("api"))
    session.sign_in.check("cn-north-4")
    assert loaded == []
    session.client("cn-north-4", "project")
    assert loaded == ["api"]
