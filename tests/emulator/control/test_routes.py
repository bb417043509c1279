"""The endpoints under /_emulator: what they show, change and refuse."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.emulator import PROJECT_ID, Control, ControlError, EmulatedInstance, Emulator, LoggedCall, Statistics
from tests.support.emulator import Api, SettableClock


def test_the_log_of_calls(api: Api, control: Control) -> None:
    instance_id = api.create()
    api.process(instance_id)
    api.get_list(limit=101)
    api.call("GET", "/nowhere")
    api.sign_in()
    control.instances()
    calls = control.calls()
    path = f"/v1/{PROJECT_ID}/instances"
    made = LoggedCall("create_instance", "POST", path, PROJECT_ID, instance_id, at=1741262473785, status=200)
    assert calls[0] == made
    assert [(call.operation, call.status) for call in calls[1:]] == [
        ("creation_progress", 200),
        ("list_instances", 400),
        ("other", 404),
        ("create_token", 201),
    ]
    assert [call.instance_id for call in control.calls("creation_progress")] == [instance_id]
    control.clear_calls()
    assert control.calls() == []


def test_the_instances_of_all_projects(api: Api, emulator: Emulator, control: Control) -> None:
    first = api.create()
    second = Api(emulator.url, project_id="another-project-id").create(name="other")
    created = 1741262473785
    assert control.instances() == [
        EmulatedInstance(first, "roma-2222", PROJECT_ID, "CREATING", 0, created, "ready", 1000.0),
        EmulatedInstance(second, "other", "another-project-id", "CREATING", 0, created, "ready", 1000.0),
    ]


def test_changing_an_instance(api: Api, control: Control, clock: SettableClock) -> None:
    instance_id = api.create()
    clock.tick(10)
    control.patch_instance(instance_id, creation_seconds=10)
    assert api.process(instance_id)["instance"]["status"] == "RUNNING"
    control.patch_instance(instance_id, creation_seconds=20, scenario="create-failed")
    assert api.process(instance_id)["instance"]["status"] == "CREATE_FAILED"
    control.patch_instance(instance_id, status="FROZEN")
    assert (api.process(instance_id)["status"], control.instances()[0].status) == ("frozen", "FROZEN")
    control.patch_instance(instance_id, status=None)
    assert control.instances()[0].status == "CREATE_FAILED"
    control.patch_instance(instance_id, gone=True)
    assert api.get_process(instance_id).status_code == 404
    assert (control.instances(), control.statistics().deleted) == ([], 0)


def test_overridden_fields_are_in_the_lists_too(api: Api, control: Control) -> None:
    instance_id = api.create()
    control.patch_instance(instance_id, fields={"name": "renamed", "maintainBegin": None})
    control.patch_instance(instance_id, fields={"availableZones": '["az9"]'})
    item = api.listed()["instances"][0]
    assert (item["name"], item["available_zone_ids"]) == ("renamed", ["az9"])
    assert "maintain_begin" not in item
    assert (api.process(instance_id)["name"], control.instances()[0].name) == ("renamed", "renamed")
    control.patch_instance(instance_id, fields=None)
    assert api.process(instance_id)["name"] == "roma-2222"


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"creation_seconds": -1}, "creation_seconds is -1; write a number of seconds, 0 or more"),
        ({"scenario": "fast"}, "unknown scenario 'fast'; write one of ready, create-failed, "),
        ({"status": ""}, "status must be a string, or null"),
        ({"gone": False}, "gone must be true"),
        ({"fields": {"nam": "x"}}, "fields: unknown field 'nam'"),
        ({"fields": {"status": "x"}}, "fields: status cannot be set here"),
        ({"fields": []}, "fields must be an object"),
        ({"fields": {"availableZones": "az0"}}, "fields: a value that the lists cannot show"),
    ],
)
def test_a_bad_change_names_its_key(api: Api, control: Control, patch: dict[str, Any], message: str) -> None:
    instance_id = api.create()
    before = api.process(instance_id)
    with pytest.raises(ControlError) as error:
        control.patch_instance(instance_id, **patch)
    assert str(error.value).startswith(message)
    assert api.process(instance_id) == before


def test_control_of_what_there_is_not(api: Api, control: Control) -> None:
    answer = api.call("GET", "/_emulator/nothing")
    assert (answer.status_code, answer.json()) == (404, {"error": "there is no GET /_emulator/nothing"})
    assert control.calls() == []
    with pytest.raises(ControlError, match="there is no instance nobody"):
        control.patch_instance("nobody", gone=True)
    with pytest.raises(ControlError, match="there is no fault f"):
        control.clear_fault("f")
    with pytest.raises(ControlError, match="unknown setting 'speed'; write one of creation_seconds, scenario"):
        control.settings(speed=1)  # type: ignore[call-arg]
    with pytest.raises(ControlError, match="list_lag_seconds is 'x'"):
        control.settings(list_lag_seconds="x")  # type: ignore[arg-type]


def test_statistics(api: Api, control: Control, clock: SettableClock) -> None:
    ids = [api.create() for _ in range(3)]
    clock.tick(1000)
    ids += [api.create() for _ in range(2)]
    assert control.statistics() == Statistics(most_creating_at_once=3, created=5, deleted=0)
    control.patch_instance(ids[0], creation_seconds=10**6)
    assert control.statistics().most_creating_at_once == 3
    control.patch_instance(ids[1], creation_seconds=10**6)
    api.delete(ids[4])
    assert control.statistics() == Statistics(most_creating_at_once=4, created=5, deleted=1)
