"""What an adversarial review found, told as stories: each had lost an instance, or deleted the wrong one."""

from __future__ import annotations

import pytest

from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program
from tests.support.until import wait_until

pytestmark = pytest.mark.thorough

_AGAIN = """
import pulumi

tries = []


def again(args):
    tries.append(1)
    return len(tries) < 3


hook = pulumi.ErrorHook("again", again)
"""


@pytest.fixture
def story(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    return Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0))


@pytest.mark.parametrize("verb", ["destroy", "refresh"])
def test_an_instance_that_the_api_does_not_show_yet_is_not_gone(story: Story, verb: str) -> None:
    body = {"error_code": "APIC.7302", "error_msg": "Instance not found"}
    story.emulator.control.settings(list_lag_seconds=LONG)
    unknown = story.emulator.control.add_fault("creation_progress", times=None, status=404, body=body)
    with story.stack.start_up() as running:
        wait_until(lambda: bool(story.emulator.control.calls("creation_progress")), "a poll")
        running.interrupt()
        running.wait(expect=1)
    [instance_id] = story.live
    assert story.held == [instance_id]
    if verb == "refresh":
        run = story.stack.refresh()
        assert "was ordered a moment ago" in run.text
        assert story.held == [instance_id]
        story.emulator.control.clear_fault(unknown)
        story.emulator.control.settings(list_lag_seconds=0)
        story.settle()
        assert story.status(instance_id) == "RUNNING"
    else:
        story.stack.destroy()
        assert len(story.emulator.control.calls("delete_instance")) == 1
        wait_until(lambda: story.live == {}, "the instance's end")
    assert story.posts == 1


@pytest.mark.parametrize("scenario", ["create-failed", "slow"])
def test_an_error_hook_that_has_create_run_again(story: Story, scenario: str) -> None:
    story.emulator.control.settings(scenario=scenario, creation_seconds=0.2 if scenario == "create-failed" else LONG)
    options = 'hooks=pulumi.ResourceHookBinding(on_error=[hook]), custom_timeouts=pulumi.CustomTimeouts(create="1s")'
    story.stack.write(_AGAIN + program(options=options))
    run = story.stack.up(expect=1)
    assert_clean(run.text)
    assert story.held == list(story.live)
    assert story.posts == 1


def adopting(story: Story, stack_for: StackFor, options: str) -> tuple[Story, str, str]:
    """Another stack that has adopted the story's instance, its URN there, and its id."""
    story.emulator.control.settings(creation_seconds=0.2)
    story.stack.up()
    [instance_id] = story.live
    text = program(adopt_id=instance_id, options=options)
    other = Story.of(stack_for, story.emulator, text, name="other", project="other")
    other.stack.up()
    return other, other.stack.resources()[0]["urn"], instance_id


def test_replacing_by_force_what_is_to_be_adopted(story: Story, stack_for: StackFor) -> None:
    other, urn, instance_id = adopting(story, stack_for, "")
    run = other.stack.up("--replace", urn, expect=1)
    assert "the instance to adopt; remove adopt_id first" in run.text
    assert list(story.live) == [instance_id]
    assert other.held == [instance_id]


def test_replacing_by_force_and_creating_first(story: Story, stack_for: StackFor) -> None:
    other, urn, instance_id = adopting(story, stack_for, "delete_before_replace=False")
    run = other.stack.up("--replace", urn)
    assert "so it is not deleted" in run.text
    assert list(story.live) == [instance_id]
    assert other.emulator.control.calls("delete_instance") == []


def test_a_secret_description_is_in_no_message(story: Story) -> None:
    story.emulator.control.settings(creation_seconds=0.2)
    secret = program().replace("**{", 'description=pulumi.Output.secret("first-canary"),\n        **{')
    story.stack.write(secret)
    story.stack.up()
    story.stack.write(secret.replace("first-canary", "second-canary"))
    run = story.stack.up(expect=1)
    assert "is not as declared in 'description'" in run.text
    assert "canary" not in run.text
    assert "canary" not in story.stack.checkpoint.read_text()


def test_a_status_that_nobody_knows_is_waited_for_again(story: Story) -> None:
    with story.stack.start_up() as running:
        story.wait_for_polls(running=running)
        [instance_id] = story.live
        story.emulator.control.patch_instance(instance_id, status="INITIALIZING")
        running.wait_for_text("'INITIALIZING' is not known here")
        running.interrupt()
        running.wait(expect=1)
    with story.stack.start_up() as running:
        running.wait_for_text("resuming the wait")
        story.emulator.control.patch_instance(instance_id, status=None)
        story.finish_all()
        running.wait(expect=0)
    assert story.status(instance_id) == "RUNNING"
