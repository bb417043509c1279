#!/usr/bin/env python3
"""Makes the virtual environment .venv from requirements.lock, with this project in it (editable).

    tools/setup.py          make or update .venv, and the environment of the policy pack
    tools/setup.py --lock   write requirements.lock anew from pyproject.toml, tools/policy.lock and tools/docs.lock

The first does nothing where the last run left a stamp for the same lock, pyproject.toml and Python. uv is
taken from PATH, or else from PyPI into .cache/uv. Needs Python >= 3.10 and nothing beyond the standard
library. Exit codes: 0, 1, 130 (interrupted).

Two have an environment of their own. A policy pack, .cache/policy: pulumi-policy wants a protobuf older than the one
that comes with Pulumi. The site of the docs, .cache/docs, made by the first `make docs` or `make check`: who only runs
`make up` shall not wait for its packages, and they shall not hold back a version of those of .venv.
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
# Not in the example's folder: `pulumi policy new` would have to copy it, and cannot.
POLICY_VENV = ROOT / ".cache" / "policy"
POLICY_LOCK = "tools/policy.lock"
DOCS_VENV = ROOT / ".cache" / "docs"
DOCS_LOCK = "tools/docs.lock"


class SetupError(Exception):
    """The environment could not be made; the message is for the user."""


def fingerprint(*names: str) -> str:
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for name in (*names, "tools/setup.py"):
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


def usable(venv: Path, module: str) -> bool:
    """Whether an environment is one that can be brought up to date: this Python, and with a module."""
    python = venv / "bin" / "python"
    wanted = f"sys.version_info[:2] == {tuple(sys.version_info[:2])} and find_spec({module!r})"
    check = f"import sys; from importlib.util import find_spec; sys.exit(not ({wanted}))"
    return python.exists() and subprocess.run([python, "-c", check], stderr=subprocess.DEVNULL).returncode == 0


def synchronise(uv: str, venv: Path, module: str, lock: str, *options: str) -> None:
    """Makes an environment, where it is not usable, and installs exactly what a lock names."""
    if not usable(venv, module):
        run(
            uv, "venv", "--quiet", "--clear", *options, "--python", sys.executable, venv,
            problem=f"uv made no {venv.relative_to(ROOT)}.",
        )  # fmt: skip
    run(
        uv, "pip", "sync", "--quiet", "--python", venv / "bin" / "python", "--require-hashes", lock,
        problem=f"The packages of {lock} could not be installed: see uv's message above.",
    )  # fmt: skip


def set_up() -> None:
    wanted = fingerprint("requirements.lock", "pyproject.toml")
    # Pulumi's language host lists the packages of a program with `python -m pip list`.
    if STAMP.exists() and STAMP.read_text() == wanted and usable(VENV, "pip"):
        return
    print("Setting up .venv from requirements.lock (once, and after changes of the lock).", flush=True)
    uv = find_uv()
    STAMP.unlink(missing_ok=True)
    synchronise(uv, VENV, "pip", "requirements.lock", "--seed")
    run(
        uv, "pip", "install", "--quiet", "--python", VENV / "bin" / "python", "--no-deps", "--no-build-isolation",
        "--editable", ".",
        problem="This project could not be installed into .venv: see uv's message above.",
    )  # fmt: skip
    STAMP.write_text(wanted)


def set_up_policy() -> None:
    set_up_apart(POLICY_VENV, "pulumi_policy", POLICY_LOCK)


def set_up_docs() -> Path:
    """The environment that builds the site; answers with its folder of programs. Raises SetupError."""
    set_up_apart(DOCS_VENV, "mkdocs", DOCS_LOCK)
    return DOCS_VENV / "bin"


def set_up_apart(venv: Path, module: str, lock: str) -> None:
    """An environment of its own lock, without this project in it."""
    wanted, stamp = fingerprint(lock), venv / STAMP.name
    if stamp.exists() and stamp.read_text() == wanted and usable(venv, module):
        return
    stamp.unlink(missing_ok=True)
    synchronise(find_uv(), venv, module, lock)
    stamp.write_text(wanted)


def write_lock() -> None:
    """Covers all extras and the dev group. (A uv.lock would hold the host of a package registry.)"""
    print("Writing requirements.lock from pyproject.toml, tools/policy.lock and tools/docs.lock.", flush=True)
    compile_lock("requirements.lock", "pyproject.toml", "--all-extras", "--group", "dev")
    # uv keeps the versions that it finds in the file, where it can: the pack's are those of .venv.
    shutil.copy(ROOT / "requirements.lock", ROOT / POLICY_LOCK)
    compile_lock(POLICY_LOCK, "examples/policy/requirements.txt")
    compile_lock(DOCS_LOCK, "--group", "docs")


def compile_lock(lock: str, *needs: str) -> None:
    run(
        find_uv(), "pip", "compile", *needs, "--universal", "--python-version", "3.10", "--generate-hashes",
        "--no-annotate", "--no-header", "--quiet", "--output-file", lock,
        problem=f"{lock} was not written: see uv's message above.",
    )  # fmt: skip


def main() -> int:
    try:
        if sys.argv[1:] == ["--lock"]:
            write_lock()
        else:
            set_up()
            set_up_policy()
    except (SetupError, OSError) as error:
        print(f"make setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
