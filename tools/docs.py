#!/usr/bin/env python3
"""Builds the site of the docs, strictly: a link, an anchor or a page of mkdocs.yml that leads nowhere is an error.

    docs.py            into site/, to be read or published
    docs.py --check    into .cache/site

Needs Python alone: the first build makes the environment .cache/docs from tools/docs.lock. Exit codes: 0, 1, 130.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import setup  # noqa: E402


def main(arguments: list[str]) -> int:
    folder = Path(".cache", "site") if arguments == ["--check"] else Path("site")
    try:
        programs = setup.set_up_docs()
        # Material tells in each build of a later MkDocs, which tools/docs.lock does not take.
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "true"}
        command = [str(programs / "mkdocs"), "build", "--strict", "--site-dir", str(folder)]
        built = subprocess.run(command, cwd=ROOT, env=environment).returncode == 0
    except (setup.SetupError, OSError) as error:
        print(f"make docs: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if built and not arguments:
        print(f"The site is in {folder}: open {folder / 'index.html'}.")
    return 0 if built else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
