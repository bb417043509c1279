"""A server's text made fit for people: one line, with nothing that a terminal or a CI system obeys."""

from __future__ import annotations

import json
import unicodedata

import pytest

from roma_provider.texts import MOST_SHOWN, cut, for_people, json_for_people


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, 中文 and öß", "plain words, 中文 and öß"),
        ("", ""),
        ("x\n::error file=a.py::no", "x ::error file=a.py::no"),
        ("::error::no", ": :error::no"),
        ("  ::stop-commands::t", "  : :stop-commands::t"),
        ("\n::error::no", " : :error::no"),
        ("\u2028::error::no", " : :error::no"),
        ("\x1b::error::no", "?::error::no"),
        ("a ##[error]no", "a # #[error]no"),
        ("a ##vso[task.setvariable]x", "a # #vso[task.setvariable]x"),
        ("a ##VSO[task]x ###[b]", "a # #VSO[task]x ## #[b]"),
        # Not a command, and people copy it.
        ("urn:pulumi:dev::shop::t::one", "urn:pulumi:dev::shop::t::one"),
        ("a ::b:: c # [x] ## x", "a ::b:: c # [x] ## x"),
        ("\x1b[2J\x07\x00\x7f\x9b", "?[2J????"),
        ("a\u202eb\u200bc\ufeffd\u2066e", "a?b?c?d?e"),
        ("a\ud800b", "a?b"),
        ("a\rb\x0bc\x85d\u2029e\tf", "a b c d e f"),
    ],
)
def test_a_text(text: str, shown: str) -> None:
    assert for_people(text) == shown
    assert for_people(shown) == shown


def test_every_character() -> None:
    for first in range(0, 0x110000, 256):
        shown = for_people("".join(f"a{chr(code)}" for code in range(first, first + 256)))
        assert shown[::2] == "a" * 256
        assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
        assert len(shown.splitlines()) == 1


@pytest.mark.parametrize("text", ["a ##[error]no", "##VSO[task]x ###[b]", "\x1b[2J\n::error::\u202e", '##"[', "中"])
def test_json_says_the_same(text: str) -> None:
    written = json_for_people({"a": [text]})
    assert json.loads(written) == {"a": [text]}
    assert for_people(written) == written
    assert written.isascii()


def test_long_texts_are_cut() -> None:
    assert for_people("x" * 10, 5) == "xxxx…"
    assert for_people("x" * 5, 5) == "xxxxx"
    assert len(for_people("\x1b" * 3_000_000)) == MOST_SHOWN
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
