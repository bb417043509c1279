"""Delete: whatever the status, until the list holds the instance no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.api.models import CreationProgress
from roma_provider.errors import CreationCancelled, RomaApiError, RomaError
from roma_provider.schema.outputs import GIVEN_AT
from tests.support.fakes import ID, OTHER_ID, PROJECT, REGION, FakeOperation, inputs, lost, progress, refused, summary
from tests.support.lifecycle import RUNNING, STATE, LaterCase, calls


def test_delete_waits_until_the_list_lacks_it(tmp_path: Path) -> None:
    deleting = [summary(status="DELETING"), summary(OTHER_ID)]
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=[deleting, deleting, [summary(OTHER_ID)]])
    case.delete()
    assert case.client.deleted == [ID]
    assert case.client.counts == calls(reads=2, lists=5, deletes=1)
    assert case.host.clock.slept == [5.0, 5.0, 5.0]
    assert case.host.session.places == [(REGION, PROJECT)]
    assert case.open == 0


@pytest.mark.parametrize("status", ["CREATING", "CREATE_FAILED", "ERROR", "FROZEN", "DELETING", "DELETE_FAILED", ""])
def test_delete_works_whatever_the_status(tmp_path: Path, status: str) -> None:
    case = LaterCase(tmp_path, progress=[progress(status)], deletes=[None])
    case.delete({**STATE, "status": status})
    assert (case.client.deleted, case.open) == ([ID], 0)


def test_delete_of_what_is_gone_is_done(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[refused(404, "APIC.7302")])
    case.delete()
    assert (case.client.counts, case.open) == (calls(reads=2, lists=2), 0)
    assert case.host.clock.slept == [5.0]
    late = LaterCase(tmp_path, progress=[RUNNING], deletes=[refused(404)])
    late.delete()
    assert (late.client.counts, late.open) == (calls(reads=2, lists=2, deletes=1), 0)


def test_delete_ends_when_the_list_says_deleted(tmp_path: Path) -> None:
    case = LaterCase(
        tmp_path, progress=[RUNNING], deletes=[None], lists=[[summary()], [summary(status="soft_deleted")]]
    )
    case.delete()
    assert case.client.counts == calls(reads=2, lists=4, deletes=1)


def test_a_prepaid_instance_is_not_deleted(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[progress("RUNNING", prePay=True, orderId="CS1")])
    with pytest.raises(RomaError) as caught:
        case.delete()
    assert str(caught.value) == (
        f"instance {ID} is prepaid (yearly/monthly, order CS1) and cannot be deleted by the API. Nothing was deleted: "
        "the instance is there, and paid for. Unsubscribe it in the Billing Center (Orders > Unsubscriptions), then "
        "run `pulumi refresh`. To keep it and forget it here, run `pulumi state delete`"
    )
    assert (case.client.deleted, case.open) == ([], 1)


@pytest.mark.parametrize(
    ("reads", "deletes"),
    [
        ([refused(404, "APIGW.0101")], []),
        ([refused(401)], []),
        ([lost()], []),
        ([RUNNING], [refused(500)]),
        ([RUNNING], [lost()]),
        ([RUNNING], [refused(400)]),
    ],
)
def test_a_delete_that_is_refused_deletes_nothing_from_the_state(
    tmp_path: Path, reads: list[Any], deletes: list[Any]
) -> None:
    case = LaterCase(tmp_path, progress=reads, deletes=deletes)
    with pytest.raises(RomaError):
        case.delete()
    assert (case.client.counts["list"], case.open) == (0, 1)


def test_trouble_while_waiting_for_the_end_is_ridden_out(tmp_path: Path) -> None:
    lists = [[summary()], refused(502), lost(), []]
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=lists)
    case.delete()
    assert case.client.counts == calls(reads=2, lists=6, deletes=1)
    assert case.op.said == [
        f"deleting instance {ID}",
        "0:00 status CREATING",
        "0:05 502, trying again",
        "0:10 connection was reset, trying again",
        f"instance {ID} is gone",
    ]
    # In a log the time alone is no news.
    assert case.op.news[1:4] == ["status CREATING", "502, trying again", "connection was reset, trying again"]


@pytest.mark.parametrize(("timeout", "spelled"), [(None, "30 min"), (60.0, "1 min")])
def test_a_delete_that_takes_too_long(tmp_path: Path, timeout: float | None, spelled: str) -> None:
    op = FakeOperation(timeout=timeout)
    case = LaterCase(tmp_path, op=op, progress=[RUNNING], deletes=[None], lists=[[summary()]])
    with pytest.raises(RomaError) as caught:
        case.delete()
    assert str(caught.value) == (
        f"instance {ID} was not gone after {spelled}; its deletion goes on: run the command again to wait for it"
    )
    assert case.host.clock.now == (timeout or 1800.0)
    assert case.open == 1


def test_what_the_first_look_took_is_taken_from_the_time_out(tmp_path: Path) -> None:
    def slow() -> CreationProgress:
        case.host.clock.now += 7.0
        return RUNNING

    case: LaterCase = LaterCase(
        tmp_path, op=FakeOperation(timeout=60.0), progress=[slow], deletes=[None], lists=[[summary()]]
    )
    with pytest.raises(RomaError, match="was not gone after 1 min; its deletion goes on"):
        case.delete()
    assert case.host.clock.now == 60.0


def test_a_refusal_while_waiting_for_the_end_ends_it(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=[[summary()], refused(401)])
    with pytest.raises(RomaApiError) as caught:
        case.delete()
    assert "HW_AUTH_TOKEN" in caught.value.reasons[1]


def test_a_delete_that_is_stopped(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=[[summary()]])
    case.host.clock.at(3.0, case.op.stop.set)
    with pytest.raises(CreationCancelled) as caught:
        case.delete()
    assert caught.value.reasons == [f"stopped waiting for the deletion of instance {ID}, which goes on; run it again"]
    assert (case.host.clock.now, case.open) == (3.0, 1)


def test_an_answer_without_instance_is_deleted_all_the_same(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[CreationProgress.model_validate({"status": "running"})], deletes=[None])
    case.delete()
    assert case.client.deleted == [ID]


def test_what_process_does_not_know_but_the_list_shows_is_deleted(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[refused(404)], deletes=[None], lists=[[summary()], [summary()], []])
    case.delete()
    assert case.client.deleted == [ID]
    assert case.client.counts == calls(reads=2, lists=5, deletes=1)
    assert case.open == 0


def test_what_process_does_not_know_and_the_list_cannot_tell_is_not_gone(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[refused(404)], lists=[refused(500)])
    with pytest.raises(RomaApiError):
        case.delete()
    assert (case.client.counts, case.open) == (calls(reads=1, lists=1), 1)


def listed(status: str) -> list[Any]:
    return [summary(status=status)]


FAILED = f"instance {ID} could not be deleted ({{}}); look at it in the console, then run the command again"


@pytest.mark.parametrize("status", ["DELETE_FAILED", "delete_failed", "DELETE_FALIED"])
def test_a_deletion_that_was_seen_and_then_failed_ends_at_once(tmp_path: Path, status: str) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=[listed("DELETING"), listed(status)])
    with pytest.raises(RomaError) as caught:
        case.delete()
    assert str(caught.value) == FAILED.format(status.upper())
    assert (case.host.clock.slept, case.open) == ([5.0], 1)


def test_a_failure_of_an_earlier_deletion_is_given_a_minute(tmp_path: Path) -> None:
    stale = LaterCase(
        tmp_path / "a",
        progress=[progress("DELETE_FAILED")],
        deletes=[None],
        lists=[*[listed("DELETE_FAILED")] * 13, listed("DELETING"), []],
    )
    stale.delete()
    assert (stale.host.clock.now, stale.open) == (75.0, 0)
    failed = LaterCase(tmp_path / "b", progress=[RUNNING], deletes=[None], lists=[listed("DELETE_FAILED")])
    with pytest.raises(RomaError) as caught:
        failed.delete()
    assert str(caught.value) == FAILED.format("DELETE_FAILED")
    assert (failed.host.clock.now, failed.open) == (65.0, 1)


def test_trouble_in_between_is_no_sign_of_a_deletion_under_way(tmp_path: Path) -> None:
    lists = [refused(502), listed("DELETE_FAILED"), lost(), listed("RUNNING"), listed("DELETE_FAILED"), []]
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=lists)
    case.delete()
    assert (case.client.counts, case.open) == (calls(reads=2, lists=8, deletes=1), 0)


def test_what_a_resource_goes_on_with_is_not_deleted_for_it(tmp_path: Path) -> None:
    """The state holds it twice: a replacement by force took over the very instance, and its run ended before the old
    entry was deleted. The next run compares the new one, and then deletes the old one."""
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None, None], lists=[[]])
    owned, op = case.host.owned, case.op
    assert owned.check(op, inputs(), inputs()).failures == []
    assert not owned.diff(op, ID, {**STATE, GIVEN_AT: 2.0}, inputs()).any
    said = (
        f"instance {ID} is not deleted, since this resource goes on with it. After a replacement by force the state "
        "held it twice"
    )
    case.delete({**STATE, GIVEN_AT: 1.0})
    case.delete()  # made before there was such a mark
    assert op.warnings == [said] * 2
    case.host.session.deletes_first = False
    case.delete()
    assert op.warnings[2] == f"{said}. To have another one made, set the option delete_before_replace"
    assert case.client.deleted == []
    owned.delete(op, OTHER_ID, STATE)
    # The very entry: an option such as replace_with deletes it after its diff, and asks no check first.
    case.delete({**STATE, GIVEN_AT: 2.0})
    assert case.client.deleted == [OTHER_ID, ID]


@pytest.mark.parametrize("vpc_id", ["v", inputs()["vpc_id"]])
def test_what_is_replaced_by_a_change_or_an_option_is_deleted(tmp_path: Path, vpc_id: str) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=[[]])
    owned, op, news = case.host.owned, case.op, inputs(vpc_id=vpc_id)
    owned.check(op, inputs(), news)
    owned.diff(op, ID, STATE, news)
    owned.check(op, {}, news)  # the engine does so for whatever it replaces
    case.delete()
    assert case.client.deleted == [ID]


def test_what_only_a_refresh_has_compared_is_deleted(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=[[]])
    case.host.owned.diff(case.op, ID, STATE, inputs())
    case.delete()
    assert case.client.deleted == [ID]
