"""The log of calls."""

from __future__ import annotations

import pytest

from roma_provider.emulator.core import calls
from roma_provider.emulator.core.calls import CallLog, LoggedCall


def call(operation: str, at: int = 0) -> LoggedCall:
    return LoggedCall(operation, "GET", "/path", "project", None, at)


def test_calls_are_shown_in_their_order_and_by_operation() -> None:
    log = CallLog()
    for at, operation in enumerate(("list_instances", "other", "list_instances")):
        log.add(call(operation, at))
    assert [shown["at"] for shown in log.shown(None)] == [0, 1, 2]
    assert [shown["at"] for shown in log.shown("list_instances")] == [0, 2]
    log.clear()
    assert log.shown(None) == []


def test_a_call_has_a_status_once_it_is_answered() -> None:
    log = CallLog()
    logged = log.add(call("other"))
    assert log.shown("other") == [
        {
            "operation": "other",
            "method": "GET",
            "path": "/path",
            "project_id": "project",
            "instance_id": None,
            "at": 0,
            "status": None,
        }
    ]
    logged.status = 404
    assert log.shown("other")[0]["status"] == 404


def test_beyond_a_bound_the_newest_calls_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_BOUND", 3)
    log = CallLog()
    for at in range(5):
        log.add(call("other", at))
    assert [shown["at"] for shown in log.shown(None)] == [2, 3, 4]
