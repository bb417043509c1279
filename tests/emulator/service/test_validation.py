"""The body of an edition's POST: what is refused, by which name (an RCU instance's: test_rcu_errors)."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.emulator import PROJECT_ID, Control
from tests.support.emulator import Api


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"name": ""}, "name"),
        ({"name": "n" * 65}, "name"),
        ({"name": None}, "name"),
        ({"description": 1}, "description"),
        ({"description": None}, "description"),
        ({"product_id": "basic"}, "product_id"),
        ({"product_id": "00300-30199-0--0"}, "product_id"),
        ({"available_zones": "az0.dc0"}, "available_zones"),
        ({"available_zones": []}, "available_zones"),
        ({"available_zones": [""]}, "available_zones"),
        ({"vpc_id": ""}, "vpc_id"),
        ({"subnet_id": None}, "subnet_id"),
        ({"security_group_id": 7}, "security_group_id"),
        ({"ipv6_enable": "true"}, "ipv6_enable"),
        ({"enable_all": 1}, "enable_all"),
        ({"cpu_architecture": "x86_64"}, "cpu_architecture"),
        ({"entrance_bandwidth_size": -1}, "entrance_bandwidth_size"),
        ({"entrance_bandwidth_size": True}, "entrance_bandwidth_size"),
        ({"maintain_begin": "22:00", "maintain_end": "02:00:00"}, "maintain_begin"),
        ({"maintain_begin": "24:00:00", "maintain_end": "02:00:00"}, "maintain_begin"),
        ({"maintain_begin": "22:00:00"}, "maintain_end"),
        ({"maintain_end": "22:00:00"}, "maintain_begin"),
        ({"mqs": []}, "mqs"),
        ({"mqs": {"engine_version": "9"}}, "mqs.engine_version"),
        ({"mqs": {"engine_version": "2.7", "rocketmq_enable": True}}, "mqs.engine_version"),
        ({"mqs": {"retention_policy": "never"}}, "mqs.retention_policy"),
        ({"mqs": {"ssl_enable": "yes"}}, "mqs.ssl_enable"),
        ({"mqs": {"ssl": True}}, "mqs.ssl"),
        ({"availability_zones": ["az0"]}, "availability_zones"),
    ],
)
def test_a_post_that_is_wrong_is_refused_by_name(
    api: Api, control: Control, changes: dict[str, Any], parameter: str
) -> None:
    answer = api.post(**changes)
    assert answer.status_code == 400
    body = answer.json()
    assert body["error_code"] == "ROMA.13000"
    assert body["error_msg"].startswith(f"Invalid parameter value,parameterName:{parameter}. ")
    assert control.instances() == []


def test_a_full_post_is_taken(api: Api) -> None:
    mqs = {
        "engine_version": "2.7",
        "retention_policy": "time_base",
        "ssl_enable": True,
        "enable_publicip": False,
        "enable_acl": False,
        "trace_enable": False,
        "vpc_client_plain": False,
        "connector_enable": False,
        "rocketmq_enable": False,
    }
    api.create(
        ep_id="0",
        eip_id="e",
        entrance_bandwidth_size=0,
        maintain_begin="22:00:00",
        maintain_end="02:00:00",
        cpu_architecture="arm",
        mqs=mqs,
    )


@pytest.mark.parametrize(("body", "code"), [(b"", "ROMA.13001"), (b"{", "ROMA.13000"), (b"[]", "ROMA.13000")])
def test_a_post_without_an_object(api: Api, body: bytes, code: str) -> None:
    answer = api.call("POST", f"/v1/{PROJECT_ID}/instances", data=body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, code)


def test_any_name_comes_back_as_it_was(api: Api) -> None:
    for name in ("集成", 'a "b" \\', "a pair \U0001f600"):
        assert api.process(api.create(name=name))["name"] == name
