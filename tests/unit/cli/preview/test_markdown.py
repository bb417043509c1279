"""Texts of others in Markdown, held against a parser of CommonMark: they are shown, and do nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from roma_provider.cli.preview.markdown import block, code, marker, message, plain, prose, quoted
from tests.support.markdown import HOSTILE, assert_tame, code_of, text_of

# What is of meaning in Markdown, in HTML, or to a host of pull requests, beside any character.
TEXTS = st.text(st.one_of(st.sampled_from("`*_~<>[]()!#@|\\&:-+=1.\n \t$/\x1b\"'"), st.characters()), max_size=60)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_values_in_code(text: str) -> None:
    assert code_of(f"- {code(text)}: fine") == ([plain(text)] if plain(text).strip() else [])
    assert_tame(f"- {code(text)}: fine")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_messages(text: str) -> None:
    assert_tame(f"- {prose(text)}")
    assert_tame(prose(text))
    assert_tame("\n".join(f"> {line}" for line in message(f"first\n{text}", 4000)))


@given(TEXTS)
def test_code_shows_any_text_as_it_is(text: str) -> None:
    shown = plain(text)[:200]
    found = code_of(code(text, 200))
    assert found == (
        [shown.strip(" ") if not shown.strip(" ") else shown] if shown.strip() else [] if shown else ['""']
    )


@given(TEXTS)
def test_prose_is_words_and_code(text: str) -> None:
    assert_tame(prose(text))
    assert_tame(f"- {prose(text)}")
    # Every word is still there, in order; but for the backticks of what was quoted already.
    words = plain(" ".join(text.split()), 2000).replace("`", "").split()
    assert text_of(prose(text)).replace("`", "").split() == words or not words


@given(TEXTS, st.integers(100, 4000))
def test_messages_of_several_lines(text: str, most: int) -> None:
    assert_tame("\n".join(["- **Warning:** " + message(text, most)[0], *message(text, most)[1:], "- next"]))
    lines = quoted(["[!CAUTION]", "- " + message(text, most)[0], *message(text, most)[1:]])
    assert all(line.startswith(">") for line in lines)
    assert_tame("\n".join(lines))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("There is no API to change 'name': do it", "There is no API to change `'name'`: do it"),
        ("run `pulumi up` again (or `x`)", "run `pulumi up` again (or `x`)"),
        ("(because of vpc_id) it ends", "(because of `vpc_id`) it ends"),
        ("at 50%: mqs done, link 0%), and f(x) too", "at 50%: mqs done, link 0%), and `f(x)` too"),
        ("ask @all, see https://x.y/z.", "ask `@all`, see `https://x.y/z`."),
        ("1. no list", "`1`. no list"),
        ("2 instances", "`2` instances"),
        ("deadbeef is no commit, nor 0123456", "`deadbeef` is no commit, nor `0123456`"),
        ("实例 is well", "实例 is well"),
    ],
)
def test_what_of_a_message_is_code(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_colours_and_control_characters_are_taken_out() -> None:
    assert plain("\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07 a\rb\x00c\u202ed") == "red link a b?c?d"
    assert plain("::error::x") == ": :error::x"
    assert code("a\nb") == "`a b`"
    assert len(plain("x" * 10_000)) == 500


def test_a_block_is_closed_by_nothing_in_it() -> None:
    lines = block("a\n```\n````` b\n</details>\n", 1000)
    assert lines == ["``````text", "a", "```", "````` b", "</details>", "``````"]
    [fence] = [token for token in MarkdownIt().parse("\n".join(lines)) if token.type == "fence"]
    assert fence.content == "a\n```\n````` b\n</details>\n"


def test_of_a_long_block_the_first_and_the_last_lines_are_shown() -> None:
    lines = block("\n".join(f"line {number}" for number in range(100)), 4000)
    assert lines[1:5] == ["line 0", "line 1", "line 2", "… (67 lines)"]
    assert lines[5:-1] == [f"line {number}" for number in range(70, 100)]
    fewer = block("\n".join("x" * 100 for _ in range(20)), 700)
    assert (len(fewer), fewer[4]) == (9, "… (14 lines)")


def test_reasons_of_the_engine_are_points() -> None:
    assert message("Refreshed:\n    * one @all\n\n    * two\n", 4000) == ["Refreshed:", "  - one `@all`", "  - two"]
    assert message("Failed:\n  File x", 4000) == ["Failed:", "", "  ```text", "    File x", "  ```", ""]


def test_markers() -> None:
    assert marker("shop/prod") == "<!-- roma-preview-summary shop/prod -->"
    assert marker("") == "<!-- roma-preview-summary  -->"
    odd = ["a--b", "a-b-", "a b", "a>b", "a-->b", "é", "--", "x" * 300, "x" * 301, "a\nb", "-", "\ud800"]
    found = [marker(name) for name in odd]
    assert len({*found, marker("a-b"), marker("")}) == len(odd) + 2
    for made in found:
        inner = made.removeprefix("<!-- ").removesuffix(" -->")
        assert "--" not in inner
        assert ">" not in inner
        assert made.isascii()
        assert len(made) < 260
