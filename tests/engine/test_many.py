"""Many creations at once, beside another dynamic provider, and what is left without the bridge."""

from __future__ import annotations

import pytest

from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program
from tests.support.until import wait_until

pytestmark = pytest.mark.thorough

MANY = 64

_OTHER = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class Other(ResourceProvider):
    def create(self, props):
        return CreateResult("other-" + props["name"], props)

    def delete(self, id, props):
        if props["name"] == "bad":
            raise RuntimeError("the other provider's own error")


class OtherResource(Resource):
    def __init__(self, name):
        super().__init__(Other(), name, {"name": name})
"""

# How the layout of the SDK may change: each hides one thing that is looked for in it.
_HIDDEN = {
    "current call": "frames.current_call = lambda: (None, None)",
    "server": "frames.server = lambda: None",
    "engine address": "frames.engine_address = lambda: None",
    "partial state": "whole = call.status.status; call.status.status = lambda said, _: (whole(said, None)[0], False)",
}
_HIDDEN["everything"] = "; ".join(hide for part, hide in _HIDDEN.items() if part != "partial state")

# Python imports this at every start of an interpreter in the program's folder, and goes on where it fails.
_BREAK = """
import pathlib, sys

if "pulumi.dynamic" in sys.orig_argv:
    from roma_provider.hosts.dynamic import call, frames

    {hide}
    pathlib.Path(__file__).with_name("hidden").touch()
"""


def test_64_at_once_and_ctrl_c(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(creation_seconds=LONG, list_lag_seconds=0)
    names = [f"many-{number}" for number in range(MANY)]
    story = Story.of(stack_for, emulator, program(*names), environment={"ROMA_POLL_SECONDS": "1"})
    with story.stack.start_up("--parallel", str(MANY)) as running:
        story.wait_for_polls(MANY, running)
        running.interrupt()
        running.wait(expect=1)
    assert emulator.control.statistics().most_creating_at_once == MANY
    assert set(story.live.values()) == {"CREATING"}
    assert len(story.live) == MANY
    assert sorted(story.held) == sorted(story.live)
    assert len(story.reasons) == MANY
    assert story.stack.pending_operations() == []
    assert story.journal == []
    assert story.posts == MANY


def test_other_dynamic_provider_beside_ours(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=0)
    text = program() + _OTHER + 'OtherResource("good")\nOtherResource("bad")\n'
    story = Story.of(stack_for, emulator, text)
    story.stack.up()
    story.stack.refresh()
    others = story.stack.resources("dynamic:Resource")
    assert sorted(resource["id"] for resource in others) == ["other-bad", "other-good"]
    run = story.stack.destroy(expect=1)
    assert "the other provider's own error" in run.text
    assert [resource["id"] for resource in story.stack.resources("dynamic:Resource")] == ["other-bad"]


@pytest.mark.parametrize("part", _HIDDEN)
def test_without_the_bridge(stack_for: StackFor, make_emulator: MakeEmulator, part: str) -> None:
    """Whatever part of the bridge finds another layout, no instance is lost and none is made twice."""
    emulator = make_emulator(creation_seconds=LONG, list_lag_seconds=0)
    text = program(options='custom_timeouts=pulumi.CustomTimeouts(create="600s")')
    story = Story.of(stack_for, emulator, text)
    (story.stack.folder / "sitecustomize.py").write_text(_BREAK.format(hide=_HIDDEN[part]))
    environment = {"PYTHONPATH": str(story.stack.folder)}
    emulator.control.settings(scenario="create-failed", creation_seconds=0.2)
    run = story.stack.up(expect=1, environment=environment)
    assert (story.stack.folder / "hidden").exists()
    assert "CREATE_FAILED" in run.text
    [instance_id] = story.live
    kept = part in ("server", "engine address")
    assert story.held == ([instance_id] if kept else [])
    assert [entry["instance_id"] for entry in story.journal] == ([] if kept else [instance_id])
    if part in ("everything", "current call", "partial state"):
        # The failed instance is found again, not doubled: in the journal, or by its name.
        again = story.stack.up(expect=1, environment=environment)
        assert instance_id in again.text
    else:
        assert_clean(run.text)
    assert story.posts == 1

    # An instance that gets ready is taken into the state, from the journal where it was kept there.
    emulator.control.patch_instance(instance_id, scenario="ready", creation_seconds=0.01)
    story.stack.up(environment=environment)
    assert story.held == [instance_id]
    assert story.status(instance_id) == "RUNNING"
    assert story.posts == 1
    wait_until(lambda: story.journal == [], "the journal's end of it")
