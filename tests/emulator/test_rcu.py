"""RCU instances in the emulator: the V3 POST and list, and what the other operations say of them.

The vendor's SDK (huaweicloudsdkroma) has no V3 operation (see test_sdk); of the vendor's, only the signature can be
held against it.
"""

from __future__ import annotations

import ipaddress
import json
import threading
from typing import Any

import pytest

from roma_provider.api.auth import TokenAuth
from roma_provider.api.client import RomaClient
from roma_provider.api.models import CreateRcuInstanceRequest
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Transport
from roma_provider.emulator import PROJECT_ID, TOKEN, Control, EmulatedInstance, Emulator, LoggedCall, Statistics
from tests.support.emulator import Api, SettableClock
from tests.support.rcu import SHARES, create_rcu, get_list_v3, ids, listed_v3, rcu_order
from tests.support.signed import SigningCaller, send

CREATED = 1741262473785
PATH = f"/v3/{PROJECT_ID}/roma/instances"


def test_from_post_to_running(api: Api, control: Control, clock: SettableClock) -> None:
    instance_id = create_rcu(api, rcu={"total": 5, "distribution": SHARES})
    seen = []
    for _ in range(5):
        process = api.process(instance_id)
        seen.append((process["instance"]["status"], process["progress"], process["end_time"]))
        clock.tick(250)
    assert seen == [
        ("CREATING", 0, 0),
        ("CREATING", 30, 0),
        ("CREATING", 50, 0),
        ("CREATING", 80, 0),
        ("RUNNING", 100, CREATED + 1_000_000),
    ]
    assert [(item["name"], item["status"], item["progress"]) for item in process["item"]] == [
        (name, "running", 100) for name in ("mqs", "lvs", "apic", "fdi", "link")
    ]
    assert control.statistics() == Statistics(most_creating_at_once=1, created=1, deleted=0)


def test_process_has_the_fields_of_any_instance(api: Api, clock: SettableClock) -> None:
    edition = api.process(api.create())
    instance_id = create_rcu(api)
    clock.tick(1000)
    process = api.process(instance_id)
    instance = process["instance"]
    assert list(process) == list(edition)
    assert list(instance) == list(edition["instance"])
    assert (process["name"], process["instance_id"], process["status"]) == ("roma-rcu", instance_id, "running")
    for name in ("productId", "type", "specCode", "conAmount", "tenantSecurityGroupId", "publicipId", "publicipAddr"):
        assert (name, instance[name]) == (name, None)
    order = rcu_order()
    assert (instance["tenantVpcId"], instance["tenantSubnetId"]) == (order["vpc_id"], order["subnet_id"])
    assert (instance["availableZones"], instance["tenantId"]) == ('["az0.dc0"]', PROJECT_ID)
    assert ipaddress.ip_address(instance["connectAddress"]) in ipaddress.ip_network("10.0.0.0/8")
    assert instance["errorCode"].startswith("JOB-")
    assert (instance["errorMessage"], instance["description"]) == (None, None)
    assert (instance["maintainBegin"], instance["ipv6Enable"], instance["rocketmqEnable"]) == ("12:01:13", False, False)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, {"chargingMode": 1, "demondPay": True, "prePay": False}),
        ({"charge_type": "prePaid"}, {"chargingMode": 0, "demondPay": False, "prePay": True}),
        ({}, {"scope": "center", "cpuArch": "x86_64", "epId": "0", "epIdOrDefault": "0"}),
        ({"scope": "edge", "cpu_arch": "aarch64"}, {"scope": "edge", "cpuArch": "aarch64"}),
        ({"enterprise_project_id": "e5"}, {"epId": "e5", "epIdOrDefault": "e5"}),
        ({"description": "what for"}, {"description": "what for"}),
        ({"available_zone_ids": ["az1", "az2"]}, {"availableZones": '["az1","az2"]'}),
        ({"ingress_bandwidth_size": 5}, {"ingressBandwidthSize": None, "publicipBounded": False}),
        (
            {"ingress_bandwidth_size": 5, "publicip_enable": True},
            {"ingressBandwidthSize": "5", "publicipBounded": True, "publicipId": None},
        ),
        ({"publicip_enable": False}, {"publicipBounded": False, "publicipAddr": None}),
    ],
)
def test_what_was_ordered_is_shown(
    api: Api, clock: SettableClock, changes: dict[str, Any], shown: dict[str, Any]
) -> None:
    instance_id = create_rcu(api, **changes)
    clock.tick(1000)
    instance = api.process(instance_id)["instance"]
    assert {name: instance[name] for name in shown} == shown


