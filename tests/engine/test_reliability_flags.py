"""The promises under each flag of the engine (docs/reliability.md): killed, interrupted and destroyed with it."""

from __future__ import annotations

import pytest

from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program
from tests.support.until import wait_until

pytestmark = pytest.mark.thorough

URN = "urn:pulumi:dev::test::pulumi-python:dynamic/roma:Instance::{}"
ONE, OTHER = URN.format("one"), URN.format("other")
TWO = program("one", "other")
FLAGS = {
    "--target": ["--target", ONE],
    "--target-dependents": ["--target", ONE, "--target-dependents"],
    "--exclude": ["--exclude", OTHER],
    "--continue-on-error": ["--continue-on-error"],
    "--refresh": ["--refresh"],
    "--run-program": ["--run-program"],
    "no --skip-preview": ["--skip-preview=false"],
}
# With these a run is about `one` alone.
NARROW = ("--target", "--target-dependents", "--exclude")


@pytest.fixture
def slow(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    emulator = make_emulator(creation_seconds=LONG, deletion_seconds=0.1, list_lag_seconds=0)
    return Story.of(stack_for, emulator, TWO)


@pytest.fixture
def made(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    story = Story.of(stack_for, make_emulator(creation_seconds=0.1, deletion_seconds=0.1, list_lag_seconds=0))
    story.stack.write(program("other"))
    story.stack.up()
    return story


def assert_told(story: Story, instances: int) -> None:
    """So many instances, each ordered once, ready, and once in the state."""
    assert (story.posts, len(story.live)) == (instances, instances)
    assert sorted(story.held) == sorted(story.live)
    assert {story.status(instance_id) for instance_id in story.held} == {"RUNNING"}
    assert (story.reasons, story.journal) == ([], [])


@pytest.mark.parametrize("flag", FLAGS)
def test_killed_interrupted_and_finished_with_a_flag(made: Story, flag: str) -> None:
    flags = FLAGS[flag]
    [other] = made.live
    made.emulator.control.settings(creation_seconds=LONG)
    made.stack.write(TWO)
    with made.stack.start_up(*flags) as running:
        made.wait_for_polls(2, running)
        running.kill()  # and the end of `with` kills its plugins, of which --refresh has one that does nothing any more
    [one] = made.live.keys() - {other}
    assert made.held == [other]
    made.stack.cancel()
    with made.stack.start_up(*flags) as running:
        running.wait_for_text(f"resuming the creation of instance {one}")
        running.interrupt()
        running.wait(expect=1)
    assert sorted(made.held) == sorted(made.live)
    made.finish_all()
    made.stack.up(*flags)
    assert_told(made, 2)
    made.stack.destroy(*flags)
    left = [other] if flag in NARROW else []
    assert (made.held, list(made.live)) == (left, left)


def test_one_at_a_time(slow: Story) -> None:
    flags = ["--parallel", "1"]
    with slow.stack.start_up(*flags) as running:
        slow.wait_for_polls(1, running)
        running.kill_with_plugin()
    assert (len(slow.live), slow.held) == (1, [])
    slow.stack.cancel()
    slow.finish_all()
    slow.stack.up(*flags)
    assert_told(slow, 2)
    slow.stack.destroy(*flags)
    assert (slow.held, slow.live) == ([], {})


@pytest.mark.parametrize("flag", ["--target", "--exclude"])
def test_what_is_not_targeted_is_left_alone(made: Story, flag: str) -> None:
    """A resource that left the program lives on until a run is about it."""
    [first] = made.live
    made.stack.write(program("one"))
    made.stack.up(*(["--target", ONE] if flag == "--target" else ["--exclude", OTHER]))
    assert first in made.live
    assert (len(made.live), sorted(made.held)) == (2, sorted(made.live))
    made.stack.up()
    assert first not in made.live
    assert made.held == list(made.live)


def test_a_plan_that_an_interruption_made_old(slow: Story) -> None:
    plan = str(slow.stack.folder / "plan.json")
    slow.stack.preview("--save-plan", plan)
    with slow.stack.start_up("--plan", plan) as running:
        slow.wait_for_polls(2, running)
        running.kill_with_plugin()
    slow.stack.cancel()
    slow.emulator.control.clear_calls()
    with slow.stack.start_up("--plan", plan) as running:  # the state still holds nothing, as the plan says
        running.wait_for_text("resuming the creation of instance")
        slow.wait_for_polls(2, running)
        running.interrupt()
        running.wait(expect=1)
    assert sorted(slow.held) == sorted(slow.live)
    slow.finish_all()
    slow.stack.up("--plan", plan)  # ready meanwhile: there is nothing to do that is not in it
    assert (slow.posts, sorted(slow.held)) == (0, sorted(slow.live))
    slow.stack.preview("--save-plan", plan)
    slow.stack.up("--plan", plan)
    assert (slow.posts, len(slow.live), sorted(slow.held)) == (0, 2, sorted(slow.live))
    assert set(slow.live.values()) == {"RUNNING"}


@pytest.mark.parametrize("end", ["interrupt", "kill"])
def test_a_forced_replacement_that_ends_in_its_deletion(made: Story, end: str) -> None:
    [old] = made.live
    made.emulator.control.settings(deletion_seconds=LONG)
    with made.stack.start_up("--replace", OTHER) as running:
        wait_until(lambda: len(made.emulator.control.calls("delete_instance")) == 1, "DELETE")
        made.end(running, end)
    assert made.held == [old]
    assert f"an earlier run began to delete instance {old}" in made.stack.up().text
    made.emulator.control.patch_instance(old, gone=True)
    made.stack.up(expect=1)
    made.stack.up()
    assert (made.held, made.posts) == (list(made.live), 2)
    assert old not in made.live


def test_a_forced_replacement_that_is_killed_in_its_creation(made: Story) -> None:
    [old] = made.live
    made.emulator.control.settings(creation_seconds=LONG)
    with made.stack.start_up("--replace", OTHER) as running:
        wait_until(lambda: made.posts == 2, "the second POST")
        made.wait_for_polls(2, running)
        running.kill_with_plugin()
    [new] = made.live
    made.stack.cancel()
    text = made.settle()
    assert f"resuming the creation of instance {new}" in text
    assert_clean(text)
    assert (made.held, list(made.live), made.posts) == ([new], [new], 2)
    assert old != new


def test_the_program_is_run_in_a_refresh_and_a_destroy_of_what_is_half_made(slow: Story) -> None:
    with slow.stack.start_up() as running:
        slow.wait_for_polls(2, running)
        running.interrupt()
        running.wait(expect=1)
    before = sorted(slow.live)
    slow.stack.refresh("--run-program")
    assert sorted(slow.held) == before
    assert {slow.status(instance_id) for instance_id in before} == {"CREATING"}
    slow.settle()
    assert_told(slow, 2)
    slow.stack.refresh("--run-program", "--target", ONE)
    assert_told(slow, 2)
    slow.stack.destroy("--run-program")
    assert (slow.held, slow.live) == ([], {})


@pytest.mark.parametrize("way", ["--target", "another provider"])
def test_renamed_and_adopted_where_only_the_old_one_is_known(made: Story, way: str) -> None:
    """The constructor leaves the id that is adopted where each plugin of the run finds it."""
    [instance_id] = made.live
    renamed = program("other", prefix="new-", adopt_id=instance_id)
    if way == "--target":
        made.stack.write(renamed)
        run = made.stack.up("--target", OTHER, expect=1)
    else:
        provider = 'other = pulumi.ProviderResource("pulumi-python", "other", {})\n'
        made.stack.write("import pulumi\n" + provider + renamed.replace("Options()", "Options(provider=other)"))
        run = made.stack.up(expect=1)
    assert f"the program refers to instance {instance_id} by its resource 'new-other', so it is not deleted" in run.text
    assert f"pulumi state delete '{OTHER}'" in run.text
    assert made.live == {instance_id: "RUNNING"}
    made.stack.run("state delete", "--yes", OTHER)
    made.stack.up()
    assert (made.held, made.live) == ([instance_id], {instance_id: "RUNNING"})
    assert (made.posts, made.emulator.control.calls("delete_instance")) == (1, [])


def test_moved_into_a_component_and_adopted_where_only_the_old_one_is_targeted(made: Story) -> None:
    """The name is the same, so that it passed for the very resource that adopts; and the instance was deleted."""
    [instance_id] = made.live
    moved = program("other", adopt_id=instance_id, options="parent=group")
    made.stack.write(f"import pulumi\ngroup = pulumi.ComponentResource('x:y:Group', 'group')\n{moved}")
    run = made.stack.up("--target", OTHER, expect=1)
    assert f"the program refers to instance {instance_id} by its resource 'other', so it is not deleted" in run.text
    assert made.live == {instance_id: "RUNNING"}
    made.stack.run("state delete", "--yes", OTHER)
    made.stack.up()
    assert (made.held, made.live, made.posts) == ([instance_id], {instance_id: "RUNNING"}, 1)


def test_renamed_without_an_alias_and_only_the_old_one_targeted(made: Story) -> None:
    """Note 1 of docs/reliability.md: it is deleted, as the preview says. A whole `up` refuses; an alias is the way."""
    [instance_id] = made.live
    made.stack.write(program("other", prefix="new-"))
    assert "1 to delete" in made.stack.preview("--target", OTHER).text
    made.stack.up(expect=1)
    assert made.live == {instance_id: "RUNNING"}
    made.stack.write(program("other", prefix="new-", options="aliases=[pulumi.Alias(name='other')]"))
    made.stack.up()
    assert (made.held, made.live, made.posts) == ([instance_id], {instance_id: "RUNNING"}, 1)
