"""Rules for the values of a body: what each takes and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.emulator.core import body_rules
from roma_provider.emulator.core.body_rules import BodyRule


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (body_rules.TEXT, ["a"], ["", None, 1]),
        (body_rules.ANY_TEXT, ["", "a"], [None, 1]),
        (body_rules.BOOLEAN, [True, False], [None, 1, "true"]),
        (body_rules.OBJECT, [{}], [None, [], "x"]),
        (body_rules.ARRAY, [[]], [None, {}, "x"]),
        (body_rules.NUMBER, [0, 2**31], [None, -1, 1.5, True, "1"]),
        (body_rules.NAME, ["a", "n" * 64], ["", "n" * 65, None]),
        (body_rules.ZONES, [["az"], ["az"] * 9], [[], [""], ["az"] * 10, "az", None]),
        (body_rules.WINDOW_TIME, ["00:00:00", "23:59:59"], ["24:00:00", "22:00", "22:60:00", None, 5]),
        (body_rules.one_of("a", "b"), ["a", "b"], ["c", "", None]),
    ],
)
def test_what_a_rule_takes(rule: BodyRule, good: list[Any], bad: list[Any]) -> None:
    holds, words = rule
    assert [holds(value) for value in good] == [True] * len(good)
    assert [holds(value) for value in bad] == [False] * len(bad)
    assert words.startswith("It must be ")
    assert words.endswith(".")
