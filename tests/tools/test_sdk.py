"""The SDKs in sdk/: made from the schema as it is, by the generator as it is, and as they were made."""

from __future__ import annotations

import json

from tools.make_sdk import LANGUAGES, SDK, STAMP, files, stamp


def test_the_sdks_are_up_to_date_and_as_they_were_made() -> None:
    """By hashes, without Go; tests/engine/languages makes them anew."""
    assert json.loads(STAMP.read_text()) == stamp(), "run `make sdk`"


def test_what_builds_leave_there_is_not_theirs() -> None:
    before, left = stamp(), SDK / "nodejs" / "bin" / "left-by-a-test.js"
    fresh = not left.parent.exists()
    left.parent.mkdir(exist_ok=True)
    left.write_text("")
    try:
        assert stamp() == before
    finally:
        left.unlink()
        if fresh:
            left.parent.rmdir()


def test_each_language_is_there() -> None:
    assert {language: len(files(SDK / language)) > 8 for language in LANGUAGES} == dict.fromkeys(LANGUAGES, True)
