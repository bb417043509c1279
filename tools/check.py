#!/usr/bin/env python3
"""Runs every check of the code, all of them even if one fails, and names those that did. Exit codes: 0, 1."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
WORKFLOWS = (".github/workflows", "examples/pull-request-preview/.github/workflows")
LAWS = ("tests/unit/test_house.py", "tests/unit/schema/test_catalogue.py", "tests/tools/test_sdk.py")
PAGES = ("tests/tools/test_pages.py", "tests/tools/test_troubleshooting.py", "tests/tools/test_words.py")
CHECKS = {
    "formatting (repair: make format)": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "types of a user's program, in an editor": ("pyright",),
    "arrows between the parts": ("lint-imports",),
    "workflows": ("zizmor", "--offline", "--no-progress", "--quiet", "--strict-collection", *WORKFLOWS),
    "laws of the house, and the catalogue held against the code": ("python", "-m", "pytest", "-q", *LAWS),
    "tables of the docs (repair: make docs-tables)": ("python", "-m", "tools.docs_tables", "--check"),
    "links, sentences and quoted messages of README and docs": ("python", "-m", "pytest", "-q", *PAGES),
    "site of the docs, built strictly": ("python", "tools/docs.py", "--check"),
}
# Of a user's shell, these would have pyright fetch another version; and by itself it asks PyPI for a newer one.
FOREIGN = "PYRIGHT_PYTHON_"
QUIET = {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}


def main() -> int:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)} | QUIET
    failed = []
    for name, (tool, *arguments) in CHECKS.items():
        print(f"-- {name}: {tool} {' '.join(arguments)}", flush=True)
        try:
            passed = subprocess.run([BIN / tool, *arguments], cwd=ROOT, env=environment).returncode == 0
        except FileNotFoundError:
            print(f"{tool} is not in .venv: run `make setup`.", flush=True)
            passed = False
        if not passed:
            failed.append(name)
    print(f"make check: failed: {', '.join(failed)}." if failed else "make check: all passed.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
