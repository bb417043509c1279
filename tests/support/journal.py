"""Entries and files of a journal, for its tests."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from roma_provider.lifecycle.journal import Entry, digest
from tests.support.fakes import HOST, PROJECT, REGION, URN, inputs


def entry(**changes: Any) -> Entry:
    given = {
        "urn": URN,
        "region": REGION,
        "project_id": PROJECT,
        "name": "roma-2222",
        "folder": "/programs/shop",
        "arguments": digest(inputs()),
        "posted_at": 1741262473.5,
        "host": HOST,
        **changes,
    }
    return Entry(**given)


def files(tmp_path: Path) -> list[Path]:
    return sorted(path for path in tmp_path.rglob("*") if path.is_file())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
