"""Read and update, by the status of the instance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import (
    CreationCancelled,
    CreationEnded,
    CreationFailed,
    CreationTimedOut,
    InputError,
    InstanceGone,
    RomaApiError,
    RomaError,
)
from tests.support.fakes import (
    ID,
    PROJECT,
    URN,
    FakeOperation,
    inputs,
    progress,
    refused,
    summary,
)
from tests.support.lifecycle import RUNNING, STATE, LaterCase, calls, state

# --- read


# --- update

CREATING = state(ID, inputs(), progress())


def test_update_resumes_the_wait(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[progress(), RUNNING])
    assert case.update(CREATING) == STATE
    assert case.client.counts == calls(reads=2, lists=1)
    assert case.op.said[0] == f"resuming the wait for instance {ID}"
    assert case.op.kept[0] == (ID, CREATING)
    assert case.open == 0


def test_update_of_what_became_ready_meanwhile_returns_at_once(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING])
    assert case.update(CREATING)["status"] == "RUNNING"
    assert (case.client.counts, case.host.clock.slept) == (calls(reads=1, lists=1), [])


@pytest.mark.parametrize(
    ("reads", "kind", "status"),
    [
        ([progress("CREATE_FAILED")], CreationFailed, "CREATE_FAILED"),
        ([progress("ERROR")], CreationEnded, "ERROR"),
        ([progress()], CreationTimedOut, "CREATING"),
        ([progress(), refused(404)], InstanceGone, "CREATING"),
        ([refused(403)], RomaApiError, "CREATING"),
    ],
)
def test_a_resumed_wait_that_ends_otherwise_is_kept(
    tmp_path: Path, reads: list[Any], kind: type[RomaError], status: str
) -> None:
    case = LaterCase(tmp_path, op=FakeOperation(timeout=60.0), progress=reads)
    with pytest.raises(RomaError) as caught:
        case.update(CREATING)
    assert type(caught.value) is kind
    assert (case.op.kept[-1][0], case.op.kept[-1][1]["status"]) == (ID, status)
    assert case.client.counts["POST"] == 0


@pytest.mark.parametrize("trouble", [refused(401), refused(403, "ROMA.1")])
def test_a_resumed_wait_that_is_refused_keeps_all_that_was_known(tmp_path: Path, trouble: RomaError) -> None:
    case = LaterCase(tmp_path, progress=[trouble])
    with pytest.raises(RomaApiError):
        case.update(CREATING)
    assert "created_at" in CREATING
    assert case.op.kept == [(ID, CREATING)]


@pytest.mark.parametrize("status", ["ERROR", "FROZEN", "FREEZING", "DELETING", "DELETE_FAILED"])
def test_an_update_of_any_other_status_looks_once(tmp_path: Path, status: str | None) -> None:
    live = progress(status, name="other")
    case = LaterCase(tmp_path / "met", progress=[live])
    assert case.update({**STATE, "status": status}, name="other") == state(ID, inputs(name="other"), live)
    assert (case.client.counts, case.host.clock.slept, case.op.kept) == (calls(reads=1), [], [])
    assert case.op.warnings == [f"instance {ID} has the status {status}"]
    unmet = LaterCase(tmp_path / "unmet", progress=[progress(status)])
    with pytest.raises(InputError):
        unmet.update({**STATE, "status": status}, name="other")
    assert unmet.client.counts == calls(reads=1)
    refusing = LaterCase(tmp_path / "refused", progress=[refused(401)])
    with pytest.raises(RomaApiError):
        refusing.update({**STATE, "status": status}, name="other")
    assert refusing.op.kept == []


@pytest.mark.parametrize("status", ["DELETED", "soft_deleted"])
def test_an_update_of_what_is_deleted_says_so_and_has_it_read_again(tmp_path: Path, status: str) -> None:
    case = LaterCase(tmp_path, progress=[progress(status)])
    with pytest.raises(InstanceGone):
        case.update(STATE, name="other")
    assert case.op.kept == [(ID, STATE)]


def test_an_update_of_what_failed_waits_for_it(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[progress(), RUNNING])
    assert case.update({**STATE, "status": "CREATE_FAILED"}) == STATE
    assert case.client.counts == calls(reads=2, lists=1)


def test_a_resumed_wait_obeys_its_time_out_and_stop(tmp_path: Path) -> None:
    slow = LaterCase(tmp_path / "a", op=FakeOperation(timeout=33.0), progress=[progress()])
    with pytest.raises(CreationTimedOut):
        slow.update(CREATING)
    assert slow.host.clock.now == 33.0
    stopped = LaterCase(tmp_path / "b", progress=[progress()])
    stopped.host.clock.at(4.0, stopped.op.stop.set)
    with pytest.raises(CreationCancelled):
        stopped.update(CREATING)
    assert stopped.host.clock.now == 4.0


def test_update_looks_whether_the_change_was_made(tmp_path: Path) -> None:
    made = progress("RUNNING", name="other")
    case = LaterCase(tmp_path, progress=[made])
    assert case.update(name="other") == state(ID, inputs(name="other"), made)
    assert case.client.counts == calls(reads=1)


def test_update_says_what_to_do_about_a_change_that_was_not_made(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING])
    with pytest.raises(InputError) as caught:
        case.update(name="other")
    assert caught.value.key == "name"
    assert f"pulumi up --replace '{URN}'" in caught.value.reason
    assert case.op.kept == []


def test_update_keeps_the_place_of_the_state(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING])
    found = case.update({**STATE, "region": "eu-west-101"})
    assert found["region"] == "eu-west-101"
    assert case.host.session.places == [("eu-west-101", PROJECT)]


def test_update_of_what_is_gone(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[refused(404)])
    with pytest.raises(InstanceGone) as caught:
        case.update(name="other")
    assert caught.value.reasons == [f"instance {ID} does not exist any more; the next `pulumi up` creates another"]
    assert case.op.kept == [(ID, STATE)]
    one_witness = LaterCase(tmp_path, progress=[refused(404)], lists=[[summary()]])
    with pytest.raises(RomaApiError):
        one_witness.update(name="other")
