"""The JSON of an instance, against the published examples."""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any

import pytest

from roma_provider.emulator import PROJECT_ID, Control, Emulator
from roma_provider.emulator.core.identifiers import Identifiers
from tests.support.emulator import SEED_ASKED, Api, SettableClock, order

if TYPE_CHECKING:
    from collections.abc import Callable


class SeedIdentifiers(Identifiers):
    """The seed example's ids."""

    def instance_id(self) -> str:
        return "b037d389-62a4-464a-8461-c88797ad4f23"

    def job_id(self) -> str:
        return "JOB-0d42a6bc-3f3d-446a-8351-00a110f56137"

    def order_id(self, created_at: int) -> str:
        # Only its last six digits are made up.
        return super().order_id(created_at)[:-6] + "165176"


def test_process_is_the_seed_example_field_by_field(clock: SettableClock, seed_example: Any) -> None:
    with Emulator(creation_seconds=1200, clock=clock, identifiers=SeedIdentifiers()) as emulator:
        api = Api(emulator.url)
        instance_id = api.create()
        clock.now = SEED_ASKED
        process = api.process(instance_id)
    assert process == seed_example
    # Equality of dicts does not see the order of keys, which the page's example has too.
    assert json.dumps(process) == json.dumps(seed_example)
    assert (len(process), len(process["instance"])) == (10, 69)


def test_process_of_a_running_instance(api: Api, clock: SettableClock) -> None:
    instance_id = api.create(enable_all=True)
    created = api.process(instance_id)["start_time"]
    clock.tick(1500)
    process = api.process(instance_id)
    instance = process["instance"]
    assert (instance["status"], process["status"], process["progress"]) == ("RUNNING", "running", 100)
    assert process["end_time"] == created + 1_000_000 == instance["updatedAt"]
    assert process["taken_time"] == 17
    assert {item["status"] for item in process["item"]} == {"running"}
    assert ipaddress.ip_address(instance["connectAddress"]) in ipaddress.ip_network("10.0.0.0/8")
    assert api.process(instance_id)["instance"]["connectAddress"] == instance["connectAddress"]
    for name in ("connectAddressWithPP", "mgmtConnectAddress", "mgmtExtraConnectAddress", "port"):
        assert instance[name] is None
    assert instance["errorCode"].startswith("JOB-")
    assert instance["errorMessage"] is None


@pytest.mark.parametrize(
    ("changes", "field", "shown"),
    [
        ({"cpu_architecture": "arm"}, "cpuArch", "aarch64"),
        ({"available_zones": ["az1", "az2"]}, "availableZones", '["az1","az2"]'),
        ({"description": "what for"}, "description", "what for"),
        ({"maintain_begin": "22:00:00", "maintain_end": "02:00:00"}, "maintainBegin", "22:00"),
        ({"maintain_begin": "22:00:00", "maintain_end": "02:00:00"}, "maintainEnd", "02:00"),
        ({"product_id": "00400-30104-0--0"}, "type", "platinum"),
        ({"product_id": "00300-30103-0--0"}, "specCode", "roma.enterprise.001"),
        ({"product_id": "00300-30102-0--0"}, "conAmount", "80"),
        ({"ep_id": "e5"}, "epId", "e5"),
        ({"ep_id": "e5"}, "epIdOrDefault", "e5"),
        ({"ep_id": ""}, "epId", "0"),
        ({"entrance_bandwidth_size": 5}, "ingressBandwidthSize", "5"),
        ({"mqs": {"rocketmq_enable": True}}, "rocketmqEnable", True),
        ({"eip_id": "an-eip"}, "publicipId", "an-eip"),
    ],
)
def test_what_was_ordered_is_shown(api: Api, changes: dict[str, Any], field: str, shown: Any) -> None:
    assert api.process(api.create(**changes))["instance"][field] == shown


def test_addresses_appear_when_the_instance_runs(api: Api, clock: SettableClock) -> None:
    instance_id = api.create(eip_id="an-eip", ipv6_enable=True)
    names = ("connectAddress", "publicipAddr", "ipv6ConnectAddress")
    creating = api.process(instance_id)["instance"]
    assert [creating[name] for name in names] == [None, None, None]
    assert creating["publicipBounded"] is False
    clock.tick(1000)
    running = api.process(instance_id)["instance"]
    assert ipaddress.ip_address(running["publicipAddr"]) in ipaddress.ip_network("203.0.113.0/24")
    assert ipaddress.ip_address(running["ipv6ConnectAddress"]) in ipaddress.ip_network("2001:db8::/32")
    assert running["publicipBounded"] is True


def test_the_v2_list_has_arrays_long_windows_and_iso_times(api: Api, clock: SettableClock) -> None:
    window = {"maintain_begin": "22:00:00", "maintain_end": "02:00:00"}
    instance_id = api.create(eip_id="an-eip", cpu_architecture="arm", **window)
    clock.tick(1000)
    address = api.process(instance_id)["instance"]["publicipAddr"]
    assert api.listed() == {
        "total": 1,
        "size": 1,
        "instances": [
            {
                "id": instance_id,
                "name": "roma-2222",
                "description": "",
                "flavor_id": "00300-30101-0--0",
                "flavor_type": "basic",
                "cpu_arch": "aarch64",
                "vpc_id": order()["vpc_id"],
                "subnet_id": order()["subnet_id"],
                "security_group_id": order()["security_group_id"],
                "publicip_enable": True,
                "publicip_id": "an-eip",
                "publicip_address": address,
                "status": "RUNNING",
                "charge_type": "postPaid",
                "project_id": PROJECT_ID,
                "create_time": "2025-03-06T12:01:13Z",
                "update_time": "2025-03-06T12:17:53Z",
                "maintain_begin": "22:00:00",
                "maintain_end": "02:00:00",
                "available_zone_ids": ["az0.dc0"],
                "enterprise_project_id": "0",
            }
        ],
    }


def test_the_v2_list_tells_errors_only_of_what_failed(api: Api, control: Control, clock: SettableClock) -> None:
    healthy = api.create(name="healthy")
    control.settings(scenario="create-failed")
    failed = api.create(name="failed")
    clock.tick(500)
    items = {item["id"]: item for item in api.listed()["instances"]}
    assert "error_code" not in items[healthy]
    assert items[failed]["error_code"] == "ROMA.10010"
    assert items[failed]["error_msg"] == "create task failed: sub-service mqs could not be created."


def test_the_v3_list(api: Api, clock: SettableClock) -> None:
    instance_id = api.create()
    path = f"/v3/{PROJECT_ID}/roma/instances"
    body = api.call("GET", path).json()
    assert body == {
        "total": 1,
        "size": 1,
        "instances": [
            {
                "id": instance_id,
                "name": "roma-2222",
                "description": "",
                "status": "CREATING",
                "category": "roma",
                "charge_type": "postPaid",
                "available_zone_ids": ["az0.dc0"],
                "cpu_arch": "x86_64",
                "enterprise_project_id": "0",
                "vpc_id": order()["vpc_id"],
                "subnet_id": order()["subnet_id"],
                "security_group_id": order()["security_group_id"],
                "publicip_enable": False,
            }
        ],
    }
    sizes: Callable[[str], int] = lambda query: api.call("GET", f"{path}?{query}").json()["size"]  # noqa: E731
    assert [sizes("category=roma"), sizes("category=rcu")] == [1, 0]
    assert [sizes("status=CREATING"), sizes("status=RUNNING")] == [1, 0]
