"""What is left of a creation that is interrupted, and what the next `up` makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.engine.conftest import StackFor
from tests.engine.hosts import ALSO_PLUGIN, BOTH, Host
from tests.engine.running import Running
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, assert_one, program
from tests.support.until import wait_until


@pytest.fixture
def story(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    return Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0))


def assert_one_order(story: Story) -> str:
    """One instance, ready, of one order; its id."""
    instance_id = assert_one(story)
    assert story.posts == 1
    return instance_id


@BOTH
def test_ctrl_c_once(story: Story) -> None:
    with story.stack.start_up() as running:
        story.wait_for_polls(running=running)
        [entry] = story.journal
        running.interrupt()
        run = running.wait(expect=1)
    [instance_id] = story.live
    assert story.live[instance_id] == "CREATING"
    assert f"stopped waiting for instance {instance_id}" in run.text
    assert_clean(run.text.split("Diagnostics:")[-1].split("pulumi:pulumi:Stack")[0])
    assert story.held == [instance_id]
    assert story.status(instance_id) == "CREATING"
    assert "run `pulumi up` again" in story.reasons[0]
    assert story.stack.pending_operations() == []
    assert story.journal == []
    assert entry["instance_id"] == instance_id

    text = story.settle()
    assert assert_one_order(story) == instance_id
    assert_clean(text)


def test_resumed_wait_says_so(story: Story) -> None:
    story.interrupt_up()
    with story.stack.start_up() as running:
        running.wait_for_text("resuming the wait")
        [instance_id] = story.live
        running.interrupt()
        running.wait(expect=1)
    assert story.held == [instance_id]
    assert story.status(instance_id) == "CREATING"
    story.settle()
    assert_one_order(story)


@contextmanager
def order_in_flight(story: Story) -> Iterator[Running]:
    """A run whose POST has made an instance that no list shows yet; the answer is held back until the run has ended."""
    story.emulator.control.settings(list_lag_seconds=3)
    hold = story.emulator.control.add_fault("create_instance", when="after", hold=True)
    with story.stack.start_up() as running:
        wait_until(lambda: bool(story.live), "an instance")
        yield running
    story.emulator.control.clear_fault(hold)


def interrupt_twice(running: Running) -> None:
    """Ctrl-C, and again once Pulumi says that it ends; then wait for the end."""
    running.interrupt()
    running.wait_for_text("terminat")
    running.interrupt()
    running.wait()


@ALSO_PLUGIN
def test_ctrl_c_twice(story: Story) -> None:
    hold = story.emulator.control.add_fault("creation_progress", times=None, hold=True)
    with story.stack.start_up() as running:
        wait_until(lambda: any(fault.hits for fault in story.emulator.control.faults()), "a GET in flight")
        interrupt_twice(running)
    story.emulator.control.clear_fault(hold)
    assert len(story.live) == 1
    known = {entry["instance_id"] for entry in story.journal} | set(story.held)
    assert known == set(story.live)
    story.settle()
    assert_one_order(story)


@BOTH
@pytest.mark.thorough
def test_ctrl_c_twice_while_post_is_in_flight(story: Story) -> None:
    with order_in_flight(story) as running:
        interrupt_twice(running)
    assert (story.held, [entry["instance_id"] for entry in story.journal]) == ([], [None])
    assert "found instance" in story.settle()
    assert_one_order(story)


@BOTH
def test_kill_of_the_cli(story: Story) -> None:
    story.kill_up()
    [instance_id] = story.live
    assert story.held == []
    assert [entry["instance_id"] for entry in story.journal] == [instance_id]
    assert [operation["type"] for operation in story.stack.pending_operations()] == ["creating"]

    story.stack.cancel()
    text = story.settle()
    assert f"resuming the creation of instance {instance_id}" in text
    assert assert_one_order(story) == instance_id
    # What the killed CLI left behind stays until the user clears it; it does no harm.
    assert [operation["type"] for operation in story.stack.pending_operations()] == ["creating"]
    story.stack.refresh("--clear-pending-creates")
    assert story.stack.pending_operations() == []
    assert_one_order(story)


@ALSO_PLUGIN
def test_kill_of_the_plugin(story: Story) -> None:
    with story.stack.start_up() as running:
        story.wait_for_polls(running=running)
        running.kill_plugin()
        running.wait(expect=1)
    [instance_id] = story.live
    assert story.held == []
    assert [entry["instance_id"] for entry in story.journal] == [instance_id]
    story.settle()
    assert assert_one_order(story) == instance_id


def test_kill_of_the_plugin_while_post_is_in_flight(story: Story) -> None:
    with order_in_flight(story) as running:
        running.kill_plugin()
        running.wait(expect=1)
    assert [entry["instance_id"] for entry in story.journal] == [None]
    story.settle()
    assert_one_order(story)


@ALSO_PLUGIN
def test_timeout(stack_for: StackFor, make_emulator: MakeEmulator, host: Host) -> None:
    emulator = make_emulator(creation_seconds=LONG, list_lag_seconds=0)
    text = program(options='custom_timeouts=pulumi.CustomTimeouts(create="1s")')
    story = Story.of(stack_for, emulator, text)
    run = story.stack.up(expect=1)
    [instance_id] = story.live
    assert f"instance {instance_id} was not ready after 1 s: 0%: mqs not started, lvs" in run.text
    assert "run `pulumi up` again to resume the wait" in run.text
    assert host.said("or allow more time with custom_timeouts") in run.text
    assert_clean(run.text)
    assert story.held == [instance_id]
    assert len(story.reasons) == 2
    # The resumed wait has create's timeout too.
    again = story.stack.up(expect=1)
    assert f"instance {instance_id} was not ready after 1 s" in again.text
    assert story.held == [instance_id]
    story.settle()
    assert_one_order(story)


@pytest.mark.thorough
def test_ready_meanwhile(story: Story) -> None:
    story.interrupt_up()
    story.finish_all()
    story.emulator.control.clear_calls()
    story.stack.up()
    # One read, for the state asked to be read again before an update; it found the instance ready, and no second one
    # of its name.
    calls = [call.operation for call in story.emulator.control.calls()]
    assert calls == ["creation_progress", "list_instances", "list_roma_instances"]
    [instance_id] = story.live
    assert story.status(instance_id) == "RUNNING"
    assert story.reasons == []


def test_refresh_in_the_middle(story: Story) -> None:
    story.interrupt_up()
    [instance_id] = story.live
    run = story.stack.refresh()
    assert f"instance {instance_id} is still being created" in run.text
    assert_clean(run.text)
    assert story.held == [instance_id]
    # A warning: with an error in the state replace_on_changes=["*"] would replace the half-made instance.
    assert (story.reasons, story.status(instance_id)) == ([], "CREATING")
    story.settle()
    assert_one_order(story)


def test_destroy_in_the_middle(story: Story) -> None:
    story.interrupt_up()
    story.stack.destroy()
    assert story.live == {}
    assert story.held == []


def test_destroy_from_another_machine(story: Story, stack_for: StackFor) -> None:
    story.interrupt_up()
    other = Story.of(stack_for, story.emulator, name="other", backend=story.stack.backend)
    assert other.stack.home != story.stack.home
    other.stack.destroy()
    assert story.live == {}
    assert story.held == []


def test_kill_before_the_api_knows_the_instance(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    """Right after POST neither /process nor the list need show the instance: it must not count as gone."""
    emulator = make_emulator(creation_seconds=LONG, list_lag_seconds=LONG)
    story = Story.of(stack_for, emulator)
    body = {"error_code": "APIC.7302", "error_msg": "Instance not found"}
    unknown = emulator.control.add_fault("creation_progress", times=None, status=404, body=body)
    with story.stack.start_up() as running:
        wait_until(lambda: bool(emulator.control.calls("creation_progress")), "a poll")
        running.kill_with_plugin()
    [instance_id] = story.live
    assert [entry["instance_id"] for entry in story.journal] == [instance_id]
    story.stack.cancel()
    emulator.control.clear_calls()
    with story.stack.start_up() as running:
        wait_until(lambda: bool(emulator.control.calls("creation_progress")), "a poll of the resumed wait")
        emulator.control.clear_fault(unknown)
        emulator.control.settings(list_lag_seconds=0)
        story.finish_all()
        running.wait(expect=0)
    assert story.posts == 0
    assert story.held == [instance_id]
    assert story.journal == []


@pytest.mark.thorough
def test_kill_and_then_deleted_elsewhere(story: Story) -> None:
    story.kill_up()
    [gone] = story.live
    story.emulator.control.patch_instance(gone, gone=True)
    story.stack.cancel()
    story.settle()
    [instance_id] = story.live
    assert instance_id != gone
    assert story.held == [instance_id]
    assert story.journal == []
    assert story.posts == 2
