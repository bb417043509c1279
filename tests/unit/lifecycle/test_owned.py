"""Create and adopt: what is called, what the state keeps, and what the user is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import (
    CreationCancelled,
    CreationEnded,
    CreationFailed,
    CreationUnclear,
    InstanceGone,
    NameTaken,
    RomaApiError,
    RomaError,
)
from tests.support.fakes import (
    ID,
    OTHER_ID,
    PROJECT,
    REGION,
    TOKEN,
    URN,
    inputs,
    progress,
    refused,
    summary,
)
from tests.support.lifecycle import Case, ordered, state

WAY_ON = (
    "the next `pulumi up` deletes it and creates another, once the cause is dealt with; if the resource is protected, "
    f"run `pulumi state unprotect '{URN}'` first"
)


# --- create


def test_create(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[progress(), progress("RUNNING", connectAddress="10.0.0.5")])
    instance_id, found = case.create()
    assert instance_id == ID
    assert found == state(ID, inputs(), progress("RUNNING", connectAddress="10.0.0.5"))
    assert found["connect_address"] == "10.0.0.5"
    assert case.client.counts == {"POST": 1, "progress": 2, "list": 3, "DELETE": 0}
    assert case.host.session.places == [(REGION, PROJECT)]
    assert case.op.said == [
        "checking that the instance does not exist yet",
        "ordering the instance",
        "0% 0:30: lvs 0%, 1 not started",
    ]
    assert case.op.notes == ["created in 30 s"]
    assert [entry for entry, _ in case.op.kept] == [ID] * 3
    assert [kept["status"] for _, kept in case.op.kept] == ["CREATING", "CREATING", "RUNNING"]
    assert case.op.kept[0][1] == ordered()


def test_a_creation_that_fails_is_kept_with_its_reasons(tmp_path: Path) -> None:
    failed = progress("CREATE_FAILED", errorCode="ROMA.1", errorMessage="no capacity")
    case = Case(tmp_path, creates=[ID], progress=[progress(), failed])
    error = case.create_fails(CreationFailed)
    assert error.reasons == [f"instance {ID} could not be created (CREATE_FAILED): ROMA.1 no capacity", WAY_ON]
    assert (error.code, error.message, error.progress) == ("ROMA.1", "no capacity", failed)
    assert case.op.kept[-1] == (ID, state(ID, inputs(), failed))
    assert case.client.counts["POST"] == 1
    assert len(case.op.answers) == 1


@pytest.mark.parametrize(
    ("reads", "kind", "status"),
    [
        ([progress(), progress("FROZEN")], CreationEnded, "FROZEN"),
        ([progress(), progress("DELETED")], InstanceGone, "DELETED"),
        ([progress(), refused(403)], RomaApiError, "CREATING"),
        ([refused(401)], RomaApiError, "CREATING"),
    ],
)
def test_whatever_ends_the_wait_the_instance_is_kept(
    tmp_path: Path, reads: list[Any], kind: type[RomaError], status: str
) -> None:
    case = Case(tmp_path, creates=[ID], progress=reads)
    case.create_fails(kind)
    instance_id, kept = case.op.kept[-1]
    assert (instance_id, kept["status"], kept["vpc_id"]) == (ID, status, inputs()["vpc_id"])
    assert case.client.counts["POST"] == 1
    assert case.open == [(ID, False)]


def test_a_creation_that_is_cancelled(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[progress()])
    case.host.clock.at(12.0, case.op.stop.set)
    error = case.create_fails(CreationCancelled)
    assert "run `pulumi up` again to resume the wait" in error.reasons[0]
    assert case.host.clock.now == 12.0
    assert case.op.kept[-1][0] == ID
    assert case.client.counts == {"POST": 1, "progress": 3, "list": 2, "DELETE": 0}


def test_an_interrupted_creation_is_resumed(tmp_path: Path) -> None:
    first = Case(tmp_path, creates=[ID], progress=[progress()])
    first.host.clock.at(1.0, first.op.stop.set)
    first.create_fails(CreationCancelled)
    second = Case(tmp_path, progress=[progress(), progress("RUNNING")])
    assert second.create()[0] == ID
    assert second.client.counts == {"POST": 0, "progress": 2, "list": 1, "DELETE": 0}


def test_a_duplicate_ends_the_creation_with_ours_kept(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], lists=[[], [summary(), summary(OTHER_ID)]])
    error = case.create_fails(NameTaken)
    assert error.instance_id == ID
    assert ID in str(error)
    assert OTHER_ID in str(error)
    assert case.op.kept == [(ID, ordered())]
    assert len(case.op.answers) == 1
    assert case.client.counts == {"POST": 1, "progress": 0, "list": 2, "DELETE": 0}


@pytest.mark.parametrize(
    ("scripts", "kind", "posts"),
    [
        ({"lists": [[summary()]]}, NameTaken, 0),
        ({"creates": [refused(400)]}, RomaApiError, 1),
        ({"creates": [refused(500)]}, CreationUnclear, 1),
    ],
)
def test_where_there_is_no_instance_none_is_kept(
    tmp_path: Path, scripts: dict[str, Any], kind: type[RomaError], posts: int
) -> None:
    case = Case(tmp_path, **scripts)
    case.create_fails(kind)
    assert (case.op.kept, case.op.answers, case.client.counts["POST"]) == ([], [], posts)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (refused(401, "APIGW.0307"), "the sign-in was refused: the token came from environment variable HW_AUTH_TOKEN"),
        (refused(400, "ROMA.1002"), "the sign-in was refused"),
        (refused(400, "ROMA.1000"), "the sign-in was refused"),
        (refused(404, "APIGW.0101"), "this address is not ROMA Connect's: check the region, and roma:endpoint or"),
        (refused(400, "ROMA.13000"), None),
        (refused(403), None),
    ],
)
def test_which_setting_a_refusal_is_about(tmp_path: Path, answer: RomaApiError, hint: str | None) -> None:
    answer.hints.clear()  # the answers are shared between runs
    error = Case(tmp_path, lists=[answer]).create_fails(RomaApiError)
    assert len(error.reasons) == (1 if hint is None else 2)
    assert hint is None or hint in error.reasons[1]
    assert TOKEN not in " ".join(error.reasons)


# --- adopt
