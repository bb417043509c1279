"""ExistingInstance against the SDK's mocks: its inputs on the wire, its options, and the outputs that come back."""

from __future__ import annotations

import base64
from typing import Any

import dill  # type: ignore[import-untyped]
import pulumi
import pytest

import roma_provider as roma
from roma_provider import ExistingInstance
from roma_provider.provider import ExistingInstanceProvider
from roma_provider.resources.output_types import InstanceOutputs
from roma_provider.schema.catalogue import INSTANCE
from roma_provider.schema.fields import COMPUTED
from tests.support.fakes import ID, PROJECT, REGION, TOKEN
from tests.support.mocks import Mocks, arguments, engine, run

__all__ = ["engine"]

pytestmark = pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")

REFERENCE = "gASVOgAAAAAAAACMFnJvbWFfcHJvdmlkZXIucHJvdmlkZXKUjBhFeGlzdGluZ0luc3RhbmNlUHJvdmlkZXKUk5QpgZQu"


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


def test_what_is_left_out_is_not_on_the_wire(engine: Mocks) -> None:
    run(engine, lambda: roma.ExistingInstance("shared", instance_id=ID).urn)
    assert [arguments(seen) for seen in engine.seen] == [{"instance_id": ID, "__provider": REFERENCE}]


def test_its_arguments_are_keywords_and_the_id_is_needed(engine: Mocks) -> None:
    with pytest.raises(TypeError, match="instance_id"):
        roma.ExistingInstance("shared")  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="positional"):
        roma.ExistingInstance("shared", ID)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="vpc_id"):
        roma.ExistingInstance("shared", instance_id=ID, vpc_id="v")  # type: ignore[call-overload]
    assert engine.seen == []


def test_every_output_of_it_can_be_used_before_it_is_known(engine: Mocks) -> None:
    def program() -> Any:
        made = roma.ExistingInstance("shared", instance_id=ID)
        return pulumi.Output.all(**{name: getattr(made, name) for name in InstanceOutputs.__annotations__})

    found = run(engine, program)
    assert {key: value for key, value in found.items() if value is not None} == {"instance_id": ID}


def test_a_secret_in_clear_is_warned_of(engine: Mocks, monkeypatch: pytest.MonkeyPatch) -> None:
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warned.append)
    pulumi.runtime.set_all_config({"roma:token": TOKEN}, [])
    run(engine, lambda: roma.ExistingInstance("shared", instance_id=ID).urn)
    assert [text.partition(" ")[0] for text in warned] == ["roma:token"]
