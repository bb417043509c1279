"""The body of POST for an RCU instance. (That of an edition: test_ordering.py.)"""

from __future__ import annotations

from roma_provider.api.models import CreateRcuInstanceRequest
from roma_provider.schema.requests import request_of
from tests.support.fakes import SUBNET, VPC, rcu_inputs

RCU = {"total": 5, "distribution": [{"indicator": {"id": "apic"}, "value": 5}]}


def test_the_least_that_is_sent() -> None:
    request = request_of(rcu_inputs())
    assert isinstance(request, CreateRcuInstanceRequest)
    assert request.model_dump(exclude_none=True) == {
        "name": "roma-2222",
        "charge_type": "postPaid",
        "available_zone_ids": ["az0.dc0"],
        "cpu_arch": "x86_64",
        "rcu": {"total": 5},
        "vpc_id": VPC,
        "subnet_id": SUBNET,
        "publicip_enable": False,
    }


def test_all_that_is_sent() -> None:
    full = rcu_inputs(
        rcu=RCU,
        description="d",
        charge_type="prePaid",
        cpu_architecture="aarch64",
        enterprise_project_id="0",
        publicip_enable=True,
        ingress_bandwidth_size=5,
        scope="edge",
        mqs={"engine_version": "2.7", "ssl_enable": True},
        adopt_id=None,
    )
    assert request_of(full).model_dump(exclude_none=True) == {
        "name": "roma-2222",
        "description": "d",
        "charge_type": "prePaid",
        "available_zone_ids": ["az0.dc0"],
        "cpu_arch": "aarch64",
        "enterprise_project_id": "0",
        "rcu": RCU,
        "vpc_id": VPC,
        "subnet_id": SUBNET,
        "ingress_bandwidth_size": 5,
        "publicip_enable": True,
        "config": {"mqs": {"engine_version": "2.7", "ssl_enable": True}},
        "scope": "edge",
    }
