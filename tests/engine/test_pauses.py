"""Pauses that the API asks for, on the real engine: creations share them, and Ctrl-C ends them."""

from __future__ import annotations

import re

import pytest

from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program
from tests.support.until import wait_until

LINE = re.compile(r"roma \d\d:\d\d:\d\d (\S+) (\S+) (\S+) \d+ ms request \S+ attempt (\d+)")
# Less than the pause of a minute, and much more than Ctrl-C takes.
SECONDS = 45


@pytest.fixture
def story(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    emulator = make_emulator(creation_seconds=LONG, list_lag_seconds=0)
    return Story.of(stack_for, emulator, program("one", "two", "three"), environment={"ROMA_LOG": "debug"})


def test_ctrl_c_in_a_pause_of_a_minute_that_three_creations_share(story: Story) -> None:
    control = story.emulator.control
    with story.stack.start_up() as running:
        story.wait_for_polls(3, running=running)
        control.add_fault("creation_progress", status=429, headers={"Retry-After": "60"})
        wait_until(lambda: running.text.count("429, trying again") >= 3, "three creations that are told to wait")
        asked = len(control.calls())
        running.interrupt()
        run = running.wait(SECONDS, expect=1)
    assert [call.status for call in control.calls()].count(429) == 1
    assert len(control.calls()) == asked
    assert len(re.findall("stopped waiting for instance", run.text.split("Diagnostics:")[-1])) == 3
    assert_clean(run.text)
    assert (sorted(story.held), story.journal) == (sorted(story.live), [])
    story.settle()
    assert set(story.live.values()) == {"RUNNING"}


def test_ctrl_c_in_a_pause_of_a_minute_before_the_orders(story: Story) -> None:
    control = story.emulator.control
    control.add_fault("list_instances", times=None, status=503, headers={"Retry-After": "60"})
    with story.stack.start_up() as running:
        wait_until(lambda: bool(control.calls()), "a look at the list")
        running.interrupt()
        run = running.wait(SECONDS, expect=1)
    assert_clean(run.text)
    assert {call.operation for call in control.calls()} == {"list_instances"}
    assert (story.held, story.journal, story.live) == ([], [], {})


def test_the_log_of_calls_is_what_was_sent(story: Story) -> None:
    story.emulator.control.settings(creation_seconds=0)
    story.emulator.control.add_fault("list_instances", status=502)
    run = story.stack.up()
    lines = LINE.findall(run.text.split("Diagnostics:")[1])  # shown while it runs too
    logged = [(method, path, status) for method, path, status, _ in lines]
    sent = [(call.method, call.path, str(call.status)) for call in story.emulator.control.calls()]
    assert sorted(logged) == sorted(sent)
    assert [attempt for *_, attempt in lines].count("2") == 1
