"""The other ways in, against the SDK's mocks: ExistingInstance, Instance.get, RCUs; and the types of nested outputs."""

from __future__ import annotations

import base64
from typing import Any

import dill  # type: ignore[import-untyped]
import pulumi
import pytest

import roma_provider as roma
from roma_provider import ExistingInstance, Instance
from roma_provider.provider import ExistingInstanceProvider
from roma_provider.resources.output_types import InstanceOutputs
from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.fields import COMPUTED
from tests.support.fakes import ID, PROJECT, REGION, SUBNET, VPC
from tests.support.mocks import Mocks, arguments, engine, run

__all__ = ["engine"]

pytestmark = pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")

REFERENCE = "gASVOgAAAAAAAACMFnJvbWFfcHJvdmlkZXIucHJvdmlkZXKUjBhFeGlzdGluZ0luc3RhbmNlUHJvdmlkZXKUk5QpgZQu"
RCU: dict[str, Any] = {"total": 5, "distribution": [{"indicator": {"id": "apic"}, "value": 5}]}


def test_an_existing_instance_on_the_wire(engine: Mocks) -> None:
    run(engine, lambda: roma.ExistingInstance("shared", instance_id=ID, region=REGION, project_id=PROJECT).urn)
    [seen] = engine.seen
    assert seen.typ == "pulumi-python:dynamic/roma:ExistingInstance"
    assert arguments(seen) == {"instance_id": ID, "region": REGION, "project_id": PROJECT, "__provider": REFERENCE}


def test_its_provider_in_the_state_is_a_reference_that_never_changes() -> None:
    assert vars(ExistingInstanceProvider()) == {}
    assert ExistingInstanceProvider.serialize_as_secret_always is False
    assert type(dill.loads(base64.b64decode(REFERENCE))) is ExistingInstanceProvider  # noqa: S301


def test_it_has_the_outputs_that_the_api_shows() -> None:
    assert set(ExistingInstance.__annotations__) == set(InstanceOutputs.__annotations__)
    live = {key for key, row in INSTANCE.items() if row.live is not None}
    assert set(InstanceOutputs.__annotations__) == {*live, *COMPUTED, "region", "project_id"}


def test_its_outputs_have_their_types(engine: Mocks) -> None:
    engine.live = {"created_at": 5.0, "services": [{"name": "mqs", "progress": 100.0}]}

    def program() -> Any:
        made = roma.ExistingInstance("shared", instance_id=ID)
        return pulumi.Output.all(
            number=made.created_at.apply(type),
            service=made.services.apply(lambda services: (type(services[0]), type(services[0].progress))),
        )

    assert run(engine, program) == {"number": int, "service": (roma.Service, int)}


def test_its_options_are_the_program_s_own(engine: Mocks, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[pulumi.ResourceOptions] = []
    monkeypatch.setattr(
        pulumi.dynamic.Resource, "__init__", lambda _self, _provider, _name, _props, opts: seen.append(opts)
    )
    times = pulumi.CustomTimeouts(create="90m")
    roma.ExistingInstance("shared", instance_id=ID, opts=pulumi.ResourceOptions(custom_timeouts=times))
    [opts] = seen
    assert opts.custom_timeouts is times
    assert opts.delete_before_replace is None


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
