"""The SDKs that are kept in sdk/ are what their generator makes."""

from __future__ import annotations

from pathlib import Path

from tools.make_sdk import LANGUAGES, SDK, files, generate


def test_made_anew_they_are_the_same(go: str, tmp_path: Path) -> None:
    assert generate(tmp_path)
    for language in LANGUAGES:
        assert texts(tmp_path / language) == texts(SDK / language)


def texts(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files(folder)}
