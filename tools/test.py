#!/usr/bin/env python3
"""Runs the tests.

    tools/test.py                those on the real Pulumi engine included, and the coverage; not those marked `thorough`
    tools/test.py --all          these too
    tools/test.py ARGUMENTS...   what pytest makes of its arguments, without the coverage: a part says nothing of it.
                                 Whoever names a test gets it, `thorough` or not
    tools/test.py --fast [...]   what needs no engine and is not slow
    tools/test.py --walks [...]  what the pages tell their readers to type, where it takes many commands of the engine
    tools/test.py --languages    programs in YAML, TypeScript, Go and Python on the plugin, the SDKs and the archives

The engine is found or built first, so that its progress is seen.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("unit", "served", "emulator", "support", "pages")
FAST = ("-n", "auto", "-m", "not slow and not engine and not walk", *(f"tests/{folder}" for folder in FOLDERS))
# Half of what a test on the engine takes is waiting.
ALL = ("-n", "6")
WITH = ("--with", "yaml")  # the languages of the tests' programs, beside Python
EVERY = ("--with", "yaml", "nodejs", "go")
WALKS = "walk and not languages"
# The first folder alone has tests that `make test` leaves out: all but its mark is as there.
LANGUAGES = ("tests/engine/languages", "tests/engine/plugin/test_yaml.py", "tests/engine/plugin/test_up.py")


def main() -> None:
    arguments = sys.argv[1:]
    if arguments[:1] == ["--fast"]:
        print("make test-fast: the tests that need no engine and take less than two seconds each.", flush=True)
        run_pytest(*FAST, *arguments[1:])
    if arguments[:1] == ["--languages"]:
        print("make test-languages: programs in YAML, TypeScript, Go and Python on the plugin.", flush=True)
        find_engine(*EVERY)
        run_pytest("-n", "2", "--dist", "loadfile", "-m", "", *(arguments[1:] or LANGUAGES))
    if arguments[:1] == ["--walks"]:
        print("make walks: the commands and programs of the pages, as they stand.", flush=True)
        find_engine(*WITH)
        run_pytest("-n", "2", "--dist", "loadfile", "-m", WALKS, *(arguments[1:] or ["tests/engine", "tests/pages"]))
    what, chosen = f"pytest {' '.join(arguments)}", arguments
    if arguments == ["--all"]:
        what, chosen = "all tests, with the coverage", ["--cov"]
    elif not arguments:
        what, chosen = "the tests, with the coverage", ["--cov", "-m", "not languages and not walk and not thorough"]
    print(f"make test: {what}; six at a time, those on the real Pulumi engine included.", flush=True)
    find_engine(*WITH)
    run_pytest(*ALL, *chosen)


def find_engine(*hosts: str) -> None:
    """Build it, if need be; end where there is none."""
    engine = subprocess.run([sys.executable, ROOT / "tools" / "engine.py", *hosts], stdout=subprocess.DEVNULL)
    if engine.returncode != 0:
        sys.exit(engine.returncode)


def run_pytest(*arguments: str) -> None:
    """Become pytest."""
    os.chdir(ROOT)
    # A run starts some dozen interpreters, which would each compile all that they import.
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / ".cache" / "pycache"))
    # In the background of a shell these are ignored, under nohup SIGHUP; and so in all that the tests start, which
    # they interrupt.
    for name in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(name, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", "--dist", "worksteal", *arguments])  # noqa: S606


if __name__ == "__main__":
    main()
