"""Who has a name, and whether it may be ours."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from roma_provider.api.models import InstanceSummary
from roma_provider.errors import CreationUnclear, NameTaken
from roma_provider.lifecycle.names import Name
from tests.support.fakes import (
    ID,
    OTHER_ID,
    PROJECT,
    lost,
    summary,
)
from tests.support.orders import OURS, POSTED, Case


def ordered(seconds: float, instance_id: str = ID, **more: Any) -> InstanceSummary:
    """An instance whose creation the list dates so long after POST, in UTC."""
    moment = datetime.fromtimestamp(POSTED + seconds, timezone.utc)
    return summary(instance_id, create_time=moment.isoformat().replace("+00:00", "Z"), **more)


def test_a_name_that_is_taken(tmp_path: Path) -> None:
    taken = summary(OTHER_ID, status="RUNNING", create_time="2025-03-06T11:56:13Z")
    case = Case(tmp_path, lists=[[summary(ID, "else"), taken]])
    error = case.fails(NameTaken)
    assert error.instance_id == OTHER_ID
    assert str(error) == (
        f"an instance named 'roma-2222' exists already in project {PROJECT}: id {OTHER_ID}, status RUNNING, created "
        f"5 min ago. Nothing was created. Write adopt_id='{OTHER_ID}' to take it over, or another name; if this "
        "resource was renamed in the program, give it aliases=[pulumi.Alias(name=OLD_NAME)]. To take it over without a "
        f"change of the program, run `ROMA_ADOPT=integration={OTHER_ID} pulumi up` once"
    )
    assert (case.posts, case.open) == (0, [])


@pytest.mark.parametrize(
    ("created", "age"),
    [
        (None, ""),
        ("soon", ""),
        ("2025-03-06T12:01:03", ", created 10 s ago"),
        ("2099-01-01T00:00:00Z", ", created 0.0 s ago"),
    ],
)
def test_the_age_of_what_is_in_the_way(tmp_path: Path, created: str | None, age: str) -> None:
    error = Case(tmp_path, lists=[[summary(create_time=created)]]).fails(NameTaken)
    assert f"status CREATING{age}. Nothing was created." in str(error)


@pytest.mark.parametrize(("category", "back"), [(None, f", or adopt_id='{ID}' to take it back"), ("rocu", "")])
def test_the_name_of_the_instance_that_is_to_be_replaced(category: str | None, back: str) -> None:
    """Only an instance of the same kind can be taken back."""
    name = Name("x", PROJECT, {"name": "x"})
    assert name.own(summary(category=category)) == (
        f"instance {ID}, which this resource has so far, still has the name 'x'. Nothing was created. Two instances of "
        "one name cannot be told apart. Set the option delete_before_replace: then this instance is deleted first, "
        f"with everything in it. With retain_on_delete, write another name{back}"
    )


@pytest.mark.parametrize("status", ["DELETED", "SOFT_DELETED", "deleted"])
def test_a_deleted_instance_has_no_name(tmp_path: Path, status: str) -> None:
    case = Case(tmp_path, lists=[[summary(OTHER_ID, status=status)]], creates=[ID])
    assert case.place().duplicate is None
    assert case.posts == 1


@pytest.mark.parametrize(
    "other",
    [summary(OTHER_ID, vpc_id="other"), summary(OTHER_ID, subnet_id="other")],
)
def test_what_shows_up_but_is_not_what_was_ordered_is_not_taken(tmp_path: Path, other: Any) -> None:
    case = Case(tmp_path, lists=[[], [other]], creates=[lost()])
    case.fails(CreationUnclear)
    assert (case.posts, case.open) == (1, [("roma-2222", None)])


@pytest.mark.parametrize("seconds", [-899.0, 0.0, 899.0])
def test_what_was_created_about_when_it_was_ordered_is_ours(tmp_path: Path, seconds: float) -> None:
    case = Case(tmp_path, lists=[[], [ordered(seconds)]], creates=[lost()])
    assert case.place().instance_id == ID
    assert (case.posts, case.host.clock.slept) == (1, [])


@pytest.mark.parametrize("seconds", [-86400.0, -900.0, 900.0])
def test_what_was_created_at_another_time_is_not_taken(tmp_path: Path, seconds: float) -> None:
    case = Case(tmp_path, lists=[[], [ordered(seconds)]], creates=[lost()])
    case.fails(CreationUnclear)
    assert (case.posts, case.open, case.host.clock.now) == (1, [("roma-2222", None)], 120.0)


def test_a_time_with_another_offset_is_the_same_time(tmp_path: Path) -> None:
    moment = datetime.fromtimestamp(POSTED, timezone(timedelta(hours=8))).isoformat()
    assert moment.endswith("+08:00")
    case = Case(tmp_path, lists=[[], [summary(create_time=moment)]], creates=[lost()])
    assert case.place().instance_id == ID


def test_of_several_that_may_be_ours_none_is_taken(tmp_path: Path) -> None:
    several = [ordered(5.0, OTHER_ID), ordered(3.0), summary("third", vpc_id="other"), ordered(-86400.0, "fourth")]
    case = Case(tmp_path, lists=[[], several], creates=[lost()])
    error = case.fails(NameTaken)
    assert error.instance_id is None
    assert str(error) == (
        f"there are 2 instances named 'roma-2222' in project {PROJECT} now: {ID}, {OTHER_ID}; created from elsewhere "
        "at the same time. All are billed; find out whose they are, and delete what is not needed"
    )
    assert (case.posts, case.open) == (1, [("roma-2222", None)])
    # The up after one of them was deleted takes the other.
    again = Case(tmp_path, lists=[[ordered(3.0)]])
    assert (again.place().instance_id, again.posts) == (ID, 0)


@pytest.mark.parametrize("ours", [summary(), summary(vpc_id="", subnet_id=None), OURS])
def test_what_shows_up_is_ours_unless_it_is_elsewhere(tmp_path: Path, ours: Any) -> None:
    stranger = summary(OTHER_ID, vpc_id="other")
    case = Case(tmp_path, lists=[[], [stranger, ours]], creates=[lost()])
    placed = case.place()
    assert (placed.instance_id, case.posts, case.open) == (ID, 1, [("roma-2222", ID)])
    assert placed.duplicate is not None
    assert OTHER_ID in placed.duplicate


@pytest.mark.parametrize(("skew", "taken_over"), [(7200.0, True), (-7200.0, True), (0.0, False)])
def test_times_of_the_api_are_held_against_its_own_clock(tmp_path: Path, skew: float, taken_over: bool) -> None:
    """Clocks two hours apart: the list dates what was ordered just now by its own."""
    case = Case(tmp_path, lists=[[], [ordered(skew or 7200.0)]], creates=[lost()])
    case.host.client.skew = skew
    if taken_over:
        assert case.place().instance_id == ID
    else:
        case.fails(CreationUnclear)
    assert case.posts == 1


def test_an_age_is_by_the_apis_clock_too(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[summary(create_time="2025-03-06T14:01:03")]])
    case.host.client.skew = 7200.0
    assert "status CREATING, created 10 s ago. Nothing was created." in str(case.fails(NameTaken))
