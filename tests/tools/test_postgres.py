"""tools/postgres.py where there is no PostgreSQL: what it says, and when it installs one."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tools import postgres


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The commands that were run; there is no PostgreSQL before and after them."""
    commands: list[tuple[str, ...]] = []

    def record(command: Sequence[str], **_: Any) -> None:
        commands.append(tuple(command))

    monkeypatch.setattr(postgres, "binaries", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(subprocess, "run", record)
    return commands


@pytest.mark.parametrize("value", ["", "false", "1"])
def test_nothing_is_installed_on_somebodys_machine(
    installed: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("CI", value)
    with pytest.raises(postgres.NoPostgresError, match="no PostgreSQL here: initdb is neither on PATH nor in"):
        postgres.found_or_installed()
    assert installed == []


def test_in_ci_it_is_installed(installed: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(postgres.NoPostgresError):
        postgres.found_or_installed()
    assert [command[:2] for command in installed] == [("apt-get", "update"), ("apt-get", "install")]


def test_the_reason_is_said(
    installed: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    before = set(Path(tempfile.gettempdir()).glob("roma-postgres-*"))
    assert postgres.main() == postgres.NONE
    assert "no PostgreSQL here" in capsys.readouterr().err
    assert set(Path(tempfile.gettempdir()).glob("roma-postgres-*")) == before
