"""The roll call: what lists and answers say about whose turn has come."""

from __future__ import annotations

import pytest

from roma_provider.creation.roll_call import RollCall

CREATING = {"a": "CREATING", "b": "creating"}


def test_a_list_each_five_seconds_by_one_of_all_who_wait() -> None:
    found = RollCall()
    assert [found.begins(now, 8) for now in (0.0, 0.0, 4.9, 5.0, 9.9, 10.0)] == [True, False, False, True, False, True]


def test_fewer_lists_where_more_wait_than_verdicts_leave_calls_for() -> None:
    found = RollCall()
    assert [found.begins(now, 150) for now in (0.0, 9.9, 10.0)] == [True, False, True]


def test_where_calls_are_short_lists_begin_later_and_are_fewer() -> None:
    found = RollCall()

    def due(*moments: float) -> list[float]:
        return [now for now in moments if found.begins(now, 64, short_for=now)]

    assert due(0.0, 39.9, 40.0, 45.4, 45.5) == [40.0, 45.5]
    assert due(200.0, 219.9, 220.0) == [200.0, 220.0]


def test_after_the_first_one_is_ready_lists_come_sooner_for_a_while() -> None:
    found = RollCall()
    found.answered("earlier", "RUNNING", 5.0)  # before these began to wait
    moments = [number / 10 for number in range(600, 2000)]

    def due(since: float, until: float) -> list[float]:
        mine = [now for now in moments if since <= now < until]
        return [now for now in mine if found.begins(now, 64, short_for=now - 20.0)]

    assert due(60.0, 70.0) == [60.0, 65.5]
    found.answered("a", "CREATING", 69.1)
    assert due(69.2, 71.0) == []
    found.answered("a", "RUNNING", 69.1)
    found.answered("b", "RUNNING", 80.0)
    assert due(71.0, 110.0) == [71.0, 73.0, 75.0, 77.6, 81.3, 86.6, 94.1, 104.3]
    assert due(110.0, 150.0) == [115.8, 128.9, 143.8]  # as before


@pytest.mark.parametrize(
    ("lists", "called"),
    [
        ([CREATING], []),
        ([CREATING, {"a": "RUNNING", "b": "CREATING"}], ["a"]),
        ([{"a": "CREATE_FAILED", "b": "CREATING"}], ["a"]),
        ([CREATING, {"b": "CREATING"}], ["a"]),  # it was shown, and is no more
        ([{"b": "CREATING"}], []),  # the list may lag behind POST
        ([CREATING, {}], []),  # an empty list is no hint about all of them
    ],
)
def test_who_is_called(lists: list[dict[str, str]], called: list[str]) -> None:
    found = RollCall()
    for number, shown in enumerate(lists):
        found.listed(shown, float(number))
    assert [instance_id for instance_id in ("a", "b") if found.calls(instance_id)] == called


def test_one_that_is_still_creating_is_not_called_again() -> None:
    found = RollCall()
    found.listed({"a": "RUNNING"}, 1.0)
    assert found.watches("a", 0.0)
    found.answered("a", "CREATING", 2.0)
    assert not found.calls("a")
    assert not found.watches("a", 0.0)


def test_where_a_list_is_seen_to_lag_there_are_no_more_of_them() -> None:
    found = RollCall()
    found.answered("a", "RUNNING", 10.0)
    found.listed(CREATING, 9.0)  # begun before the answer: no lag
    assert not found.is_lagging
    found.listed(CREATING, 11.0)
    assert found.is_lagging
    assert not found.begins(100.0, 8)
    assert not found.calls("b")
    assert not found.watches("b", 0.0)


def test_what_was_ordered_a_moment_ago_is_soon_in_the_lists() -> None:
    found = RollCall()
    assert found.watches("new", 100.0)
    found.listed(CREATING, 120.0)
    assert found.watches("new", 100.0)
    found.listed(CREATING, 131.0)
    assert not found.watches("new", 100.0)
    assert found.watches("a", 100.0)
