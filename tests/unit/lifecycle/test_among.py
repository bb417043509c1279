"""Many waits of one process: the real hooks on a clock that only sleeping moves."""

from __future__ import annotations

from statistics import fmean
from typing import Any

import pytest

from bench.timelines import Timeline
from bench.together import run

NUMBER = 32


def small(ready: float) -> Timeline:
    return Timeline(f"t{ready:g}", "F5", "frozen", "15", ready, [], [[0.0, 0.0]], hold=True)


def fullest(calls: list[float]) -> int:
    return max(sum(begun < other <= begun + 300 for other in calls) for begun in [-1.0, *calls])


def late(found: dict[str, Any]) -> list[float]:
    return [row["latency_s"] for row in found["rows"]]


@pytest.fixture(scope="module")
def crowd() -> dict[str, Any]:
    """32 creations of 5 to 6 minutes."""
    return run([small(300.0 + 8 * number) for number in range(8)], "F5", NUMBER)


def test_a_crowd_is_quick_and_within_its_budget(crowd: dict[str, Any]) -> None:
    assert len(crowd["rows"]) == NUMBER
    assert fmean(late(crowd)) <= 5.0
    assert max(late(crowd)) <= 23.0  # the last ones are no crowd any more, and ask each 20 s
    assert fullest(crowd["calls"]) <= 152
    assert crowd["kinds"].count("create_instance") == NUMBER


def test_a_list_stands_in_place_of_most_questions(crowd: dict[str, Any]) -> None:
    kinds = crowd["kinds"]
    assert kinds.count("creation_progress") <= 5 * NUMBER  # alone, each would ask 20 times
    assert kinds.count("list_roma_instances") >= 45


def test_lists_that_lag_are_given_up_and_all_are_ready(crowd: dict[str, Any]) -> None:
    found = run([small(300.0 + 8 * number) for number in range(8)], "F5", NUMBER, lag=120.0)
    assert len(found["rows"]) == NUMBER
    assert fullest(found["calls"]) <= 152
    assert max(late(found)) <= 300.0
    assert fmean(late(crowd)) < fmean(late(found))


def test_few_ask_for_themselves() -> None:
    found = run([small(200.0)], "F5", 2)
    assert fmean(late(found)) <= 22.0
    assert found["kinds"].count("list_roma_instances") <= 14


def test_a_budget_of_fewer_calls_is_kept() -> None:
    found = run([small(60.0)], "F5", 12, config={"roma:callsPerFiveMinutes": "40"})
    assert fullest(found["calls"]) <= 42
    assert len(found["rows"]) == 12


def test_pauses_that_are_set_do_not_break_the_budget() -> None:
    found = run([small(400.0)], "F5", 8, config={"roma:pollSeconds": "1"})
    assert fullest(found["calls"]) <= 152


def test_the_orders_of_many_leave_calls_for_their_verdicts() -> None:
    """64 orders and 64 verdicts are 128 of 150 calls, so that lists are few until the orders are out of the window."""
    found = run([small(60.0)], "F5", 64)
    assert len(found["rows"]) == 64
    assert fullest(found["calls"]) <= 152
    assert sum(seconds <= 15.0 for seconds in late(found)) >= 50  # begun within 10 s, and so not known of at first


@pytest.mark.parametrize("ready", [45.0, 61.0, 90.0])
def test_of_many_that_are_ordered_by_one_run_no_verdict_has_to_wait_for_the_window(ready: float) -> None:
    found = run([small(ready)], "F5", 64, within=2.0)
    assert len(found["calls"]) == fullest(found["calls"]) <= 150
    assert max(late(found)) <= 11.0
    lists = found["kinds"].count("list_instances")
    assert lists <= 6, "one look before the orders, and one after them, serve all who come within seconds"
