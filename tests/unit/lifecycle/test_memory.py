"""Check and diff: what only several calls tell, and what is done on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.api.models import RomaInstanceSummary
from roma_provider.errors import InputError, NameTaken
from roma_provider.schema.diff import Difference
from tests.support.fakes import (
    CONFIG,
    ID,
    OTHER_ID,
    PROJECT,
    REGION,
    TOKEN,
    URN,
    FakeClient,
    FakeOperation,
    Host,
    Unknown,
    inputs,
    lost,
    progress,
    refused,
    summary,
)
from tests.support.lifecycle import STATE, Case, state


def check(case: Case, olds: dict[str, Any] | None = None, **changes: Any) -> list[tuple[str, str]]:
    news = {key: value for key, value in inputs(**changes).items() if key not in ("region", "project_id")}
    return case.host.owned.check(case.op, olds or {}, news).failures


def diff(case: Case, olds: dict[str, Any], **changes: Any) -> Difference:
    """The diff of a resource that has the instance ID, made by these inputs."""
    return case.host.owned.diff(case.op, ID, state(ID, olds, None), inputs(**changes))


def diff_fails(case: Case, olds: dict[str, Any], **changes: Any) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        diff(case, olds, **changes)
    return caught.value.key, caught.value.reason


def place_check(folder: Path, config: dict[str, str] | None = None, **changes: Any) -> list[tuple[str, str]]:
    host = Host(FakeClient(lists=[]), folder, config=config or CONFIG)
    return host.owned.check(FakeOperation(), {}, inputs(**changes)).failures


def test_two_resources_of_one_name(tmp_path: Path) -> None:
    case = Case(tmp_path)
    other = Case(tmp_path, op=FakeOperation(urn=URN + "-2"))
    other.host = case.host
    assert check(case) == []
    assert check(case) == []
    assert check(other) == [
        ("name", "resource 'integration' of this program has the name 'roma-2222' too; write another")
    ]
    assert check(other, name="else") == []
    assert check(other, name=Unknown()) == []


def test_adopt_id_on_what_is_managed_already(tmp_path: Path) -> None:
    """Check sees inputs, not instances: it refuses nothing of this; the diff does."""
    words = f"this resource has instance {ID} already and cannot adopt another; remove adopt_id"
    for olds in (inputs(), inputs(adopt_id=ID)):
        assert check(Case(tmp_path), olds, adopt_id=OTHER_ID) == []
        there = Case(tmp_path, progress=[progress("RUNNING")])
        assert diff_fails(there, olds, adopt_id=OTHER_ID) == ("adopt_id", words)
    # What it has may be named, and what it was to adopt once.
    for adopt_id in (ID, Unknown(), None):
        diff(Case(tmp_path), inputs(), adopt_id=adopt_id)
    diff(Case(tmp_path), inputs(adopt_id=OTHER_ID), adopt_id=OTHER_ID)
    assert check(Case(tmp_path), inputs(adopt_id=ID), adopt_id=ID) == []
    assert check(Case(tmp_path), inputs(adopt_id=ID), adopt_id=Unknown()) == []
    assert check(Case(tmp_path), inputs(), adopt_id=Unknown()) == []
    assert check(Case(tmp_path), inputs(adopt_id=ID)) == []
    assert check(Case(tmp_path), {}, adopt_id=ID) == []


def test_adopt_id_where_what_the_state_holds_is_gone(tmp_path: Path) -> None:
    """A replacement by force (`up --replace`, which asks no diff) that was interrupted on another machine: the state
    holds the one that it had deleted, and the message of the name that is taken says to adopt the new one."""
    gone = [refused(404, "APIC.7302")]
    assert diff(Case(tmp_path, lists=[[]], progress=gone), inputs(), adopt_id=OTHER_ID).replaces == []
    for trouble in ([lost()], [refused(500)]):  # nobody knows, so it counts as there
        assert diff_fails(Case(tmp_path, progress=trouble), inputs(), adopt_id=OTHER_ID)[0] == "adopt_id"


def test_adopt_id_with_a_change_that_replaces(tmp_path: Path) -> None:
    case = Case(tmp_path)
    olds = inputs(adopt_id=ID)
    assert check(case, olds, adopt_id=ID, vpc_id="v") == []
    assert case.host.owned.diff(case.op, ID, state(ID, olds, None), inputs(vpc_id="v")).replaces == ["vpc_id"]
    words = "this change replaces the instance, which would delete the one to adopt; remove adopt_id"
    assert diff_fails(case, olds, adopt_id=ID, vpc_id="v") == ("adopt_id", words)
    # Another one may be adopted in its place.
    assert diff(case, olds, adopt_id=OTHER_ID, vpc_id="v").replaces == ["vpc_id"]
    # Nor does the second check of the replacement refuse it: a pendingReplacement has no instance any more.
    assert check(case, {}, adopt_id=Unknown(), vpc_id="v") == []
    assert check(case, {}, adopt_id=ID, vpc_id="v") == []


def test_a_replacement_is_warned_of_once(tmp_path: Path) -> None:
    case = Case(tmp_path)
    check(case, inputs(), vpc_id="v", subnet_id="s")
    case.host.owned.diff(case.op, ID, state(ID, inputs(), None), inputs(vpc_id="v", subnet_id="s"))
    assert case.op.warnings == []
    check(case, {}, vpc_id="v", subnet_id="s")
    check(case, {}, vpc_id="v", subnet_id="s")
    assert case.op.warnings == [
        "replacing this instance (because of subnet_id, vpc_id) deletes it with everything inside it, for good. "
        "Nothing is moved to the new one. If an earlier `pulumi up` has set retain_on_delete, the old one is kept, and "
        "billed"
    ]


def test_a_replacement_by_an_option_is_warned_of(tmp_path: Path) -> None:
    """By replace_on_changes, where the diff itself is an update."""
    case = Case(tmp_path)
    check(case, inputs(), description="another")
    case.host.owned.diff(case.op, ID, state(ID, inputs(), progress("RUNNING")), inputs(description="another"))
    case.op.warnings.clear()
    check(case, {}, description="another")
    [said] = case.op.warnings
    assert said.startswith("replacing this instance (because of an option of Pulumi's, such as replace_on_changes) del")


def test_a_new_instance_in_place_of_one_that_is_gone_loses_nothing(tmp_path: Path) -> None:
    case = Case(tmp_path)
    check(case, inputs())
    case.host.owned.diff(case.op, ID, state(ID, inputs(), progress("RUNNING")), inputs())
    check(case, {})
    assert case.op.warnings == []


def test_a_replacement_with_retain_on_delete_says_what_is_kept(tmp_path: Path) -> None:
    case = Case(tmp_path)
    case.host.session.run.retain((case.op.urn or "").rsplit("::", 1)[-1])
    check(case, inputs(), vpc_id="v")
    case.host.owned.diff(case.op, ID, state(ID, inputs(), None), inputs(vpc_id="v"))
    check(case, {}, vpc_id="v")
    assert case.op.warnings == [
        "replacing this instance (because of vpc_id) keeps it, by retain_on_delete: it goes on being billed. "
        "Nothing is moved to the new one. But if retain_on_delete is new in this `pulumi up`, the instance is deleted "
        "with everything inside it, for good. Then run `pulumi up` without the replacement first"
    ]


def test_replacing_what_was_never_made_loses_nothing(tmp_path: Path) -> None:
    case = Case(tmp_path)
    check(case, inputs())
    failed = state(ID, inputs(), progress("CREATE_FAILED"))
    assert case.host.owned.diff(case.op, ID, failed, inputs()).replaces == ["status"]
    check(case, {})
    assert case.op.warnings == []


def test_check_closes_no_entry(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[progress("RUNNING")])
    case.create()
    check(case, {})
    assert case.open == [(ID, False)]
    case.op.answer(ready=True)
    check(case, {})
    check(case, inputs())
    # A check names no instance, so that it shows nothing of what the state holds.
    assert case.open == [(ID, True)]


def test_diff_closes_the_entry_of_its_instance_and_calls_nobody(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[progress("RUNNING")])
    _, found = case.create()
    before = case.client.counts
    case.host.owned.diff(case.op, OTHER_ID, found, inputs())
    assert case.open == [(ID, False)]
    assert not case.host.owned.diff(case.op, ID, found, inputs()).any
    assert case.open == []
    assert case.client.counts == before


ELSEWHERE = {"HW_AUTH_TOKEN": TOKEN, "HW_REGION_NAME": "eu-west-101", "HW_PROJECT_ID": "x" * 16}


def test_a_replacement_stays_where_the_old_instance_was(tmp_path: Path) -> None:
    host = Host(FakeClient(), tmp_path, config={}, environment=ELSEWHERE)
    op = FakeOperation()
    news = {key: value for key, value in inputs(vpc_id="v").items() if key not in ("region", "project_id")}
    first = host.owned.check(op, inputs(), news)
    assert host.owned.diff(op, ID, state(ID, inputs(), None), first.inputs).replaces == ["vpc_id"]
    second = host.owned.check(op, {}, news)
    assert second.failures == []
    assert (second.inputs["region"], second.inputs["project_id"]) == (REGION, PROJECT)
    assert second.inputs == first.inputs


@pytest.mark.parametrize("urn", [None, URN + "-2"])
def test_a_new_resource_goes_where_the_environment_says(tmp_path: Path, urn: str | None) -> None:
    host = Host(FakeClient(), tmp_path, config={}, environment=ELSEWHERE)
    news = {key: value for key, value in inputs().items() if key not in ("region", "project_id")}
    host.owned.check(FakeOperation(), inputs(), news)
    found = host.owned.check(FakeOperation(urn=urn), {}, news)
    assert (found.inputs["region"], found.inputs["project_id"]) == ("eu-west-101", "x" * 16)


def test_what_another_resource_of_the_program_holds_is_not_deleted(tmp_path: Path) -> None:
    """It has adopted the instance, in a run that was killed before it had forgotten the old resource."""
    case = Case(tmp_path)
    moved = URN.replace("integration", "moved")
    case.host.owned.diff(FakeOperation(urn=moved), ID, state(ID, inputs(), None), inputs())
    case.host.owned.delete(case.op, ID, state(ID, inputs(), None))
    assert case.op.warnings == [f"instance {ID} is held by the resource 'moved' too, so it is not deleted"]
    assert (sum(case.client.counts.values()), case.host.journal.entries()) == (0, [])


def test_its_own_replacement_deletes_it(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress("RUNNING")], deletes=[None])
    diff(case, inputs(), vpc_id="v")
    case.host.owned.delete(case.op, ID, state(ID, inputs(), None))
    assert case.client.deleted == [ID]


@pytest.mark.parametrize(
    ("taken", "change", "deleted"),
    [
        (summary(OTHER_ID, "another"), {"name": "another", "vpc_id": "v"}, False),
        (summary(OTHER_ID), {"vpc_id": "v"}, False),  # a second one of the very name
        (summary(ID), {"vpc_id": "v"}, True),
        (summary(OTHER_ID, "another", "DELETED"), {"name": "another", "vpc_id": "v"}, True),
        (summary(OTHER_ID, "another"), {"name": "another", "vpc_id": "v", "adopt_id": OTHER_ID}, True),
    ],
)
def test_nothing_is_deleted_for_a_replacement_whose_name_is_taken(
    tmp_path: Path, taken: RomaInstanceSummary, change: dict[str, Any], deleted: bool
) -> None:
    """It could not be made, and all that was inside the old one would be lost for nothing."""
    case = Case(tmp_path, progress=[progress("RUNNING")], deletes=[None], lists=[[taken], []])
    new = {key: value for key, value in inputs(**change).items() if key not in ("region", "project_id")}
    case.host.owned.check(case.op, inputs(), new)
    case.host.owned.diff(case.op, ID, STATE, inputs(**change))
    case.host.owned.check(case.op, {}, new)
    if deleted:
        case.host.owned.delete(case.op, ID, STATE)
        assert case.client.deleted == [ID]
        return
    with pytest.raises(NameTaken, match=f"instance {ID} is not deleted, since the new one could not be made: an inst"):
        case.host.owned.delete(case.op, ID, STATE)
    assert (case.client.deleted, case.host.journal.entries()) == ([], [])


def test_the_new_one_that_was_made_first_is_not_in_the_way_of_deleting_the_old_one(tmp_path: Path) -> None:
    """With delete_before_replace=False, and a new name."""
    case = Case(
        tmp_path,
        progress=[progress("RUNNING")],
        creates=[OTHER_ID],
        deletes=[None],
        lists=[[summary(ID)], [summary(OTHER_ID, "new")], []],
    )
    new = {key: value for key, value in inputs(name="new").items() if key not in ("region", "project_id")}
    case.host.owned.check(case.op, inputs(), new)
    case.host.owned.check(case.op, {}, new)
    assert case.create(name="new")[0] == OTHER_ID
    case.host.owned.delete(case.op, ID, STATE)
    assert case.client.deleted == [ID]