def test_public_access_begins_when_the_instance_runs(api: Api, clock: SettableClock) -> None:
    instance_id = create_rcu(api, publicip_enable=True)
    creating = api.process(instance_id)["instance"]
    assert (creating["publicipBounded"], creating["publicipAddr"], creating["connectAddress"]) == (False, None, None)
    clock.tick(1000)
    running = api.process(instance_id)["instance"]
    assert running["publicipBounded"] is True
    assert ipaddress.ip_address(running["publicipAddr"]) in ipaddress.ip_network("203.0.113.0/24")


@pytest.mark.parametrize(
    ("scenario", "message", "failed"),
    [
        ("create-failed", "create task failed: sub-service link could not be created.", ["link"]),
        ("create-failed-silent", None, []),
    ],
)
def test_a_creation_that_fails(
    api: Api, control: Control, clock: SettableClock, scenario: str, message: str | None, failed: list[str]
) -> None:
    control.settings(scenario=scenario)
    instance_id = create_rcu(api)
    clock.tick(500)
    process = api.process(instance_id)
    assert (process["instance"]["status"], process["instance"]["errorMessage"]) == ("CREATE_FAILED", message)
    assert [item["name"] for item in process["item"] if item["status"] == "create_failed"] == failed
    assert [entry["status"] for entry in listed_v3(api)["instances"]] == ["CREATE_FAILED"]


def test_a_full_post_is_taken(api: Api, clock: SettableClock) -> None:
    mqs = {
        "engine_version": "2.7",
        "retention_policy": "time_base",
        "ssl_enable": True,
        "trace_enable": False,
        "vpc_client_plain": False,
    }
    changes = {
        "description": "",
        "charge_type": "prePaid",
        "cpu_arch": "aarch64",
        "enterprise_project_id": "0",
        "rcu": {"total": 5, "distribution": SHARES},
        "ingress_bandwidth_size": 0,
        "publicip_enable": True,
        "config": {"mqs": mqs},
        "scope": "edge",
    }
    instance_id = create_rcu(api, **changes)
    bare = create_rcu(api, rcu={"distribution": SHARES}, config={})
    assert ids(listed_v3(api)) == [instance_id, bare]


def test_the_v3_list(api: Api, clock: SettableClock) -> None:
    instance_id = create_rcu(api, charge_type="prePaid", publicip_enable=True, description="what for")
    common = {
        "available_zone_ids": ["az0.dc0"],
        "cpu_arch": "x86_64",
        "enterprise_project_id": "0",
        "vpc_id": rcu_order()["vpc_id"],
        "subnet_id": rcu_order()["subnet_id"],
    }
    own = {"name": "roma-rcu", "description": "what for", "status": "CREATING", "category": "rcu"}
    expected = {"id": instance_id, **own, "charge_type": "prePaid", **common, "publicip_enable": True}
    assert listed_v3(api) == {"total": 1, "size": 1, "instances": [expected]}
    clock.tick(1000)
    assert listed_v3(api)["instances"] == [expected | {"status": "RUNNING"}]


