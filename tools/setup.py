#!/usr/bin/env python3
"""Makes the virtual environment .venv from requirements.lock, with this project in it (editable).

    tools/setup.py          make or update .venv
    tools/setup.py --lock   write requirements.lock anew from pyproject.toml

The first does nothing where the last run left a stamp for the same lock, pyproject.toml and Python. uv is
taken from PATH, or else from PyPI into .cache/uv. Needs Python >= 3.10 and nothing beyond the standard
library. Exit codes: 0, 1, 130 (interrupted).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# uv, with the hashes of its files. To take another: uv pip compile --universal --generate-hashes --no-header.
UV_LOCK = ROOT / "tools" / "uv.lock"
VENV = ROOT / ".venv"
STAMP = VENV / ".roma-setup"


class SetupError(Exception):
    """The environment could not be made; the message is for the user."""


def fingerprint() -> str:
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for name in ("requirements.lock", "pyproject.toml", "tools/setup.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def run(*command: str | Path, problem: str) -> None:
    # VIRTUAL_ENV of the caller's shell must not make uv think of another environment.
    environment = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONHOME")}
    if subprocess.run([str(part) for part in command], cwd=ROOT, env=environment).returncode != 0:
        raise SetupError(problem)


def find_uv() -> str:
    found = shutil.which("uv")
    if found is not None:
        return found
    own = ROOT / ".cache" / "uv"
    uv = own / "bin" / "uv"
    if not uv.exists():
        print("Fetching uv from PyPI into .cache/uv, by its hash (tools/uv.lock).", flush=True)
        shutil.rmtree(own, ignore_errors=True)
        run(
            sys.executable, "-m", "venv", own,
            problem="No virtual environment could be made. Install Python's venv module (Debian and Ubuntu: "
            "apt install python3-venv), or uv (https://docs.astral.sh/uv/), then run the same command again.",
        )  # fmt: skip
        run(
            own / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--require-hashes", "--no-deps", "--requirement", UV_LOCK,
            problem="uv could not be fetched from PyPI: see pip's message above.",
        )  # fmt: skip
    return str(uv)


def usable() -> bool:
    """Whether .venv is one that can be brought up to date: this Python, and with pip."""
    python = VENV / "bin" / "python"
    # Pulumi's language host lists the packages of a program with `python -m pip list`.
    check = f"import pip, sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    return python.exists() and subprocess.run([python, "-c", check], stderr=subprocess.DEVNULL).returncode == 0


def set_up() -> None:
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted and usable():
        return
    print("Setting up .venv from requirements.lock (once, and after changes of the lock).", flush=True)
    uv = find_uv()
    python = VENV / "bin" / "python"
    if not usable():
        run(
            uv,
            "venv",
            "--quiet",
            "--clear",
            "--seed",
            "--python",
            sys.executable,
            VENV,
            problem="uv made no .venv.",
        )
    STAMP.unlink(missing_ok=True)
    run(
        uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", "requirements.lock",
        problem="The packages of requirements.lock could not be installed: see uv's message above.",
    )  # fmt: skip
    run(
        uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--no-build-isolation",
        "--editable", ".",
        problem="This project could not be installed into .venv: see uv's message above.",
    )  # fmt: skip
    STAMP.write_text(wanted)


def write_lock() -> None:
    """Covers all extras and the dev group. (A uv.lock would hold the host of a package registry.)"""
    print("Writing requirements.lock from pyproject.toml.", flush=True)
    run(
        find_uv(), "pip", "compile", "pyproject.toml", "--all-extras", "--group", "dev", "--universal",
        "--python-version", "3.10", "--generate-hashes", "--no-annotate", "--no-header", "--quiet",
        "--output-file", "requirements.lock",
        problem="requirements.lock was not written: see uv's message above.",
    )  # fmt: skip


def main() -> int:
    try:
        write_lock() if sys.argv[1:] == ["--lock"] else set_up()
    except (SetupError, OSError) as error:
        print(f"make setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
