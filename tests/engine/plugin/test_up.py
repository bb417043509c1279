"""A stack on the plugin: made, unchanged, told what cannot be changed, refreshed, destroyed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.plugin.programs import ARGUMENTS, instance, program, with_plugin
from tests.engine.story import Story, assert_clean, assert_one

EXPORTS = 'pulumi.export("status", one.status)\npulumi.export("id", one.instanceId)\n'


def test_a_life(stack_for: StackFor, emulator: Emulator) -> None:
    story = Story.of(stack_for, emulator, program(instance(), EXPORTS))
    stack = with_plugin(story.stack)
    made = stack.up(preview=True)
    assert_clean(made.text)
    assert "status: [unknown]" in made.text
    assert "created in 0.2 s" in made.text
    found = assert_one(story)
    assert stack.outputs() == {"id": found, "status": "RUNNING"}
    [held] = stack.resources()
    assert held["type"] == "roma:index:Instance"
    assert {key: held["inputs"][key] for key in ARGUMENTS} == ARGUMENTS
    assert (held["inputs"]["name"], held["outputs"]["vpcId"]) == ("one", ARGUMENTS["vpcId"])

    calls = len(emulator.control.calls())
    unchanged = stack.preview("--expect-no-changes")
    assert "2 unchanged" in unchanged.text
    assert len(emulator.control.calls()) == calls

    stack.write(program(instance(description="x"), EXPORTS))
    refused = stack.up(expect=1)
    assert_clean(refused.text)
    assert "[diff: ~description]" in refused.text
    assert "There is no API to change 'description'" in refused.text
    emulator.control.patch_instance(found, fields={"description": "x"})
    assert "1 updated" in stack.up().text

    emulator.control.patch_instance(found, fields={"name": "renamed"})
    stack.refresh()
    [held] = stack.resources()
    assert (held["inputs"]["name"], held["outputs"]["name"]) == ("renamed", "renamed")

    stack.destroy()
    assert (story.live, story.held, story.journal, story.posts) == ({}, [], [], 1)


def test_a_plugin_that_was_started_by_hand_serves_one_run_after_another(
    stack_for: StackFor, emulator: Emulator
) -> None:
    story = Story.of(stack_for, emulator, program())
    stack = story.stack
    command = Path(sys.executable).with_name("pulumi-resource-roma")
    with subprocess.Popen([command], stdout=subprocess.PIPE, env=stack.environment, text=True) as plugin:
        assert plugin.stdout is not None
        attached = {"PULUMI_DEBUG_PROVIDERS": f"roma:{int(plugin.stdout.readline())}"}
        try:
            stack.up(preview=True, environment=attached)
            assert_one(story)
            # The Cancel at the end of a run does not end the waits of the next.
            stack.write(program(instance(), instance("two")))
            stack.up(environment=attached)
            assert sorted(story.live.values()) == ["RUNNING", "RUNNING"]
            assert plugin.poll() is None
        finally:
            plugin.kill()
