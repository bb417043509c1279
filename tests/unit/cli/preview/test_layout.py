"""Sections in a number of bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roma_provider.cli.preview.layout import Section, fitted, size
from roma_provider.cli.preview.markdown import quoted


def section(name: str, items: int, length: int = 20, **more: object) -> Section:
    found = [[f"{name}{number} ".ljust(length, "é")] for number in range(items)]
    return Section([f"# {name}"], found, f"{name}: {{}} more".format, **more)  # type: ignore[arg-type]


def foot(left_out: int) -> str:
    return f"left out: {left_out}\n" if left_out else ""


def test_what_has_room_is_all_there() -> None:
    boxed = section("a", 2, 5, wrap=quoted, tail=["end"], between=[""])
    text, left_out = fitted("head\n", [boxed, section("none", 0), section("b", 1, 5)], foot, 1000)
    assert left_out == 0
    assert text == "head\n> # a\n> a0 éé\n>\n> a1 éé\n> end\n\n# b\nb0 éé\n\n"
    assert fitted("head\n", [boxed, section("b", 1, 5)], foot, size(text)) == (text, 0)


def test_what_matters_least_is_left_out_and_counted() -> None:
    text, left_out = fitted("", [section("a", 5), section("b", 5), section("c", 5)], foot, 300)
    assert size(text) <= 300
    assert [text.count(f"\n{name}{number} ") for name in "ab" for number in (0, 4)] == [1, 1, 1, 0]
    assert "c: 5 more" in text
    shown = sum(text.count(f"\n{name}{number} ") for name in "abc" for number in range(5))
    assert left_out == 15 - shown
    assert text.endswith(f"left out: {left_out}\n")


def test_a_flood_of_what_is_most_important_does_not_silence_what_is_heard() -> None:
    heard = section("b", 3, is_heard=True)
    text, _ = fitted("", [section("a", 1000, is_heard=True), heard, section("c", 3)], foot, 1000)
    assert [text.count(f"\nb{number} ") for number in range(3)] == [1, 1, 1]
    assert "c: 3 more" in text


def test_nothing_goes_before_what_is_more_important_and_left_out() -> None:
    text, _ = fitted("", [section("a", 1, 500), section("b", 2)], foot, 200)
    assert "a: 1 more" in text
    assert "b: 2 more" in text
    assert "\nb0 " in fitted("", [section("a", 1, 500), section("b", 2, is_heard=True)], foot, 200)[0]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 80), st.booleans()), max_size=5), st.integers(400, 3000))
def test_never_more_than_asked_for(shapes: list[tuple[int, int, bool]], most: int) -> None:
    sections = [
        section(name, items, length, is_heard=heard, wrap=quoted if heard else list, between=[""])
        for name, (items, length, heard) in zip("abcde", shapes, strict=False)
    ]
    text, found = fitted("head\n", sections, foot, most)
    assert size(text) <= most
    shown = sum(line.lstrip("> ")[1:2].isdigit() for line in text.splitlines())
    left_out = sum(len(one.items) for one in sections) - shown
    assert found == left_out
    assert text.endswith(foot(left_out))


def test_bytes() -> None:
    assert [size(text) for text in ("a", "é", "€", "😀", "\ud800")] == [1, 2, 3, 4, 1]


@pytest.mark.parametrize("shown", [0, 1, 2])
def test_a_section_takes_what_it_says(shown: int) -> None:
    one = section("a", 2, between=[""], wrap=quoted, tail=["end"])
    assert size(one.text(shown)) <= one.least() + sum(one.size(number) for number in range(shown))
