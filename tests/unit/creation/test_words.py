"""A creation in words: how far it is, a progress, a length of time."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.api.models import CreationProgress, SubService
from roma_provider.creation.verdict import State, state
from roma_provider.creation.words import columns, describe, percent, printable, rough, spell, stopwatch
from roma_provider.errors import CreationTimedOut
from tests.support.fakes import ID, lost, progress
from tests.support.wait import Waiting
from tests.support.work import calls_in


def item(**fields: Any) -> dict[str, Any]:
    return {"name": "mqs", "status": "creating", "start_time": 1, **fields}


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ({"progress": 42, "item": [item(progress=30)]}, "42%: mqs 30%"),
        ({"progress": None, "status": "creating", "item": [item(progress=None)]}, "creating: mqs 0%"),
        ({"progress": 130, "item": [item(progress=-5), item(name="lvs", progress=101)]}, "100%: mqs 0%, lvs 100%"),
        ({"progress": -1}, "0%"),
        ({"progress": 50, "item": [item(end_time=5)]}, "50%: mqs done"),
        ({"progress": 50, "item": [item(status="Running", progress=80)]}, "50%: mqs done"),
        ({"progress": 50, "item": [item(start_time=0)]}, "50%: mqs not started"),
        ({"progress": 50, "item": [item(status="create_failed", end_time=5)]}, "50%: mqs failed"),
        ({"progress": 50, "item": [item(error_msg="x")]}, "50%: mqs failed"),
        ({"progress": 50, "item": [item(error_code="ROMA.1")]}, "50%: mqs failed"),
        # A job's id is no trouble, as in the instance itself.
        ({"progress": 50, "item": [item(error_code="JOB-9", progress=5)]}, "50%: mqs 5%"),
        ({"progress": 50, "item": [item(error_code="JOB-9", error_msg="x")]}, "50%: mqs failed"),
        ({"progress": 50, "item": [item(error_code="JOB-9", status="failed")]}, "50%: mqs failed"),
        ({"progress": 50, "item": [{}]}, "50%: ? not started"),
        ({"progress": 50, "item": []}, "50%"),
        ({"status": "creating"}, "creating"),
        ({}, "no status"),
    ],
)
def test_one_line_on_how_far_a_creation_is(answer: dict[str, Any], line: str) -> None:
    assert describe(CreationProgress.model_validate(answer)) == line


@pytest.mark.parametrize(("value", "shown"), [(None, None), (-1, 0), (0, 0), (42, 42), (100, 100), (101, 100)])
def test_percent(value: int | None, shown: int | None) -> None:
    assert percent(value) == shown


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0.0 s"),
        (0.25, "0.2 s"),
        (1.0, "1 s"),
        (45.0, "45 s"),
        (59.6, "1 min"),
        (60.0, "1 min"),
        (125.0, "2 min 5 s"),
        (3600.0, "1 h"),
        (3661.0, "1 h 1 min 1 s"),
        (3605.0, "1 h 5 s"),
        (90000.0, "25 h"),
    ],
)
def test_spell(seconds: float, words: str) -> None:
    assert spell(seconds) == words


def test_a_time_out_names_the_last_trouble_and_claims_nothing_that_nobody_saw() -> None:
    again = "run `pulumi up` again to resume the wait, or allow more time with custom_timeouts"
    unseen = Waiting(lost(), seconds=7.0)
    with pytest.raises(CreationTimedOut) as caught:
        unseen.wait.until_ready()
    assert caught.value.reasons == [
        f"instance {ID} was not ready after 7 s: without one answer about its progress",
        f"the last question got no good answer: {lost()}",
        again,
    ]
    seen = Waiting(lost(), progress(), seconds=7.0)
    with pytest.raises(CreationTimedOut) as caught:
        seen.wait.until_ready()
    assert caught.value.reasons[1:] == [f"its creation goes on at Huawei Cloud: {again}"]


def test_a_code_of_zero_is_no_failure() -> None:
    entry = {"name": "mqs", "status": "running", "error_code": "0", "error_msg": ""}
    assert state(SubService.model_validate(entry)) is State.DONE
    assert state(SubService.model_validate({**entry, "error_code": "LINK.00500001"})) is State.FAILED


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (59.9, "0:59"), (460, "7:40"), (3599, "59:59"), (4060, "1:07:40")]
)
def test_clock(seconds: float, shown: str) -> None:
    assert stopwatch(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.1, "10s"), (26, "30s"), (54, "50s"), (55, "1m"), (89, "1m"), (635, "11m"), (5399, "90m"), (5400, "1.5h"),
     (7200, "2h"), (14400, "4h")],
)  # fmt: skip
def test_rough(seconds: float, shown: str) -> None:
    assert rough(seconds) == shown


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("mqs", 3, "mqs"),
        ("mqs", 2, "m…"),
        ("a\tb\x07", 9, "a b?"),
        ("名名", 4, "名名"),
        ("名名", 3, "名…"),
        ("", 5, ""),
    ],
)
def test_plain(text: str, width: int, shown: str) -> None:
    assert printable(text, width) == shown


@pytest.mark.parametrize("letter", ["x", "名", "\x1b", "\u202e", ":"])
def test_a_long_word_is_no_more_work_than_a_short_one(letter: str) -> None:
    """A name of 100,000 letters once stopped the plugin for hours."""
    shown = printable(letter * 3_000_000, 20)
    assert (columns(shown), shown[-1]) in ((20, "…"), (19, "…"))
    assert calls_in(lambda: printable(letter * 3_000_000, 20)) <= calls_in(lambda: printable(letter * 30, 20)) + 10
