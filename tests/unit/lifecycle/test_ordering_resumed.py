"""What an earlier run left behind: what is resumed, what is dropped, and what stands in the way of a name."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from roma_provider.api.models import InstanceSummary
from roma_provider.errors import CreationUnclear, NameTaken
from roma_provider.lifecycle.journal import digest
from roma_provider.lifecycle.placed import Placed
from tests.support.fakes import (
    ID,
    OTHER_ID,
    PROJECT,
    URN,
    FakeOperation,
    inputs,
    lost,
    progress,
    refused,
    summary,
)
from tests.support.orders import OURS, POSTED, Case


@pytest.mark.parametrize("seconds_ago", [0.0, 30.0, 119.0])
def test_an_intent_of_a_moment_ago_is_looked_for_until_two_minutes_are_over(tmp_path: Path, seconds_ago: float) -> None:
    case = Case(tmp_path)
    case.write(posted_at=POSTED - seconds_ago)
    case.fails(CreationUnclear)
    assert (case.posts, case.open) == (0, [("roma-2222", None)])
    assert case.host.clock.now == pytest.approx(120.0 - seconds_ago)


@pytest.mark.parametrize("seconds_ago", [121.0, 899.0])
def test_an_older_intent_is_looked_for_once_and_orders_nothing_for_15_minutes(
    tmp_path: Path, seconds_ago: float
) -> None:
    case = Case(tmp_path)
    left = case.write(posted_at=POSTED - seconds_ago)
    when = {121.0: "12:14:12", 899.0: "12:01:14"}[seconds_ago]
    assert str(case.fails(CreationUnclear)) == (
        "an earlier run ordered an instance named 'roma-2222' and got no clear answer; the list does not show it so "
        f"far, but may be late. Nothing was created. Run `pulumi up` again after {when} UTC: then it is ordered, "
        f"unless it has shown up. If you know that there is none, run `roma forget {left.key}` and `pulumi up`"
    )
    assert (case.posts, case.host.clock.slept, case.open) == (0, [], [("roma-2222", None)])
    assert case.host.client.counts["list"] == 1
    shown = Case(tmp_path, lists=[[OURS]])
    assert shown.place().instance_id == ID
    assert shown.posts == 0


def test_an_intent_of_15_minutes_ago_is_looked_for_once_and_then_ordered(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID])
    case.write(posted_at=POSTED - 900.0)
    case.place()
    assert (case.posts, case.host.clock.slept, case.open) == (1, [], [("roma-2222", ID)])


def test_an_intent_that_was_forgotten_orders_at_once(tmp_path: Path) -> None:
    """The way on that the refusal names: `roma forget KEY`."""
    case = Case(tmp_path, creates=[ID])
    left = case.write(posted_at=POSTED - 121.0)
    case.fails(CreationUnclear)
    case.host.journal.close(left)
    assert (case.place().instance_id, case.posts) == (ID, 1)


def test_an_intent_that_the_time_out_cuts_short_stays_open(tmp_path: Path) -> None:
    # Two minutes are not over, so that it is not known yet whether the instance comes up.
    case = Case(tmp_path)
    case.write()
    case.fails(CreationUnclear, seconds=40.0)
    assert (case.posts, case.open) == (0, [("roma-2222", None)])
    assert case.host.clock.now == 40.0


def test_an_intent_from_the_future_is_of_now(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID])
    case.write(posted_at=POSTED + 86400.0)
    case.place()
    assert (case.posts, case.host.clock.now) == (1, 120.0)


def test_an_intent_that_is_stopped_while_it_is_looked_for_stays_open(tmp_path: Path) -> None:
    case = Case(tmp_path)
    case.write()
    case.host.clock.at(7.0, case.op.stop.set)
    case.fails(CreationUnclear)
    assert (case.posts, case.open, case.host.clock.now) == (0, [("roma-2222", None)], 7.0)


@pytest.mark.parametrize("status", ["CREATING", "RUNNING", "CREATE_FAILED", "FROZEN"])
def test_an_entry_whose_instance_exists_is_resumed(tmp_path: Path, status: str) -> None:
    case = Case(tmp_path, progress=[progress(status)])
    left = case.write(instance_id=ID)
    assert case.place() == Placed(ID, left.key)
    assert case.host.client.counts == {"POST": 0, "progress": 1, "list": 0, "DELETE": 0}
    assert case.op.notes == [f"resuming the creation of instance {ID}, which was interrupted"]


def test_an_entry_is_kept_where_only_one_witness_says_gone(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[refused(404)], lists=[[OURS]])
    case.write(instance_id=ID)
    assert case.place().instance_id == ID
    assert case.posts == 0


@pytest.mark.parametrize("gone", [refused(404, "APIC.7302"), progress("DELETED")])
def test_an_entry_whose_instance_is_gone_is_dropped(tmp_path: Path, gone: Any) -> None:
    case = Case(tmp_path, progress=[gone], creates=[OTHER_ID])
    case.write(instance_id=ID)
    assert case.place().instance_id == OTHER_ID
    assert (case.posts, case.open) == (1, [("roma-2222", OTHER_ID)])


@pytest.mark.parametrize("trouble", [refused(500), refused(401), lost(), refused(404, "APIGW.0101")])
def test_where_it_cannot_be_told_whether_an_instance_exists_nothing_is_ordered(tmp_path: Path, trouble: Any) -> None:
    case = Case(tmp_path, progress=[trouble])
    case.write(instance_id=ID)
    case.fails(type(trouble))
    assert (case.posts, case.open) == (0, [("roma-2222", ID)])


@pytest.mark.parametrize(
    "changes",
    [
        {"folder": "/programs/other"},
        {"backend": "another"},
        {"arguments": digest(inputs(description="x"))},
        {"answered": True},
        {"urn": URN + "2"},
    ],
)
def test_an_entry_that_is_not_to_be_resumed_still_stands_in_the_way_of_its_name(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    # The list lags: the instance is not in it yet.
    case = Case(tmp_path, progress=[progress()])
    case.write(instance_id=ID, **changes)
    error = case.fails(NameTaken)
    assert error.instance_id == ID
    assert str(error) == (
        f"an instance named 'roma-2222' was ordered from this machine already: id {ID}. Nothing was created. Write "
        f"adopt_id='{ID}' to take it over, or another name. To take it over "
        f"without a change of the program, run `ROMA_ADOPT=integration={ID} pulumi up` once"
    )
    assert (case.posts, case.open) == (0, [("roma-2222", ID)])


def test_an_answered_entry_whose_instance_is_gone_stands_in_nobodys_way(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[refused(404)], creates=[OTHER_ID])
    case.write(instance_id=ID, answered=True)
    assert case.place().instance_id == OTHER_ID
    assert (case.posts, case.open) == (1, [("roma-2222", OTHER_ID)])


@pytest.mark.parametrize("place", [{"region": "eu-west-101"}, {"project_id": "x" * 16}, {"host": "localhost"}])
def test_an_entry_of_another_place_is_left_alone(tmp_path: Path, place: dict[str, str]) -> None:
    case = Case(tmp_path, creates=[OTHER_ID])
    case.write(instance_id=ID, **place)
    assert case.place().instance_id == OTHER_ID
    assert case.posts == 1
    assert sorted(case.open) == sorted([("roma-2222", ID), ("roma-2222", OTHER_ID)])
    assert case.op.warnings == []


def test_an_entry_of_another_name_is_told_and_kept(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress()], creates=[OTHER_ID])
    case.write(instance_id=ID, name="old")
    assert case.place().instance_id == OTHER_ID
    assert case.op.warnings == [
        f"an earlier run ordered instance {ID} (named 'old') for this resource. If no stack holds it, it is billed for "
        "nothing: take it over with adopt_id, or delete it in the console"
    ]
    assert case.posts == 1
    assert ("old", ID) in case.open


def test_an_entry_of_another_name_whose_instance_is_gone_is_dropped(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[refused(404)], creates=[OTHER_ID])
    case.write(instance_id=ID, name="old")
    case.place()
    assert (case.posts, case.open, case.op.warnings) == (1, [("roma-2222", OTHER_ID)], [])


def test_an_intent_of_another_name_is_told_only_if_the_list_shows_it(tmp_path: Path) -> None:
    case = Case(
        tmp_path, lists=[[summary(ID, "old"), summary("third", "old", status="DELETED")], []], creates=[OTHER_ID]
    )
    case.write(name="old")
    case.place()
    assert [ID in warning and "(named 'old')" in warning for warning in case.op.warnings] == [True]
    silent = Case(tmp_path, lists=[[summary("third", "old", status="DELETED")]], progress=[progress()])
    silent.place()
    assert silent.op.warnings == []
    # An intent is never dropped for a look under another name.
    assert set(silent.open) == {("old", None), ("roma-2222", OTHER_ID)}
    assert (case.posts, silent.posts) == (1, 0)


@pytest.mark.parametrize("place", [{"region": "eu-west-101"}, {"project_id": "x" * 16}, {"host": "localhost"}])
def test_an_intent_of_another_place_is_left_alone(tmp_path: Path, place: dict[str, str]) -> None:
    case = Case(tmp_path, creates=[ID])
    case.write(**place)
    case.place()
    assert (case.posts, set(case.open)) == (1, {("roma-2222", None), ("roma-2222", ID)})
    assert case.host.clock.slept == []


def test_entries_are_of_the_host_that_the_client_asks(tmp_path: Path) -> None:
    case = Case(tmp_path, host="localhost", creates=[ID])
    assert [case.place().instance_id, *(entry.host for entry in case.host.journal.entries())] == [ID, "localhost"]
    again = Case(tmp_path, host="localhost", progress=[progress()])
    assert (again.place().instance_id, again.posts) == (ID, 0)
    elsewhere = Case(tmp_path, creates=[OTHER_ID])
    assert (elsewhere.place().instance_id, elsewhere.posts) == (OTHER_ID, 1)
    assert sorted(elsewhere.open) == sorted([("roma-2222", ID), ("roma-2222", OTHER_ID)])


LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.mark.parametrize("whose", [OURS, summary(vpc_id="other"), summary(create_time=LONG_AGO)])
def test_an_intent_of_another_resource_is_of_any_instance_of_its_name(tmp_path: Path, whose: InstanceSummary) -> None:
    case = Case(tmp_path, lists=[[], [], [whose]])
    case.write(urn=URN + "2")
    assert case.fails(NameTaken).instance_id == ID
    assert (case.posts, case.open, case.host.clock.slept) == (0, [("roma-2222", None)], [5.0])


@pytest.mark.parametrize("changes", [{"urn": URN + "2"}, {"folder": "/programs/other"}, {"arguments": "other"}])
@pytest.mark.parametrize(("seconds_ago", "waited"), [(0.0, 120.0), (100.0, 20.0), (121.0, 0.0)])
def test_an_intent_that_is_not_ours_refuses_the_name_for_15_minutes(
    tmp_path: Path, changes: dict[str, str], seconds_ago: float, waited: float
) -> None:
    case = Case(tmp_path)
    left = case.write(posted_at=POSTED - seconds_ago, **changes)
    assert f"`roma forget {left.key}`" in str(case.fails(CreationUnclear))
    assert (case.posts, case.open, case.host.clock.now) == (0, [("roma-2222", None)], waited)


@pytest.mark.parametrize("changes", [{"urn": URN + "2"}, {"folder": "/programs/other"}, {"arguments": "other"}])
def test_an_intent_that_is_not_ours_is_dropped_when_nothing_shows_up(tmp_path: Path, changes: dict[str, str]) -> None:
    case = Case(tmp_path, creates=[ID])
    case.write(posted_at=POSTED - 900.0, **changes)
    assert case.place().instance_id == ID
    assert (case.posts, case.open, case.host.clock.now) == (1, [("roma-2222", ID)], 0.0)


def test_an_intent_that_is_not_ours_stays_where_its_time_is_not_over(tmp_path: Path) -> None:
    case = Case(tmp_path)
    case.write(urn=URN + "2")
    case.fails(CreationUnclear, seconds=30.0)
    assert (case.posts, case.open, case.host.clock.now) == (0, [("roma-2222", None)], 30.0)


def test_a_name_that_this_very_resource_took_is_said_to_be_its_own(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[summary(status="RUNNING")]])
    case.write(instance_id=ID, answered=True)
    assert str(case.fails(NameTaken)).startswith(
        f"an instance named 'roma-2222' exists already in project {PROJECT}: id {ID}, status RUNNING, ordered for this "
        "very resource by an earlier run. Nothing was created."
    )
    other = Case(tmp_path, op=FakeOperation(urn=URN + "2"), lists=[[summary(status="RUNNING")]])
    assert f"id {ID}, status RUNNING. Nothing was created." in str(other.fails(NameTaken))
    assert (case.posts, other.posts) == (0, 0)


# --- one hook at a time works on an entry


@pytest.mark.parametrize("instance_id", [None, ID])
def test_an_entry_that_another_run_works_on_is_not_resumed(tmp_path: Path, instance_id: str | None) -> None:
    case = Case(tmp_path, progress=[progress()])
    left = case.write(**({} if instance_id is None else {"instance_id": instance_id}))
    with case.host.journal.hold(left, case.op.stop):
        error = case.fails(NameTaken)
    assert str(error).startswith("another run on this machine is creating an instance named 'roma-2222'")
    assert sum(case.host.client.counts.values()) == 0
    assert case.open == [("roma-2222", instance_id)]
    assert case.host.clock.now == pytest.approx(15.0, abs=0.21)


def test_an_order_is_held_for_as_long_as_its_hook_says(tmp_path: Path) -> None:
    first = Case(tmp_path, creates=[ID])
    second = Case(tmp_path, progress=[progress()])
    with ExitStack() as held:
        first.host.order(first.op).place(held, seconds=60.0)
        [left] = first.host.journal.entries()
        second.fails(NameTaken)
    with ExitStack() as held:
        assert second.host.order(second.op).place(held, seconds=60.0) == Placed(ID, left.key)
        with first.host.journal.hold(left, first.op.stop) as got:
            assert not got
    with first.host.journal.hold(left, first.op.stop) as got:
        assert got
    assert (first.posts, second.posts) == (1, 0)


# --- orders that the API may not show yet


def test_without_a_urn_the_name_tells_resources_apart(tmp_path: Path) -> None:
    case = Case(tmp_path, op=FakeOperation(urn=None), creates=[ID])
    assert [case.place().instance_id, *(entry.urn for entry in case.host.journal.entries())] == [ID, "name:roma-2222"]
    again = Case(tmp_path, op=FakeOperation(urn=None), progress=[progress()])
    assert again.place().instance_id == ID
    assert again.posts == 0


@pytest.mark.parametrize("seconds_ago", [0.0, 119.0])
def test_an_instance_that_was_never_seen_is_not_gone_yet(tmp_path: Path, seconds_ago: float) -> None:
    """Neither /process nor the list need know an instance right after POST: to drop it would order another."""
    case = Case(tmp_path, progress=[refused(404)], lists=[[]])
    left = case.write(instance_id=ID, seen=False, posted_at=POSTED - seconds_ago)
    assert case.place() == Placed(ID, left.key)
    assert case.host.client.counts == {"POST": 0, "progress": 0, "list": 0, "DELETE": 0}


def test_an_instance_that_was_never_seen_is_gone_after_two_minutes(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[refused(404)], lists=[[]], creates=[OTHER_ID])
    case.write(instance_id=ID, seen=False, posted_at=POSTED - 121.0)
    assert case.place().instance_id == OTHER_ID
    assert (case.posts, case.open) == (1, [("roma-2222", OTHER_ID)])
