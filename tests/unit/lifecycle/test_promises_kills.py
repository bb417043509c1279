"""Every point at which a run can be killed, for the stories that matter; then the command again, in peace.

A run is killed after each of its calls and writes, which is before the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.world import NONE, Trouble
from tests.unit.lifecycle.test_promises_machine import MOVED, OTHER, SHOP, Promises

LAST = 40


@pytest.fixture
def machines() -> Iterator[Callable[[], Promises]]:
    made: list[Promises] = []

    def new() -> Promises:
        made.append(Promises())
        return made[-1]

    yield new
    for machine in reversed(made):  # each takes its patch off the one before
        machine.tidy()


def nothing(_machine: Promises) -> None:
    """A new stack."""


def made(machine: Promises) -> None:
    machine.up(NONE)


def to_be_replaced(machine: Promises) -> None:
    machine.up(NONE)
    machine.a_change_that_replaces()


def left_out(machine: Promises) -> None:
    machine.up(NONE)
    machine.leave_the_other_out_or_write_it_again()


def renamed_and_adopted(machine: Promises) -> None:
    """Without an alias, by what the refusal says."""
    machine.up(NONE)
    machine.rename_the_resource()
    machine.up(NONE)
    machine.adopt_what_a_message_says()
    assert machine.program[MOVED]["adopt_id"] == machine.engine.state[SHOP].id


def unsaved(machine: Promises) -> None:
    machine.engine.run("up", machine.program, NONE, saved=False)


def unsaved_replacement(machine: Promises) -> None:
    to_be_replaced(machine)
    machine.engine.run("up", machine.program, NONE, saved=False)


def until_it_works(machine: Promises, runs: int) -> int:
    for tries in range(1, runs + 1):
        if machine.engine.run("up", machine.program, NONE):
            machine.check_up()
            return tries
        machine.world.clock.now += 1000.0  # as CreationUnclear says
    raise AssertionError(f"stuck: {machine.engine.said[-1]}")


@pytest.mark.parametrize(
    "story", [nothing, made, to_be_replaced, left_out, renamed_and_adopted, unsaved, unsaved_replacement]
)
def test_an_up_that_is_killed_anywhere_ends_with_one_instance_for_each(
    machines: Callable[[], Promises], story: Callable[[Promises], None]
) -> None:
    for kill in range(LAST):
        machine = machines()
        story(machine)
        machine.engine.run("up", machine.program, Trouble(kill=kill, late=True))
        last = machine.world.steps <= kill  # it was not killed
        until_it_works(machine, 3)
        assert set(machine.engine.state) == set(machine.program)
        held = {found.id for found in machine.engine.state.values()}
        lost = machine.world.live.keys() - held
        # A replacement that adopts nothing, and a rename, leave nothing behind.
        assert not lost, f"killed at {kill}: {lost} are left"
        if last:
            break
    else:
        raise AssertionError("the last kill was not the last step")


@pytest.mark.parametrize("then", ["destroy", "up", "refresh"])
def test_a_destroy_that_is_killed_anywhere(machines: Callable[[], Promises], then: str) -> None:
    for kill in range(LAST):
        machine = machines()
        made(machine)
        trouble = Trouble(kill=kill, late=True)
        ended = machine.engine.run("destroy", machine.program, trouble)
        if then == "destroy":
            machine.destroy(NONE)
            assert machine.world.live == {}
        elif then == "up":
            until_it_works(machine, 2)
            settle(machine)
        else:
            machine.refresh(NONE)
        if ended:
            break


def settle(machine: Promises) -> None:
    """What was being deleted is gone by now, and the next run says and mends it."""
    machine.world.clock.now += 60.0
    until_it_works(machine, 2)
    assert {held.outputs["status"] for held in machine.engine.state.values()} == {"RUNNING"}
    assert machine.world.live.keys() == {held.id for held in machine.engine.state.values()}


def test_a_creation_that_is_killed_anywhere_and_then_destroyed_is_said(machines: Callable[[], Promises]) -> None:
    for kill in range(LAST):
        machine = machines()
        machine.program = {OTHER: {"name": "other"}}
        machine.up(NONE)
        machine.program[SHOP] = {"name": "shop"}
        ended = machine.engine.run("up", machine.program, Trouble(kill=kill, late=True))
        assert machine.engine.run("destroy", machine.program, NONE)
        machine.check_destroyed()
        unsaid = [one for one in machine.world.live.values() if not machine.engine.names(one.id)]
        assert all(any(f"(named {one.name!r})" in text for text in machine.engine.said) for one in unsaid)
        if ended:
            break
