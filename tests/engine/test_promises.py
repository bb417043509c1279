"""Promises that held in one place of a run only: each story had lost, doubled or destroyed an instance before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program
from tests.support.emulator import Api
from tests.support.until import wait_until

pytestmark = pytest.mark.thorough

UNKNOWN = {"error_code": "APIC.7302", "error_msg": "Instance not found"}
TWO = program("one", "two")
ONE = program("one")


@pytest.fixture
def slow(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    return Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0))


@pytest.fixture
def quick(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    return Story.of(stack_for, make_emulator(creation_seconds=0.1, deletion_seconds=0.1, list_lag_seconds=0))


def deletes(story: Story) -> int:
    return len(story.emulator.control.calls("delete_instance"))


# --- what the journal holds open is settled or said


@pytest.mark.parametrize("verb", ["destroy", "refresh"])
def test_what_a_killed_create_left_is_said_by_other_resources_of_the_stack(quick: Story, verb: str) -> None:
    quick.stack.write(ONE)
    quick.stack.up()
    [first] = quick.live
    quick.emulator.control.settings(creation_seconds=LONG)
    quick.stack.write(TWO)
    with quick.stack.start_up() as running:
        wait_until(lambda: len(quick.live) == 2, "the second instance")
        quick.wait_for_polls(instances=2, running=running)
        running.kill_with_plugin()
    [second] = quick.live.keys() - {first}
    quick.stack.cancel()
    quick.stack.write(ONE)  # the second leaves the program: the engine never heard of it
    run = getattr(quick.stack, verb)()
    assert f"an earlier run ordered instance {second} (named 'two') for resource 'two' of this stack" in run.text
    assert f"roma forget {second}" in run.text
    assert second in quick.live


def test_the_ways_that_are_named_for_it_are_open(quick: Story) -> None:
    test_what_a_killed_create_left_is_said_by_other_resources_of_the_stack(quick, "refresh")
    quick.finish_all()
    quick.stack.write(TWO)
    run = quick.stack.up()
    assert "resuming the creation of instance" in run.text
    assert (quick.posts, len(quick.live)) == (2, 2)
    assert sorted(quick.held) == sorted(quick.live)
    assert "an earlier run ordered" not in quick.stack.refresh().text


def test_one_that_is_gone_by_now_is_not_said_and_forgotten(quick: Story) -> None:
    test_what_a_killed_create_left_is_said_by_other_resources_of_the_stack(quick, "refresh")
    [second] = [found.id for found in quick.emulator.control.instances() if found.name == "two"]
    quick.emulator.control.patch_instance(second, gone=True)
    assert "an earlier run ordered" not in quick.stack.refresh().text
    assert [entry["instance_id"] for entry in quick.journal] == []


# --- "gone" counts only from the API that made it


@pytest.mark.parametrize("verb", ["refresh", "destroy"])
def test_another_api_drops_and_deletes_nothing(quick: Story, make_emulator: MakeEmulator, verb: str) -> None:
    quick.stack.up()
    [instance_id] = quick.live
    state = quick.stack.export()
    for resource in state["deployment"]["resources"]:
        if resource["type"].endswith("roma:Instance"):
            assert resource["outputs"]["__host"] == "127.0.0.1"
            resource["outputs"]["__host"] = "roma.cn-north-4.myhuaweicloud.com"
    quick.stack.import_state(state)
    run = getattr(quick.stack, verb)(expect=1)
    assert "was made by the API at roma.cn-north-4.myhuaweicloud.com" in run.text
    assert "127.0.0.1" in run.text
    assert_clean(run.text)
    assert (quick.held, deletes(quick)) == ([instance_id], 0)
    # The way that the message names.
    quick.stack.config("roma:endpoint", quick.emulator.url)
    quick.stack.up()
    quick.stack.refresh()
    assert quick.held == [instance_id]


def test_an_emulator_on_another_port_is_the_same_api(quick: Story, make_emulator: MakeEmulator) -> None:
    quick.stack.up()
    other = make_emulator(creation_seconds=0.1, list_lag_seconds=0)
    run = quick.stack.refresh(environment={"ROMA_ENDPOINT": other.url})
    assert quick.held == []
    assert_clean(run.text)


# --- gone needs its witnesses twice


@pytest.mark.parametrize("verb", ["refresh", "destroy"])
def test_a_moment_in_which_the_api_knows_nothing_drops_nothing(quick: Story, verb: str) -> None:
    quick.stack.up()
    [instance_id] = quick.live
    empty = {"total": 0, "size": 0, "instances": []}
    quick.emulator.control.add_fault("creation_progress", status=404, body=UNKNOWN)
    quick.emulator.control.add_fault("list_instances", status=200, body=empty)
    quick.emulator.control.add_fault("list_roma_instances", status=200, body=empty)
    run = getattr(quick.stack, verb)(expect=1 if verb == "refresh" else 0)
    assert_clean(run.text)
    if verb == "refresh":
        assert quick.held == [instance_id]
        assert "HTTP 404" in run.text
    else:
        assert (quick.held, deletes(quick)) == ([], 1)
        wait_until(lambda: quick.live == {}, "the end of the instance")


def test_a_deletion_that_fails_after_the_list_lost_it_once(quick: Story) -> None:
    quick.stack.up()
    [instance_id] = quick.live
    quick.emulator.control.settings(deletion_seconds=LONG)
    empty = {"total": 0, "size": 0, "instances": []}
    with quick.stack.start("destroy", "--yes", "--skip-preview") as running:
        wait_until(lambda: deletes(quick) == 1, "DELETE")
        quick.emulator.control.patch_instance(instance_id, status="DELETE_FAILED")
        quick.emulator.control.add_fault("list_instances", status=200, body=empty)
        run = running.wait(expect=1)
    assert f"instance {instance_id} could not be deleted (DELETE_FAILED)" in run.text
    assert quick.held == [instance_id]


# --- custody covers deletions


@pytest.mark.parametrize("end", ["interrupt", "kill"])
def test_an_interrupted_deletion_is_no_unchanged_instance(quick: Story, end: str) -> None:
    quick.stack.up()
    [instance_id] = quick.live
    quick.emulator.control.settings(deletion_seconds=LONG)
    with quick.stack.start("destroy", "--yes", "--skip-preview") as running:
        wait_until(lambda: deletes(quick) == 1, "DELETE")
        quick.end(running, end)
    assert quick.held == [instance_id]
    run = quick.stack.up()
    assert f"an earlier run began to delete instance {instance_id}" in run.text
    assert quick.status(instance_id) == "DELETING"
    quick.emulator.control.patch_instance(instance_id, gone=True)
    run = quick.stack.up(expect=1)
    assert f"instance {instance_id} does not exist any more; the next `pulumi up` creates another" in run.text
    quick.stack.up()
    assert list(quick.live) == quick.held != [instance_id]
    assert quick.posts == 2
    # Nothing is left to say.
    assert "an earlier run" not in quick.stack.up(preview=True).text


def test_a_deletion_that_never_came_to_it(quick: Story) -> None:
    quick.stack.up()
    [instance_id] = quick.live
    held = quick.emulator.control.add_fault("delete_instance", hold=True)
    with quick.stack.start("destroy", "--yes", "--skip-preview") as running:
        wait_until(lambda: deletes(quick) == 1, "DELETE")
        running.kill_with_plugin()
    quick.emulator.control.clear_fault(held)
    quick.stack.cancel()
    assert quick.live == {instance_id: "RUNNING"}
    assert f"an earlier run began to delete instance {instance_id}" in quick.stack.up().text
    assert quick.status(instance_id) == "RUNNING"
    assert "an earlier run" not in quick.stack.up(preview=True).text
    assert (quick.held, quick.posts) == ([instance_id], 1)


# --- check refuses nothing that only diff, create or update can tell


def test_a_replacement_that_was_killed_on_another_machine_is_adopted(quick: Story, tmp_path: Path) -> None:
    quick.stack.up()
    [old] = quick.live
    quick.emulator.control.settings(creation_seconds=LONG)
    changed = program("one", vpc_id="vpc-2")
    quick.stack.write(changed)
    with quick.stack.start_up() as running:
        wait_until(lambda: quick.posts == 2, "the second POST")
        quick.wait_for_polls(instances=1, running=running)
        running.kill_with_plugin()
    [new] = quick.live.keys() - {old}
    quick.stack.cancel()
    elsewhere = {"XDG_STATE_HOME": str(tmp_path / "another machine")}
    run = quick.stack.up(expect=1, environment=elsewhere)
    assert f"adopt_id='{new}'" in run.text
    quick.finish_all()
    quick.stack.write(program("one", vpc_id="vpc-2", adopt_id=new))
    quick.stack.up(environment=elsewhere)
    assert (quick.held, list(quick.live), quick.posts) == ([new], [new], 2)


# --- a witness that outlives the run is an instance that the state does not hold


def test_what_pulumi_could_not_save_is_taken_over(slow: Story) -> None:
    with slow.stack.start_up() as running:
        slow.wait_for_polls(running=running)
        slow.end_unsaved(running)
    [instance_id] = slow.live
    assert (slow.held, [entry["instance_id"] for entry in slow.witnesses]) == ([], [instance_id])
    slow.stack.cancel()
    run = slow.stack.up()
    assert f"taking over instance {instance_id}, which an earlier run made for this resource" in run.text
    assert (slow.posts, slow.held) == (1, [instance_id])
    slow.stack.refresh()
    assert slow.witnesses == []


def test_another_backend_in_the_same_folder_takes_nothing_over(quick: Story, tmp_path: Path) -> None:
    quick.stack.up()
    [instance_id] = quick.live
    assert [entry["instance_id"] for entry in quick.witnesses] == [instance_id]
    environment = quick.stack.other_backend(tmp_path / "other backend")
    run = quick.stack.up(expect=1, environment=environment)
    assert f"id {instance_id}, status RUNNING" in run.text
    assert (quick.posts, list(quick.live)) == (1, [instance_id])


# --- never two in silence


def test_two_of_a_name_are_said_after_the_wait_and_in_a_refresh(slow: Story) -> None:
    with slow.stack.start_up() as running:
        slow.wait_for_polls(running=running)
        [ours] = slow.live
        theirs = Api(slow.emulator.url).create(name="one")
        slow.finish_all()
        run = running.wait(expect=0)
    assert "2 instances have the name 'one'" in run.text
    assert ours in run.text
    assert theirs in run.text
    assert "2 instances have the name 'one'" in slow.stack.refresh().text
    assert slow.posts == 2  # one of them is that of the other machine


# --- times of the server are held against the server's clock


@pytest.mark.parametrize("offset", [7200.0, -7200.0])
def test_clocks_that_are_hours_apart_change_nothing(quick: Story, offset: float) -> None:
    quick.emulator.control.settings(clock_offset_seconds=offset)
    quick.emulator.control.add_fault("create_instance", when="after", reset=True)
    run = quick.stack.up()
    assert "looking whether the instance was created all the same" in run.text
    assert (quick.posts, quick.held) == (1, list(quick.live))
