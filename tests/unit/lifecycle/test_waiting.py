"""The wait of a hook: its time, its troubles, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from roma_provider.errors import (
    CreationCancelled,
    CreationTimedOut,
    InstanceGone,
)
from tests.support.fakes import (
    ID,
    URN,
    FakeOperation,
    lost,
    progress,
    refused,
    summary,
)
from tests.support.lifecycle import Case

WAY_ON = (
    "the next `pulumi up` deletes it and creates another, once the cause is dealt with; if the resource is protected, "
    f"run `pulumi state unprotect '{URN}'` first"
)


def test_poll_seconds_are_those_of_the_settings(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[progress(), progress(), progress("RUNNING")])
    case.host.session.settings.environment["ROMA_POLL_SECONDS"] = "0.5"  # type: ignore[index]
    case.create()
    assert case.host.clock.slept == [0.5, 0.5]


def test_where_no_poll_seconds_are_set_the_answers_say_when_to_ask(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[progress(), progress(), progress("RUNNING")])
    del case.host.session.settings.environment["ROMA_POLL_SECONDS"]  # type: ignore[attr-defined]
    case.create()
    assert case.host.clock.slept == [pytest.approx(20, rel=0.11)] * 2  # the seed's answer: 30 s old, and no progress


@pytest.mark.parametrize(("timeout", "ends"), [(None, 5400.0), (90.0, 90.0)])
def test_a_creation_that_takes_too_long(tmp_path: Path, timeout: float | None, ends: float) -> None:
    case = Case(tmp_path, op=FakeOperation(timeout=timeout), creates=[ID], progress=[progress()])
    case.create_fails(CreationTimedOut)
    assert case.host.clock.now == ends
    assert case.op.kept[-1][1]["status"] == "CREATING"
    assert case.client.counts["POST"] == 1
    assert case.client.time_outs[0] == ends


def test_what_ordering_took_is_taken_from_the_time_out(tmp_path: Path) -> None:
    case = Case(
        tmp_path,
        op=FakeOperation(timeout=90.0),
        creates=[lost()],
        lists=[[], [], [], [summary()]],
        progress=[progress()],
    )
    case.create_fails(CreationTimedOut)
    assert case.host.clock.now == 90.0
    assert case.client.time_outs[0] == 80.0
    assert case.client.counts["POST"] == 1


def test_trouble_is_told_beside_the_progress(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[lost(), progress(), refused(502), progress("RUNNING")])
    case.create()
    assert case.op.said[2:] == [
        "0:00 connection was reset, trying again",
        "0% 0:30: lvs 0%, 1 not started",
        "0% 0:35 502, trying again: lvs 0%, 1 not started",
    ]
    first, calm, trouble = case.op.news[2:]
    assert len({first, calm, trouble}) == 3


def test_an_unknown_status_is_warned_of(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[progress("STARTING"), progress("STARTING"), progress("RUNNING")])
    case.create()
    assert case.op.warnings == ["the status 'STARTING' is not known here; waiting on"]


def test_an_early_404_is_patience_but_not_for_what_is_resumed(tmp_path: Path) -> None:
    fresh = Case(tmp_path / "a", creates=[ID], progress=[refused(404), refused(404), progress("RUNNING")])
    assert fresh.create()[0] == ID
    resumed = Case(tmp_path / "b", creates=[ID], progress=[progress()])
    resumed.host.clock.at(1.0, resumed.op.stop.set)
    resumed.create_fails(CreationCancelled)
    again = Case(tmp_path / "b", progress=[progress(), refused(404)])
    again.create_fails(InstanceGone)
    assert again.client.counts == {"POST": 0, "progress": 3, "list": 2, "DELETE": 0}


def test_the_clock_goes_on_in_trouble(tmp_path: Path) -> None:
    troubles = [progress(), refused(502), refused(502), refused(502), progress("RUNNING")]
    case = Case(tmp_path, creates=[ID], progress=troubles)
    case.create()
    assert [said.split(":")[1][:2] for said in case.op.said if "502" in said] == ["35", "40", "45"]
