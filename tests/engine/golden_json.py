"""The JSON of the golden previews, whole but for what differs from run to run: fixtures for `roma preview-summary`.

Kept in tests/data/previews by the tests of the golden previews, as the documents of docs/previews are.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "data" / "previews"
# Where in the source, when, how long, and which process serves it.
VOLATILE = ("sourcePosition", "stackTrace", "created", "modified", "duration", "provider", "__provider")
# The engine's order of these is now and then another.
UNORDERED = ("diffReasons", "replaceReasons", "dependencies")


def kept(name: str, printed: str, update: bool) -> None:
    """Compare a document with the fixture of that name; with `update`, write it."""
    path = FOLDER / f"{name}.json"
    text = json.dumps(scrubbed(json.loads(printed)), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if update:
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    assert text == before, f"tests/data/previews/{name}.json differs; if it ought to, write it with --update-goldens"


# What the CLI adds from 3.274 on, without a URN, when the program meets the end of a run whose check was refused. The
# fixtures are those of both.
MONITOR_ENDED = "Resource monitor has terminated, shutting down"


def scrubbed(value: Any) -> Any:
    """A value without what is volatile."""
    if isinstance(value, dict):
        return {
            key: sorted(entry) if key in UNORDERED and entry else scrubbed(entry)
            for key, entry in value.items()
            if key not in VOLATILE
        }
    if isinstance(value, list):
        return [scrubbed(entry) for entry in value if not _is_end(entry)]
    return value


def _is_end(entry: Any) -> bool:
    return isinstance(entry, dict) and MONITOR_ENDED in str(entry.get("message"))
