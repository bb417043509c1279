"""An instance that the engine was given and could not save: create takes it over, unless a state may hold it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import NameTaken
from roma_provider.lifecycle.journal import digest
from roma_provider.lifecycle.placed import Placed
from tests.support.fakes import ID, OTHER_ID, URN, FakeOperation, inputs, progress, refused, summary
from tests.support.lifecycle import Case as Calls
from tests.support.lifecycle import state
from tests.support.orders import OURS, Case

WARNING = (
    f"taking over instance {ID}, which an earlier run made for this resource and Pulumi could not save. If another "
    "stack holds it too (after `pulumi stack rename` or `pulumi state move`), each of the two stacks would delete it. "
    f"Then run `pulumi state delete '{URN}'` in this one, and write another name"
)


def unsaved(folder: Path, *, olds: dict[str, Any] | None = None, checked: bool = True, **scripts: Any) -> Case:
    """A run whose check found ``olds`` in the state (None: nothing)."""
    case = Case(folder, **{"progress": [progress("RUNNING")], "lists": [[OURS]], **scripts})
    if checked:
        news = {key: value for key, value in inputs().items() if key not in ("region", "project_id")}
        case.host.owned.check(case.op, olds or {}, news)
    return case


@pytest.mark.parametrize("seen", [True, False])
def test_what_the_state_does_not_hold_is_taken_over(tmp_path: Path, seen: bool) -> None:
    case = unsaved(tmp_path)
    left = case.write(instance_id=ID, answered=True, seen=seen)
    assert case.place() == Placed(ID, left.key)
    assert (case.posts, case.op.warnings) == (0, [WARNING])


def test_it_is_a_witness_again_when_it_was_answered(tmp_path: Path) -> None:
    first = Calls(tmp_path, creates=[ID], progress=[progress("RUNNING")])
    first.create()
    first.op.answer(ready=True)
    for _ in range(2):  # it could not be saved, and the next one could not either
        case = Calls(tmp_path, progress=[progress("RUNNING")], lists=[[summary()]])
        case.host.owned.check(case.op, {}, {key: value for key, value in inputs().items() if key != "region"})
        assert case.create()[0] == ID
        case.op.answer(ready=True)
        assert (case.client.counts["POST"], case.open) == (0, [(ID, True)])
        assert case.op.warnings[0] == WARNING


def test_where_a_replacement_by_force_looks_the_same_the_name_is_taken(tmp_path: Path) -> None:
    """On a host whose programs do not have the old one deleted first."""
    case = unsaved(tmp_path)
    case.host.session.deletes_first = False
    case.write(instance_id=ID, answered=True, seen=True)
    error = case.fails(NameTaken)
    assert error.instance_id == ID
    assert "if it is replaced by force, set the option delete_before_replace" in str(error)
    assert f"run `ROMA_ADOPT=integration={ID} pulumi up` once" in str(error)
    assert case.posts == 0


def test_a_replacement_does_not_take_over_what_it_replaces(tmp_path: Path) -> None:
    """`pulumi up --replace`: the engine checks the new one as a new one, but the state holds the resource."""
    case = unsaved(tmp_path, olds=inputs())
    case.host.owned.check(case.op, {}, {key: value for key, value in inputs().items() if key != "region"})
    case.write(instance_id=ID, answered=True, seen=True)
    assert case.fails(NameTaken).instance_id == ID
    assert (case.posts, case.op.notes) == (0, [])


def test_a_replacement_that_could_not_be_saved_is_taken_over(tmp_path: Path) -> None:
    """The state still holds the old instance, which is deleted by now, and its diff names that one."""
    case = unsaved(tmp_path, olds=inputs(vpc_id="old"))
    case.host.owned.diff(case.op, OTHER_ID, state(OTHER_ID, inputs(vpc_id="old"), None), inputs())
    case.host.owned.check(case.op, {}, {key: value for key, value in inputs().items() if key != "region"})
    left = case.write(instance_id=ID, answered=True, seen=True)
    assert case.place() == Placed(ID, left.key)
    assert (case.posts, case.op.warnings[1:]) == (0, [WARNING])


def test_a_replacement_does_not_take_over_what_its_diff_names(tmp_path: Path) -> None:
    """Whatever closes a witness that the diff names: the disk may not have taken that."""
    case = unsaved(tmp_path, olds=inputs(vpc_id="old"))
    case.host.owned.diff(case.op, ID, state(ID, inputs(vpc_id="old"), None), inputs())
    case.write(instance_id=ID, answered=True, seen=True)
    assert case.fails(NameTaken).instance_id == ID
    assert (case.posts, case.op.notes) == (0, [])


def test_where_no_check_has_said_what_the_state_holds(tmp_path: Path) -> None:
    case = unsaved(tmp_path, checked=False)
    case.write(instance_id=ID, answered=True, seen=True)
    assert case.fails(NameTaken).instance_id == ID
    other = unsaved(tmp_path, checked=False)
    other.host.owned.check(FakeOperation(urn=URN + "2"), {}, inputs(name="other"))
    assert other.fails(NameTaken).instance_id == ID
    assert case.posts + other.posts == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"backend": "another"},
        {"backend": ""},
        {"arguments": digest(inputs(description="x"))},
        {"folder": "/programs/other"},
        {"urn": URN + "2"},
    ],
)
def test_what_a_state_of_another_backend_folder_or_resource_may_hold(tmp_path: Path, changes: dict[str, Any]) -> None:
    case = unsaved(tmp_path)
    case.write(instance_id=ID, answered=True, seen=True, **changes)
    assert case.fails(NameTaken).instance_id == ID
    assert (case.posts, case.op.notes) == (0, [])


@pytest.mark.parametrize("changes", [{"region": "eu-west-101"}, {"project_id": "x" * 16}, {"host": "localhost"}])
def test_what_lives_elsewhere(tmp_path: Path, changes: dict[str, Any]) -> None:
    case = unsaved(tmp_path, lists=[[]], creates=[OTHER_ID])
    case.write(instance_id=ID, answered=True, seen=True, **changes)
    assert case.place().instance_id == OTHER_ID


def test_one_that_is_gone_by_now_is_ordered_anew(tmp_path: Path) -> None:
    case = unsaved(tmp_path, progress=[refused(404)], lists=[[]], creates=[OTHER_ID])
    case.write(instance_id=ID, answered=True, seen=True)
    assert case.place().instance_id == OTHER_ID
    assert (case.posts, case.open) == (1, [("roma-2222", OTHER_ID)])


def test_one_that_another_run_works_on_is_not_taken_over(tmp_path: Path) -> None:
    case = unsaved(tmp_path)
    left = case.write(instance_id=ID, answered=True, seen=True)
    with case.host.journal.hold(left, case.op.stop):
        assert str(case.fails(NameTaken)).startswith("another run on this machine is creating an instance named")


def test_one_whose_id_the_disk_did_not_take_is_found_in_the_list(tmp_path: Path) -> None:
    case = unsaved(tmp_path)
    left = case.write()
    case.host.journal.mark_answered(left)
    assert case.place() == Placed(ID, left.key)
    assert case.posts == 0
    # Answered, it is no unclear order: where nothing has come of it, the name is free after two minutes.
    none = unsaved(tmp_path / "b", lists=[[]], creates=[OTHER_ID])
    none.host.journal.mark_answered(none.write())
    assert (none.place().instance_id, none.host.clock.now) == (OTHER_ID, 120.0)
