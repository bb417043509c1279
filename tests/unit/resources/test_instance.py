"""What a program writes, run against the SDK's mocks: the inputs on the wire and the outputs that come back."""

from __future__ import annotations

import base64
import subprocess
import sys
from dataclasses import fields
from typing import Any

import dill  # type: ignore[import-untyped]
import pulumi
import pytest

import roma_provider as roma
from roma_provider import Instance, InstanceArgs, MqsArgs
from roma_provider.provider import InstanceProvider
from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.fields import COMPUTED
from tests.support.fakes import GROUP, ID, REGION, SUBNET, TOKEN, VPC
from tests.support.mocks import Mocks, arguments, engine, run

__all__ = ["engine"]

REFERENCE = "gASVMgAAAAAAAACMFnJvbWFfcHJvdmlkZXIucHJvdmlkZXKUjBBJbnN0YW5jZVByb3ZpZGVylJOUKYGULg=="
MINE: dict[str, Any] = {
    "available_zones": ["az0.dc0"],
    "vpc_id": VPC,
    "subnet_id": SUBNET,
    "security_group_id": GROUP,
    "product_id": "00300-30101-0--0",
}

RCU: dict[str, Any] = {"total": 5, "distribution": [{"indicator": {"id": "apic"}, "value": 5}]}

# The SDK's mocks ask for the current event loop, which Python 3.12 and later frown upon.
pytestmark = pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")


def declare(engine: Mocks, *arguments: Any, **more: Any) -> Any:
    """Declare one instance; the one request that the engine got."""
    run(engine, lambda: roma.Instance("integration", *arguments, **(more or MINE)).urn)
    [seen] = engine.seen
    return seen


def test_the_inputs_on_the_wire(engine: Mocks) -> None:
    seen = declare(engine)
    assert seen.typ == "pulumi-python:dynamic/roma:Instance"
    assert seen.name == "integration"
    assert arguments(seen) == {**MINE, "name": "integration", "__provider": REFERENCE}


def test_the_name_is_the_resources_own_unless_it_is_given(engine: Mocks) -> None:
    assert declare(engine, **MINE, name="roma-2222").inputs["name"] == "roma-2222"


FULL: dict[str, Any] = {
    **{key: value for key, value in MINE.items() if key != "product_id"},
    "name": "roma-2222",
    "description": "d",
    "edition": "basic",
    "enterprise_project_id": "0",
    "cpu_architecture": "aarch64",
    "ipv6_enable": True,
    "enable_all": False,
    "eip_id": "e",
    "ingress_bandwidth_size": 5,
    "maintain_begin": "22:00:00",
    "maintain_end": "02:00:00",
    "mqs": {"ssl_enable": True, "engine_version": "2.7"},
    "region": "cn-north-4",
    "project_id": "c29445cce74b445682de4fcf3102cec4",
    "adopt_id": ID,
}


def test_arguments_as_keywords_and_as_a_class_are_the_same(engine: Mocks) -> None:
    run(engine, lambda: roma.Instance("a", **FULL).urn)
    run(engine, lambda: roma.Instance("b", InstanceArgs(**FULL)).urn)
    run(engine, lambda: roma.Instance("c", args=InstanceArgs(**FULL), opts=pulumi.ResourceOptions()).urn)
    wire = [arguments(seen) for seen in engine.seen]
    assert wire == [{**FULL, "__provider": REFERENCE}] * 3


def test_the_arguments_are_the_ones_that_check_knows() -> None:
    assert {field.name for field in fields(InstanceArgs)} == set(INSTANCE)
    assert set(MqsArgs.__annotations__) == {field.name for field in INSTANCE["mqs"].fields}
    assert set(Instance.__annotations__) == set(INSTANCE) | set(COMPUTED)


def test_arguments_written_twice_or_not_at_all(engine: Mocks) -> None:
    with pytest.raises(TypeError, match="write the arguments as InstanceArgs or as keywords, not both"):
        roma.Instance("a", InstanceArgs(**MINE), name="x")  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="as keywords or as one InstanceArgs, not as dict"):
        roma.Instance("a", dict(MINE))  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="vpc_id"):
        roma.Instance("a", available_zones=[], subnet_id="s", security_group_id="g")  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="colour"):
        roma.Instance("a", **MINE, colour="red")  # type: ignore[call-overload]
    assert engine.seen == []


