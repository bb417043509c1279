#!/usr/bin/env python3
"""Prints the variables with which a shell uses this clone: `eval "$(make env)"`.

PATH finds the engine and the commands of .venv. PIP_FIND_LINKS names dist/, where a wheel of the package is made, so
that `pip install -r requirements.txt` of an example finds it before it is published. What is said to people goes to
standard error. Exit codes: 0, 1, 130.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WHEELS = ROOT / "dist"


def run(*command: str | Path, stdout: int) -> str:
    ran = subprocess.run([str(part) for part in command], cwd=ROOT, stdout=stdout, text=True)
    if ran.returncode != 0:
        raise SystemExit(ran.returncode)
    return (ran.stdout or "").strip()


def make_wheel() -> None:
    """The wheel of the code as it is."""
    for old in WHEELS.glob("roma_provider-*.whl"):
        old.unlink()
    build = ("wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation")
    run(VENV / "bin" / "python", "-m", "pip", *build, "--wheel-dir", WHEELS, ROOT, stdout=sys.stderr.fileno())


def main() -> int:
    try:
        run(sys.executable, ROOT / "tools" / "setup.py", stdout=sys.stderr.fileno())
        engine = run(VENV / "bin" / "python", ROOT / "tools" / "engine.py", stdout=subprocess.PIPE)
        make_wheel()
    except KeyboardInterrupt:
        return 130
    folders = [str(VENV / "bin"), *([engine] if engine else [])]
    print(f"export PATH={shlex.quote(os.pathsep.join(folders))}{os.pathsep}$PATH")
    print(f"export VIRTUAL_ENV={shlex.quote(str(VENV))}")
    print(f"export PIP_FIND_LINKS={shlex.quote(WHEELS.as_uri())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
