"""How a watched creation looks: as lines of a log, and as JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from roma_provider.api.models import CreationProgress
from roma_provider.cli.watch.views import JsonView, LineView
from tests.support.fakes import ID, refused
from tests.support.watch import BEGAN, Watching, answer, service

KEYS = [
    *("event", "time", "verdict", "id", "name", "status", "progress", "services", "trouble"),
    *("seconds", "remaining_seconds", "warning", "reasons"),
    *("command", "ok", "exit_code", "messages"),
]


def far(percent: Any, minutes: float, **more: Any) -> CreationProgress:
    return answer("CREATING", percent, service("lvs", percent, start=0), minutes=minutes, **more)


def lines(*answers: Any, **options: Any) -> list[str]:
    written: list[str] = []
    watching = Watching(answers, **options)
    view = LineView(written.append)
    view.end(watching.watch.run(view))
    return written


def events(*answers: Any, **options: Any) -> list[dict[str, Any]]:
    written: list[str] = []
    watching = Watching(answers, **options)
    view = JsonView(written.append, watching.clock)
    view.finish(watching.watch.run(view), 0)
    assert all("\n" not in line for line in written)
    return [json.loads(line) for line in written]


READY = answer("RUNNING", 100, service("lvs", 100, "running", start=0, end=3), minutes=3.0, end_time=BEGAN + 180_000)


def test_lines_say_what_changed_and_nothing_twice() -> None:
    written = lines(far(30, 1), far(30, 1), far(31, 1), far(50, 2), refused(502), far(50, 2), READY)
    # The words are those of `pulumi up`, see test_status_line.
    assert [re.findall(r"^\d+% \d:\d\d|502, trying again", line) for line in written] == [
        ["30% 1:00"],
        ["50% 2:00"],
        ["50% 2:05", "502, trying again"],
        ["50% 2:00"],
        ["100% 3:00"],
        [],
        [],
    ]
    assert written[-2:] == [f"roma-2222 ({ID}) is RUNNING", "created in 3 min"]


def test_half_an_hour_without_news_has_a_line_a_minute_and_then_fewer() -> None:
    # 360 answers, one every five seconds.
    half_an_hour = [far(30, 1 + number / 12) for number in range(360)]
    assert 20 <= len(lines(*half_an_hour, READY)) <= 35


def test_a_warning_is_a_line() -> None:
    assert lines(answer("BUILDING"), READY)[0] == "warning: the status 'BUILDING' is not known here; waiting on"


def test_json_is_a_line_for_each_change_and_one_for_the_verdict() -> None:
    found = events(far(30, 1), far(30, 1), far(40, 2), refused(502), READY)
    assert [list(event) for event in found] == [KEYS] * 5
    assert [(event["event"], event["progress"], event["verdict"], event["trouble"]) for event in found] == [
        ("progress", 30, None, None),
        ("progress", 40, None, None),
        ("progress", 40, None, "operation was answered with HTTP 502: said no; asking again"),
        ("progress", 100, None, None),
        ("end", 100, "ready", None),
    ]
    assert [event["seconds"] for event in found] == [60, 120, 125, 180, 180]
    assert [event["remaining_seconds"] for event in found] == [140, 180, 175, None, None]
    assert found[-1]["time"] == "2025-03-06T12:01:33Z"
    assert found[-1]["services"] == [
        {
            "name": "lvs",
            "state": "done",
            "status": "running",
            "progress": 100,
            "start_time": BEGAN,
            "end_time": BEGAN + 180_000,
            "error_code": None,
            "error_msg": None,
        }
    ]
    assert (found[-1]["id"], found[-1]["name"], found[-1]["status"], found[-1]["reasons"]) == (
        ID,
        "roma-2222",
        "RUNNING",
        [],
    )


def test_json_of_a_failure() -> None:
    failed = service("mqs", 140, "create_failed", start=1, error_code="MQS.1", error_msg="no room")
    last = events(far(30, 1), answer("CREATE_FAILED", None, failed))[-1]
    assert (last["verdict"], last["status"], last["progress"]) == ("failed", "CREATE_FAILED", None)
    assert last["reasons"] == [
        f"instance {ID} could not be created (CREATE_FAILED): the API gave neither code nor message",
        "sub-service mqs failed: MQS.1 no room",
    ]
    [found] = last["services"]
    assert (found["state"], found["progress"], found["error_code"], found["error_msg"]) == (
        "failed",
        100,
        "MQS.1",
        "no room",
    )


@pytest.mark.parametrize(
    ("then", "remaining"), [(answer("CREATE_FAILED", 40), None), (refused(403), None), (KeyboardInterrupt(), 85)]
)
def test_json_has_an_estimate_in_the_end_only_of_what_goes_on(then: Any, remaining: int | None) -> None:
    found = events(far(40, 1), then)
    assert [event["remaining_seconds"] for event in found] == [90, remaining]


def test_json_says_a_trouble_once_whatever_its_request_id() -> None:
    storm = [refused(502, request_id=f"id-{number}") for number in range(5)]
    found = events(far(30, 1), *storm, refused(503), far(30, 1), READY)
    assert [re.findall(r"id-\d|503", event["trouble"] or "") for event in found] == [[], ["id-0"], ["503"], [], [], []]


@pytest.mark.parametrize(
    ("answers", "options", "verdict"),
    [
        ([far(30, 1)], {"seconds": 30.0}, "timed_out"),
        ([refused(404)], {}, "error"),
        ([answer("FROZEN")], {}, "ended"),
        ([answer("DELETED")], {}, "gone"),
        ([KeyboardInterrupt()], {}, "interrupted"),
    ],
)
def test_json_ends_with_a_verdict_whatever_happens(answers: Any, options: Any, verdict: str) -> None:
    last = events(*answers, **options)[-1]
    assert (last["event"], last["verdict"], bool(last["reasons"])) == ("end", verdict, True)


def test_json_warns_as_well() -> None:
    found = events(answer("BUILDING"), READY)
    assert [(event["event"], event["warning"]) for event in found][:2] == [
        ("warning", "the status 'BUILDING' is not known here; waiting on"),
        ("progress", None),
    ]
