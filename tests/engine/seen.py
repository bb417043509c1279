"""What an emulator has seen of a run, and what a run has left behind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from roma_provider.emulator import Emulator, LoggedCall

OPEN, ANSWERED = "*.json", "*.answered"
_ORDER = ("intent", "ordered", "seen")


def new_calls(emulator: Emulator) -> list[LoggedCall]:
    """The calls that arrived since the last look, in order."""
    calls = emulator.control.calls()
    emulator.control.clear_calls()
    return calls


def operations(emulator: Emulator) -> list[str]:
    """The operations that arrived since the last look, in order."""
    return [call.operation for call in new_calls(emulator)]


def counted(emulator: Emulator) -> Counter[str]:
    """How often each operation arrived since the last look."""
    return Counter(operations(emulator))


def journal_entries(state_home: Path, pattern: str = OPEN) -> list[dict[str, Any]]:
    """What the files of a journal hold that are called so."""
    folder = state_home / "roma-provider" / "journal"
    return [json.loads(path.read_text()) for path in sorted(folder.glob(pattern))]


def orders(state_home: Path, pattern: str = OPEN) -> list[dict[str, Any]]:
    """Those of them that are orders: neither deletions nor adoptions."""
    return [entry for entry in journal_entries(state_home, pattern) if entry["stage"] in _ORDER]


def files_with(texts: Sequence[str], *folders: Path) -> list[Path]:
    """The files below `folders` that hold one of `texts`."""
    found = []
    for folder in folders:
        assert folder.is_dir(), folder
        for path in folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                found += [path for text in texts if text.encode() in content]
    return found
