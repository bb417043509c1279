"""What is kept of an answer, and what of it is replaced, and by what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from roma_provider.cli.doctor.masking import MOST_ENTRIES, SECRET, Masking
from tests.support.fakes import ID, OTHER_ID, PROJECT, SEED

FIRST, SECOND = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2))


def masked(value: Any, *secrets: str) -> Any:
    return Masking(secrets).body(value)


@pytest.mark.parametrize(
    "kept",
    [
        *({"status": "STARTING"}, {"status": "create_failed"}, {"category": "rcu"}, {"charge_type": "prePaid"}),
        *({"flavor_id": "00400-30101-0--0"}, {"productId": "00300-30101-0--0"}, {"cpuArch": "x86_64"}),
        *({"error_code": "APIC.7302"}, {"errorCode": "ROMA.13000"}, {"engineVersion": "1.0.0"}, {"port": "9092"}),
        *({"specCode": "roma.basic.001"}, {"create_time": "2025-03-06T11:01:13Z"}, {"maintainBegin": "22:00:00"}),
        *({"resTenantId": "#"}, {"description": ""}, {"prePay": None}, {"progress": 50}, {"ipv6Enable": True}),
        *({"createdAt": 1741262473785}, {"start_time": 1741262473}, {"item": [{"name": "mqs"}]}, {"progress": 0.5}),
    ],
)
def test_what_tells_of_the_api_is_kept(kept: dict[str, Any]) -> None:
    assert masked(kept) == kept


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"id": ID}, {"id": FIRST}),
        ({"project_id": PROJECT}, {"project_id": "0" * 31 + "1"}),
        ({"name": "orders of my company"}, {"name": "text-1"}),
        ({"status": "a sentence of a server"}, {"status": "text-1"}),
        ({"status": "MIIEowIBAAKCAQEA7d"}, {"status": "text-1"}),
        ({"error_msg": f"no {ID}"}, {"error_msg": "text-1"}),
        ({"connectAddress": "10.1.2.3"}, {"connectAddress": "192.0.2.1"}),
        ({"ipv6ConnectAddress": "fd00::17"}, {"ipv6ConnectAddress": "2001:db8::1"}),
        ({"errorCode": f"JOB-{ID}"}, {"errorCode": f"JOB-{FIRST}"}),
        ({"availableZones": '["az0.dc0", "az1.dc1"]'}, {"availableZones": '["text-1", "text-2"]'}),
        ({"orderId": "CS2503061901"}, {"orderId": "text-1"}),
        ({"account": 739218465}, {"account": 111111111}),
        ({"account": "739218465"}, {"account": "111111111"}),
        ({"item": [{"name": "Mine"}]}, {"item": [{"name": "text-1"}]}),
        ({ID: 1, "739218465": 2}, {"key-1": 1, "key-2": 2}),
        ("a text", "text-1"),
        ([ID, [OTHER_ID]], [FIRST, [SECOND]]),
    ],
)
def test_what_is_the_accounts_own_is_replaced(value: Any, found: Any) -> None:
    assert masked(value) == found


def test_the_same_by_the_same_everywhere() -> None:
    masking = Masking()
    assert masking.body({"a": ID, "b": [OTHER_ID, ID], "c": f"JOB-{ID}", "d": "orders"}) == {
        "a": FIRST,
        "b": [SECOND, FIRST],
        "c": f"JOB-{FIRST}",
        "d": "text-1",
    }
    assert (masking.identifier(OTHER_ID), masking.body(["orders"])) == (SECOND, ["text-1"])


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"status": "RUNNING"}, {"status": SECRET}),
        ({"error_msg": "it was RUNNING, you know"}, {"error_msg": SECRET}),
        ({"RUNNING": 1}, {SECRET: 1}),
        ({"availableZones": '["RUNNING"]'}, {"availableZones": SECRET}),
        ({"n": 5551234567}, {"n": 1}),
        ({"status": "abc"}, {"status": SECRET}),
        ({"status": "abcd"}, {"status": "abcd"}),
    ],
)
def test_a_known_secret_is_nowhere(value: Any, found: Any) -> None:
    assert masked(value, "RUNNING", "5551234567", "abc") == found


def test_the_seed_pages_answer() -> None:
    said = json.dumps(masked(SEED))
    instance = SEED["instance"]
    for name in ("instanceId", "tenantId", "userId", "tenantVpcId", "name", "userName", "orderId"):
        assert str(instance[name]) not in said or not instance[name]
    assert list(masked(SEED)["instance"]) == list(instance)


def test_long_and_deep_answers_end() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    assert "x" not in json.dumps(masked(deep))
    assert len(masked(["x"] * 1000)) == MOST_ENTRIES
