"""What the constructors tell the plugin of the arguments that they were given."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

import roma_provider as roma
from roma_provider.resources.written import written
from tests.support.fakes import ID
from tests.support.mocks import Mocks, engine, run

__all__ = ["engine"]

# The SDK's mocks ask for the current event loop, which Python 3.12 and later frown upon.
pytestmark = pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")

PLAIN: dict[str, Any] = {
    "name": "n",
    "zones": ["az0.dc0"],
    "mqs": {"ssl_enable": True, "engine_version": None},
    "size": 5,
}


def test_plain_values_are_known_at_once() -> None:
    assert written({**PLAIN, "left_out": None}) == {"__written": {key: {"known": True} for key in PLAIN}}


def test_whether_an_output_has_a_value_is_known_when_it_is(engine: Mocks) -> None:
    def program() -> Any:
        none: pulumi.Output[str | None] = pulumi.Output.from_input(None)
        given = {
            "value": pulumi.Output.from_input("v"),
            "secret": pulumi.Output.secret("s"),
            "none": none,
            "nested": {"engine_version": pulumi.Output.from_input("2.7")},
            "listed": [pulumi.Output.from_input("az0.dc0")],
        }
        return pulumi.Output.from_input(written(given)["__written"])

    found = run(engine, program)
    assert found == {
        "value": {"known": True},
        "secret": {"known": True},
        "none": {"known": False},
        "nested": {"known": True},
        "listed": {"known": True},
    }


@pytest.mark.parametrize("is_preview", [True, False])
def test_a_preview_is_told(engine: Mocks, is_preview: bool) -> None:
    mocks.set_mocks(engine, project="shop", stack="dev", preview=is_preview)
    run(engine, lambda: roma.ExistingInstance("b", instance_id=ID).urn)
    run(engine, lambda: roma.Instance.get("d", ID).urn)
    assert [seen.inputs.get("__preview") for seen in engine.seen] == [True if is_preview else None, None]


def test_both_resources_tell_it_but_not_a_look_up(engine: Mocks) -> None:
    arguments: dict[str, Any] = {"available_zones": ["z"], "vpc_id": "v", "subnet_id": "s", "security_group_id": "g"}
    run(engine, lambda: roma.Instance("a", **arguments, edition="basic").urn)
    run(engine, lambda: roma.ExistingInstance("b", instance_id=ID).urn)
    run(engine, lambda: roma.Instance("c", **arguments, opts=pulumi.ResourceOptions(id=ID)).urn)
    run(engine, lambda: roma.Instance.get("d", ID).urn)
    told = {seen.name: seen.inputs.get("__written") for seen in engine.seen}
    assert told == {
        "a": {key: {"known": True} for key in (*arguments, "edition", "name")},
        "b": {"instance_id": {"known": True}},
        "c": None,
        "d": None,
    }
