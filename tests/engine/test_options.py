"""Options of the engine are honoured in every form that the SDK takes, wherever they are set."""

from __future__ import annotations

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program

pytestmark = pytest.mark.thorough

TRANSFORM = """
import pulumi


def timed(args):
    args.opts.custom_timeouts = pulumi.CustomTimeouts(create="2s")
    return pulumi.ResourceTransformResult(props=args.props, opts=args.opts)


pulumi.runtime.register_resource_transform(timed)
"""


@pytest.mark.parametrize("way", ["dict", "transform"])
def test_the_time_of_create_counts_for_a_resumed_wait(
    stack_for: StackFor, make_emulator: MakeEmulator, way: str
) -> None:
    text = program(options="custom_timeouts={'create': '2s'}") if way == "dict" else TRANSFORM + program()
    story = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0), text)
    for number in range(3):  # the create, and two resumed waits
        run = story.stack.up(expect=1)
        assert "was not ready after 2 s" in run.text, number
        assert_clean(run.text)
        if number == 1:
            story.stack.refresh()
    story.settle()
    assert (story.held, story.posts) == (list(story.live), 1)
    assert "__timeout" not in story.stack.resources()[0]["outputs"]


def test_half_made_with_replace_on_changes_it_is_waited_for(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    text = program(options="replace_on_changes=['*']")
    story = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0), text)
    story.interrupt_up()
    [instance_id] = story.live
    assert "replace" not in story.stack.preview().text
    story.emulator.control.clear_calls()
    story.interrupt_up()
    assert "is still being created" in story.stack.refresh().text
    assert "replace" not in story.stack.preview().text
    assert "replac" not in story.settle()
    assert (story.held, story.posts) == ([instance_id], 0)  # none since the first
    assert story.live == {instance_id: "RUNNING"}
    story.stack.up("--expect-no-changes")
    story.stack.refresh("--expect-no-changes")


def test_replace_on_changes_of_one_argument(stack_for: StackFor, emulator: Emulator) -> None:
    options = "replace_on_changes=['description']"
    story = Story.of(stack_for, emulator, program(options=options, description="first"))
    story.stack.up()
    [first] = story.live
    story.stack.write(program(options=options, description="second"))
    text = story.stack.preview().text
    assert "+-" in text
    assert "replacing this instance (because of an option of Pulumi's, such as replace_on_changes" in text
    run = story.stack.up()
    assert "deletes it with everything inside it, for good" in run.text
    [second] = story.live
    assert (story.held, story.posts) == ([second], 2)
    assert second != first
    # Another argument is an update, as without the option.
    story.stack.write(
        program(options=options, description="second", maintain_begin="22:00:00", maintain_end="02:00:00")
    )
    assert "+-" not in story.stack.preview().text


def test_retain_on_delete_is_said_to_keep_what_it_keeps(stack_for: StackFor, emulator: Emulator) -> None:
    """The engine goes by the option in the state, which no plugin is told."""
    kept = "retain_on_delete=True"
    story = Story.of(stack_for, emulator, program(options=kept))
    story.stack.up()
    [first] = story.live
    # Under another name, since the one that is kept goes on having its own.
    story.stack.write(program(vpc_id="vpc-2", options=kept).replace("name=name", "name='other'"))
    text = story.stack.preview().text
    assert "keeps it, by retain_on_delete: it goes on being billed" in text
    story.stack.up()
    assert first in story.live
    assert len(story.live) == 2


def test_retain_on_delete_that_is_new_keeps_nothing(stack_for: StackFor, emulator: Emulator) -> None:
    story = Story.of(stack_for, emulator)
    story.stack.up()
    [first] = story.live
    story.stack.write(program(vpc_id="vpc-2", options="retain_on_delete=True"))
    run = story.stack.up()
    assert "if retain_on_delete is new in this `pulumi up`, the instance is deleted" in run.text
    assert len(story.live) == 1
    assert first not in story.live
