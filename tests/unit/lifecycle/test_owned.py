"""Create and adopt: what is called, what the state keeps, and what the user is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import (
    CreationCancelled,
    CreationEnded,
    CreationFailed,
    CreationTimedOut,
    CreationUnclear,
    InputError,
    InstanceGone,
    NameTaken,
    RomaApiError,
    RomaError,
)
from roma_provider.schema.outputs import outputs
from tests.support.fakes import (
    ID,
    OTHER_ID,
    PROJECT,
    REGION,
    TOKEN,
    URN,
    FakeOperation,
    inputs,
    lost,
    progress,
    rcu_inputs,
    refused,
    summary,
)
from tests.support.lifecycle import Case

WAY_ON = (
    "the next `pulumi up` deletes it and creates another, once the cause is dealt with; if the resource is protected, "
    f"run `pulumi state unprotect '{URN}'` first"
)


# --- create


def test_create(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[progress(), progress("RUNNING", connectAddress="10.0.0.5")])
    instance_id, found = case.create()
    assert instance_id == ID
    assert found == outputs(ID, inputs(), progress("RUNNING", connectAddress="10.0.0.5"))
    assert found["connect_address"] == "10.0.0.5"
    assert case.client.counts == {"POST": 1, "progress": 2, "list": 2, "DELETE": 0}
    assert case.host.session.places == [(REGION, PROJECT)]
    assert case.op.said == [
        "checking that the instance does not exist yet",
        "ordering the instance",
        "0% 0:30: lvs 0%, 1 not started",
    ]
    assert case.op.notes == ["created in 30 s"]
    assert [entry for entry, _ in case.op.kept] == [ID] * 3
    assert [kept["status"] for _, kept in case.op.kept] == ["CREATING", "CREATING", "RUNNING"]
    assert case.op.kept[0][1] == outputs(ID, inputs(), None)


def test_poll_seconds_are_those_of_the_settings(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[progress(), progress(), progress("RUNNING")])
    case.host.session.settings.environment["ROMA_POLL_SECONDS"] = "0.5"  # type: ignore[index]
    case.create()
    assert case.host.clock.slept == [0.5, 0.5]


def test_a_creation_that_fails_is_kept_with_its_reasons(tmp_path: Path) -> None:
    failed = progress("CREATE_FAILED", errorCode="ROMA.1", errorMessage="no capacity")
    case = Case(tmp_path, creates=[ID], progress=[progress(), failed])
    error = case.create_fails(CreationFailed)
    assert error.reasons == [f"instance {ID} could not be created (CREATE_FAILED): ROMA.1 no capacity", WAY_ON]
    assert (error.code, error.message, error.progress) == ("ROMA.1", "no capacity", failed)
    assert case.op.kept[-1] == (ID, outputs(ID, inputs(), failed))
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


@pytest.mark.parametrize(("timeout", "ends"), [(None, 3600.0), (90.0, 90.0)])
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


def test_a_creation_that_is_cancelled(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[progress()])
    case.host.clock.at(12.0, case.op.stop.set)
    error = case.create_fails(CreationCancelled)
    assert "run `pulumi up` again to resume the wait" in error.reasons[0]
    assert case.host.clock.now == 12.0
    assert case.op.kept[-1][0] == ID
    assert case.client.counts == {"POST": 1, "progress": 3, "list": 2, "DELETE": 0}


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
    assert again.client.counts == {"POST": 0, "progress": 2, "list": 1, "DELETE": 0}


def test_an_interrupted_creation_is_resumed(tmp_path: Path) -> None:
    first = Case(tmp_path, creates=[ID], progress=[progress()])
    first.host.clock.at(1.0, first.op.stop.set)
    first.create_fails(CreationCancelled)
    second = Case(tmp_path, progress=[progress(), progress("RUNNING")])
    assert second.create()[0] == ID
    assert second.client.counts == {"POST": 0, "progress": 2, "list": 0, "DELETE": 0}


def test_a_duplicate_ends_the_creation_with_ours_kept(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], lists=[[], [summary(), summary(OTHER_ID)]])
    error = case.create_fails(NameTaken)
    assert error.instance_id == ID
    assert ID in str(error)
    assert OTHER_ID in str(error)
    assert case.op.kept == [(ID, outputs(ID, inputs(), None))]
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


def test_adopt(tmp_path: Path) -> None:
    running = progress("RUNNING")
    case = Case(tmp_path, progress=[running])
    instance_id, found = case.create(adopt_id=ID)
    assert (instance_id, found) == (ID, outputs(ID, inputs(adopt_id=ID), running))
    assert case.client.counts == {"POST": 0, "progress": 2, "list": 0, "DELETE": 0}
    assert case.op.kept[0] == (ID, outputs(ID, inputs(adopt_id=ID), running))
    assert case.op.said[0] == f"looking at instance {ID}"
    assert case.op.notes == [f"adopted instance {ID}; nothing is created"]


def test_adopt_what_is_still_being_created(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress(), progress(), progress("RUNNING")])
    assert case.create(adopt_id=ID)[1]["status"] == "RUNNING"
    assert case.client.counts["POST"] == 0


def test_adopt_what_is_spelled_otherwise(tmp_path: Path) -> None:
    case = Case(
        tmp_path, progress=[progress("RUNNING", maintainBegin="22:00", cpuArch="arm", availableZones='["b","a"]')]
    )
    case.create(adopt_id=ID, maintain_begin="22:00:00", cpu_architecture="aarch64", available_zones=["a", "b"])
    assert case.client.counts["POST"] == 0


def test_adopt_what_is_not_what_is_declared(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress("RUNNING", name="other", tenantVpcId="v")])
    error = case.create_fails(InputError, adopt_id=ID, description="mine")
    assert error.key == "adopt_id"
    assert error.reason == (
        f"instance {ID} is not what is declared: description differs; name is 'other' there; "
        "vpc_id is 'v' there. Declare it as it is, then adopt it"
    )
    assert (case.client.counts["POST"], case.op.kept, case.op.notes) == (0, [], [])


def test_adopt_what_is_of_another_kind(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress("RUNNING")])
    with pytest.raises(InputError, match="it is an instance of product '00300-30101-0--0', not of RCUs"):
        case.host.lifecycle.create(case.op, rcu_inputs(adopt_id=ID))
    assert case.op.kept == []
    rcu = Case(tmp_path, progress=[progress("RUNNING", productId=None, type=None)])
    instance_id, found = rcu.host.lifecycle.create(rcu.op, rcu_inputs(adopt_id=ID))
    assert (instance_id, found["rcu"]) == (ID, {"total": 5})
    assert rcu.client.rcu


def test_adopt_what_does_not_exist(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[refused(404, "APIC.7302")])
    error = case.create_fails(InputError, adopt_id=ID)
    assert error.reason.startswith(f"there is no instance {ID} in project {PROJECT} of {REGION} (")
    assert (case.client.counts["POST"], case.op.kept) == (0, [])


@pytest.mark.parametrize("trouble", [refused(500), refused(404, "APIGW.0101"), refused(401), lost()])
def test_adopt_what_cannot_be_looked_at(tmp_path: Path, trouble: RomaError) -> None:
    case = Case(tmp_path, progress=[trouble])
    case.create_fails(type(trouble), adopt_id=ID)
    assert case.client.counts["POST"] == 0


def test_an_edition_of_another_product_id_is_adopted_and_no_difference(tmp_path: Path) -> None:
    live = progress("RUNNING", productId="00400-30101-0--0")
    case = Case(tmp_path, progress=[live])
    news = inputs(edition="basic", adopt_id=ID)
    _, found = case.create(edition="basic", adopt_id=ID)
    assert found["product_id"] == "00400-30101-0--0"
    assert not case.host.lifecycle.diff(case.op, ID, found, news).any
    assert case.client.counts["POST"] == 0


def test_an_adopted_instance_was_not_created_here(tmp_path: Path) -> None:
    ready = progress("RUNNING", createdAt=1741262473785).model_copy(update={"end_time": 1741262503000})
    case = Case(tmp_path, progress=[ready, refused(502), ready])
    case.create(adopt_id=ID)
    assert case.op.notes == [f"adopted instance {ID}; nothing is created"]
    # The trouble is off its row, though no note follows.
    assert case.op.said[-2:] == ["0:00 502, trying again", "ready"]


def test_the_clock_goes_on_in_trouble(tmp_path: Path) -> None:
    troubles = [progress(), refused(502), refused(502), refused(502), progress("RUNNING")]
    case = Case(tmp_path, creates=[ID], progress=troubles)
    case.create()
    assert [said.split(":")[1][:2] for said in case.op.said if "502" in said] == ["35", "40", "45"]
