"""Order and wait apart: a runner that vanishes in the wait has left the id in the state. (An order that fails:
test_examples.py.)"""

from __future__ import annotations

from typing import Any

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import ROOT
from tests.engine.story import LONG, MakeEmulator, Story

_TEXT = (ROOT / "examples" / "ci" / "__main__.py").read_text()


def story_of(stack_for: StackFor, emulator: Emulator, **options: Any) -> Story:
    """The example as it stands; it may be deleted."""
    story = Story.of(stack_for, emulator, _TEXT, **options)
    story.stack.config("protect", "false")
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
