"""The models, held against the seed page and against what else may come."""

from __future__ import annotations

import json
from typing import Any

import pytest

from roma_provider.api.models import CreationProgress, InstanceDetail, SubService
from tests.support.fakes import GROUP, ID, SEED, SUBNET, VPC

# The three tables and the example of the seed page (GetCreateInstanceProcessV2), in their order.
TOP = [
    "instance",
    "currentTime",
    "instance_id",
    "name",
    "start_time",
    "taken_time",
    "end_time",
    "progress",
    "status",
    "item",
]
DETAIL = [
    "instanceId",
    "name",
    "status",
    "connectAddress",
    "connectAddressWithPP",
    "mgmtConnectAddress",
    "mgmtExtraConnectAddress",
    "port",
    "conAmount",
    "type",
    "location",
    "productId",
    "engine",
    "engineVersion",
    "chargingMode",
    "description",
    "errorCode",
    "errorMessage",
    "resTenantId",
    "resDomainId",
    "resVpcId",
    "resSubnetId",
    "resSecurityGroupId",
    "tenantId",
    "tenantVpcId",
    "tenantSubnetId",
    "tenantSecurityGroupId",
    "userId",
    "userName",
    "domainId",
    "virtualRouterId",
    "orderId",
    "createdAt",
    "updatedAt",
    "deletedAt",
    "availableZones",
    "maintainBegin",
    "maintainEnd",
    "taskStatus",
    "noPasswordAccess",
    "accessUser",
    "publicipId",
    "publicipAddr",
    "publicipBounded",
    "outZones",
    "resourceList",
    "nameLike",
    "instanceIdLike",
    "specCode",
    "statusIncluded",
    "epId",
    "resLeakStatus",
    "tagEntries",
    "epIds",
    "typeExcluded",
    "ipv6Enable",
    "ipv6ConnectAddress",
    "bandwidths",
    "ingressBandwidthSize",
    "resInstanceClusterId",
    "scope",
    "cpuArch",
    "cryptoType",
    "rocketmqEnable",
    "externalElbEnable",
    "ltsLogGroupId",
    "demondPay",
    "prePay",
    "epIdOrDefault",
]
ITEM = ["name", "start_time", "end_time", "status", "taken_time", "progress", "error_msg", "error_code"]


def test_every_field_of_the_page_is_in_its_example() -> None:
    assert list(SEED) == TOP
    assert list(SEED["instance"]) == DETAIL
    assert [list(item) for item in SEED["item"]] == [ITEM, ITEM]


def test_every_field_of_the_page_is_a_field_of_the_models_and_no_other_is() -> None:
    by_alias = {field.alias: name for name, field in InstanceDetail.model_fields.items()}
    assert list(by_alias) == DETAIL
    assert by_alias["connectAddressWithPP"] == "connect_address_with_pp"
    assert by_alias["ipv6Enable"] == "ipv6_enable"
    assert by_alias["epIdOrDefault"] == "ep_id_or_default"
    assert by_alias["publicipId"] == "publicip_id"
    assert list(SubService.model_fields) == ITEM
    renamed = {"currentTime": "current_time", "item": "services"}
    assert set(CreationProgress.model_fields) == {renamed.get(name, name) for name in TOP}


def test_half_a_surrogate_pair_is_no_text_that_an_output_can_hold() -> None:
    answer = (
        '{"instance": {"name": "a\\ud83db", "availableZones": ["\\udc00", "z"]}, "item": [{"error_msg": "\\ud800"}]}'
    )
    found = CreationProgress.model_validate(json.loads(answer))
    assert found.instance is not None
    assert (found.instance.name, found.instance.available_zones) == ("a?b", ["?", "z"])
    assert [service.error_msg for service in found.services] == ["?"]
    whole = CreationProgress.model_validate(json.loads('{"instance": {"name": "\\ud83d\\ude00"}}'))
    assert whole.instance is not None
    assert whole.instance.name == "\U0001f600"


FLAGS = [
    "noPasswordAccess",
    "publicipBounded",
    "ipv6Enable",
    "rocketmqEnable",
    "externalElbEnable",
    "demondPay",
    "prePay",
]


@pytest.mark.parametrize("name", [name for name in DETAIL if name not in FLAGS])
def test_every_field_of_instance_is_read_from_its_own_key(name: str) -> None:
    found = InstanceDetail.model_validate({name: "7"}).model_dump(exclude_none=True)
    numbers = ("chargingMode", "createdAt", "updatedAt", "bandwidths")
    assert list(found.values()) == [7 if name in numbers else ["7"] if name == "availableZones" else "7"]


@pytest.mark.parametrize("name", FLAGS)
def test_flags_are_read_from_their_own_key(name: str) -> None:
    for value, meant in ((True, True), (False, False), ("false", False), ("TRUE", True), (1, True), ("0", False)):
        assert list(InstanceDetail.model_validate({name: value}).model_dump(exclude_none=True).values()) == [meant]
    junks: list[Any] = [None, "so", [], {}, 2]
    for junk in junks:
        assert InstanceDetail.model_validate({name: junk}).model_dump(exclude_none=True) == {}


def test_the_seed_example() -> None:
    found = CreationProgress.model_validate(SEED)
    assert found.model_dump(exclude={"instance"}) == {
        "current_time": 1741262503894,
        "instance_id": ID,
        "name": "roma-2222",
        "start_time": 1741262473785,
        "taken_time": 1,
        "end_time": None,
        "progress": 0,
        "status": "creating",
        "services": [
            {
                "name": "mqs",
                "start_time": None,
                "end_time": None,
                "status": "creating",
                "taken_time": 0,
                "progress": 0,
                "error_msg": "",
                "error_code": "",
            },
            {
                "name": "lvs",
                "start_time": 1741262473785,
                "end_time": None,
                "status": "creating",
                "taken_time": 1,
                "progress": 0,
                "error_msg": "",
                "error_code": "",
            },
        ],
    }


def test_the_instance_of_the_seed_example() -> None:
    found = CreationProgress.model_validate(SEED)
    assert found.instance is not None
    assert found.instance.model_dump(exclude_none=True) == {
        "instance_id": ID,
        "name": "roma-2222",
        "status": "CREATING",
        "con_amount": "25",
        "type": "basic",
        "product_id": "00300-30101-0--0",
        "engine": "ROMA",
        "engine_version": "1.0.0",
        "charging_mode": 1,
        "error_code": "JOB-0d42a6bc-3f3d-446a-8351-00a110f56137",
        "res_tenant_id": "#",
        "res_domain_id": "#",
        "res_vpc_id": "#",
        "res_subnet_id": "#",
        "res_security_group_id": "#",
        "tenant_id": "c29445cce74b445682de4fcf3102cec4",
        "tenant_vpc_id": VPC,
        "tenant_subnet_id": SUBNET,
        "tenant_security_group_id": GROUP,
        "user_id": "9167977213674566b8d89570083e2ba0",
        "user_name": "zhangyue",
        "order_id": "20250306120108660165176",
        "created_at": 1741262473785,
        "updated_at": 1741262475453,
        "available_zones": ["az0.dc0"],
        "maintain_begin": "12:01:13",
        "maintain_end": "12:01:13",
        "no_password_access": False,
        "publicip_bounded": False,
        "spec_code": "roma.basic.001",
        "ep_id": "0",
        "ipv6_enable": False,
        "bandwidths": 0,
        "res_instance_cluster_id": "#",
        "scope": "center",
        "cpu_arch": "x86_64",
        "rocketmq_enable": False,
        "external_elb_enable": False,
        "demond_pay": True,
        "pre_pay": False,
        "ep_id_or_default": "0",
    }
