"""Calls of the emulator's V3 endpoints, which are about RCU instances."""

from typing import Any

import requests

from tests.support.emulator import Api

SHARES: list[dict[str, Any]] = [{"indicator": {"id": "apic"}, "value": 3}, {"indicator": {"id": "mqs"}, "value": 2}]


def rcu_order(**changes: Any) -> dict[str, Any]:
    """The body of a POST for an RCU instance, with what is required only; a change to None takes the key out."""
    body: dict[str, Any] = {
        "name": "roma-rcu",
        "charge_type": "postPaid",
        "available_zone_ids": ["az0.dc0"],
        "cpu_arch": "x86_64",
        "rcu": {"total": 5},
        "vpc_id": "f33728c1-e774-4a9b-a0bb-30b840645628",
        "subnet_id": "f65009c8-7009-403c-abdf-3100f9817762",
    } | changes
    return {name: value for name, value in body.items() if value is not None}


def post_rcu(api: Api, **changes: Any) -> requests.Response:
    return api.call("POST", f"/v3/{api.project_id}/roma/instances", json=rcu_order(**changes))


def create_rcu(api: Api, **changes: Any) -> str:
    answer = post_rcu(api, **changes)
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["instance_id"]
    return str(answer.json()["instance_id"])


def get_list_v3(api: Api, **query: Any) -> requests.Response:
    return api.call("GET", f"/v3/{api.project_id}/roma/instances", params=query)


def listed_v3(api: Api, **query: Any) -> dict[str, Any]:
    answer = get_list_v3(api, **query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def ids(listed: dict[str, Any]) -> list[str]:
    return [entry["id"] for entry in listed["instances"]]
