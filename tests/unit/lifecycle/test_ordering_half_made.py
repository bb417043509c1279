"""What this very process left half-made: an error hook of the program has create run again."""

from __future__ import annotations

from pathlib import Path

from roma_provider.errors import NameTaken
from roma_provider.lifecycle.placed import Placed
from tests.support.fakes import ID, OTHER_ID, progress
from tests.support.orders import Case


def test_what_this_process_left_half_made_is_resumed_by_it_alone(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress()])
    left = case.write(instance_id=ID, answered=True)
    case.host.session.custody.answered(ID, left.key, ready=False)
    assert case.place() == Placed(ID, left.key)
    assert case.host.client.counts == {"POST": 0, "progress": 1, "list": 0, "DELETE": 0}
    other = Case(tmp_path, progress=[progress()])
    assert other.fails(NameTaken).instance_id == ID
    assert other.posts == 0


def test_what_this_process_left_half_made_of_other_arguments_is_not_resumed(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress()])
    left = case.write(instance_id=ID, answered=True)
    case.host.session.custody.answered(ID, left.key, ready=False)
    assert case.fails(NameTaken, description="else").instance_id == ID
    assert case.posts == 0


def test_what_this_process_left_half_made_and_is_gone_is_ordered_anew(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress("DELETED")], creates=[OTHER_ID])
    left = case.write(instance_id=ID, answered=True)
    case.host.session.custody.answered(ID, left.key, ready=False)
    assert case.place().instance_id == OTHER_ID
    assert (case.posts, case.open) == (1, [("roma-2222", OTHER_ID)])
