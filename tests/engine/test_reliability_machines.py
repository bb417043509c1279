"""The promises from another home, folder, user, machine or backend (docs/reliability.md)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program
from tests.support.until import wait_until

pytestmark = pytest.mark.thorough

UNKNOWN = {"error_code": "APIC.7302", "error_msg": "Instance not found"}


@pytest.fixture
def emulator(make_emulator: MakeEmulator) -> Emulator:
    emulator: Emulator = make_emulator(creation_seconds=LONG, deletion_seconds=0.1, list_lag_seconds=0)
    return emulator


@pytest.fixture
def story(stack_for: StackFor, emulator: Emulator) -> Story:
    return Story.of(stack_for, emulator)


def assert_one(story: Story, instance_id: str) -> None:
    """One instance, in the state once, ready."""
    assert (story.held, story.live) == ([instance_id], {instance_id: "RUNNING"})


def test_killed_here_and_gone_on_with_in_another_home(story: Story, tmp_path: Path) -> None:
    """No journal there: the name is taken, and adopt_id, which the message names, goes on with it."""
    story.kill_up()
    [old] = story.live
    story.stack.cancel()
    home = {"XDG_STATE_HOME": str(tmp_path / "another")}
    run = story.stack.up(expect=1, environment=home)
    assert f"adopt_id='{old}'" in run.text
    assert story.held == []
    story.stack.write(program(adopt_id=old))
    with story.stack.start_up(environment=home) as running:
        running.wait_for_text("adopted instance")
        running.interrupt()
        running.wait(expect=1)
    assert story.held == [old]
    story.finish_all()
    story.stack.up(environment=home)
    assert_one(story, old)
    # At home the entry is closed when the engine names the instance.
    story.stack.refresh()
    assert (story.journal, story.posts) == ([], 1)


def test_interrupted_here_and_gone_on_with_in_another_home(story: Story, tmp_path: Path) -> None:
    story.interrupt_up()
    [old] = story.live
    story.finish_all()
    story.stack.up(environment={"XDG_STATE_HOME": str(tmp_path / "another")})
    assert_one(story, old)
    assert story.posts == 1


def test_interrupted_before_it_was_shown_and_gone_on_with_in_another_home(story: Story, tmp_path: Path) -> None:
    """Neither /process nor the lists know it there, nor does a journal, but the state says when it was ordered.
    (It had been dropped, and `up` had ordered another, `destroy` had said "deleted".)"""
    control, home = story.emulator.control, {"XDG_STATE_HOME": str(tmp_path / "another")}
    control.settings(list_lag_seconds=LONG)
    control.add_fault("creation_progress", status=404, body=UNKNOWN, times=None)
    with story.stack.start_up() as running:
        running.wait_for_text("not shown yet")
        running.interrupt()
        running.wait(expect=1)
    [old] = story.live
    run = story.stack.refresh(environment=home)
    assert "was ordered a moment ago, and the API does not show it yet" in run.text
    with story.stack.start_up(environment=home) as running:
        running.wait_for_text("resuming the wait")
        control.clear_faults()
        story.finish_all()
        running.wait(expect=0)
    assert_one(story, old)
    assert story.posts == 1


def test_a_deletion_that_is_interrupted_here_and_looked_at_in_another_home(story: Story, tmp_path: Path) -> None:
    """No journal there tells of the deletion: only a look at the API does."""
    story.finish_all()
    story.stack.up()
    [old] = story.live
    story.emulator.control.settings(deletion_seconds=LONG)
    with story.stack.start("destroy", "--yes", "--skip-preview") as running:
        wait_until(lambda: len(story.emulator.control.calls("delete_instance")) == 1, "DELETE")
        running.interrupt()
        running.wait()
    home = {"XDG_STATE_HOME": str(tmp_path / "another")}
    story.stack.up("--expect-no-changes", environment=home)
    assert story.status(old) == "RUNNING"  # as the state had it
    assert "has the status DELETING" in story.stack.refresh(environment=home).text
    assert story.status(old) == "DELETING"
    story.emulator.control.patch_instance(old, gone=True)
    story.stack.up("--refresh", environment=home)
    [new] = story.live
    assert_one(story, new)
    assert (new != old, story.posts) == (True, 2)


def test_the_programs_folder_has_moved(story: Story) -> None:
    story.kill_up()
    [old] = story.live
    story.stack.cancel()
    elsewhere = story.stack.folder.with_name("moved")
    shutil.move(story.stack.folder, elsewhere)
    story.stack.folder = elsewhere
    run = story.stack.up(expect=1)
    assert f"adopt_id='{old}'" in run.text
    assert_clean(run.text)
    story.finish_all()
    story.stack.write(program(adopt_id=old))
    story.stack.up()
    assert_one(story, old)
    story.stack.refresh()  # the engine names it, so that its entry is closed
    assert (story.journal, story.posts) == ([], 1)


def test_two_users_order_one_name_at_one_moment(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    """No lock is between them: both are made, each says the other, and each state has its own."""
    emulator = make_emulator(creation_seconds=0.1, list_lag_seconds=LONG)
    hold = emulator.control.add_fault("create_instance", when="after", times=None, hold=True)
    first = Story.of(stack_for, emulator, name="first", project="first")
    second = Story.of(stack_for, emulator, name="second", project="second")
    with first.stack.start_up() as one, second.stack.start_up() as other:
        wait_until(lambda: len(first.live) == 2, "two instances")
        emulator.control.settings(list_lag_seconds=0)
        emulator.control.clear_fault(hold)
        texts = [one.wait(expect=1).text, other.wait(expect=1).text]
    ids = sorted(first.live)
    assert all(
        f"{found} (ours)" in text for story, text in zip((first, second), texts, strict=True) for found in story.held
    )
    assert all(found in text for text in texts for found in ids)
    assert sorted(first.held + second.held) == ids
    # One of them is not needed.
    second.stack.destroy()
    first.stack.up()
    assert_one(first, first.held[0])


def test_one_instance_is_adopted_by_two_stacks(story: Story, stack_for: StackFor, tmp_path: Path) -> None:
    """Said where the journal of this machine knows the other one, and only there. Each of them would delete it."""
    story.finish_all()
    story.stack.up()
    [old] = story.live
    run = second(story, stack_for, "here", old, home=story.stack.home).stack.up()
    assert "was ordered from this machine" in run.text
    assert "Two resources that hold one instance would each delete it" in run.text
    run = second(story, stack_for, "there", old).stack.up()
    assert "would each delete it" not in run.text
    # The way that the message names.
    [urn] = [resource["urn"] for resource in story.stack.resources()]
    story.stack.run("state delete", "--yes", urn)
    story.stack.write("import pulumi\n")
    story.stack.destroy()
    assert story.live == {old: "RUNNING"}


def second(story: Story, stack_for: StackFor, name: str, adopt_id: str, **options: Path) -> Story:
    return Story.of(stack_for, story.emulator, program(adopt_id=adopt_id), name=name, project=name, **options)


def test_another_backend_is_another_state(story: Story, tmp_path: Path) -> None:
    """A killed creation, then `pulumi login` elsewhere: the name is taken there, and at home it is resumed."""
    story.kill_up()
    [old] = story.live
    story.stack.cancel()
    environment = story.stack.other_backend(tmp_path / "other backend")
    run = story.stack.up(expect=1, environment=environment)
    assert f"adopt_id='{old}'" in run.text
    assert "resuming" in story.settle()
    assert_one(story, old)
    # Two states that hold it would each delete it: said, where it is adopted all the same.
    story.stack.write(program(adopt_id=old))
    run = story.stack.up(environment=environment)
    assert "Two resources that hold one instance would each delete it" in run.text
    assert story.posts == 1
