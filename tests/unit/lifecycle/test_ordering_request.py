"""The body of POST, in the words of the endpoint."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.api.models import CreateInstanceRequest
from roma_provider.schema.requests import request_of
from tests.support.fakes import (
    GROUP,
    ID,
    SUBNET,
    VPC,
    inputs,
)


def test_the_request_in_the_endpoints_own_words() -> None:
    full = inputs(
        description="d",
        enterprise_project_id="e",
        cpu_architecture="aarch64",
        ipv6_enable=True,
        enable_all=False,
        eip_id="eip",
        ingress_bandwidth_size=5,
        maintain_begin="22:00:00",
        maintain_end="02:00:00",
        mqs={"engine_version": "1.1.0", "ssl_enable": True},
        edition="basic",
        adopt_id=ID,
    )
    assert request_of(full).model_dump(exclude_none=True) == {
        "name": "roma-2222",
        "description": "d",
        "product_id": "00300-30101-0--0",
        "available_zones": ["az0.dc0"],
        "ep_id": "e",
        "vpc_id": VPC,
        "subnet_id": SUBNET,
        "security_group_id": GROUP,
        "ipv6_enable": True,
        "enable_all": False,
        "eip_id": "eip",
        "entrance_bandwidth_size": 5,
        "mqs": {
            "engine_version": "1.1.0",
            "enable_publicip": False,
            "ssl_enable": True,
            "retention_policy": "produce_reject",
            "trace_enable": False,
            "vpc_client_plain": False,
            "connector_enable": False,
        },
        "maintain_begin": "22:00:00",
        "maintain_end": "02:00:00",
        "cpu_architecture": "arm",
    }


@pytest.mark.parametrize(
    ("mqs", "version"),
    [(None, "2.7"), ({}, "2.7"), ({"rocketmq_enable": True}, None), ({"rocketmq_enable": False}, "2.7")],
)
def test_kafka_unless_rocketmq(mqs: dict[str, Any] | None, version: str | None) -> None:
    request = request_of(inputs(mqs=mqs))
    assert isinstance(request, CreateInstanceRequest)
    assert request.mqs.engine_version == version
    assert request.cpu_architecture == "x86"
