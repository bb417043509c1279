"""Entries and files of a journal, for its tests."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from roma_provider.lifecycle.journal import Entry, Stage, digest
from tests.support.fakes import BACKEND, HOST, PROJECT, REGION, URN, inputs


def stage(instance_id: str | None, *, seen: bool = False, answered: bool = False) -> Stage:
    """The stage of an order of which this is known."""
    if answered:
        return Stage.ANSWERED if seen else Stage.TOLD
    return Stage.SEEN if seen else Stage.INTENT if instance_id is None else Stage.ORDERED


def entry(*, seen: bool = False, answered: bool = False, **changes: Any) -> Entry:
    given = {
        "urn": URN,
        "region": REGION,
        "project_id": PROJECT,
        "name": "roma-2222",
        "folder": "/programs/shop",
        "arguments": digest(inputs()),
        "posted_at": 1741262473.5,
        "host": HOST,
        "backend": BACKEND,
        "stage": stage(changes.get("instance_id"), seen=seen, answered=answered),
        **changes,
    }
    return Entry(**given)


def files(tmp_path: Path) -> list[Path]:
    return sorted(path for path in tmp_path.rglob("*") if path.is_file())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
