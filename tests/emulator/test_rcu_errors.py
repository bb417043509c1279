"""RCU instances in the emulator: what is refused, and in which words; faults on the V3 operations."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from roma_provider.emulator import PROJECT_ID, Control, Emulator
from tests.support.emulator import Api
from tests.support.rcu import SHARES, create_rcu, get_list_v3, ids, listed_v3, post_rcu

PATH = f"/v3/{PROJECT_ID}/roma/instances"


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"name": "n" * 65}, "name"),
        ({"charge_type": None}, "charge_type"),
        ({"charge_type": "postpaid"}, "charge_type"),
        ({"available_zone_ids": None}, "available_zone_ids"),
        ({"available_zone_ids": []}, "available_zone_ids"),
        ({"available_zone_ids": "az0.dc0"}, "available_zone_ids"),
        ({"available_zone_ids": ["az"] * 10}, "available_zone_ids"),
        ({"cpu_arch": None}, "cpu_arch"),
        ({"cpu_arch": "arm"}, "cpu_arch"),
        ({"vpc_id": None}, "vpc_id"),
        ({"vpc_id": ""}, "vpc_id"),
        ({"subnet_id": None}, "subnet_id"),
        ({"subnet_id": 7}, "subnet_id"),
        ({"description": 1}, "description"),
        ({"enterprise_project_id": 0}, "enterprise_project_id"),
        ({"ingress_bandwidth_size": -1}, "ingress_bandwidth_size"),
        ({"ingress_bandwidth_size": "5"}, "ingress_bandwidth_size"),
        ({"publicip_enable": "true"}, "publicip_enable"),
        ({"scope": "centre"}, "scope"),
        ({"rcu": None}, "rcu"),
        ({"rcu": 5}, "rcu"),
        ({"rcu": {}}, "rcu"),
        ({"rcu": {"sum": 5}}, "rcu.sum"),
        ({"rcu": {"total": 5.0}}, "rcu.total"),
        ({"rcu": {"total": -1}}, "rcu.total"),
        ({"rcu": {"total": 6, "distribution": SHARES}}, "rcu.total"),
        ({"rcu": {"distribution": {}}}, "rcu.distribution"),
        ({"rcu": {"distribution": [*SHARES, "apic"]}}, "rcu.distribution[2]"),
        ({"rcu": {"distribution": [{"value": 1}]}}, "rcu.distribution[0].indicator"),
        ({"rcu": {"distribution": [{"indicator": {"id": "apic"}}]}}, "rcu.distribution[0].value"),
        ({"rcu": {"distribution": [*SHARES, {"indicator": "apic", "value": 1}]}}, "rcu.distribution[2].indicator"),
        ({"rcu": {"distribution": [{"indicator": {"id": "apic"}, "value": True}]}}, "rcu.distribution[0].value"),
        ({"rcu": {"distribution": [SHARES[0] | {"unit": "RCU"}]}}, "rcu.distribution[0].unit"),
        ({"rcu": {"distribution": [{"indicator": {}, "value": 1}]}}, "rcu.distribution[0].indicator.id"),
        ({"rcu": {"distribution": [{"indicator": {"id": ""}, "value": 1}]}}, "rcu.distribution[0].indicator.id"),
        ({"rcu": {"distribution": [{"indicator": {"name": "x"}, "value": 1}]}}, "rcu.distribution[0].indicator.id"),
        ({"config": []}, "config"),
        ({"config": {"apic": {}}}, "config.apic"),
        ({"config": {"mqs": True}}, "config.mqs"),
        ({"config": {"mqs": {"engine_version": "9"}}}, "config.mqs.engine_version"),
        ({"config": {"mqs": {"retention_policy": "never"}}}, "config.mqs.retention_policy"),
        ({"config": {"mqs": {"ssl_enable": "yes"}}}, "config.mqs.ssl_enable"),
        ({"config": {"mqs": {"rocketmq_enable": False}}}, "config.mqs.rocketmq_enable"),
        ({"security_group_id": "s"}, "security_group_id"),
        ({"product_id": "00300-30101-0--0"}, "product_id"),
        ({"mqs": {}}, "mqs"),
    ],
)
def test_a_post_that_is_wrong_is_refused_by_name(
    api: Api, control: Control, changes: dict[str, Any], parameter: str
) -> None:
    answer = post_rcu(api, **changes)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error_code"] == "ROMA.13000"
    assert answer.json()["error_msg"].startswith(f"Invalid parameter value,parameterName:{parameter}. ")
    assert [(call.status, call.instance_id) for call in control.calls("create_rcu_instance")] == [(400, None)]
    assert control.instances() == []


@pytest.mark.parametrize(("body", "code"), [(b"", "ROMA.13001"), (b"{", "ROMA.13000"), (b"[]", "ROMA.13000")])
def test_a_post_without_an_object(api: Api, body: bytes, code: str) -> None:
    answer = api.call("POST", PATH, data=body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, code)


def test_each_kind_takes_its_own_post_only(api: Api, control: Control) -> None:
    answer = api.post(rcu={"total": 5})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "ROMA.13000")
    assert "parameterName:rcu. " in answer.json()["error_msg"]
    assert control.instances() == []


def test_no_token_makes_nothing(emulator: Emulator) -> None:
    stranger = Api(emulator.url, token=None)
    for answer in (post_rcu(stranger), get_list_v3(stranger)):
        assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0301")
    assert emulator.control.instances() == []


def test_a_lost_answer_has_made_the_instance(api: Api, control: Control) -> None:
    control.add_fault("create_rcu_instance", reset=True, when="after", name="roma-rcu")
    with pytest.raises(requests.exceptions.ConnectionError):
        post_rcu(api)
    (call,) = control.calls("create_rcu_instance")
    assert call.status is None
    assert ids(listed_v3(api)) == [call.instance_id]


@pytest.mark.parametrize("fault", [{"status": 502}, {"reset": True}, {"cut": 3}, {"drip_seconds": 0.0005}])
def test_a_fault_in_the_place_of_the_answer_makes_nothing(api: Api, control: Control, fault: dict[str, Any]) -> None:
    control.add_fault("create_instance", status=500)  # the other POST's
    control.add_fault("create_rcu_instance", **fault)
    try:
        post_rcu(api)
    except requests.exceptions.RequestException:
        assert fault in ({"reset": True}, {"cut": 3})
    assert listed_v3(api)["total"] == 0
    assert [(rule.operation, rule.hits) for rule in control.faults()] == [
        ("create_instance", 0),
        ("create_rcu_instance", 1),
    ]


def test_faults_on_the_v3_list_leave_the_v2_list_alone(api: Api, control: Control) -> None:
    instance_id = create_rcu(api)
    control.add_fault("list_roma_instances", status=503, times=2)
    assert [get_list_v3(api).status_code, api.get_list().status_code] == [503, 200]
    assert [get_list_v3(api).status_code, ids(listed_v3(api))] == [503, [instance_id]]
    control.add_fault("list_roma_instances", drip_seconds=0.0005)
    assert ids(listed_v3(api)) == [instance_id]


def test_faults_by_instance(api: Api, control: Control) -> None:
    first, second = create_rcu(api), create_rcu(api)
    control.add_fault("delete_instance", instance_id=second, status=500, times=None)
    assert [api.delete(first).status_code, api.delete(second).status_code] == [202, 500]
