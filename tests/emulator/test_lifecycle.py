"""Instances over time: scenarios, lists, deletion, control, statistics."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from roma_provider.emulator import PROJECT_ID, Control, ControlError, EmulatedInstance, Emulator, LoggedCall, Statistics
from roma_provider.emulator.control import server
from roma_provider.emulator.core.identifiers import Identifiers
from roma_provider.emulator.core.settings import BadInputError
from tests.support.emulator import Api, SettableClock, wait_until


@pytest.mark.parametrize(
    ("scenario", "seconds", "status", "progress"),
    [
        ("ready", 999, "CREATING", 90),
        ("ready", 1000, "RUNNING", 100),
        ("create-failed", 500, "CREATE_FAILED", 50),
        ("create-failed-silent", 500, "CREATE_FAILED", 50),
        ("slow", 9999, "CREATING", 90),
        ("slow", 10_000, "RUNNING", 100),
        ("stuck", 10**6, "CREATING", 80),
    ],
)
def test_scenarios(
    api: Api, control: Control, clock: SettableClock, scenario: str, seconds: int, status: str, progress: int
) -> None:
    control.settings(scenario=scenario)
    instance_id = api.create()
    control.settings(scenario="ready")  # each instance keeps the one it was made under
    clock.tick(seconds)
    process = api.process(instance_id)
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
        "create_instance", "POST", path, PROJECT_ID, instance_id, at=1741262473785, status=200
    )
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


def test_a_deletion_that_fails(api: Api, control: Control, clock: SettableClock) -> None:
    instance_id = api.create()
    api.delete(instance_id)
    control.patch_instance(instance_id, status="DELETE_FAILED")
    clock.tick(3600)
    assert api.process(instance_id)["instance"]["status"] == "DELETE_FAILED"
    assert api.delete(instance_id).status_code == 202
    assert api.process(instance_id)["instance"]["status"] == "DELETING"


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


def test_sixty_four_clients_at_once(api: Api, control: Control) -> None:
    ids: list[str] = []

    def create_and_poll() -> None:
        instance_id = api.create()
        for _ in range(5):
            assert api.process(instance_id)["instance_id"] == instance_id
        ids.append(instance_id)

    threads = [threading.Thread(target=create_and_poll) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == 64
    assert control.statistics() == Statistics(most_creating_at_once=64, created=64, deleted=0)
    assert len(control.calls("creation_progress")) == 320


def test_bad_settings_are_refused_before_anything_starts() -> None:
    with pytest.raises(BadInputError, match="unknown scenario 'x'; write one of ready"):
        Emulator(scenario="x")
    with pytest.raises(BadInputError, match="creation_seconds is nan"):
        Emulator(creation_seconds=float("nan"))


def test_an_emulator_listens_on_loopback_and_stops(emulator: Emulator) -> None:
    assert emulator.url.startswith("http://127.0.0.1:")
    with pytest.raises(RuntimeError, match="has been started already"):
        emulator.start()
    port = int(emulator.url.rpartition(":")[2])
    with pytest.raises(OSError, match="Address already in use"):
        Emulator(port=port).start()
    emulator.stop()
    emulator.stop()
    assert [thread.name for thread in threading.enumerate() if thread.name == "roma-emulator"] == []
    with Emulator(port=port) as again:
        assert again.url == emulator.url


def test_answers_are_not_held_back_by_nagles_algorithm(monkeypatch: pytest.MonkeyPatch, clock: SettableClock) -> None:
    switched_off: list[int] = []

    class NotingProtocol(server._Protocol):
        def connection_made(self, transport: Any) -> None:
            connection = transport.get_extra_info("socket")
            switched_off.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            super().connection_made(transport)

    monkeypatch.setattr(server, "_Protocol", NotingProtocol)
    with Emulator(clock=clock) as emulator:
        Api(emulator.url).listed()
    assert [bool(one) for one in switched_off] == [True]


def test_identifiers_look_like_the_apis() -> None:
    identifiers = Identifiers()
    assert identifiers.order_id(1741262473785)[:17] == "20250306120108660"
    assert len(identifiers.order_id(0)) == 23
    assert len({identifiers.token() for _ in range(3)}) == 3


def test_wait_until_gives_up_in_words() -> None:
    with pytest.raises(pytest.fail.Exception, match="for: the moon"):
        wait_until(lambda: False, "the moon", seconds=0.02)
