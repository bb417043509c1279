"""The walks of docs/ways-in.md, as a user goes them: what the console made is owned, and what a lost runner ordered."""

from __future__ import annotations

import re

from tests.engine.conftest import StackFor
from tests.engine.seen import counted
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program
from tests.engine.test_existing import made_elsewhere


def word_of(text: str) -> dict[str, str]:
    """The variable of the command that a refusal tells."""
    found = re.search(r"run `(ROMA_ADOPT)=(one=[0-9a-f-]{36}) pulumi up` once", " ".join(text.split()))
    assert found is not None, text
    return {found[1]: found[2]}


def test_from_the_console_to_owned(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=0)
    theirs = made_elsewhere(emulator, "one")
    text = program().replace("f65009c8-7009-403c-abdf-3100f9817762", "subnet-1")
    text = text.replace("272338c9-b3ee-41ae-a2b6-3942f31030da", "group-1")
    story = Story.of(stack_for, emulator, text)
    counted(emulator)
    refused = story.stack.up(expect=1)
    assert_clean(refused.text)
    word = word_of(refused.text)
    assert word == {"ROMA_ADOPT": f"one={theirs}"}
    assert f"adopts instance {theirs}" in story.stack.preview(environment=word).text
    assert f"adopted instance {theirs}" in story.stack.up(environment=word).text
    assert story.held == [theirs]
    story.stack.up("--expect-no-changes")
    # Left behind, in the config too, it does nothing.
    story.stack.run("config set", "--path", "roma:adopt.one", theirs)
    left = story.stack.up("--expect-no-changes", environment=word)
    assert left.text.partition("Diagnostics:")[2].count("so it does nothing; take it away") == 1, left.text
    story.stack.refresh("--expect-no-changes")
    story.stack.destroy()
    calls = counted(emulator)
    assert (calls["create_instance"], calls["delete_instance"]) == (0, 1)
    assert "RUNNING" not in story.live.values()


def test_from_a_killed_runner_to_owned_without_a_commit(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    story = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0), name="runner")
    story.kill_up()
    [ordered] = story.live
    # Another machine: another folder and home, the same backend.
    other = Story.of(stack_for, story.emulator, name="fresh", backend=story.stack.backend)
    other.stack.cancel()
    refused = other.stack.up(expect=1)
    word = word_of(refused.text)
    assert word == {"ROMA_ADOPT": f"one={ordered}"}
    other.finish_all()
    other.stack.up(environment=word)
    assert (other.held, other.status(ordered)) == ([ordered], "RUNNING")
    other.stack.run("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    other.stack.up("--expect-no-changes")
    assert other.posts == 1
    other.stack.destroy()
    assert len(other.emulator.control.calls("delete_instance")) == 1
    assert other.stack.resources() == []
