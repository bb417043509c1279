"""What a diff gives a preview to show, and that a refresh, whose diff has the roles swapped, gets nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from roma_provider.lifecycle.referenced import Referenced
from roma_provider.schema.details import Detail, Edit
from tests.support.fakes import ID, FakeOperation, inputs
from tests.support.lifecycle import STATE, Case

OTHER_ID = "5d1f0b6e-2f0a-4f3c-9d5c-2b8f0f6f7a10"


def test_a_program_s_diff_has_lines(tmp_path: Path) -> None:
    case = Case(tmp_path, op=FakeOperation(old_inputs=inputs()))
    case.host.owned.check(case.op, inputs(), inputs(vpc_id="other"))
    found = case.host.owned.diff(case.op, ID, STATE, inputs(vpc_id="other"))
    assert found.lines == {"vpc_id": Detail(Edit.UPDATE, replaces=True)}


def test_a_half_made_instance_has_no_line_which_replace_on_changes_could_take_for_a_reason(tmp_path: Path) -> None:
    case = Case(tmp_path, op=FakeOperation(old_inputs=inputs()))
    case.host.owned.check(case.op, inputs(), inputs())
    found = case.host.owned.diff(case.op, ID, {**STATE, "status": "CREATING"}, inputs())
    assert (found.any, found.keys, found.lines) == (True, [], {})


def test_a_refresh_s_diff_has_none(tmp_path: Path) -> None:
    """It compares what was found, in place of the state, with the state in place of the program."""
    drifted = inputs(vpc_id="found")
    case = Case(tmp_path, op=FakeOperation(old_inputs=drifted))
    found = case.host.owned.diff(case.op, ID, {**STATE, "vpc_id": "found"}, inputs())
    assert (found.keys, found.lines) == (["vpc_id"], {})
    # Nor where the program was checked before, as with `refresh --run-program`.
    case.host.owned.check(case.op, inputs(), inputs())
    assert case.host.owned.diff(case.op, ID, {**STATE, "vpc_id": "found"}, inputs()).lines == {}


def test_a_reference_to_another_instance(tmp_path: Path) -> None:
    olds: dict[str, Any] = {"instance_id": ID, "region": STATE["region"], "project_id": STATE["project_id"]}
    case = Case(tmp_path, op=FakeOperation(old_inputs=olds))
    news = {**olds, "instance_id": OTHER_ID}
    state = {**STATE, **olds}
    referenced = Referenced(case.host.session)
    assert referenced.diff(case.op, state, news).lines == {}
    referenced.check(case.op, olds, news)
    found = referenced.diff(case.op, state, news)
    assert found.lines == {"instance_id": Detail(Edit.UPDATE, replaces=True)}
