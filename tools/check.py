#!/usr/bin/env python3
"""Runs every check of the code, all of them even if one fails, and names those that did. Exit codes: 0, 1."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
CHECKS = {
    "formatting (repair: make format)": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "arrows between the parts": ("lint-imports",),
}


def main() -> int:
    failed = []
    for name, (tool, *arguments) in CHECKS.items():
        print(f"-- {name}: {tool} {' '.join(arguments)}", flush=True)
        if subprocess.run([BIN / tool, *arguments], cwd=ROOT).returncode != 0:
            failed.append(name)
    print(f"make check: failed: {', '.join(failed)}." if failed else "make check: all passed.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
