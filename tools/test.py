#!/usr/bin/env python3
"""Runs all tests; finds or builds the engine first, so that its progress is seen. Arguments are pytest's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    print("make test: all tests, four at a time, those on the real Pulumi engine included.", flush=True)
    engine = subprocess.run([sys.executable, ROOT / "tools" / "engine.py"], stdout=subprocess.DEVNULL)
    if engine.returncode != 0:
        sys.exit(engine.returncode)
    os.chdir(ROOT)
    # In the background of a shell these are ignored, and so in all that the tests start, which they interrupt.
    for name in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(name, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", "-n", "4", "--dist", "worksteal", *sys.argv[1:]])  # noqa: S606


if __name__ == "__main__":
    main()
