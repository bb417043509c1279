"""JSON that is taken, and why other JSON is not (over HTTP: test_hostile_input)."""

from __future__ import annotations

import pytest

from roma_provider.emulator.core.json_input import DEEPEST, UnreadableJSONError, parsed_json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"a": [1, -2.5, true, null, "\xe4\xb8\xad"]}', {"a": [1, -2.5, True, None, "中"]}),
        (b"9223372036854775807", 2**63 - 1),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        ("[]", []),
    ],
)
def test_what_is_taken(text: bytes | str, value: object) -> None:
    assert parsed_json(text) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"9223372036854775808", "too large"),
        (b"-" + b"9" * 10_000, "too large"),
        (b"-1e999", "too large"),
        (b"-Infinity", "no number"),
        (b'{"\\ud83d": 1}', "surrogate"),
        (b"\xff", "utf-8"),
        (b"", "Expecting value"),
    ],
)
def test_why_it_is_not(text: bytes, why: str) -> None:
    with pytest.raises(UnreadableJSONError, match=why):
        parsed_json(text)


def test_how_deep_it_may_be() -> None:
    assert parsed_json("[" * DEEPEST + "1" + "]" * DEEPEST)
    with pytest.raises(UnreadableJSONError, match="deep"):
        parsed_json("[" * (DEEPEST + 1) + "1" + "]" * (DEEPEST + 1))
