"""What the preview of a creation says ahead: whom it adopts, or that its name is taken; and whom it asks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from roma_provider.api.models import RomaInstanceSummary
from roma_provider.errors import Answer, CreationTimedOut, InputError, NameTaken, RomaApiError, RomaConnectionError
from tests.support.fakes import ID, URN, FakeClient, FakeOperation, Host, Unknown, inputs, progress
from tests.support.journal import entry
from tests.support.lifecycle import STATE, Case

OTHER_ID = "5d1f0b6e-2f0a-4f3c-9d5c-2b8f0f6f7a10"
PREVIEW = {"__preview": True, "__written": {}}
NAME = inputs()["name"]
DOWN = RomaConnectionError("list_instances", "connection refused", sent=False)


def holder(instance_id: str = OTHER_ID, name: str = NAME, status: str = "RUNNING") -> RomaInstanceSummary:
    return RomaInstanceSummary(id=instance_id, name=name, status=status)


def check(case: Case, olds: Mapping[str, Any] | None = None, **changes: Any) -> None:
    found = case.host.owned.check(case.op, olds or {}, {**inputs(**changes), **PREVIEW})
    assert found.failures == []
    assert not {"__preview", "__written"} & found.inputs.keys()


def asked(case: Case) -> tuple[int, int]:
    counts = case.client.counts
    assert counts["POST"] == counts["DELETE"] == 0
    return counts["progress"], counts["list"]


# --- names


def test_a_free_name_is_asked_about_once_and_nothing_said(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[holder(name="other")]])
    check(case)
    case.op.urn = f"{URN}-two"
    check(case, name="two")
    assert (case.op.warnings, case.op.notes, asked(case)) == ([], [], (0, 1))
    assert case.client.listed_once == [True]


def test_a_name_that_is_taken_is_a_warning_in_the_words_of_up(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[holder()]])
    check(case)
    [said] = case.op.warnings
    assert said == f"`pulumi up` will fail: {case.create_fails(NameTaken)}"


@pytest.mark.parametrize("changes", [{"vpc_id": Unknown()}, {"mqs": {"ssl_enable": Unknown()}}])
def test_a_name_is_known_before_other_arguments_are(tmp_path: Path, changes: dict[str, Any]) -> None:
    case = Case(tmp_path, lists=[[holder()]])
    check(case, **changes)
    assert len(case.op.warnings) == 1
    assert f"`pulumi up` will fail: an instance named {NAME!r} exists already" in case.op.warnings[0]


def test_whether_an_order_goes_on_is_not_known_before_its_arguments_are(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[holder()]])
    case.host.journal.write(entry(instance_id=OTHER_ID))
    check(case, vpc_id=Unknown())
    assert case.op.warnings == []


def test_an_instance_that_exists_is_asked_about_by_nobody(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[holder()]])
    check(case, olds=inputs())
    assert (case.op.warnings, asked(case)) == ([], (0, 0))


def test_up_asks_when_it_is_time(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[holder()]])
    case.host.owned.check(case.op, {}, {**inputs(), "__written": {}})
    assert (case.op.warnings, asked(case)) == ([], (0, 0))


def test_a_replacement_s_own_instance_does_not_take_its_name(tmp_path: Path) -> None:
    case = Case(tmp_path, op=FakeOperation(old_inputs=inputs()), lists=[[holder(ID)]])
    check(case, olds=inputs(), vpc_id="other")
    case.host.owned.diff(case.op, ID, STATE, inputs(vpc_id="other"))
    check(case, vpc_id="other")
    [loss] = case.op.warnings
    assert "deletes it with everything inside it" in loss
    assert asked(case) == (0, 1)


def test_but_another_one_does(tmp_path: Path) -> None:
    case = Case(tmp_path, op=FakeOperation(old_inputs=inputs()), lists=[[holder(ID), holder(OTHER_ID, "new")]])
    check(case, olds=inputs(), vpc_id="other", name="new")
    case.host.owned.diff(case.op, ID, STATE, inputs(vpc_id="other", name="new"))
    check(case, vpc_id="other", name="new")
    assert f"id {OTHER_ID}" in case.op.warnings[-1]


def test_an_order_that_is_to_be_resumed_has_its_name(tmp_path: Path) -> None:
    interrupted = Case(tmp_path, creates=[ID], progress=[progress("CREATING")], lists=[[]])
    interrupted.op.timeout = 1.0
    interrupted.create_fails(CreationTimedOut)
    case = Case(tmp_path, lists=[[holder(ID, status="CREATING")]])
    check(case)
    assert case.op.warnings == []


# --- adoption


def test_what_is_adopted_is_a_note_with_its_status_and_age(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress("RUNNING")])
    three_days_ago = (case.host.clock.epoch() - 3.2 * 86400) * 1000
    case = Case(tmp_path, progress=[progress("RUNNING", createdAt=int(three_days_ago))])
    check(case, adopt_id=ID)
    assert case.op.notes == [f"adopts instance {ID} (RUNNING, made 3 days ago); nothing is ordered"]
    assert (case.op.warnings, asked(case), case.client.asked_once) == ([], (1, 0), [True])


def test_what_does_not_fit_is_a_warning_in_the_words_of_up(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress("RUNNING", tenantVpcId="elsewhere")])
    check(case, adopt_id=ID)
    [said] = case.op.warnings
    assert said == f"`pulumi up` will fail: {case.create_fails(InputError, adopt_id=ID)}"
    assert "vpc_id is 'elsewhere' there" in said
    assert case.op.notes == []


def test_what_is_not_there_is_a_warning(tmp_path: Path) -> None:
    missing = RomaApiError("creation_progress", Answer(404, "APIC.7302", "no such instance"))
    case = Case(tmp_path, progress=[missing])
    check(case, adopt_id=ID)
    assert case.op.warnings[0].startswith(f"`pulumi up` will fail: adopt_id: there is no instance {ID} in project")


# --- where nobody can say


@pytest.mark.parametrize("changes", [{"name": Unknown()}, {"region": Unknown()}, {"adopt_id": Unknown()}])
def test_what_is_not_known_yet_is_not_asked_about(tmp_path: Path, changes: dict[str, Any]) -> None:
    case = Case(tmp_path, lists=[[holder()]])
    check(case, **changes)
    assert (case.op.warnings, asked(case)) == ([], (0, 0))


def test_an_api_that_cannot_be_asked_is_a_warning_once(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[DOWN])
    for number in range(3):
        case.op.urn = f"{URN}-{number}"
        check(case, name=f"name-{number}")
    assert case.op.warnings == [f"whether names are free could not be asked: {DOWN}. `pulumi up` asks again"]
    assert asked(case) == (0, 1)


def test_without_a_sign_in_it_is_not_asked(tmp_path: Path) -> None:
    host = Host(FakeClient(lists=[[holder()]]), tmp_path, environment={})
    op = FakeOperation()
    assert host.owned.check(op, {}, {**inputs(), **PREVIEW}).failures == []
    [said] = op.warnings
    assert said.startswith("no way to sign in is given")
    assert host.client.counts["list"] == 0


def test_arguments_that_are_refused_are_not_asked_about(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[holder()]])
    assert case.host.owned.check(case.op, {}, {**inputs(vpc_id=None), **PREVIEW}).failures
    assert asked(case) == (0, 0)
