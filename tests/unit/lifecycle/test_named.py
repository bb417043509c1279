"""Finding an instance by its name, and what happens when the name comes to mean another."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.errors import InputError
from roma_provider.lifecycle.owned import Owned
from roma_provider.lifecycle.referenced import Referenced
from roma_provider.schema.written import BY_NAME, PREVIEW
from tests.support.fakes import (
    ID,
    OTHER_ID,
    PROJECT,
    REGION,
    TOKEN,
    URN,
    FakeClient,
    FakeClock,
    FakeOperation,
    FakeSession,
    fake_session,
    progress,
    refused,
    summary,
)

NAME = "roma-2222"
PLACE = {"region": REGION, "project_id": PROJECT}
INPUTS = {"name": NAME, **PLACE}
RENAMED = progress("RUNNING", name="other")


class Case:
    def __init__(self, **scripts: Any) -> None:
        self.client = FakeClient(**scripts)
        self.session: FakeSession = fake_session(
            self.client, FakeClock(), None, {"HW_AUTH_TOKEN": TOKEN, "ROMA_POLL_SECONDS": "5"}
        )
        self.op = FakeOperation(urn=URN, old_inputs=INPUTS)
        self.reference, self.owned = Referenced(self.session), Owned(self.session)

    def made(self) -> dict[str, Any]:
        """The outputs of a reference by the name."""
        return self.reference.create(self.op, INPUTS)[1]


@pytest.mark.parametrize(
    ("news", "failed"),
    [
        ({}, ["instance_id"]),
        ({"name": NAME, "instance_id": ID}, ["name"]),
        ({"name": NAME}, []),
        ({"name": " "}, ["name"]),
    ],
)
def test_a_reference_has_an_id_or_a_name(news: dict[str, Any], failed: list[str]) -> None:
    case = Case()
    assert [key for key, _ in case.reference.check(case.op, {}, news).failures] == failed


@pytest.mark.parametrize(
    ("listed", "notes", "warned"),
    [
        ([summary(status="RUNNING"), summary(OTHER_ID, "another")], [f"refers to instance {ID} (RUNNING)"], ""),
        ([], [], "as it is now, `pulumi up` will fail: name: there is no instance named 'roma-2222'"),
        ([summary(), summary(OTHER_ID)], [], "as it is now, `pulumi up` will fail: name: there are 2 instances named"),
        (refused(503), [], "which instance has the name could not be asked: "),
    ],
)
def test_the_preview_says_which_instance_has_the_name(listed: Any, notes: list[str], warned: str) -> None:
    case = Case(lists=[listed])
    assert case.reference.check(case.op, {}, {**INPUTS, PREVIEW: True}).failures == []
    assert case.op.notes == notes
    assert [warning.startswith(warned) for warning in case.op.warnings] == ([True] if warned else [])
    # Nobody is asked in `up`, nor for one that the state holds, nor for an id.
    asked = len(case.client.asked)
    for olds, news in (({}, INPUTS), (INPUTS, {**INPUTS, PREVIEW: True}), ({}, {"instance_id": ID, PREVIEW: True})):
        case.reference.check(case.op, olds, news)
    assert len(case.client.asked) == asked


def test_the_one_instance_of_the_name_is_waited_for_and_referred_to() -> None:
    case = Case(progress=[progress(), progress("RUNNING")], lists=[[summary(), summary(OTHER_ID, "another")]])
    instance_id, outputs = case.reference.create(case.op, INPUTS)
    assert (instance_id, outputs["instance_id"], outputs["status"]) == (ID, ID, "RUNNING")
    assert case.op.notes[0] == f"the instance named {NAME!r} is {ID}"
    assert case.session.run.referrers(ID) == ["integration"]
    assert (case.client.counts["POST"], case.client.counts["DELETE"]) == (0, 0)


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], ["there is no instance named", PROJECT, "write the name of one that exists, or its id"]),
        ([summary(status="DELETED")], ["there is no instance named"]),
        (
            [summary(), summary(OTHER_ID, status="RUNNING")],
            ["there are 2 instances", f"{ID} (CREATING), {OTHER_ID} (RUNNING)", "write the id of the one"],
        ),
    ],
)
def test_none_and_several_are_errors(listed: list[Any], said: list[str]) -> None:
    case = Case(lists=[listed])
    for look in (case.made, lambda: case.owned.read(case.op, BY_NAME + NAME, PLACE, owned=False)):
        with pytest.raises(InputError) as caught:
            look()
        assert caught.value.key == "name"
        assert all(text in str(caught.value) for text in said), str(caught.value)


def test_the_id_is_kept_and_a_name_that_points_elsewhere_is_drift_with_both_ids() -> None:
    case = Case(
        progress=[progress("RUNNING"), RENAMED],
        lists=[[summary()], [summary(name="other"), summary(OTHER_ID, status="RUNNING")]],
    )
    outputs = case.made()
    assert not case.reference.diff(case.op, outputs, INPUTS).any
    case.op.warnings.clear()
    reading = case.reference.read(case.op, ID, outputs)
    assert reading is not None
    assert (reading.instance_id, reading.outputs["name"], reading.inputs) == (ID, "other", INPUTS)
    [warning] = case.op.warnings
    assert ID in warning
    assert f"which {OTHER_ID} (RUNNING) has now" in warning
    found = case.reference.diff(case.op, reading.outputs, INPUTS)
    assert (found.replaces, found.updates) == ([], ["name"])
    with pytest.raises(InputError) as caught:
        case.reference.update(case.op, ID, reading.outputs, INPUTS)
    assert f"Write instance_id={ID!r} to keep it; or run `pulumi up --replace '{URN}'`" in str(caught.value)


def test_another_name_in_the_program_is_another_reference_and_an_id_in_its_place_none() -> None:
    case = Case(progress=[progress("RUNNING")], lists=[[summary()]])
    outputs = case.made()
    assert case.reference.diff(case.op, outputs, {**PLACE, "name": "other"}).replaces == ["name"]
    assert not case.reference.diff(case.op, outputs, {**PLACE, "instance_id": ID}).any


def test_a_get_by_name_looks_anew_each_time() -> None:
    case = Case(progress=[progress("RUNNING")], lists=[[summary()], [summary(OTHER_ID)], [summary(OTHER_ID)], []])
    first = case.owned.read(case.op, BY_NAME + NAME, PLACE, owned=False)
    assert first is not None
    assert (first.instance_id, first.outputs["instance_id"]) == (BY_NAME + NAME, ID)
    again = case.owned.read(case.op, BY_NAME + NAME, first.outputs, owned=False)
    assert again is not None
    assert again.outputs["instance_id"] == OTHER_ID
    assert case.op.warnings == [f"the instance named {NAME!r} is {OTHER_ID} now; it was {ID}"]
    assert case.owned.read(case.op, BY_NAME + NAME, again.outputs, owned=False) is not None
    assert case.owned.read(case.op, BY_NAME + NAME, again.outputs, owned=False) is None
