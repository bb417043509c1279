"""What `make help` says can be copied."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_help_names_each_target_and_its_commands_can_be_copied() -> None:
    command = ["make", "--no-print-directory", "-C", str(ROOT), "help"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    [targets] = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"^  make (\S+) ", said, re.MULTILINE)
    assert sorted(named) == sorted(set(targets.split()) - {"python"})
    assert ': eval "$(make env)"' in said
