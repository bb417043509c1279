"""Runs that are killed at random points: no instance is ever lost, and none is ever there twice."""

from __future__ import annotations

import json
import os
import random
import signal
from collections import Counter
from pathlib import Path

import psutil
import pytest

from tests.engine.conftest import StackFor
from tests.engine.running import Running
from tests.engine.story import MakeEmulator, Story, program
from tests.support.until import wait_until

NAMES = ("alpha", "beta", "gamma")
ROUNDS = 9


def assert_none_lost(story: Story) -> None:
    """Every live instance is in the state or in an open entry of the journal, and no name is there twice."""
    instances = story.emulator.control.instances()
    held = {resource["id"] for resource in story.stack.resources()}
    noted = {entry["instance_id"] for entry in story.journal + story.witnesses}
    # Killed between POST and the note of its answer: the intent stands in the journal by its name.
    intended = {entry["name"] for entry in story.journal if entry["instance_id"] is None}
    lost = [
        instance
        for instance in instances
        if instance.id not in held | noted and instance.name not in intended and instance.status != "DELETING"
    ]
    assert lost == [], story.journal
    assert max(Counter(instance.name for instance in instances).values(), default=1) == 1
    entries = Counter(resource["id"] for resource in story.stack.resources() if not resource.get("pendingReplacement"))
    assert max(entries.values(), default=1) == 1


def end_somehow(story: Story, running: Running, way: str) -> None:
    if way == "kill the CLI":
        kill_between_saves(story, running)
    elif way == "kill the plugin":
        if running.plugin_pids():
            running.kill_plugin()
        running.wait()
    else:
        running.interrupt()
        if way == "interrupt twice":
            running.interrupt()
        running.wait()
    wait_until(lambda: not any(map(has_run_a_hook, running.plugin_pids())), "the end of the plugin process")


def kill_between_saves(story: Story, running: Running) -> None:
    """`kill -9` of the CLI, but not in the middle of a write of its state.

    The file backend truncates the file before it writes it; what a kill leaves of it then is Pulumi's affair.
    """
    while running.running:
        os.kill(running.pid, signal.SIGSTOP)  # not reaped yet, so the pid is still its own
        wait_until(lambda: is_still(running), "every thread of the CLI to stop")
        try:
            json.loads(story.stack.checkpoint.read_text())
        except ValueError:
            os.kill(running.pid, signal.SIGCONT)
            continue
        running.kill()


def is_still(running: Running) -> bool:
    """Whether every thread of the CLI has stopped, which the signal does not wait for; or it has ended."""
    try:
        stats = [path.read_text() for path in Path(f"/proc/{running.pid}/task").glob("*/stat")]
    except OSError:
        return not running.running
    return all(stat.rpartition(")")[2].split()[0] in "TtZX" for stat in stats)


def has_run_a_hook(pid: int) -> bool:
    """Whether a plugin process has loaded what our hooks need.

    The engine may have started one that it never asked anything: nothing of ours is in it, so it stays behind
    a killed CLI as any other Python plugin does, and holds nothing.
    """
    try:
        return any("pydantic_core" in mapping.path for mapping in psutil.Process(pid).memory_maps())
    except psutil.Error:
        return False


def wait_for_calls(story: Story, count: int, running: Running) -> None:
    """Wait until the API has been called so often in all, or the run has ended."""
    wait_until(lambda: len(story.emulator.control.calls()) >= count or not running.running, f"{count} calls")


@pytest.mark.parametrize("seed", [1, 2])
def test_random_kills(stack_for: StackFor, make_emulator: MakeEmulator, seed: int) -> None:
    chance = random.Random(seed)
    emulator = make_emulator(creation_seconds=1.5, list_lag_seconds=0)
    emulator.control.settings(deletion_seconds=0.1)
    story = Story.of(stack_for, emulator, program(*NAMES))
    for _ in range(ROUNDS):
        way = chance.choice(["kill the CLI", "kill the plugin", "interrupt", "interrupt twice"])
        # From time to time everything is replaced, so that deletions are killed as well.
        vpc_id = f"vpc-{chance.choice([1, 1, 2])}"
        story.stack.write(program(*NAMES, vpc_id=vpc_id))
        calls = len(emulator.control.calls()) + chance.randrange(40)
        with story.stack.start_up() as running:
            wait_for_calls(story, calls, running)
            end_somehow(story, running, way)
        assert_none_lost(story)
        story.stack.cancel()
    story.finish_all()
    story.stack.up(expect=None)  # may have to say what a killed deletion left to be done
    story.stack.up("--refresh")
    assert_none_lost(story)
    live = emulator.control.instances()
    assert sorted(instance.name for instance in live) == sorted(NAMES)
    assert sorted(story.held) == sorted(instance.id for instance in live)
    assert {story.status(instance.id) for instance in live} == {"RUNNING"}
