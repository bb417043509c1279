"""The arguments of an RCU instance, and what each kind refuses of the other."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.schema.catalogue import INSTANCE, own
from roma_provider.schema.check import check
from roma_provider.schema.checked import Checked
from roma_provider.schema.kinds import EDITION, RCU
from roma_provider.schema.nested import MQS
from tests.support.fakes import SUBNET, VPC, Unknown, is_unknown, plain_sign_in, rcu_inputs

MQS_OF_RCU = {"engine_version", "ssl_enable", "retention_policy", "trace_enable", "vpc_client_plain"}
SHARES = [{"indicator": {"id": "apic"}, "value": 2.0}, {"indicator": {"id": "fdi"}, "value": 3.0}]


def checked(**changes: Any) -> Checked:
    """What check makes of an RCU instance; a change to None takes the argument out."""
    given = {
        "name": "roma-2222",
        "available_zones": ["az0.dc0"],
        "vpc_id": VPC,
        "subnet_id": SUBNET,
        "rcu": {"total": 5.0},
    }
    news = {key: value for key, value in {**given, **changes}.items() if value is not None}
    return check({}, news, plain_sign_in(), is_unknown)


def test_what_an_rcu_instance_needs_and_what_is_filled_in() -> None:
    found = checked()
    assert found.failures == []
    assert found.inputs == rcu_inputs()
    missing = check({}, {"rcu": {"total": 5}}, plain_sign_in(), is_unknown)
    assert [key for key, _ in missing.failures] == ["name", "available_zones", "vpc_id", "subnet_id"]


def test_every_argument_is_of_one_kind_or_of_both() -> None:
    assert own(EDITION) | own(RCU) <= set(INSTANCE)
    assert not own(EDITION) & own(RCU)
    assert all(EDITION in field.kinds for field in MQS)
    assert {field.name for field in MQS if RCU in field.kinds} == MQS_OF_RCU


@pytest.mark.parametrize("key", sorted(own(EDITION) - {"product_id", "edition"}))
def test_what_an_rcu_instance_does_not_take(key: str) -> None:
    values = {"security_group_id": "g", "eip_id": "e", "maintain_begin": "22:00:00", "maintain_end": "02:00:00"}
    found = checked(**{key: values.get(key, True)})
    assert found.failures == [
        (key, "an RCU instance does not take it, only an instance of an edition does; leave it out")
    ]


@pytest.mark.parametrize(("key", "value"), [("edition", "basic"), ("product_id", "00300-30101-0--0")])
def test_both_kinds_at_once(key: str, value: str) -> None:
    words = "write rcu, or else edition or product_id: these are two kinds of instance"
    assert checked(**{key: value}).failures == [(key, words)]
    assert checked(**{key: value}, rcu=Unknown()).failures == [(key, words)]


@pytest.mark.parametrize(("key", "value"), [("charge_type", "postPaid"), ("publicip_enable", True), ("scope", "edge")])
def test_what_an_instance_of_an_edition_does_not_take(key: str, value: Any) -> None:
    found = checked(rcu=None, edition="basic", security_group_id="g", **{key: value})
    assert found.failures == [
        (key, "an instance of an edition does not take it, only an RCU instance does; leave it out")
    ]


@pytest.mark.parametrize("key", sorted({field.name for field in MQS} - MQS_OF_RCU))
def test_what_its_mqs_does_not_take(key: str) -> None:
    [(path, words)] = checked(mqs={key: True, "ssl_enable": True}).failures
    assert path == f"mqs.{key}"
    assert words == (
        "the mqs of an RCU instance does not take it; it takes engine_version, ssl_enable, retention_policy, "
        "trace_enable, vpc_client_plain"
    )


@pytest.mark.parametrize(
    "rcu",
    [
        {"total": 5},
        {"distribution": SHARES},
        {"total": 5, "distribution": SHARES},
        Unknown(),
        {"total": Unknown(), "distribution": SHARES},
        {"total": 9, "distribution": [*SHARES, Unknown()]},
        {"total": 9, "distribution": [{"indicator": Unknown(), "value": Unknown()}]},
        {"total": 9, "distribution": [{"indicator": {"id": Unknown()}, "value": 9}]},
        {"distribution": Unknown()},
        {"total": 5, "distribution": None},
    ],
)
def test_rcus_that_may_be(rcu: Any) -> None:
    assert checked(rcu=rcu).failures == []


def test_numbers_of_rcus_are_whole_on_the_way_to_the_state() -> None:
    rcu = checked(rcu={"total": 5.0, "distribution": SHARES}).inputs["rcu"]
    assert [type(rcu["total"]), *(type(share["value"]) for share in rcu["distribution"])] == [int, int, int]


SUM = "has to be the sum of the distribution's values; or leave it out"
SHARE = "write {'indicator': {'id': …}, 'value': …}"
SHARES_WANTED = "write a list of at least one {'indicator': {'id': …}, 'value': …}, or leave it out"
INDICATOR = "write {'id': …} with the id of an RCU indicator"
COUNT = "write a whole number of RCUs from {} to 1000000, such as 5"


@pytest.mark.parametrize(
    ("rcu", "failures"),
    [
        (5, [("rcu", "write an object, such as {'total': 5}, not 5")]),
        ({}, [("rcu", "write total, distribution, or both")]),
        ({"sum": 5, "total": 5}, [("rcu.sum", "rcu has no such field; it has total, distribution")]),
        ({"total": 0}, [("rcu.total", COUNT.format(1))]),
        ({"total": 2.5}, [("rcu.total", COUNT.format(1))]),
        ({"total": True}, [("rcu.total", COUNT.format(1))]),
        ({"total": float("inf")}, [("rcu.total", COUNT.format(1))]),
        ({"distribution": {}}, [("rcu.distribution", SHARES_WANTED)]),
        ({"distribution": []}, [("rcu.distribution", SHARES_WANTED)]),
        ({"total": 5, "distribution": []}, [("rcu.distribution", SHARES_WANTED)]),
        ({"distribution": ["x"]}, [("rcu.distribution[0]", SHARE)]),
        ({"distribution": [SHARES[0], {"value": 1}]}, [("rcu.distribution[1]", SHARE)]),
        ({"distribution": [{"indicator": {"id": "a"}, "value": -1}]}, [("rcu.distribution[0].value", COUNT.format(0))]),
        ({"distribution": [{"indicator": "a", "value": 1}]}, [("rcu.distribution[0].indicator", INDICATOR)]),
        ({"distribution": [{"indicator": {"id": " "}, "value": 1}]}, [("rcu.distribution[0].indicator", INDICATOR)]),
        ({"distribution": [{"indicator": {"id": " a"}, "value": 1}]}, [("rcu.distribution[0].indicator", INDICATOR)]),
        ({"distribution": [SHARES[0], SHARES[0]]}, [("rcu.distribution", "write each indicator once")]),
        ({"total": 9, "distribution": SHARES}, [("rcu.total", SUM)]),
        ({"total": 9, "distribution": [{"indicator": {"id": Unknown()}, "value": 5}]}, [("rcu.total", SUM)]),
    ],
)
def test_rcus_that_cannot_be(rcu: Any, failures: list[tuple[str, str]]) -> None:
    assert checked(rcu=rcu).failures == failures


@pytest.mark.parametrize(
    ("key", "value"),
    [("charge_type", "prepaid"), ("publicip_enable", "yes"), ("scope", "middle"), ("cpu_architecture", "arm")],
)
def test_words_that_are_none(key: str, value: Any) -> None:
    assert [failure for failure, _ in checked(**{key: value}).failures] == [key]
