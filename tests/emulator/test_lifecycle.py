"""Instances over time: scenarios, lists, deletion."""

from __future__ import annotations

import pytest

from roma_provider.emulator import PROJECT_ID, Control
from tests.support.emulator import Api, SettableClock


@pytest.mark.parametrize(
    ("scenario", "seconds", "expected"),
    [
        ("ready", 999, ("CREATING", 90)),
        ("ready", 1000, ("RUNNING", 100)),
        ("create-failed", 500, ("CREATE_FAILED", 50)),
        ("create-failed-silent", 500, ("CREATE_FAILED", 50)),
        ("slow", 9999, ("CREATING", 90)),
        ("slow", 10_000, ("RUNNING", 100)),
        ("stuck", 10**6, ("CREATING", 80)),
    ],
)
def test_scenarios(
    api: Api, control: Control, clock: SettableClock, scenario: str, seconds: int, expected: tuple[str, int]
) -> None:
    control.settings(scenario=scenario)
    instance_id = api.create()
    control.settings(scenario="ready")  # each instance keeps the one it was made under
    clock.tick(seconds)
    process = api.process(instance_id)
    status, progress = expected
    assert (process["instance"]["status"], process["status"]) == (status, status.lower())
    assert process["progress"] == progress
    assert api.listed()["instances"][0]["status"] == status


def test_a_failure_is_told_in_process(api: Api, control: Control, clock: SettableClock) -> None:
    control.settings(scenario="create-failed")
    instance_id = api.create()
    clock.tick(3600)
    process = api.process(instance_id)
    assert process["instance"]["errorCode"] == "ROMA.10010"
    assert process["instance"]["errorMessage"] == "create task failed: sub-service mqs could not be created."
    assert process["end_time"] == process["start_time"] + 500_000
    assert [(item["name"], item["status"], item["error_code"]) for item in process["item"]] == [
        ("mqs", "create_failed", "MQS.00500001"),
        ("lvs", "running", ""),
    ]


def test_a_silent_failure_keeps_the_job_id(api: Api, control: Control, clock: SettableClock) -> None:
    control.settings(scenario="create-failed-silent")
    instance_id = api.create()
    clock.tick(500)
    process = api.process(instance_id)
    assert process["instance"]["status"] == "CREATE_FAILED"
    assert process["instance"]["errorCode"].startswith("JOB-")
    assert process["instance"]["errorMessage"] is None
    assert [item["error_code"] + item["error_msg"] for item in process["item"]] == ["", ""]


def test_a_new_instance_is_missing_from_the_lists_for_a_moment(
    api: Api, control: Control, clock: SettableClock
) -> None:
    control.settings(list_lag_seconds=30)
    instance_id = api.create()
    v3 = f"/v3/{PROJECT_ID}/roma/instances"
    clock.tick(29.999)
    assert [api.listed()["total"], api.listed(id=instance_id)["total"]] == [0, 0]
    assert api.call("GET", v3).json()["total"] == 0
    assert api.process(instance_id)["status"] == "creating"
    clock.tick(0.001)
    assert [api.listed()["total"], api.listed(id=instance_id)["total"]] == [1, 1]
    assert api.call("GET", v3).json()["total"] == 1


def test_pages(api: Api) -> None:
    ids = [api.create(name=f"roma-{number}") for number in range(12)]
    first, second = api.listed(), api.listed(offset=10)
    assert [item["id"] for item in first["instances"]] == ids[:10]
    assert [item["id"] for item in second["instances"]] == ids[10:]
    assert [(page["total"], page["size"]) for page in (first, second)] == [(12, 10), (12, 2)]
    assert api.listed(limit=100)["size"] == 12
    assert api.listed(limit=0) == {"total": 12, "size": 0, "instances": []}
    assert [item["id"] for item in api.listed(offset=3, limit=2)["instances"]] == ids[3:5]


def test_filters(api: Api, control: Control, clock: SettableClock) -> None:
    first = api.create()
    clock.tick(1000)
    second = api.create()
    assert [item["id"] for item in api.listed(status="RUNNING")["instances"]] == [first]
    assert [item["id"] for item in api.listed(status="CREATING")["instances"]] == [second]
    assert [item["id"] for item in api.listed(id=second)["instances"]] == [second]
    with_slash = api.call("GET", f"/v2/{PROJECT_ID}/instances/", params={"id": first})
    assert [item["id"] for item in with_slash.json()["instances"]] == [first]
    control.patch_instance(first, status="DELETE_FALIED")
    assert api.listed(status="DELETE_FAILED")["total"] == 1


def test_deletion(api: Api, control: Control, clock: SettableClock) -> None:
    instance_id = api.create()
    clock.tick(100)
    control.settings(deletion_seconds=5)
    answer = api.delete(instance_id)
    assert (answer.status_code, answer.content) == (202, b"")
    control.patch_instance(instance_id, creation_seconds=102)
    clock.tick(4.999)
    process = api.process(instance_id)
    assert (process["progress"], process["end_time"]) == (90, 0)  # creation stands still from the DELETE on
    assert (process["instance"]["status"], process["status"]) == ("DELETING", "deleting")
    assert [item["status"] for item in api.listed()["instances"]] == ["DELETING"]
    assert api.delete(instance_id).status_code == 202  # again, and the clock is not set back
    assert control.statistics().deleted == 1
    clock.tick(0.001)
    assert api.get_process(instance_id).status_code == 404
    assert api.listed(id=instance_id) == {"total": 0, "size": 0, "instances": []}
    assert api.delete(instance_id).status_code == 404
    assert control.instances() == []


def test_a_prepaid_instance_is_not_deleted(api: Api, control: Control) -> None:
    instance_id = api.create()
    control.patch_instance(instance_id, fields={"chargingMode": 0, "demondPay": False, "prePay": True})
    assert api.process(instance_id)["instance"]["chargingMode"] == 0
    assert api.listed()["instances"][0]["charge_type"] == "prePaid"
    answer = api.delete(instance_id)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "ROMA.13000")
    assert api.process(instance_id)["instance"]["status"] == "CREATING"


def test_a_deletion_that_fails(api: Api, control: Control, clock: SettableClock) -> None:
    instance_id = api.create()
    api.delete(instance_id)
    control.patch_instance(instance_id, status="DELETE_FAILED")
    clock.tick(3600)
    assert api.process(instance_id)["instance"]["status"] == "DELETE_FAILED"
    assert api.delete(instance_id).status_code == 202
    assert api.process(instance_id)["instance"]["status"] == "DELETING"