def test_the_filters_of_the_v3_list(api: Api, clock: SettableClock) -> None:
    old = [api.create(), create_rcu(api)]
    clock.tick(1000)
    new = [api.create(), create_rcu(api)]
    assert ids(listed_v3(api)) == [*old, *new]
    assert ids(listed_v3(api, category="rcu")) == [old[1], new[1]]
    assert ids(listed_v3(api, category="roma")) == [old[0], new[0]]
    assert ids(listed_v3(api, status="CREATING")) == new
    assert listed_v3(api, category="rcu", status="RUNNING")["total"] == 1
    assert ids(listed_v3(api, category="rcu", status="RUNNING")) == [old[1]]
    assert listed_v3(api, category="kafka") == {"total": 0, "size": 0, "instances": []}
    refused = get_list_v3(api, status="XY")
    assert (refused.status_code, refused.json()["error_code"]) == (400, "ROMA.00013000")


def test_the_v3_list_has_no_pages(api: Api) -> None:
    made = [create_rcu(api, name=f"roma-{number}") for number in range(12)]
    everything = listed_v3(api, limit=5, offset=5)
    assert (everything["total"], everything["size"], ids(everything)) == (12, 12, made)


def test_the_v2_list_shows_editions_only(api: Api) -> None:
    edition, rcu = api.create(), create_rcu(api)
    assert ids(api.listed()) == [edition]
    assert api.listed()["total"] == 1
    assert api.listed(id=rcu) == {"total": 0, "size": 0, "instances": []}


def test_the_vendors_signature_opens_both_endpoints(emulator: Emulator, clock: SettableClock) -> None:
    caller = SigningCaller(emulator.url, clock)
    body = json.dumps(rcu_order(name="集成 + signed")).encode()
    made = caller.call("POST", PATH, headers={"Content-Type": "application/json"}, body=body)
    assert made.status_code == 200, made.text
    listed = caller.call("GET", PATH, query=[("status", "CREATING"), ("category", "rcu")])
    assert [(entry["id"], entry["name"]) for entry in listed.json()["instances"]] == [
        (made.json()["instance_id"], "集成 + signed")
    ]
    spoilt = caller.prepared("POST", PATH, headers={"Content-Type": "application/json"}, body=body)
    spoilt.body = body.replace(b"postPaid", b"prePaid ")
    assert send(spoilt).status_code == 401
    assert len(emulator.control.instances()) == 1


def test_the_providers_own_client(api: Api, control: Control, clock: SettableClock) -> None:
    client = RomaClient(Transport(api.url, TokenAuth(TOKEN), Limits(max_retries=0)), PROJECT_ID)
    order = rcu_order(rcu={"total": 5, "distribution": SHARES}, config={"mqs": {"ssl_enable": True}}, scope="center")
    made = client.create_instance(CreateRcuInstanceRequest.model_validate(order))
    assert made is not None
    clock.tick(1000)
    progress = client.creation_progress(made)
    assert (progress.decisive_status, progress.progress, len(progress.services)) == ("RUNNING", 100, 5)
    (found,) = client.for_rcu().own_instances()
    assert (found.id, found.name, found.status, found.charge_type) == (made, "roma-rcu", "RUNNING", "postPaid")
    assert client.list_instances() == []
    client.delete_instance(made)
    clock.tick(1)
    assert client.for_rcu().own_instances() == []
    assert [(call.operation, call.status) for call in control.calls()] == [
        ("create_rcu_instance", 200),
        ("creation_progress", 200),
        ("list_roma_instances", 200),
        ("list_instances", 200),
        ("delete_instance", 202),
        ("list_roma_instances", 200),
    ]


def test_a_new_instance_is_missing_from_the_list_for_a_moment(api: Api, control: Control, clock: SettableClock) -> None:
    control.settings(list_lag_seconds=30)
    instance_id = create_rcu(api)
    clock.tick(29.999)
    assert listed_v3(api)["total"] == 0
    assert api.process(instance_id)["status"] == "creating"
    clock.tick(0.001)
    assert ids(listed_v3(api)) == [instance_id]


