"""Reading an instance: what each answer means for the state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import (
    CreationFailed,
    InputError,
    RomaApiError,
    RomaError,
)
from roma_provider.lifecycle.reading import Reading
from tests.support.fakes import (
    ID,
    OTHER_ID,
    PROJECT,
    REGION,
    FakeClient,
    FakeOperation,
    Host,
    inputs,
    lost,
    progress,
    refused,
    summary,
)
from tests.support.lifecycle import RUNNING, STATE, LaterCase, calls, state


def test_read_is_one_get(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING])
    assert case.read() == Reading(ID, STATE, inputs())
    # And one look at the list, once a session, for others of its name.
    assert case.client.counts == calls(reads=1, lists=1)
    assert case.host.session.places == [(REGION, PROJECT)]
    assert (case.op.kept, case.op.warnings, case.open) == ([], [], 0)
    case.read()
    assert case.client.counts == calls(reads=2, lists=1)


def test_read_shows_drift_in_the_inputs(tmp_path: Path) -> None:
    found = LaterCase(tmp_path, progress=[progress("RUNNING", name="by hand", description="too")]).read()
    assert found is not None
    assert found.inputs == inputs(name="by hand")
    assert (found.outputs["name"], found.outputs["description"]) == ("by hand", "too")


def test_read_without_the_inputs_of_the_state(tmp_path: Path) -> None:
    found = LaterCase(tmp_path, op=FakeOperation(), progress=[RUNNING]).read()
    assert found is not None
    assert found.inputs is None


def test_read_goes_where_the_state_says(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING])
    found = case.read({**STATE, "region": "eu-west-101", "project_id": "x" * 16})
    assert case.host.session.places == [("eu-west-101", "x" * 16)]
    assert found is not None
    assert (found.outputs["region"], found.outputs["project_id"]) == ("eu-west-101", "x" * 16)


def test_read_goes_where_the_settings_say_only_if_the_state_does_not(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING])
    case.read({"instance_id": ID})
    assert case.host.session.places == [(REGION, PROJECT)]
    nowhere = Host(FakeClient(), tmp_path, config={})
    with pytest.raises(InputError, match="roma:region: no region is given"):
        nowhere.owned.read(FakeOperation(), ID, {}, owned=False)


def test_read_gone_needs_two_witnesses(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[refused(404, "APIC.7302")], lists=[[summary(OTHER_ID)]])
    assert case.read() is None
    assert case.client.counts == calls(reads=2, lists=2)


@pytest.mark.parametrize("status", ["DELETED", "SOFT_DELETED"])
def test_read_gone_by_its_status(tmp_path: Path, status: str) -> None:
    assert LaterCase(tmp_path / "a", progress=[progress(status)]).read() is None
    listed = LaterCase(tmp_path / "b", progress=[refused(404)], lists=[[summary(status=status)]])
    assert listed.read() is None


@pytest.mark.parametrize(
    ("reads", "lists", "kind"),
    [
        ([refused(404)], [[summary()]], RomaApiError),
        ([refused(404)], [refused(500)], RomaApiError),
        ([refused(404)], [lost()], type(lost())),
        ([refused(404, "APIGW.0101")], [[]], RomaApiError),
        ([refused(404, "APIC.0103")], [[]], RomaApiError),
        ([refused(500)], [[]], RomaApiError),
        ([lost()], [[]], type(lost())),
    ],
)
def test_read_is_not_gone_for_less(tmp_path: Path, reads: list[Any], lists: list[Any], kind: type[RomaError]) -> None:
    case = LaterCase(tmp_path, progress=reads, lists=lists)
    with pytest.raises(RomaError) as caught:
        case.read()
    assert type(caught.value) is kind
    assert case.op.kept == []


def test_read_of_what_is_still_being_created(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[progress()])
    found = case.read()
    assert found is not None
    assert (found.outputs, found.is_pending) == (state(ID, inputs(), progress()), True)
    assert case.op.warnings == [
        f"instance {ID} is still being created (0%: mqs not started, lvs 0%); `pulumi up` resumes the wait"
    ]
    assert case.op.kept == []


def test_read_of_what_failed(tmp_path: Path) -> None:
    failed = progress("CREATE_FAILED", errorCode="ROMA.1", errorMessage="no capacity")
    case = LaterCase(tmp_path, progress=[failed])
    with pytest.raises(CreationFailed) as caught:
        case.read()
    assert caught.value.reasons[0].endswith("(CREATE_FAILED): ROMA.1 no capacity")
    assert "the next `pulumi up` deletes it" in caught.value.reasons[1]
    assert case.op.kept == [(ID, state(ID, inputs(), failed))]


@pytest.mark.parametrize("status", ["FROZEN", "FREEZING", "ERROR", "DELETING", "DELETE_FALIED", "STARTING"])
def test_read_of_any_other_status_is_an_output_and_a_warning(tmp_path: Path, status: str) -> None:
    case = LaterCase(tmp_path, progress=[progress(status)])
    found = case.read()
    assert found is not None
    assert found.outputs["status"] == status
    assert case.op.warnings == [f"instance {ID} has the status {status}"]
    assert case.op.kept == []


PLACE = {"region": REGION, "project_id": PROJECT}


@pytest.mark.parametrize(("status", "warned"), [("CREATING", 0), ("RUNNING", 0), ("CREATE_FAILED", 1), ("FROZEN", 1)])
def test_a_get_of_any_status_is_an_answer(tmp_path: Path, status: str, warned: int) -> None:
    case = LaterCase(tmp_path, op=FakeOperation(), progress=[progress(status)])
    found = case.read(PLACE)
    assert found is not None
    assert found.outputs["status"] == status
    assert found.outputs["vpc_id"] == inputs()["vpc_id"]
    assert (len(case.op.warnings), case.open) == (warned, 1)


@pytest.mark.parametrize("gone", [refused(404), progress("DELETED")])
def test_a_get_of_nothing_is_an_error(tmp_path: Path, gone: Any) -> None:
    case = LaterCase(tmp_path, progress=[gone])
    with pytest.raises(RomaError, match=f"^there is no instance {ID} in project {PROJECT} of {REGION}$"):
        case.read(PLACE)


def test_read_obeys_its_time_out(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, op=FakeOperation(timeout=2.0), progress=[RUNNING])
    case.read()
    assert case.client.time_outs == [2.0]


def test_read_explains_a_sign_in_that_was_refused(tmp_path: Path) -> None:
    with pytest.raises(RomaApiError) as caught:
        LaterCase(tmp_path, progress=[refused(401)]).read()
    assert "HW_AUTH_TOKEN" in caught.value.reasons[1]
