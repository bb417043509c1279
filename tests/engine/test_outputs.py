"""The outputs of a healthy instance stay as they are, however often it is read."""

from __future__ import annotations

import pytest

from tests.engine.conftest import StackFor
from tests.engine.seen import counted
from tests.engine.story import MakeEmulator, Story, program


@pytest.mark.thorough
def test_ten_refreshes_change_nothing(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    story = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0))
    story.stack.up()
    [before] = story.stack.resources()
    counted(story.emulator)
    for _ in range(10):
        text = story.stack.refresh("--expect-no-changes", "--diff").text
        assert "~" not in text, text
    [after] = story.stack.resources()
    for part in ("id", "inputs", "outputs"):
        assert after[part] == before[part]
    # The lists: whether another instance has its name.
    assert counted(story.emulator) == {"creation_progress": 10, "list_instances": 10, "list_roma_instances": 10}
    assert after["outputs"]["created_at_rfc3339"].endswith("Z")


def test_other_stacks_get_typed_outputs(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    exports = """
pulumi.export("begun", made.start_time)
pulumi.export("begun_text", made.start_time_rfc3339)
pulumi.export("next", made.created_at.apply(lambda millis: [millis, type(millis).__name__]))
pulumi.export("zones", made.available_zones)
pulumi.export("first", made.services[0].name)
pulumi.export("ended", made.services.apply(lambda services: [bool(service.end_time_rfc3339) for service in services]))
pulumi.export("mqs", made.mqs.apply(lambda mqs: mqs and mqs.ssl_enable))
"""
    text = program(mqs={"ssl_enable": True}).replace("    roma.Instance(", "    made = roma.Instance(") + exports
    story = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0), text)
    story.stack.up()
    outputs = story.stack.outputs()
    [held] = story.stack.resources()
    assert outputs["begun"] == held["outputs"]["start_time"]
    assert outputs["begun_text"].startswith("20")
    assert outputs["next"] == [held["outputs"]["created_at"], "int"]
    assert outputs["zones"] == ["az0.dc0"]
    assert outputs["first"] == held["outputs"]["services"][0]["name"]
    assert set(outputs["ended"]) == {True}
    assert outputs["mqs"] is True
