"""The options of a resource, whose resumed wait has the time of the first."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from roma_provider.resources.options import resumable


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ({"create": "90m"}, {"create": "90m", "update": "90m", "delete": None, "read": None}),
        (
            {"create": "90m", "delete": "5m", "read": "9s"},
            {"create": "90m", "update": "90m", "delete": "5m", "read": "9s"},
        ),
        ({"create": "90m", "update": "1m"}, {"create": "90m", "update": "1m", "delete": None, "read": None}),
        ({"delete": "5m"}, {"create": None, "update": None, "delete": "5m", "read": None}),
    ],
)
def test_the_time_of_create_counts_for_a_resumed_wait_too(given: dict[str, str], passed: dict[str, Any]) -> None:
    mine = pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(**given))
    times = resumable(mine).custom_timeouts
    assert {name: getattr(times, name) for name in passed} == passed


def test_the_users_options_are_left_as_they_are() -> None:
    times = pulumi.CustomTimeouts(create="90m")
    mine = pulumi.ResourceOptions(custom_timeouts=times, protect=True)
    made = resumable(mine)
    assert made is not mine
    assert made.protect is True
    made.delete_before_replace = True
    assert mine.delete_before_replace is None
    assert mine.custom_timeouts is times
    assert times.update is None


@pytest.mark.parametrize("given", [None, pulumi.ResourceOptions()])
def test_without_times_none_are_made_up(given: pulumi.ResourceOptions | None) -> None:
    made = resumable(given)
    assert made is not given
    assert vars(made) == vars(pulumi.ResourceOptions())


def test_none_is_new_options_each_time() -> None:
    assert resumable(None) is not resumable(None)
