"""The types of the outputs, of their nested parts, and what a class of resource inherits of them."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi import Output

import roma_provider as roma
from roma_provider import ExistingInstance, Instance, Service
from roma_provider.resources.output_types import InstanceOutputs, Mqs, Rcu, RcuIndicator, RcuShare
from tests.support.fakes import GROUP, ID, SUBNET, VPC
from tests.support.mocks import Mocks, engine, run

__all__ = ["engine"]

# The SDK's mocks ask for the current event loop, which Python 3.12 and later frown upon.
pytestmark = pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")

MINE: dict[str, Any] = {
    "available_zones": ["az0.dc0"],
    "vpc_id": VPC,
    "subnet_id": SUBNET,
    "security_group_id": GROUP,
    "product_id": "00300-30101-0--0",
}
LIVE = {
    "status": "RUNNING",
    "created_at": 1741262473785.0,
    "progress": 100.0,
    "ipv6_enable": False,
    "available_zones": ["az0.dc0", "az1.dc0"],
    "connect_address": "10.0.0.5",
    "ingress_bandwidth_size": 5.0,
    "services": [
        {"name": "mqs", "status": "running", "progress": 100.0, "start_time": 5.0, "error_msg": "", "error_code": ""},
        {"name": "lvs", "end_time": 7.0},
        {"status": "creating"},
    ],
}


def test_outputs_have_their_types(engine: Mocks) -> None:
    engine.live = LIVE

    def program() -> Any:
        made = roma.Instance("integration", **MINE)
        return pulumi.Output.all(
            id=made.id,
            status=made.status,
            created_at=made.created_at.apply(lambda value: (type(value).__name__, value)),
            progress=made.progress.apply(lambda value: (type(value).__name__, value)),
            bandwidth=made.ingress_bandwidth_size.apply(lambda value: (type(value).__name__, value)),
            zones=made.available_zones,
            none=made.publicip_addr,
            first=made.services[0].name,
            services=made.services.apply(
                lambda services: [(type(one), one.name, one.status, one.progress, one.end_time) for one in services]
            ),
            integers=made.services.apply(lambda services: [type(services[0].progress), type(services[1].end_time)]),
        )

    assert run(engine, program) == {
        "id": ID,
        "status": "RUNNING",
        "created_at": ("int", 1741262473785),
        "progress": ("int", 100),
        "bandwidth": ("int", 5),
        "zones": ["az0.dc0", "az1.dc0"],
        "none": None,
        "first": "mqs",
        "services": [
            (Service, "mqs", "running", 100, None),
            (Service, "lvs", None, None, 7),
            (Service, None, "creating", None, None),
        ],
        "integers": [int, int],
    }


def test_nested_outputs_have_their_types(engine: Mocks) -> None:
    share = {"indicator": {"id": "apic"}, "value": 5.0}
    engine.live = {"rcu": {"total": 5.0, "distribution": [share]}, "mqs": {"ssl_enable": True}}

    def program() -> Any:
        made = roma.Instance("integration", **MINE)
        return pulumi.Output.all(
            rcu=made.rcu.apply(lambda rcu: rcu and (type(rcu), rcu.total, type(rcu.total))),
            share=made.rcu.apply(
                lambda rcu: rcu and rcu.distribution and (type(rcu.distribution[0]), type(rcu.distribution[0].value))
            ),
            indicator=made.rcu.apply(lambda rcu: rcu and rcu.distribution and type(rcu.distribution[0].indicator)),
            mqs=made.mqs.apply(lambda mqs: mqs and (type(mqs), mqs.ssl_enable, mqs.engine_version)),
        )

    assert run(engine, program) == {
        "rcu": (Rcu, 5, int),
        "share": (RcuShare, int),
        "indicator": RcuIndicator,
        "mqs": (Mqs, True, None),
    }


# --- classes of resources


def test_a_class_of_its_own_is_the_same_type_with_the_same_outputs(engine: Mocks) -> None:
    class Integration(Instance):
        """What a user's program may write."""

    assert Integration.__annotations__ == Instance.__annotations__
    run(engine, lambda: Integration("integration", **MINE).urn)
    assert [seen.typ for seen in engine.seen] == ["pulumi-python:dynamic/roma:Instance"]


def test_a_class_of_its_own_may_say_more_and_its_word_goes_first() -> None:
    class Shared(ExistingInstance):
        owner: Output[str]
        status: Output[str | None]  # type: ignore[assignment]

    more = {"owner": "Output[str]", "status": "Output[str | None]"}
    assert Shared.__annotations__ == {**ExistingInstance.__annotations__, **more}
    assert "owner" not in ExistingInstance.__annotations__


def test_each_resource_has_its_own_type_token() -> None:
    kinds = {kind.__name__: kind._resource_type_name for kind in (Instance, ExistingInstance)}
    assert kinds == {"Instance": "dynamic/roma:Instance", "ExistingInstance": "dynamic/roma:ExistingInstance"}
    assert InstanceOutputs._token == {}


def test_a_part_of_the_token_may_be_another() -> None:
    class Other(Instance, name="Other"):
        pass

    class Others(Other):
        pass

    assert [kind._resource_type_name for kind in (Other, Others, Instance)] == [
        "dynamic/roma:Other",
        "dynamic/roma:Other",
        "dynamic/roma:Instance",
    ]
