"""A stack on the plugin: made, unchanged, updated, refreshed, destroyed."""

from __future__ import annotations

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.plugin.programs import instance, program, with_plugin
from tests.engine.story import Story, assert_clean, assert_one


def test_a_life(stack_for: StackFor, emulator: Emulator) -> None:
    text = program(instance(), 'pulumi.export("status", one.status)\npulumi.export("id", one.instanceId)\n')
    story = Story.of(stack_for, emulator, text)
    with_plugin(story.stack)
    first = story.stack.up(preview=True)
    print(first.text)
    assert_clean(first.text)
    found = assert_one(story)
    print(story.stack.preview("--diff").text)
    print(story.stack.resources()[0])
    story.stack.write(program(instance(vpcId="other", description="x")))
    print(story.stack.preview("--diff").text)
    story.stack.write(program(instance(description="x")))
    print(story.stack.preview("--diff").text)
    print(story.stack.up(expect=None).text)
    print(story.stack.refresh().text)
    print(story.stack.destroy().text)
    assert found and False