def test_deletion(api: Api, control: Control, clock: SettableClock) -> None:
    instance_id = create_rcu(api)
    control.settings(deletion_seconds=5)
    answer = api.delete(instance_id)
    assert (answer.status_code, answer.content) == (202, b"")
    clock.tick(4.999)
    assert [entry["status"] for entry in listed_v3(api, status="DELETING")["instances"]] == ["DELETING"]
    assert api.process(instance_id)["instance"]["status"] == "DELETING"
    clock.tick(0.001)
    assert listed_v3(api) == {"total": 0, "size": 0, "instances": []}
    assert [api.get_process(instance_id).status_code, api.delete(instance_id).status_code] == [404, 404]
    assert control.statistics() == Statistics(most_creating_at_once=1, created=1, deleted=1)


def test_a_prepaid_instance_is_not_deleted(api: Api, control: Control) -> None:
    instance_id = create_rcu(api, charge_type="prePaid")
    answer = api.delete(instance_id)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "ROMA.13000")
    assert answer.json()["error_msg"].startswith(f"The instance {instance_id} is prepaid. ")
    assert ids(listed_v3(api, status="CREATING")) == [instance_id]
    assert control.statistics().deleted == 0


def test_a_post_is_never_taken_for_another(api: Api, control: Control) -> None:
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.append(create_rcu(api))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8
    assert {entry["name"] for entry in listed_v3(api)["instances"]} == {"roma-rcu"}
    assert control.statistics() == Statistics(most_creating_at_once=8, created=8, deleted=0)


def test_an_instance_is_known_in_its_own_project_only(api: Api, emulator: Emulator) -> None:
    instance_id = create_rcu(api)
    other = Api(emulator.url, project_id="another-project-id")
    assert (listed_v3(other)["total"], listed_v3(api)["total"]) == (0, 1)
    assert [other.get_process(instance_id).status_code, other.delete(instance_id).status_code] == [404, 404]


def test_the_call_and_the_instance_are_seen_from_behind(api: Api, control: Control) -> None:
    edition, rcu = api.create(), create_rcu(api)
    listed_v3(api)
    assert control.calls("create_rcu_instance") == [
        LoggedCall("create_rcu_instance", "POST", PATH, PROJECT_ID, rcu, at=CREATED, status=200)
    ]
    assert [(call.operation, call.path, call.status) for call in control.calls()][2:] == [
        ("list_roma_instances", PATH, 200)
    ]
    assert control.instances() == [
        EmulatedInstance(edition, "roma-2222", PROJECT_ID, "CREATING", 0, CREATED, "ready", 1000.0, "roma"),
        EmulatedInstance(rcu, "roma-rcu", PROJECT_ID, "CREATING", 0, CREATED, "ready", 1000.0, "rcu"),
    ]


def test_what_the_console_changes_shows_in_process_and_list(api: Api, control: Control, clock: SettableClock) -> None:
    instance_id = create_rcu(api)
    clock.tick(1000)
    control.patch_instance(instance_id, fields={"name": "renamed", "publicipBounded": True})
    instance = api.process(instance_id)["instance"]
    entry = listed_v3(api)["instances"][0]
    assert (instance["name"], instance["publicipBounded"]) == ("renamed", True)
    assert (entry["name"], entry["publicip_enable"]) == ("renamed", True)
    control.patch_instance(instance_id, status="FROZEN")
    assert ids(listed_v3(api, status="FROZEN")) == [instance_id]


def test_instances_outlive_the_emulator(clock: SettableClock, tmp_path: Any) -> None:
    database = tmp_path / "roma.db"
    with Emulator(database, creation_seconds=1000, list_lag_seconds=0, clock=clock) as first:
        instance_id = create_rcu(Api(first.url), scope="edge")
    clock.tick(1000)
    with Emulator(database, list_lag_seconds=0, clock=clock) as second:
        assert ids(listed_v3(Api(second.url), category="rcu", status="RUNNING")) == [instance_id]
        assert Api(second.url).process(instance_id)["instance"]["scope"] == "edge"
