"""The wait for a creation, with a clock that only sleeping moves and reads that follow a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from roma_provider.api.models import CreationProgress
from roma_provider.creation.schedule import Fixed
from roma_provider.creation.verdict import Verdict
from roma_provider.creation.words import brief, describe
from roma_provider.errors import (
    CreationCancelled,
    CreationEnded,
    CreationFailed,
    CreationTimedOut,
    InstanceGone,
    RomaApiError,
    RomaConnectionError,
    RomaError,
)
from tests.support.fakes import ID, FakeClock, body, lost, progress, refused
from tests.support.script import Script
from tests.support.wait import Waiting


def top(status: str | None, **more: Any) -> CreationProgress:
    """An answer without ``instance``."""
    return CreationProgress.model_validate({"status": status, **more})


def test_ready_at_once() -> None:
    waiting = Waiting(progress("RUNNING"))
    assert waiting.wait.until_ready().decisive_status == "RUNNING"
    assert waiting.times == [0.0]
    assert waiting.clock.slept == []
    assert [report.progress for report in waiting.reports] == [progress("RUNNING")]


def test_ready_after_some_polls_every_five_seconds() -> None:
    waiting = Waiting(progress(), progress("creating"), progress("Running"))
    assert waiting.wait.until_ready() == progress("Running")
    assert waiting.reads == [(0.0, 5400.0), (5.0, 5395.0), (10.0, 5390.0)]
    assert len(waiting.reports) == 3


def test_an_error_code_while_creating_is_a_job_and_no_failure() -> None:
    broken = progress("CREATING", errorCode="ROMA.10010", errorMessage="looks bad")
    waiting = Waiting(broken, broken, progress("RUNNING", errorCode="JOB-1"))
    waiting.wait.until_ready()
    assert len(waiting.reads) == 3
    assert waiting.warnings == []


@pytest.mark.parametrize("status", ["CREATE_FAILED", "create_failed", "failed", " Create_Failed "])
def test_failed_with_code_message_and_sub_services(status: str) -> None:
    answer = body(status, errorCode="ROMA.10010", errorMessage="no capacity")
    answer["item"] = [
        {"name": "lvs", "status": "running"},
        {"name": "mqs", "status": "create_failed", "error_code": "MQS.1", "error_msg": "quota"},
        {"name": "fdi", "status": "CREATE_FAILED", "error_code": "", "error_msg": ""},
        {"name": "link", "status": "creating", "error_msg": "stuck"},
        {"status": "failed"},
    ]
    found = CreationProgress.model_validate(answer)
    waiting = Waiting(progress(), found)
    error = waiting.fails(CreationFailed)
    assert error.reasons == [
        f"instance {ID} could not be created (CREATE_FAILED): ROMA.10010 no capacity",
        "sub-service mqs failed: MQS.1 quota",
        "sub-service fdi failed: without a reason given",
        "sub-service link failed: stuck",
        "sub-service ? failed: without a reason given",
    ]
    assert (error.instance_id, error.code, error.message, error.progress) == (ID, "ROMA.10010", "no capacity", found)
    assert len(waiting.reads) == 2


def test_failed_without_a_message_ends_at_once_with_what_there_is() -> None:
    waiting = Waiting(progress("CREATE_FAILED", errorCode=None))
    error = waiting.fails(CreationFailed)
    assert error.reasons == [
        f"instance {ID} could not be created (CREATE_FAILED): the API gave neither code nor message"
    ]
    assert (error.code, error.message) == (None, None)
    assert len(waiting.reads) == 1
    assert Waiting(top("failed")).fails(CreationFailed).reasons == error.reasons


def test_the_top_status_counts_only_where_instance_is_missing() -> None:
    assert Waiting(top("success")).wait.until_ready().status == "success"
    contradicting = CreationProgress.model_validate({**body("CREATING"), "status": "running"})
    waiting = Waiting(contradicting, progress("RUNNING"))
    waiting.wait.until_ready()
    assert len(waiting.reads) == 2
    silent = CreationProgress.model_validate({**body(None), "status": "failed"})
    waiting = Waiting(silent, progress("RUNNING"))
    waiting.wait.until_ready()
    assert waiting.warnings == ["the status '(none)' is not known here; waiting on"]


CLASSES = {
    Verdict.READY: "RUNNING SUCCESS running",
    Verdict.PENDING: "CREATING creating",
    Verdict.FAILED: "CREATE_FAILED FAILED",
    Verdict.ENDED: "ERROR FREEZING FROZEN FREEZE_FAILED DELETING DELETE_FAILED DELETE_FALIED frozen",
    Verdict.GONE: "DELETED SOFT_DELETED",
    Verdict.UNKNOWN: "STARTING AVAILABLE RUNNIN RUNNING2",
}


@pytest.mark.parametrize("status", CLASSES[Verdict.ENDED].split())
def test_a_status_that_ends_a_creation(status: str) -> None:
    waiting = Waiting(progress(status, errorMessage="arrears"))
    error = waiting.fails(CreationEnded)
    assert error.status == status.upper()
    assert error.reasons == [
        f"the creation of instance {ID} ended in status {status.upper()}: arrears",
        "look at the instance in the ROMA Connect console",
    ]
    silent = Waiting(progress(status)).fails(CreationEnded)
    assert silent.reasons[0] == f"the creation of instance {ID} ended in status {status.upper()}"


@pytest.mark.parametrize("status", CLASSES[Verdict.GONE].split())
def test_a_status_that_says_gone(status: str) -> None:
    error = Waiting(progress(status)).fails(InstanceGone)
    assert error.reasons == [f"instance {ID} does not exist any more: its status is {status}"]


def test_an_unknown_status_keeps_waiting_with_one_warning_each() -> None:
    waiting = Waiting(*map(progress, ["STARTING", "starting", "Odd", "STARTING", "CREATING", "RUNNING"]))
    waiting.wait.until_ready()
    assert waiting.warnings == [
        "the status 'STARTING' is not known here; waiting on",
        "the status 'ODD' is not known here; waiting on",
    ]


def test_a_404_in_the_first_minute_is_patience() -> None:
    witness = Script("gone", [True], repeat=True)
    waiting = Waiting(*[refused(404, "APIC.7302")] * 12, progress("RUNNING"), early=True)
    waiting.gone = witness.next
    waiting.wait.until_ready()
    assert waiting.times == [5.0 * n for n in range(13)]
    assert witness.count == 0


def test_a_404_after_the_first_minute_is_gone() -> None:
    waiting = Waiting(refused(404, "APIC.7302", "Instance not found"), early=True)
    error = waiting.fails(InstanceGone)
    assert waiting.times[-1] == 60.0
    assert error.reasons == [
        f"instance {ID} does not exist any more: operation was answered with HTTP 404: APIC.7302: Instance not found"
    ]


def test_a_404_of_an_instance_that_is_known_is_gone_at_once() -> None:
    waiting = Waiting(progress(), refused(404))
    assert waiting.fails(InstanceGone).progress == progress()
    assert len(waiting.reads) == 2


@pytest.mark.parametrize("witness", [False, refused(500), lost(), refused(403)])
def test_without_a_second_witness_a_404_is_trouble_that_may_pass(witness: Any) -> None:
    answers = Script("gone", [witness], repeat=True)
    waiting = Waiting(refused(404), refused(404), progress("RUNNING"), gone=answers.next)
    waiting.wait.until_ready()
    assert answers.count == 2
    assert len(waiting.reads) == 3


def test_a_404_that_no_witness_confirms_ends_when_patience_does() -> None:
    waiting = Waiting(refused(404), gone=lambda: False)
    error = waiting.fails(RomaApiError)
    assert error.status == 404
    assert waiting.times[-1] == 300.0


@pytest.mark.parametrize("code", ["APIGW.0101", "APIGW.0103", "APIG.0101", "APIC.0103"])
def test_a_404_of_the_gateway_is_never_gone(code: str) -> None:
    waiting = Waiting(refused(404, code), early=True, gone=lambda: pytest.fail("no witness is asked for"))
    error = waiting.fails(RomaApiError)
    assert error.code == code
    assert len(waiting.reads) == 1


FAULTS = [refused(status) for status in (408, 429, 500, 502, 503, 504, 599)]


@pytest.mark.parametrize("fault", [*FAULTS, refused(200), lost(), lost(sent=False)])
def test_faults_that_pass_are_ridden_out(fault: RomaError) -> None:
    waiting = Waiting(progress(), fault, fault, progress("RUNNING"))
    waiting.wait.until_ready()
    assert waiting.times == [0.0, 5.0, 10.0, 15.0]
    assert waiting.troubles == [None, f"{fault}; asking again", f"{fault}; asking again", None]
    assert [report.progress for report in waiting.reports[:3]] == [progress()] * 3


def test_a_trouble_in_few_words() -> None:
    waiting = Waiting(refused(404), lost(), refused(502), progress(), refused(404), progress("RUNNING"), early=True)
    waiting.wait.until_ready()
    assert [report.brief for report in waiting.reports] == [
        "not shown yet",
        "connection was reset",
        "502",
        None,
        "404",  # it was shown before
        None,
    ]
    known = Waiting(refused(404), progress("RUNNING"), gone=lambda: False)
    known.wait.until_ready()
    assert known.reports[0].brief == "404"
    untrusted = lost(reason="the server's certificate was not accepted; REQUESTS_CA_BUNDLE can name a file")
    assert brief(untrusted) == "server's certificate was not accepted"


def test_faults_are_given_up_after_five_minutes_without_a_good_answer() -> None:
    waiting = Waiting(*[lost()] * 30, progress(), lost())
    error = waiting.fails(RomaConnectionError)
    assert error.reason == "the connection was reset"
    # The good answer at 150 s began the count anew.
    assert waiting.times[-1] == 150.0 + 300.0


@pytest.mark.parametrize("status", [301, 400, 401, 403, 405, 409])
def test_what_will_not_pass_ends_at_once(status: int) -> None:
    waiting = Waiting(progress(), refused(status, "ROMA.1"))
    assert waiting.fails(RomaApiError).status == status
    assert len(waiting.reads) == 2


def test_retry_after_is_honoured() -> None:
    waiting = Waiting(refused(429, retry_after=42.0), refused(503, retry_after=1.0), progress("RUNNING"))
    waiting.wait.until_ready()
    assert waiting.times == [0.0, 42.0, 47.0]  # never sooner than the schedule asks


def test_retry_after_is_granted_a_minute_at_most_and_ends_at_the_deadline() -> None:
    waiting = Waiting(refused(429, retry_after=5000.0), refused(429, retry_after=float("inf")), seconds=100.0)
    waiting.fails(CreationTimedOut)
    assert waiting.times == [0.0, 60.0, 100.0]


@pytest.mark.parametrize(
    ("seconds", "pause", "times"),
    [
        (12.0, 5.0, [0.0, 5.0, 10.0, 12.0]),
        (10.0, 5.0, [0.0, 5.0, 10.0]),
        (3.0, 5.0, [0.0, 3.0]),
        (0.0, 5.0, [0.0]),
    ],
)
def test_the_deadline_is_obeyed_to_within_one_poll(seconds: float, pause: float, times: list[float]) -> None:
    waiting = Waiting(progress(), seconds=seconds, schedule=Fixed(pause))
    waiting.fails(CreationTimedOut)
    assert waiting.times == times
    assert [given for _, given in waiting.reads] == [max(0.1, seconds - moment) for moment in times]


def test_ready_at_the_last_poll_is_ready() -> None:
    waiting = Waiting(progress(), progress(), progress("RUNNING"), seconds=10.0)
    waiting.wait.until_ready()
    assert waiting.times == [0.0, 5.0, 10.0]


def test_what_a_time_out_says() -> None:
    found = CreationProgress.model_validate({**body(), "progress": 40})
    error = Waiting(found, seconds=90.0).fails(CreationTimedOut)
    assert error.reasons == [
        f"instance {ID} was not ready after 1 min 30 s: 40%: mqs not started, lvs 0%",
        "its creation goes on at Huawei Cloud: run `pulumi up` again to resume the wait, "
        "or allow more time with custom_timeouts",
    ]
    assert error.progress == found
    silent = Waiting(lost(), seconds=60.0).fails(CreationTimedOut)
    assert silent.reasons[0] == f"instance {ID} was not ready after 1 min: without one answer about its progress"
    assert silent.progress is None


def stopping(waiting: Waiting, moment: float) -> Callable[[], None]:
    waiting.clock.at(moment, waiting.stop.set)
    return waiting.stop.set


def test_stop_before_the_first_read() -> None:
    waiting = Waiting(progress())
    waiting.stop.set()
    error = waiting.fails(CreationCancelled)
    assert waiting.reads == []
    assert error.reasons == [
        f"stopped waiting for instance {ID}: its creation goes on; run `pulumi up` again to resume the wait"
    ]


def test_stop_in_the_middle_of_a_sleep() -> None:
    waiting = Waiting(progress())
    stopping(waiting, 7.0)
    error = waiting.fails(CreationCancelled)
    assert waiting.times == [0.0, 5.0]
    assert waiting.clock.now == 7.0
    assert "at 0%: mqs not started, lvs 0%: its creation goes on" in error.reasons[0]
    assert error.progress == progress()


def test_stop_in_a_long_retry_after() -> None:
    waiting = Waiting(refused(429, retry_after=60.0))
    stopping(waiting, 1.0)
    waiting.fails(CreationCancelled)
    assert waiting.clock.now == 1.0


def test_an_answer_that_is_ready_counts_although_stop_came_meanwhile() -> None:
    def answer() -> CreationProgress:
        waiting.stop.set()
        return progress("RUNNING")

    waiting: Waiting = Waiting(answer)
    assert waiting.wait.until_ready().decisive_status == "RUNNING"


def test_progress_that_goes_back_and_services_that_come_and_go_are_only_told() -> None:
    steps = [(50, ["a", "b"]), (30, ["a"]), (60, ["a", "b", "c"]), (10, [])]
    reads = [
        top("creating", progress=done, item=[{"name": name, "start_time": 1} for name in names])
        for done, names in steps
    ]
    waiting = Waiting(*reads, top("running"))
    waiting.wait.until_ready()
    lines = [describe(report.progress) for report in waiting.reports if report.progress]
    assert lines == ["50%: a 0%, b 0%", "30%: a 0%", "60%: a 0%, b 0%, c 0%", "10%", "running"]


def test_the_deadline_counts_from_since_and_the_early_minute_from_the_wait() -> None:
    clock = FakeClock()
    clock.now = 100.0
    waiting = Waiting(refused(404), clock=clock, since=20.0, seconds=120.0, early=True)
    error = waiting.fails(CreationTimedOut)
    assert waiting.times[-1] == 140.0
    assert "was not ready after 2 min" in error.reasons[0]
    late = Waiting(progress(), clock=clock, since=0.0, seconds=10.0)
    late.fails(CreationTimedOut)
    assert late.reads == [(140.0, 0.1)]
