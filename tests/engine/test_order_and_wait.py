"""Order and wait apart: a runner that vanishes in the wait has left the id in the state."""

from __future__ import annotations

from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program

_TEXT = program(wait=False).replace("    roma.Instance(", "    order = roma.Instance(") + (
    'ready = roma.ExistingInstance("one-ready", instance_id=order.instance_id)\n'
    'pulumi.export("address", ready.connect_address)\npulumi.export("status", ready.status)\n'
)


def test_killed_in_the_wait_and_on_with_another_machine(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    story = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0), _TEXT, name="runner")
    story.kill_up()
    [ordered] = story.live
    assert story.held == [ordered]
    # Without the journal, from another folder, with the same backend.
    other = Story.of(stack_for, story.emulator, _TEXT, name="fresh", backend=story.stack.backend)
    other.stack.cancel()
    other.finish_all()
    other.stack.up()
    assert other.stack.outputs()["status"] == "RUNNING"
    assert other.stack.outputs()["address"]
    other.stack.run("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    other.stack.up("--expect-no-changes")
    assert other.posts == 1
    other.stack.destroy()
    assert len(other.emulator.control.calls("delete_instance")) == 1
    assert other.stack.resources() == []


def test_an_order_that_fails_is_replaced(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=0, scenario="create-failed")
    story = Story.of(stack_for, emulator, _TEXT)
    failed = story.stack.up(expect=1)
    assert "this resource only waits for the instance" in failed.text
    assert_clean(failed.text)
    [first] = story.held
    emulator.control.settings(scenario="ready")
    story.stack.up()
    [second] = story.held
    assert second != first
    assert story.stack.outputs()["status"] == "RUNNING"
    assert (story.posts, len(emulator.control.calls("delete_instance"))) == (2, 1)
