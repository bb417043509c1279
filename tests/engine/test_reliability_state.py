"""The promises where somebody has a hand in the state (docs/reliability.md): delete, move, rename, repair, backups."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.running import Running
from tests.engine.story import LONG, MakeEmulator, Story, assert_one, program
from tests.support.until import wait_until

pytestmark = pytest.mark.thorough

URN = "urn:pulumi:dev::test::pulumi-python:dynamic/roma:Instance::one"


@pytest.fixture
def emulator(make_emulator: MakeEmulator) -> Emulator:
    emulator: Emulator = make_emulator(creation_seconds=0.1, deletion_seconds=0.1, list_lag_seconds=0)
    return emulator


@pytest.fixture
def story(stack_for: StackFor, emulator: Emulator) -> Story:
    return Story.of(stack_for, emulator)


def test_forgotten_by_state_delete(story: Story) -> None:
    """It is forgotten on purpose; the program that still has it finds it again, by the witness or by its name."""
    story.stack.up()
    old = assert_one(story)
    story.stack.run("state delete", "--yes", URN)
    story.stack.up()
    assert_one(story, old)
    story.stack.refresh()  # the engine names it: nothing is left in the journal
    story.stack.run("state delete", "--yes", URN)
    run = story.stack.up(expect=1)
    assert f"adopt_id='{old}'" in run.text
    assert (story.held, list(story.live)) == ([], [old])
    story.stack.write(program(adopt_id=old))
    story.stack.up()
    assert_one(story, old)
    assert story.posts == 1


def test_renamed_in_the_state_while_half_made(story: Story) -> None:
    story.emulator.control.settings(creation_seconds=LONG)
    story.interrupt_up()
    story.stack.run("state rename", "--yes", URN, "new-one")
    story.stack.write(program(prefix="new-"))
    story.settle()
    old = assert_one(story)
    story.stack.up("--expect-no-changes")
    # The program that does not know of it: its own is refused, and the renamed one is not deleted for that.
    story.stack.write(program())
    run = story.stack.up("--continue-on-error", expect=1)
    assert f"adopt_id='{old}'" in run.text
    assert_one(story, old)
    assert story.posts == 1


def test_moved_to_another_stack_while_half_made(story: Story, stack_for: StackFor) -> None:
    story.emulator.control.settings(creation_seconds=LONG)
    story.interrupt_up()
    [old] = story.live
    other = Story.of(
        stack_for, story.emulator, program(), name="other", project="other", backend=story.stack.backend,
        home=story.stack.home,
    )  # fmt: skip
    other.stack.write("import pulumi\n")
    other.stack.up()
    other.stack.write(program())
    names = ("organization/test/dev", "organization/other/dev")
    command = ["pulumi", "state", "move", "--yes", "--source", names[0], "--dest", names[1], URN]
    with Running(command, story.stack.folder, story.stack.environment) as running:
        running.wait(expect=0)
    assert (story.held, other.held) == ([], [old])
    # Note 6 of docs/reliability.md: the first program is run before the other stack was.
    assert f"taking over instance {old}" in story.settle()
    assert (story.held, other.held) == ([old], [old])
    story.stack.run("state delete", "--yes", URN)
    other.stack.up()
    other.stack.up(preview=True)
    assert_one(other, old)
    # From now on the program that still declares it does not take it back.
    run = story.stack.up(expect=1)
    assert f"adopt_id='{old}'" in run.text
    assert story.held == []
    story.stack.write("import pulumi\n")
    story.stack.up()
    story.stack.destroy()
    assert_one(other, old)
    assert story.posts == 1


def test_a_new_stack_of_a_name_that_another_had(story: Story) -> None:
    """Note 6 of docs/reliability.md: by all that a plugin is told, it is the stack that could not save its instance."""
    story.stack.up()
    old = assert_one(story)
    story.stack.run("stack rename", "renamed")
    story.stack.run("stack init")
    run = story.stack.up()
    assert f"warning: taking over instance {old}" in run.text
    assert f"`pulumi state delete '{URN}'` in this one, and write another name" in run.text
    # The way that the warning names.
    story.stack.run("state delete", "--yes", URN)
    story.stack.write(program("another", prefix="other-"))
    story.stack.up()
    story.stack.destroy()
    assert story.live == {old: "RUNNING"}


def test_repaired_exported_and_imported(story: Story) -> None:
    story.stack.up()
    old = assert_one(story)
    state = story.stack.export()
    state["deployment"]["resources"].reverse()  # a child before its provider
    file = story.stack.folder / "import.json"
    file.write_text(json.dumps(state))
    story.stack.run("stack import", "--force", "--file", str(file))
    assert story.stack.preview(expect=None).code != 0
    story.stack.run("state repair", "--yes")
    story.stack.up("--expect-no-changes")
    story.stack.refresh("--expect-no-changes")
    assert_one(story, old)


def test_a_backup_from_before_the_instance_was_made(story: Story) -> None:
    story.stack.write("import pulumi\n")
    story.stack.up()
    backup = story.stack.export()
    story.stack.write(program())
    story.stack.up()
    old = assert_one(story)
    story.stack.import_state(backup)
    run = story.stack.up()
    assert f"taking over instance {old}" in run.text
    assert_one(story, old)
    story.stack.up(preview=True)
    story.stack.refresh()
    story.stack.import_state(backup)
    run = story.stack.up(expect=1)
    assert f"adopt_id='{old}'" in run.text
    story.stack.write(program(adopt_id=old))
    story.stack.up()
    assert_one(story, old)
    assert story.posts == 1


@pytest.mark.parametrize("named", ["witness", "named since"])
def test_a_backup_that_names_a_deleted_instance(story: Story, named: str) -> None:
    story.stack.up()
    assert_one(story)
    backup = story.stack.export()
    story.stack.write(program(vpc_id="vpc-2"))
    story.stack.up()
    new = assert_one(story)
    if named != "witness":
        story.stack.refresh()
    story.stack.import_state(backup)
    story.stack.destroy()  # deletes nothing: the instance is gone, and the other one is not this state's
    assert (story.held, list(story.live)) == ([], [new])
    story.stack.import_state(backup)
    story.stack.refresh()
    assert (story.held, list(story.live)) == ([], [new])
    if named == "witness":
        assert f"taking over instance {new}" in story.stack.up().text
    else:
        run = story.stack.up(expect=1)
        assert f"adopt_id='{new}'" in run.text
        story.stack.write(program(vpc_id="vpc-2", adopt_id=new))
        story.stack.up()
    assert_one(story, new)
    assert story.posts == 2


def test_a_backup_from_the_middle_of_a_creation(story: Story) -> None:
    story.emulator.control.settings(creation_seconds=LONG)
    story.interrupt_up()
    backup = story.stack.export()
    story.settle()
    old = assert_one(story)
    story.stack.import_state(backup)
    story.stack.up()
    assert_one(story, old)
    story.stack.up("--expect-no-changes")
    assert story.posts == 1


def test_a_replacement_that_pulumi_could_not_save(story: Story) -> None:
    story.stack.up()
    old = assert_one(story)
    story.stack.refresh()
    story.emulator.control.settings(creation_seconds=LONG)
    story.stack.write(program(vpc_id="vpc-2"))
    with story.stack.start_up() as running:
        wait_until(lambda: story.posts == 2, "the second POST")
        story.wait_for_polls(2, running=running)
        story.end_unsaved(running)
    [new] = story.live
    story.stack.cancel()
    assert story.held == [old]
    run = story.stack.up()
    assert f"taking over instance {new}, which an earlier run made for this resource" in run.text
    assert_one(story, new)
    assert story.posts == 2


def test_forgotten_by_roma_forget(story: Story) -> None:
    """The other way that is named for what a killed creation left: delete it in the console, and forget it."""
    story.stack.write(program("one"))
    story.stack.up()
    [first] = story.live
    story.emulator.control.settings(creation_seconds=LONG)
    story.stack.write(program("one", "two"))
    with story.stack.start_up() as running:
        story.wait_for_polls(2, running)
        running.kill_with_plugin()
    [second] = story.live.keys() - {first}
    story.stack.cancel()
    story.stack.write(program("one"))
    assert f"roma forget {second}" in story.stack.refresh().text

    roma(story, "forget", second, answer="n\n")
    assert [entry["instance_id"] for entry in story.journal] == [second]
    assert roma(story, "forget", second, answer="y\n").returncode == 0
    assert story.journal == []
    assert "an earlier run ordered" not in story.stack.refresh().text
    assert set(story.live) == {first, second}  # it touches no instance


def test_a_killed_creation_and_a_destroy_that_asks_nobody_are_told_by_roma_journal(story: Story) -> None:
    """Pulumi says that the creation was interrupted, and to look what became of it: docs name `roma journal`."""
    story.kill_up()
    [found] = story.live
    story.stack.cancel()
    run = story.stack.destroy()
    assert "interrupted while creating" in run.text
    assert found not in run.text
    said = roma(story, "journal")
    assert said.returncode == 1
    assert f"open  the order of instance {found}, " in said.stdout
    assert f"it is {story.live[found]}, and it is billed" in said.stdout
    assert f"`roma forget {found}`" in said.stdout
    story.settle()
    assert_one(story, found)
    said = roma(story, "journal")
    assert said.returncode == 0
    assert f"given the order of instance {found}, " in said.stdout


def roma(story: Story, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    """A command of `roma`, as this stack's user would run it."""
    command = [str(Path(sys.executable).with_name("roma")), *arguments]
    return subprocess.run(
        command, env=story.stack.environment, input=answer, capture_output=True, text=True, check=False
    )