def options(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    from roma_provider.resources.instance import _options

    return _options(opts)


def test_an_instance_is_deleted_before_it_is_replaced_unless_the_user_says_otherwise() -> None:
    assert options(None).delete_before_replace is True
    assert options(pulumi.ResourceOptions(protect=True)).delete_before_replace is True
    assert options(pulumi.ResourceOptions(delete_before_replace=False)).delete_before_replace is False


def test_the_users_options_are_left_as_they_are() -> None:
    times = pulumi.CustomTimeouts(create="90m")
    mine = pulumi.ResourceOptions(custom_timeouts=times, protect=True)
    made = options(mine)
    assert made is not mine
    assert made.protect is True
    assert mine.delete_before_replace is None
    assert mine.custom_timeouts is made.custom_timeouts is times
    assert times.update is None


@pytest.mark.parametrize("times", [{"create": "90m"}, pulumi.CustomTimeouts(create="90m")])
def test_time_outs_are_passed_on_in_every_form(engine: Mocks, times: Any) -> None:
    mine = pulumi.ResourceOptions(custom_timeouts=times)
    run(engine, lambda: roma.Instance("a", **MINE, opts=mine).urn)
    run(engine, lambda: roma.ExistingInstance("b", instance_id=ID, opts=mine).urn)
    assert len(engine.seen) == 2


def test_every_output_can_be_used_before_it_is_known(engine: Mocks) -> None:
    def program() -> Any:
        made = roma.Instance("integration", **MINE)
        return pulumi.Output.all(*(getattr(made, name) for name in (*INSTANCE, *COMPUTED)))

    assert len(run(engine, program)) == len(INSTANCE) + len(COMPUTED)


def test_the_provider_in_the_state_is_a_reference_of_its_own_and_never_changes() -> None:
    from pulumi.dynamic.dynamic import serialize_provider

    assert serialize_provider(InstanceProvider()) == REFERENCE
    assert vars(InstanceProvider()) == {}
    assert InstanceProvider.serialize_as_secret_always is False
    assert type(dill.loads(base64.b64decode(REFERENCE))) is InstanceProvider  # noqa: S301


LIGHT = """
import sys
import roma_provider
print(sorted({name.partition(".")[0] for name in sys.modules} & {"requests", "urllib3", "pydantic", "fastapi"}))
"""


def test_importing_the_package_loads_neither_requests_nor_pydantic() -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_looking_up_reads_and_registers_nothing(engine: Mocks) -> None:
    engine.live = {"name": "roma-2222", "status": "RUNNING", "progress": 100.0}

    def program() -> Any:
        found = Instance.get("shared", ID, region=REGION)
        return pulumi.Output.all(name=found.name, progress=found.progress.apply(type), kind=type(found), id=found.id)

    assert run(engine, program) == {"name": "roma-2222", "progress": int, "kind": Instance, "id": ID}
    [seen] = engine.seen
    assert seen.resource_id == ID
    assert {key: value for key, value in arguments(seen).items() if key != "__provider"} == {"region": REGION}


def test_looking_up_takes_options(engine: Mocks) -> None:
    run(engine, lambda: Instance.get("shared", ID, pulumi.ResourceOptions(retain_on_delete=True)).urn)
    assert [seen.resource_id for seen in engine.seen] == [ID]


def test_an_rcu_instance_on_the_wire_and_back(engine: Mocks) -> None:
    def program() -> Any:
        made = roma.Instance(
            "integration",
            rcu={"total": 5, "distribution": [{"indicator": {"id": "apic"}, "value": 5}]},
            available_zones=["az0.dc0"],
            vpc_id=VPC,
            subnet_id=SUBNET,
            charge_type="postPaid",
            mqs={"ssl_enable": True},
        )
        return pulumi.Output.all(
            types=made.rcu.apply(lambda rcu: rcu and rcu.distribution and type(rcu.distribution[0].indicator)),
            total=made.rcu.apply(lambda rcu: rcu and rcu.total),
            id=made.rcu.apply(lambda rcu: rcu and rcu.distribution and rcu.distribution[0].indicator.id),
            mqs=made.mqs.apply(lambda mqs: (type(mqs), mqs and mqs.ssl_enable, mqs and mqs.engine_version)),
        )

    assert run(engine, program) == {
        "types": roma.RcuIndicator,
        "total": 5,
        "id": "apic",
        "mqs": (roma.Mqs, True, None),
    }
    [seen] = engine.seen
    assert {key: value for key, value in arguments(seen).items() if key != "__provider"} == {
        "name": "integration",
        "rcu": RCU,
        "available_zones": ["az0.dc0"],
        "vpc_id": VPC,
        "subnet_id": SUBNET,
        "charge_type": "postPaid",
        "mqs": {"ssl_enable": True},
    }


@pytest.mark.parametrize(
    "declared", [lambda: roma.Instance("integration", **MINE).urn, lambda: Instance.get("shared", ID).urn]
)
def test_a_secret_in_clear_is_warned_of(engine: Mocks, monkeypatch: pytest.MonkeyPatch, declared: Any) -> None:
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warned.append)
    pulumi.runtime.set_all_config({"roma:token": TOKEN}, [])
    run(engine, declared)
    assert [text.partition(" ")[0] for text in warned] == ["roma:token"]
