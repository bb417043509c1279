"""The SDKs in sdk/: made from the schema as it is, by the generator as it is, and as they were made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import make_sdk
from tools.make_sdk import LANGUAGES, SDK, STAMP, files, stamp


def test_the_sdks_are_up_to_date_and_as_they_were_made() -> None:
    """By hashes, without Go; tests/engine/languages makes them anew."""
    assert json.loads(STAMP.read_text()) == stamp(), "run `make sdk`"


def test_each_language_is_there() -> None:
    assert {language: len(files(SDK / language)) > 8 for language in LANGUAGES} == dict.fromkeys(LANGUAGES, True)


def test_what_builds_leave_there_is_not_theirs(tmp_path: Path) -> None:
    for name in ("index.ts", "bin/index.js", "node_modules/a/index.ts", "package-lock.json", "a/__pycache__/b.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert files(tmp_path) == [tmp_path / "index.ts"]


def test_without_go_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert make_sdk.main([str(tmp_path)]) == 1
    assert "make sdk: no Go on PATH; install Go 1.26.6 or newer" in capsys.readouterr().err
