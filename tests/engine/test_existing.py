"""An instance that somebody else makes: waited for, read, forgotten; never made, changed or deleted from here."""

from __future__ import annotations

from collections import Counter

import pytest

from roma_provider.api.auth import TokenAuth
from roma_provider.api.client import RomaClient
from roma_provider.api.transport import Transport
from roma_provider.emulator import PROJECT_ID, TOKEN, Emulator
from roma_provider.schema.requests import request_of
from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program
from tests.support.until import wait_until

KIND = "roma:ExistingInstance"
MISSING = "00000000-0000-0000-0000-000000000000"
_PROGRAM = """
import pulumi
import roma_provider as roma

shared = roma.ExistingInstance("shared", instance_id={instance_id!r}, opts=pulumi.ResourceOptions({options}))
pulumi.export("status", shared.status)
pulumi.export("vpc", shared.vpc_id)
pulumi.export("services", shared.services.apply(lambda services: [service.name for service in services]))
"""


def referring(instance_id: str, options: str = "") -> str:
    return _PROGRAM.format(instance_id=instance_id, options=options)


def made_elsewhere(emulator: Emulator, name: str = "theirs") -> str:
    """Another client orders an instance on the same emulator; its id."""
    client = RomaClient(Transport(emulator.url, TokenAuth(TOKEN)), PROJECT_ID)
    made = client.create_instance(
        request_of(
            {
                "name": name,
                "product_id": "00300-30101-0--0",
                "available_zones": ["az0.dc0"],
                "vpc_id": "vpc-1",
                "subnet_id": "subnet-1",
                "security_group_id": "group-1",
                "ipv6_enable": False,
                "enable_all": True,
                "cpu_architecture": "x86_64",
            }
        )
    )
    assert made is not None
    return made


@pytest.fixture
def story(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    emulator = make_emulator(creation_seconds=LONG, list_lag_seconds=0)
    return Story.of(stack_for, emulator, referring(made_elsewhere(emulator)))


def changing_calls(story: Story) -> Counter[str]:
    """How often an instance was ordered or deleted, by whomever."""
    counts = Counter(call.operation for call in story.emulator.control.calls())
    return Counter({key: counts[key] for key in ("create_instance", "delete_instance")})


def test_up_waits_for_it_and_destroy_forgets_it(story: Story) -> None:
    [instance_id] = story.live
    with story.stack.start_up() as running:
        story.wait_for_polls(running=running)
        assert story.live == {instance_id: "CREATING"}
        story.finish_all()
        run = running.wait(expect=0)
    assert_clean(run.text)
    assert [resource["id"] for resource in story.stack.resources(KIND)] == [instance_id]
    assert story.stack.resources(KIND)[0]["type"] == "pulumi-python:dynamic/roma:ExistingInstance"
    outputs = story.stack.outputs()
    assert (outputs["status"], outputs["vpc"]) == ("RUNNING", "vpc-1")
    assert outputs["services"]
    assert story.journal == []
    story.stack.refresh("--expect-no-changes")
    story.stack.up("--expect-no-changes")
    story.stack.destroy()
    assert story.stack.resources(KIND) == []
    assert story.live == {instance_id: "RUNNING"}
    assert changing_calls(story) == {"create_instance": 1, "delete_instance": 0}


@pytest.mark.thorough
def test_one_that_another_stack_makes_while_this_one_waits(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    """Two stacks of one machine: the one that waits leaves alone what the journal holds of the other."""
    maker = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0), name="maker", project="maker")
    with maker.stack.start_up() as making:
        maker.wait_for_polls(running=making)
        [instance_id] = maker.live
        # /process need not know an instance in its first moments.
        maker.emulator.control.add_fault("creation_progress", times=3, status=404)
        home = maker.stack.home
        waiter = Story.of(stack_for, maker.emulator, referring(instance_id), project="waiter", home=home)
        with waiter.stack.start_up() as waiting:
            waiting.wait_for_text("%")
            making.kill()
            making.wait(expect=None)
            maker.stack.cancel()
            waiter.finish_all()
            waiting.wait(expect=0)
    assert [resource["id"] for resource in waiter.stack.resources(KIND)] == [instance_id]
    assert [entry["instance_id"] for entry in maker.journal] == [instance_id]
    waiter.stack.refresh()
    waiter.stack.destroy()
    assert [entry["instance_id"] for entry in maker.journal] == [instance_id]
    maker.stack.up()
    assert maker.held == [instance_id]
    assert maker.live == {instance_id: "RUNNING"}
    assert maker.posts == 1


