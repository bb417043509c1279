"""What runs on Windows, as far as this system can tell: what its Python lacks is hidden, and all is done in a folder
such as a user has there. The checks workflow runs the unit tests on Windows and macOS themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from roma_provider.lifecycle.journal import FOLDER
from tests.support.journal import entry

ROOT = Path(__file__).resolve().parents[2]
# What asks the system for something: files, locks, signals, terminals, limits. All of tests/unit takes minutes:
# pytest --like windows --basetemp FOLDER tests/unit
ASKS = (
    "tests/unit/cli/watch/test_command.py",
    "tests/unit/cli/watch/test_screen_cursor.py",
    "tests/unit/cli/watch/test_timeline.py",
    "tests/unit/hosts/test_link.py",
    "tests/unit/hosts/test_terminal.py",
    "tests/unit/lifecycle/test_journal.py",
    "tests/unit/lifecycle/test_journal_locks.py",
    "tests/unit/lifecycle/test_journal_trouble.py",
    "tests/unit/lifecycle/test_locking.py",
    "tests/unit/lifecycle/test_own_files.py",
)
EVERY = """
from tests.support.other_system import become_windows
become_windows()
import importlib, pkgutil, sys
import roma_provider
names = [module.name for module in pkgutil.walk_packages(roma_provider.__path__, "roma_provider.")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""


@pytest.mark.slow
def test_every_module_is_imported_without_what_windows_lacks() -> None:
    ran = subprocess.run([sys.executable, "-c", EVERY], cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert int(ran.stdout) > 100


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the tests themselves run there")
def test_what_asks_the_system_passes_like_on_windows(tmp_path: Path) -> None:
    options = ("-q", "-n", "0", "-p", "no:cacheprovider", "--like", "windows", "--basetemp", str(tmp_path / "base"))
    (tmp_path / "base").mkdir()
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}
    command = [sys.executable, "-m", "pytest", *options, *ASKS]
    ran = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
    *_, said = ran.stdout.splitlines()
    passed = int(said.partition(" passed")[0])
    assert passed > 150
    assert "locks (Windows)" in ran.stdout, "what only other systems have is skipped"


def test_a_journal_fits_into_a_path_of_windows() -> None:
    """260 characters, with the name of a user that takes 20, the longest there."""
    longest = max(len(f"{entry().key}{suffix}") for suffix in (".answered", ".json"))
    folder = "C:\\Users\\" + "x" * 20 + f"\\AppData\\Local\\{FOLDER}\\journal\\"
    assert len(folder) + longest < 130
