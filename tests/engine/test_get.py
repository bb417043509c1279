"""Looking an instance up by its id: a plain read, of one that this stack does not own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program

_EXPORT = 'pulumi.export("status", instance.status)\n'


def looked_up(instance_id: str) -> str:
    return f"""
import pulumi
import roma_provider as roma

instance = roma.Instance.get("found", {instance_id!r})
pulumi.export("status", instance.status)
"""


def by_options(instance_id: str) -> str:
    """What a program writes without `get`."""
    text = program(options=f"id={instance_id!r}").replace("    roma.Instance(", "    instance = roma.Instance(")
    return text + _EXPORT


@pytest.mark.parametrize("way", [looked_up, pytest.param(by_options, marks=pytest.mark.thorough)])
def test_looking_up_an_instance(way: Callable[[str], str], stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    """Needs SDK 3.268: older hosts do not find the provider of a Get."""
    story = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0))
    story.stack.up()
    [instance_id] = story.live
    other = Story.of(stack_for, story.emulator, way(instance_id), name="other", project="other")
    story.emulator.control.clear_calls()
    other.stack.up()
    assert [call.operation for call in story.emulator.control.calls()] == ["creation_progress"]
    assert other.stack.outputs() == {"status": "RUNNING"}
    # Nothing to wait for, and nothing to replace: the next run reads it once more.
    other.stack.up("--expect-no-changes")
    other.stack.destroy()
    assert list(story.live) == [instance_id]


def test_looking_up_one_that_is_being_created_or_missing(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    story = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0))
    with story.stack.start_up() as running:
        story.wait_for_polls(running=running)
        [instance_id] = story.live
        other = Story.of(stack_for, story.emulator, looked_up(instance_id), name="other", project="other")
        other.stack.up()
        assert other.stack.outputs() == {"status": "CREATING"}
        # The creation of the other run is still in the journal: a look from elsewhere does not end it.
        assert [entry["instance_id"] for entry in story.journal] == [instance_id]
    missing = looked_up("00000000-0000-0000-0000-000000000000")
    other = Story.of(stack_for, story.emulator, missing, name="missing", project="other")
    run = other.stack.up(expect=1)
    assert "there is no instance 00000000-0000-0000-0000-000000000000" in run.text
    assert_clean(run.text)


def test_what_was_looked_up_can_be_owned_and_looked_up_again(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    maker = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0))
    maker.stack.up()
    [instance_id] = maker.live
    other = Story.of(stack_for, maker.emulator, looked_up(instance_id), name="other", project="other")
    other.stack.up()
    other.stack.refresh("--expect-no-changes")
    assert other.stack.resources()[0].get("external") is True
    owned = program("found", adopt_id=instance_id).replace("name=name", 'name="one"')
    other.stack.write(owned)
    other.stack.up()
    [held] = other.stack.resources()
    assert (held["id"], held.get("external")) == (instance_id, None)
    # Under the same name it is only let go.
    other.stack.write(looked_up(instance_id))
    other.stack.up()
    assert other.stack.resources()[0].get("external") is True
    assert maker.live == {instance_id: "RUNNING"}


@pytest.mark.thorough
def test_what_is_looked_up_is_not_deleted_as_another_resource(stack_for: StackFor, emulator: Emulator) -> None:
    story = Story.of(stack_for, emulator, program())
    story.stack.up()
    [instance_id] = story.live
    story.stack.write(looked_up(instance_id))
    run = story.stack.up(expect=1)
    assert f"the program refers to instance {instance_id} by its resource 'found', so it is not deleted" in run.text
    assert_clean(run.text)
    assert story.emulator.control.calls("delete_instance") == []
    [owner] = [resource["urn"] for resource in story.stack.resources() if not resource.get("external")]
    story.stack.run("state delete", "--yes", owner)
    story.stack.up()
    assert story.live == {instance_id: "RUNNING"}
