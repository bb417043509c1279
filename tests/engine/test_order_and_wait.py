"""Order and wait apart: a runner that vanishes in the wait has left the id in the state."""

from __future__ import annotations

from typing import Any

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import ROOT
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean

_TEXT = (ROOT / "examples" / "ci" / "__main__.py").read_text()
_CONFIG = {"vpcId": "vpc-1", "subnetId": "subnet-1", "securityGroupId": "group-1", "availableZones": '["az0.dc0"]'}


def story_of(stack_for: StackFor, emulator: Emulator, **options: Any) -> Story:
    """The example as it stands, with its config."""
    story = Story.of(stack_for, emulator, _TEXT, **options)
    for key, value in _CONFIG.items():
        story.stack.config(f"{story.stack.project}:{key}", value)
    return story


def test_killed_in_the_wait_and_on_with_another_machine(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    story = story_of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0), name="runner")
    story.kill_up()
    [ordered] = story.live
    assert story.held == [ordered]
    # Without the journal, from another folder, with the same backend.
    other = story_of(stack_for, story.emulator, name="fresh", backend=story.stack.backend)
    other.stack.cancel()
    other.finish_all()
    other.stack.up()
    assert other.stack.outputs()["status"] == "RUNNING"
    assert other.stack.outputs()["connect_address"]
    other.stack.run("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    other.stack.up("--expect-no-changes")
    assert other.posts == 1
    other.stack.destroy()
    assert len(other.emulator.control.calls("delete_instance")) == 1
    assert other.stack.resources() == []


def test_an_order_that_fails_is_replaced(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=0, scenario="create-failed")
    story = story_of(stack_for, emulator)
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
