"""The rules for values: the normal form of each, and what to write instead. (Under which argument: test_check.py.)"""

from __future__ import annotations

import math
from typing import Any

import pytest

from roma_provider.errors import InputError
from roma_provider.schema import rules
from roma_provider.schema.rules import Refusal, Rule, has_unknown, require
from tests.support.fakes import ID, PROJECT, Unknown, is_unknown

MBITS = rules.whole("Mbit/s")
RCUS = rules.whole("RCUs", least=1)
ENGINE = rules.one_of("2.7", "2.3.0")
ANY = {"a": [Unknown]}


@pytest.mark.parametrize(
    ("rule", "value", "normal"),
    [
        (rules.anything, ANY, ANY),
        (rules.text, "", ""),
        (rules.text, " a\nb ", " a\nb "),
        (rules.word, "集成 a", "集成 a"),
        (rules.flag, False, False),
        (MBITS, 5.0, 5),
        (MBITS, 0.0, 0),
        (MBITS, 1_000_000, 1_000_000),
        (RCUS, 1.0, 1),
        (rules.zones, ["b", "a"], ["b", "a"]),
        (ENGINE, "2.3.0", "2.3.0"),
        (rules.time_of_day, "22:00", "22:00:00"),
        (rules.time_of_day, "22:30:15", "22:30:15"),
        (rules.window, "02:00", "02:00:00"),
        (rules.window, "22:00:00", "22:00:00"),
        (rules.project_id, PROJECT, PROJECT),
        (rules.project_id, "x" * 16, "x" * 16),
        (rules.project_id, "x_-Y" * 32, "x_-Y" * 32),
        (rules.region_id, "cn-north-4", "cn-north-4"),
        (rules.region_id, "eu", "eu"),
        (rules.instance_id, ID, ID),
        (rules.instance_id, "x" * 8, "x" * 8),
        (rules.instance_id, "x" * 64, "x" * 64),
    ],
)
def test_normal_forms(rule: Rule, value: Any, normal: Any) -> None:
    found = rule(value)
    assert found == normal
    assert type(found) is type(normal)


NOT_EMPTY = "write a text that is not empty, not {!r}"
CONTROL = "write it without control characters or line breaks"
ZONES = 'write a list of at least one zone id, such as ["az0.dc0"], not {!r}'
WHOLE = "write a whole number of {} from {} to 1000000, such as 5, not {{!r}}"
TIME = "write a time as HH:MM:SS, such as 22:00:00, not {!r}"
WINDOW = "write one of 02:00:00, 06:00:00, 10:00:00, 14:00:00, 18:00:00, 22:00:00 (UTC), not {!r}"
PROJECT_ID = f"write a project id, such as {PROJECT}, not {{!r}}"
REGION_ID = "write a region id, such as cn-north-4, not {!r}"
INSTANCE_ID = "write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23, not {!r}"

BAD: list[tuple[Rule, tuple[Any, ...], str]] = [
    (rules.text, (5.0, None, ["a"]), "write text, not {!r}"),
    (rules.word, ("", "  ", "\n", 5.0, None, ["a"]), NOT_EMPTY),
    (rules.word, (" x ", " x", "x "), "write 'x', without space around it"),
    (rules.word, ("a\nb", "a\x1b[31m", "a\u202eb", "x\n"), CONTROL),
    (rules.flag, ("true", 1.0, 0, None), "write true or false, not {!r}"),
    (MBITS, (-1.0, 2.5, 1000001.0, 1e300, "5", True, [5], math.nan, math.inf, -math.inf), WHOLE.format("Mbit/s", 0)),
    (RCUS, (0, 0.0, False), WHOLE.format("RCUs", 1)),
    (rules.zones, ([], "az0.dc0", {"a": "b"}, ("a",)), ZONES),
    (rules.zones, (["a", "b", "a"],), "write each zone once"),
    (rules.zones, (["a", ""],), NOT_EMPTY.format("")),
    (rules.zones, (["a", 5.0],), NOT_EMPTY.format(5.0)),
    (rules.zones, (["az0\n"],), CONTROL),
    (ENGINE, ("3", 2.7, "", None, ["2.7"]), "write one of '2.7', '2.3.0', not {!r}"),
    (rules.time_of_day, ("10pm", 22.0, "22:00:00\n", "2:00", "22:00:0", "22"), TIME),
    (rules.window, ("10pm",), TIME),
    (rules.window, ("23:00:00", "22:30:00", "22:00:01", "00:00"), WINDOW),
    (rules.project_id, ("", "short", "x" * 15, "x" * 129, "c29445cce74b4456/2de4fcf3102cec4", 5.0), PROJECT_ID),
    (rules.project_id, (f"{PROJECT}\n",), PROJECT_ID),
    (rules.region_id, ("", "CN North", "a_b", "-a", "a-", "a--b", "evil.com#", "cn\n", 4.0), REGION_ID),
    (rules.instance_id, ("", "short", "x" * 65, "b037d389/62a4", "b037d389\n", "../../x/y", 5.0), INSTANCE_ID),
]


@pytest.mark.parametrize(
    ("rule", "bad", "words"), [(rule, bad, words) for rule, values, words in BAD for bad in values]
)
def test_what_is_refused_in_which_words(rule: Rule, bad: Any, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        rule(bad)
    assert str(refused.value) == words.format(bad)
    # The value may be a secret.
    assert refused.value.advice == words.partition(", not ")[0]


def test_a_refusal_with_and_without_what_was_written() -> None:
    with_it, none, without = Refusal("write text", "canary"), Refusal("write text", None), Refusal("write text")
    assert [str(one) for one in (with_it, none, without)] == [
        "write text, not 'canary'",
        "write text, not None",
        "write text",
    ]
    assert {one.advice for one in (with_it, none, without)} == {"write text"}


def test_a_window_is_four_hours_and_the_next_begins_where_it_ends() -> None:
    assert rules.WINDOWS["22:00:00"] == "02:00:00"
    assert len(rules.WINDOWS) == 6
    assert set(rules.WINDOWS.values()) == set(rules.WINDOWS)
    assert {(int(end[:2]) - int(begin[:2])) % 24 for begin, end in rules.WINDOWS.items()} == {4}


def test_a_value_that_is_required_is_refused_by_the_name_it_was_given_under() -> None:
    with pytest.raises(InputError) as refused:
        require("a_b", rules.region_id, "--region")
    assert str(refused.value) == "--region: write a region id, such as cn-north-4, not 'a_b'"
    assert isinstance(refused.value.__cause__, Refusal)
    require("cn-north-4", rules.region_id, "--region")


@pytest.mark.parametrize(
    ("value", "unknown"),
    [(Unknown(), True), ([1, [Unknown()]], True), ({"a": {"b": Unknown()}}, True), ({"a": [1]}, False), (None, False)],
)
def test_has_unknown(value: Any, unknown: bool) -> None:
    assert has_unknown(value, is_unknown) is unknown
