"""No instance of somebody else's becomes ours, whatever POST, /process and the lists say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import CreationEnded, CreationTimedOut, CreationUnclear, InstanceGone, RomaError
from tests.support.fakes import ID, OTHER_ID, SUBNET, URN, VPC, FakeOperation, inputs, lost, progress, summary
from tests.support.lifecycle import STATE, LaterCase
from tests.support.lifecycle import Case as Calls
from tests.support.orders import OURS, Case
from tests.support.wait import Waiting

STRANGER = summary(OTHER_ID, "production", "RUNNING", vpc_id=VPC, subnet_id=SUBNET)
DELETED = progress("DELETED")


@pytest.mark.parametrize("named", [OTHER_ID, OTHER_ID.upper()])
def test_post_that_names_an_instance_which_was_there_before(tmp_path: Path, named: str) -> None:
    case = Case(tmp_path, lists=[[STRANGER]], creates=[named])
    error = case.fails(CreationUnclear)
    assert f"the answer to POST names instance {named}, which was there before" in str(error)
    assert case.posts == 1
    assert case.open == [("roma-2222", None)]  # so that the next run looks again


def test_post_that_names_another_one_while_ours_was_made(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[STRANGER], [STRANGER], [STRANGER, OURS]], creates=[OTHER_ID])
    assert case.place().instance_id == ID
    assert case.posts == 1
    assert case.open == [("roma-2222", ID)]


def test_post_that_names_what_this_machine_has_ordered_for_another_resource(tmp_path: Path) -> None:
    """As a cache does that answers the second POST with what the first was answered, while the list lags."""
    case = Case(tmp_path, lists=[[]], creates=[OTHER_ID])
    case.write(urn=f"{URN}-2", name="another", instance_id=OTHER_ID)
    case.fails(CreationUnclear)
    assert sorted(case.open) == [("another", OTHER_ID), ("roma-2222", None)]


def test_after_a_lost_answer_one_that_was_there_before_is_not_ours(tmp_path: Path) -> None:
    """Not even if it has our name by then."""
    renamed = summary(OTHER_ID, "roma-2222", "RUNNING", vpc_id=VPC, subnet_id=SUBNET)
    case = Case(tmp_path, lists=[[STRANGER], [renamed]], creates=[lost()])
    case.fails(CreationUnclear)


@pytest.mark.parametrize("word", ["DELETED", "SOFT_DELETED", "deleted"])
def test_a_wait_needs_the_list_to_call_an_instance_gone(word: str) -> None:
    gone = [False, False, True]
    waiting = Waiting(progress(), progress(word), gone=lambda: gone.pop(0))
    waiting.fails(InstanceGone)
    assert gone == []
    told = f"its status is {word.upper()}, but the list does not lack it; asking again"
    assert waiting.troubles == [None, told, told]


def test_a_wait_goes_on_after_an_instance_was_called_deleted() -> None:
    waiting = Waiting(DELETED, progress(), DELETED, progress("RUNNING"), gone=lambda: False)
    assert waiting.wait.until_ready().decisive_status == "RUNNING"


def test_a_wait_does_not_hear_for_ever_that_its_instance_is_deleted() -> None:
    waiting = Waiting(progress(), DELETED, gone=lambda: False)
    error = waiting.fails(CreationEnded)
    assert (waiting.clock.now, error.status) == (300.0, "DELETED")
    assert "the list does not lack it" in str(error)
    short = Waiting(DELETED, gone=lambda: False, seconds=20.0)
    assert "its status is DELETED" in str(short.fails(CreationTimedOut))


def test_a_creation_that_is_called_deleted_stays_in_the_state(tmp_path: Path) -> None:
    case = Calls(tmp_path, lists=[[], [summary()]], creates=[ID], progress=[progress(), DELETED])
    case.create_fails(CreationEnded)
    assert case.op.kept[-1][0] == ID
    assert case.open == [(ID, False)]


def test_a_refresh_needs_the_list_to_call_an_instance_gone(tmp_path: Path) -> None:
    there = LaterCase(tmp_path / "there", lists=[[summary()]], progress=[DELETED])
    with pytest.raises(RomaError, match=f"the status of instance {ID} is DELETED, but it was not seen to have left"):
        there.read()
    assert there.op.kept == []
    gone = LaterCase(tmp_path / "gone", lists=[[]], progress=[DELETED])
    assert gone.read() is None


def another(*_arguments: Any) -> RomaError:
    return lost(reason=f"what came was about another instance, {OTHER_ID}")


def test_what_is_said_of_another_instance_changes_nothing(tmp_path: Path) -> None:
    case = LaterCase(tmp_path / "read", lists=[[summary()]], progress=[another()])
    with pytest.raises(RomaError, match="about another instance"):
        case.read()
    assert case.op.kept == []
    deleting = LaterCase(tmp_path / "delete", lists=[[summary()]], progress=[another()])
    with pytest.raises(RomaError, match="about another instance"):
        deleting.delete()
    assert deleting.client.deleted == []
    waiting = Calls(
        tmp_path / "wait", creates=[ID], progress=[another(), another(), progress("RUNNING")], op=FakeOperation()
    )
    made, outputs = waiting.create()
    assert (made, outputs["status"]) == (ID, "RUNNING")
    assert waiting.client.counts["POST"] == 1
    assert inputs()["name"] == STATE["name"]