def test_an_interrupted_wait_goes_on(story: Story) -> None:
    [instance_id] = story.live
    run = story.interrupt_up()
    assert f"stopped waiting for instance {instance_id}" in run.text
    [held] = story.stack.resources(KIND)
    assert held["outputs"]["status"] == "CREATING"
    assert story.stack.pending_operations() == []
    shown = story.stack.refresh().text
    assert "is still being created" in shown
    story.settle()
    [held] = story.stack.resources(KIND)
    assert held["outputs"]["status"] == "RUNNING"
    assert not held.get("initErrors")
    assert changing_calls(story) == {"create_instance": 1, "delete_instance": 0}


def test_a_creation_that_fails_elsewhere_is_an_error_and_replaces_nothing(
    stack_for: StackFor, make_emulator: MakeEmulator
) -> None:
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=0, scenario="create-failed")
    story = Story.of(stack_for, emulator, referring(made_elsewhere(emulator)))
    [instance_id] = story.live
    for _ in range(2):
        run = story.stack.up(expect=1)
        assert "CREATE_FAILED" in run.text
        assert "this resource only waits for the instance" in run.text
        assert_clean(run.text)
    assert [resource["id"] for resource in story.stack.resources(KIND)] == [instance_id]
    assert "replace" not in story.stack.preview().text
    emulator.control.settings(scenario="ready")
    other = made_elsewhere(emulator, "better")
    story.stack.write(referring(other))
    story.stack.up()
    assert [resource["id"] for resource in story.stack.resources(KIND)] == [other]
    assert set(story.live) == {instance_id, other}
    assert changing_calls(story) == {"create_instance": 2, "delete_instance": 0}


def test_a_reference_in_place_of_the_owner_deletes_nothing(stack_for: StackFor, emulator: Emulator) -> None:
    story = Story.of(stack_for, emulator, program())
    story.stack.up()
    [instance_id] = story.live
    [owner] = story.stack.resources("roma:Instance")
    story.stack.write(referring(instance_id))
    run = story.stack.up(expect=1)
    assert f"the program refers to instance {instance_id} by its resource 'shared'" in run.text
    assert f"pulumi state delete '{owner['urn']}'" in run.text
    assert_clean(run.text)
    assert len(story.emulator.control.calls("delete_instance")) == 0
    story.stack.run("state delete", "--yes", owner["urn"])
    story.stack.up("--expect-no-changes")
    assert story.live == {instance_id: "RUNNING"}
    assert story.stack.resources("roma:Instance") == []


@pytest.mark.parametrize(
    "way", [(), pytest.param(("--run-program",), marks=pytest.mark.thorough)], ids=["plain", "run-program"]
)
def test_an_owner_and_a_reference_in_one_stack_are_destroyed(
    way: tuple[str, ...], stack_for: StackFor, emulator: Emulator
) -> None:
    text = program().replace("    roma.Instance(", "    mine = roma.Instance(")
    text += 'roma.ExistingInstance("shared", instance_id=mine.id)\n'
    story = Story.of(stack_for, emulator, text)
    story.stack.up()
    story.stack.destroy(*way)
    assert len(story.emulator.control.calls("delete_instance")) == 1
    assert story.stack.resources("Instance") == []


def test_an_instance_that_vanishes_leaves_the_state(story: Story) -> None:
    [instance_id] = story.live
    story.finish_all()
    story.stack.up()
    client = RomaClient(Transport(story.emulator.url, TokenAuth(TOKEN)), PROJECT_ID)
    story.emulator.control.settings(deletion_seconds=0.01)
    client.delete_instance(instance_id)
    wait_until(lambda: story.live.get(instance_id) in (None, "DELETED"), "the deletion")
    story.stack.refresh()
    assert story.stack.resources(KIND) == []


def test_bad_arguments_are_found_in_preview(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    story = Story.of(stack_for, make_emulator(), referring("not an id"))
    run = story.stack.preview(expect=None)
    assert "write an instance id, such as" in run.text
    assert story.emulator.control.calls() == []
