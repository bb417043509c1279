"""What an earlier run left behind: what is resumed, what is dropped, and what stands in the way of a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import CreationUnclear, NameTaken
from roma_provider.journal import digest
from roma_provider.ordering import Placed

from .fakes import (
    ID,
    OTHER_ID,
    URN,
    FakeOperation,
    inputs,
    lost,
    progress,
    refused,
)
from .placing import OURS, POSTED, Case


@pytest.mark.parametrize("seconds_ago", [0.0, 30.0, 119.0])
def test_an_intent_of_a_moment_ago_is_looked_for_until_two_minutes_are_over(tmp_path: Path, seconds_ago: float) -> None:
    case = Case(tmp_path, creates=[ID])
    case.write(posted_at=POSTED - seconds_ago)
    case.place()
    assert case.posts == 1
    assert case.host.clock.now == pytest.approx(120.0 - seconds_ago)


def test_an_older_intent_is_looked_for_once(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID])
    case.write(posted_at=POSTED - 121.0)
    case.place()
    assert (case.posts, case.host.clock.slept, case.open) == (1, [], [("roma-2222", ID)])


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
    assert case.place() == Placed(ID, left, early=False)
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
        f"adopt_id='{ID}' to take it over, or another name"
    )
    assert (case.posts, case.open) == (0, [("roma-2222", ID)])


def test_an_answered_entry_whose_instance_is_gone_stands_in_nobodys_way(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[refused(404)], creates=[OTHER_ID])
    case.write(instance_id=ID, answered=True)
    assert case.place().instance_id == OTHER_ID
    assert (case.posts, case.open) == (1, [("roma-2222", OTHER_ID)])


@pytest.mark.parametrize("place", [{"region": "eu-west-101"}, {"project_id": "x" * 16}])
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
        f"an earlier creation of this resource was interrupted and left instance {ID} (named 'old'), which is billed "
        "and not in the state: take it over with adopt_id, or delete it in the console"
    ]
    assert case.posts == 1
    assert ("old", ID) in case.open


def test_an_entry_of_another_name_whose_instance_is_gone_is_dropped(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[refused(404)], creates=[OTHER_ID])
    case.write(instance_id=ID, name="old")
    case.place()
    assert (case.posts, case.open, case.op.warnings) == (1, [("roma-2222", OTHER_ID)], [])


def test_an_intent_of_another_resource_with_this_name_is_looked_for(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[], [OURS]])
    case.write(urn=URN + "2")
    assert case.fails(NameTaken).instance_id == ID
    assert (case.posts, case.open) == (0, [("roma-2222", None)])


def test_without_a_urn_the_name_tells_resources_apart(tmp_path: Path) -> None:
    case = Case(tmp_path, op=FakeOperation(urn=None), creates=[ID])
    assert case.place().entry.urn == "name:roma-2222"
    again = Case(tmp_path, op=FakeOperation(urn=None), progress=[progress()])
    assert again.place().instance_id == ID
    assert again.posts == 0


@pytest.mark.parametrize("seconds_ago", [0.0, 119.0])
def test_an_instance_that_was_never_seen_is_not_gone_yet(tmp_path: Path, seconds_ago: float) -> None:
    """Neither /process nor the list need know an instance right after POST: to drop it would order another."""
    case = Case(tmp_path, progress=[refused(404)], lists=[[]])
    left = case.write(instance_id=ID, seen=False, posted_at=POSTED - seconds_ago)
    assert case.place() == Placed(ID, left, early=True)
    assert case.host.client.counts == {"POST": 0, "progress": 0, "list": 0, "DELETE": 0}


def test_an_instance_that_was_never_seen_is_gone_after_two_minutes(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[refused(404)], lists=[[]], creates=[OTHER_ID])
    case.write(instance_id=ID, seen=False, posted_at=POSTED - 121.0)
    assert case.place().instance_id == OTHER_ID
    assert (case.posts, case.open) == (1, [("roma-2222", OTHER_ID)])
