"""The walks of docs/ways-in.md, as a user goes them: what the console made is owned, and what a lost runner ordered."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.engine.conftest import StackFor
from tests.engine.seen import counted
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program
from tests.engine.test_existing import made_elsewhere


def word_of(text: str) -> dict[str, str]:
    """The variable of the command that a refusal tells."""
    found = re.search(r"run `(ROMA_ADOPT=.*?) pulumi up` once", " ".join(text.split()))
    assert found is not None, text
    [word] = shlex.split(found[1])
    variable, _, value = word.partition("=")
    return {variable: value}


def test_from_the_console_to_owned(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=0)
    theirs = made_elsewhere(emulator, "one")
    # A name that needs quotes for the shell, for the variable, and for the path of a config key.
    resource = "a.b, one"
    text = program(prefix="a.b, ").replace("f65009c8-7009-403c-abdf-3100f9817762", "subnet-1")
    text = text.replace("272338c9-b3ee-41ae-a2b6-3942f31030da", "group-1")
    story = Story.of(stack_for, emulator, text)
    counted(emulator)
    refused = story.stack.up(expect=1)
    assert_clean(refused.text)
    word = word_of(refused.text)
    assert word == {"ROMA_ADOPT": json.dumps({resource: theirs})}
    assert f"adopts instance {theirs}" in story.stack.preview(environment=word).text
    # The stack config says the same. Left behind, it does nothing, and is taken away as it says.
    story.stack.run("config set", "--path", f'roma:adopt["{resource}"]', theirs)
    assert f"adopted instance {theirs}" in story.stack.up().text
    assert story.held == [theirs]
    left = story.stack.up("--refresh", "--expect-no-changes").text
    [said] = re.findall(
        r"so it does nothing; take it away \(`pulumi (.*?)`\)", " ".join(left.partition("Diagnostics:")[2].split())
    )
    story.stack.run(*shlex.split(said.replace("config rm", "'config rm'")))
    assert theirs not in story.stack.settings.read_text()
    story.stack.destroy()
    calls = counted(emulator)
    assert (calls["create_instance"], calls["delete_instance"]) == (0, 1)
    assert "RUNNING" not in story.live.values()


@pytest.mark.thorough
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
    calls = counted(other.emulator)
    assert (calls["create_instance"], calls["delete_instance"]) == (1, 0)


def test_from_a_killed_runner_to_owned_by_the_journal_that_outlives_it(
    stack_for: StackFor, make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    kept = {"ROMA_JOURNAL": str(tmp_path / "kept")}
    story = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0), environment=kept)
    story.kill_up()
    [ordered] = story.live
    assert story.journal == []  # not in the runner's own home
    # Another runner: its own home, the folder as a cache restores it, a checkout at the same path, the same backend.
    restored = shutil.copytree(tmp_path / "kept", tmp_path / "restored")
    home = {"HOME": str(tmp_path / "home"), "XDG_STATE_HOME": str(tmp_path / "home" / "state")}
    home["ROMA_JOURNAL"] = str(restored)
    story.stack.run("cancel", "--yes", environment=home)
    story.finish_all()
    assert f"resuming the creation of instance {ordered}" in story.stack.up(environment=home).text
    assert (story.held, story.status(ordered)) == ([ordered], "RUNNING")
    calls = counted(story.emulator)
    assert (calls["create_instance"], calls["delete_instance"]) == (1, 0)
