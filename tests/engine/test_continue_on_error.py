"""--continue-on-error: what could not be made is told by its own resource, and stops no other."""

from __future__ import annotations

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.story import Story, assert_clean, program

pytestmark = pytest.mark.thorough

NETWORK = """
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class Provider(ResourceProvider):
    def create(self, props):
        if {broken!r}:
            raise Exception("no network today")
        return CreateResult("n", {{"vpc": "vpc-1"}})


class Network(Resource):
    vpc: pulumi.Output[str]

    def __init__(self):
        super().__init__(Provider(), "network", {{"vpc": None}})


network = Network()
"""
WAYS = {
    "vpc_id": ("vpc_id='vpc-1'", "vpc_id=network.vpc"),
    "available_zones": ('available_zones=["az0.dc0"]', "available_zones=[network.vpc.apply(lambda _: 'az0.dc0')]"),
    "description": ("subnet_id=", "description=network.vpc, subnet_id="),
    "mqs": ("subnet_id=", "mqs={'engine_version': network.vpc.apply(lambda _: '2.7')}, subnet_id="),
    "region": ("subnet_id=", "region=pulumi.Output.secret(network.vpc).apply(lambda _: 'cn-north-4'), subnet_id="),
}


def networked(way: str, *, broken: bool) -> str:
    old, new = WAYS[way]
    one = program("one", prefix="its-")
    assert old in one, way
    return NETWORK.format(broken=broken) + one.replace(old, new) + program("other", prefix="its-")


def assert_left_out(text: str, way: str) -> None:
    """From 3.274 on the engine asks for nothing that depends on what failed, and says no word of it."""
    if "its-one" in text:
        assert f"what the program gives '{way}' has no value, since the resource that it comes from could not" in text
        assert "neither made nor changed in this run" in text
    assert "no network today" in text
    assert "is missing" not in text


@pytest.mark.parametrize("way", WAYS)
def test_what_comes_from_a_resource_that_failed_stops_no_other(
    stack_for: StackFor, emulator: Emulator, way: str
) -> None:
    story = Story.of(stack_for, emulator, networked(way, broken=True))
    assert "to create" in story.stack.preview().text
    run = story.stack.up("--continue-on-error", expect=1)
    assert_left_out(run.text, way)
    assert [resource["inputs"]["name"] for resource in story.stack.resources()] == ["other"]
    story.stack.write(networked(way, broken=False))
    story.stack.up()
    assert len(story.held) == 2
    assert all(not key.startswith("__") or key == "__provider" for key in story.stack.resources()[0]["inputs"])


def test_an_instance_that_is_there_is_left_alone(stack_for: StackFor, emulator: Emulator) -> None:
    story = Story.of(stack_for, emulator, program("one", "other", prefix="its-"))
    story.stack.up()
    before = story.live
    for way in ("region", "vpc_id"):
        story.stack.write(networked(way, broken=True))
        run = story.stack.up("--continue-on-error", expect=1)
        assert_left_out(run.text, way)
        assert story.live == before
        assert sorted(story.held) == sorted(before)
        assert all("__absent" not in resource["inputs"] for resource in story.stack.resources())
    story.stack.write(networked("vpc_id", broken=False))
    story.stack.up()
    assert story.live == before


def test_an_output_that_is_none_is_left_out_as_ever(stack_for: StackFor, emulator: Emulator) -> None:
    text = program().replace("subnet_id=", "description=pulumi.Output.from_input(None), eip_id=None, subnet_id=")
    story = Story.of(stack_for, emulator, text)
    story.stack.up(preview=True)
    assert "description" not in story.stack.resources()[0]["inputs"]
    assert len(story.held) == 1


def test_what_was_never_written_is_refused_in_preview(stack_for: StackFor, emulator: Emulator) -> None:
    text = program().replace('security_group_id="272338c9-b3ee-41ae-a2b6-3942f31030da",', "")
    story = Story.of(stack_for, emulator, text)
    run = story.stack.preview(expect=None)
    assert run.code > 0
    assert "is missing; every instance needs it" in run.text
    assert_clean(run.text)
