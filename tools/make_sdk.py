#!/usr/bin/env python3
"""Makes the SDKs of other languages, sdk/nodejs, sdk/python and sdk/go, from sdk/schema.json.

It runs the Go program of tools/sdk.

    make_sdk.py          writes them anew, and sdk/made-from.json
    make_sdk.py FOLDER   writes them into FOLDER, and nothing else

sdk/made-from.json has the hashes of what they were made from, and of what was made: a test sees by it, without Go,
that they are up to date and as they were made. Exit codes: 0, 1 (no Go, or what it said).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SDK = ROOT / "sdk"
GENERATOR = ROOT / "tools" / "sdk"
SCHEMA, STAMP = SDK / "schema.json", SDK / "made-from.json"
LANGUAGES = ("go", "nodejs", "python")
# What builds and programs leave there.
LEFT = {"__pycache__", "bin", "build", "node_modules", "package-lock.json", "pulumi_roma.egg-info"}


class NoGo(Exception):
    """There is no Go; the message is for the user."""


def generate(folder: Path) -> bool:
    """Writes the SDKs into the folder; whether it succeeded. What goes wrong is said on standard error."""
    go = shutil.which("go")
    if go is None:
        needed = re.search(r"^go (\S+)", (GENERATOR / "go.mod").read_text(), re.MULTILINE)
        version = needed[1] if needed else "1.21"
        raise NoGo(f"no Go on PATH; install Go {version} or newer: https://go.dev/doc/install")
    environment = {**os.environ, "GOWORK": "off", "GOFLAGS": "-mod=readonly -buildvcs=false"}
    command = [go, "run", ".", str(SCHEMA), str(folder.resolve())]
    return subprocess.run(command, cwd=GENERATOR, env=environment).returncode == 0


def stamp() -> dict[str, str]:
    """What sdk/made-from.json says if the SDKs are up to date."""
    sources = [SCHEMA, *sorted(GENERATOR.glob("go.*")), *sorted(GENERATOR.glob("*.go"))]
    made = [file for language in LANGUAGES for file in files(SDK / language)]
    return {"from": digest(sources), "made": digest(made)}


def files(folder: Path) -> list[Path]:
    """What was made there, sorted; without what builds leave."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not LEFT & set(path.relative_to(folder).parts))


def digest(paths: Iterable[Path]) -> str:
    """One for all of these files, by their paths from the root and their bytes."""
    found = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found.update(f"{path.relative_to(ROOT).as_posix()} {content}\n".encode())
    return found.hexdigest()


def main(arguments: list[str]) -> int:
    try:
        if not generate(Path(arguments[0]) if arguments else SDK):
            return 1
    except NoGo as error:
        print(f"make sdk: {error}", file=sys.stderr)
        return 1
    if not arguments:
        STAMP.write_text(json.dumps(stamp(), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
