"""A name that the list spells a little otherwise: perhaps ours, which refuses an order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import CreationUnclear, NameTaken
from tests.support.fakes import ID, OTHER_ID, SUBNET, URN, VPC, lost, progress, summary
from tests.support.lifecycle import Case as Calls
from tests.support.orders import POSTED, Case

SPELLED = "Roma-2222 "
ALIKE = summary(OTHER_ID, SPELLED, vpc_id=VPC, subnet_id=SUBNET, create_time="2025-03-06T12:02:00Z")
SAID = (
    f"the list shows instance {OTHER_ID} named {SPELLED!r}, in the network of 'roma-2222' and made when 'roma-2222' "
    f"was ordered: perhaps it is ours. Nothing more was created. If it is ours, write adopt_id={OTHER_ID!r} and "
    f"name={SPELLED!r}. If it is not, choose another name"
)


@pytest.mark.parametrize("name", [SPELLED, "ROMA-2222", "roma-2222\t", " roma-2222"])
def test_after_an_unclear_post_it_is_told_and_not_taken(tmp_path: Path, name: str) -> None:
    shown = ALIKE.model_copy(update={"name": name})
    case = Case(tmp_path, lists=[[], [], [shown]], creates=[lost()])
    error = case.fails(NameTaken)
    assert (error.instance_id, str(error)) == (OTHER_ID, SAID.replace(repr(SPELLED), repr(name)))
    assert (case.posts, case.open, case.host.clock.now) == (1, [("roma-2222", None)], 5.0)


def test_the_next_run_orders_nothing_either(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[ALIKE]])
    case.write()
    assert str(case.fails(NameTaken)) == SAID
    assert (case.posts, case.open) == (0, [("roma-2222", None)])


def test_nor_does_another_resource_of_the_name(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[ALIKE]])
    case.write(urn=URN + "2")
    assert str(case.fails(NameTaken)) == SAID
    assert case.posts == 0


@pytest.mark.parametrize(
    "shown",
    [
        {"vpc_id": "other"},
        {"subnet_id": "other"},
        {"create_time": "2025-03-06T11:00:00Z"},
        {"status": "DELETED"},
        {"name": "roma-22222"},
        {"category": "roma_rcu"},
    ],
)
def test_one_of_another_network_time_or_kind_is_not_ours(tmp_path: Path, shown: dict[str, Any]) -> None:
    case = Case(tmp_path, lists=[[], [ALIKE.model_copy(update=shown)]], creates=[lost()])
    case.fails(CreationUnclear)
    assert case.posts == 1


def test_before_an_order_only_the_name_itself_is_taken(tmp_path: Path) -> None:
    """Names that differ in case are two names to the API."""
    case = Case(tmp_path, lists=[[ALIKE]], creates=[ID])
    assert case.place().instance_id == ID


def test_the_name_itself_comes_first(tmp_path: Path) -> None:
    ours = summary(vpc_id=VPC, subnet_id=SUBNET)
    case = Case(tmp_path, lists=[[], [ALIKE, ours]], creates=[lost()])
    assert case.place().instance_id == ID


def test_the_ways_on_that_it_names(tmp_path: Path) -> None:
    adopting = Calls(tmp_path, lists=[[ALIKE]], progress=[progress("RUNNING", name=SPELLED)])
    Case(tmp_path).write(posted_at=POSTED)
    assert adopting.create(adopt_id=OTHER_ID, name=SPELLED)[0] == OTHER_ID
    renamed = Case(tmp_path, lists=[[ALIKE]], creates=[ID])
    assert renamed.place(name="other").instance_id == ID
