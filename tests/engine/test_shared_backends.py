"""One stack of a team, in a backend that all reach: each member has a folder, a home and a journal of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from roma_provider.emulator import Emulator
from tests.engine.backends import postgres, s3
from tests.engine.conftest import StackFor
from tests.engine.harness import Stack
from tests.engine.programs import instance, programs
from tests.engine.story import LONG, QUICK, MakeEmulator, Story

SECRET = "orders-1-2-3"
EXPORTS = f"""
pulumi.export("instance_id", integration.id)
pulumi.export("password", pulumi.Output.secret({SECRET!r}))
"""
CONSUMER = """
import pulumi
import roma_provider as roma

producer = pulumi.StackReference("organization/orders/dev")
shared = roma.Instance.get("shared", producer.require_output("instance_id"))
pulumi.export("status", shared.status)
pulumi.export("password", producer.require_output("password"))
pulumi.export("read", pulumi.Output.unsecret(producer.require_output("password")))
"""
Backend = Callable[[], AbstractContextManager[dict[str, str]]]
ORDERS = instance(name="orders") + EXPORTS
STOCK = instance("stock", name="stock")


@pytest.fixture(params=[postgres, pytest.param(s3, marks=pytest.mark.thorough)], ids=["postgres", "s3"])
def backend(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    serve: Backend = request.param
    with serve() as environment:
        yield environment


@pytest.fixture
def emulator(make_emulator: MakeEmulator) -> Emulator:
    emulator: Emulator = make_emulator(creation_seconds=LONG, deletion_seconds=0.1, list_lag_seconds=0)
    return emulator


class Team:
    """Its members, and what they would read from a repository: the settings of the stack."""

    def __init__(self, stack_for: StackFor, emulator: Emulator, backend: dict[str, str]) -> None:
        self._stack_for, self._emulator, self._environment = stack_for, emulator, {**QUICK, **backend}
        self.first = self.member("first", programs(ORDERS))
        self.first.run("stack init")

    def member(self, name: str, program: str, project: str = "orders") -> Stack:
        stack = self._stack_for(self._emulator, program, name=name, project=project, environment=self._environment)
        if name != "first" and project == "orders":
            shutil.copy(self.first.settings, stack.settings)  # with the salt of the passphrase's key
        return stack


def test_a_stack_that_several_work_on(stack_for: StackFor, emulator: Emulator, backend: dict[str, str]) -> None:
    team = Team(stack_for, emulator, backend)
    first, second = team.first, team.member("second", programs(ORDERS, STOCK))
    story = Story(first, emulator)

    with first.start_up() as running:
        story.wait_for_polls(running=running)
        refused = second.up(expect=None)
        assert refused.code != 0
        assert "the stack is currently locked by 1 lock(s)" in refused.text
        running.interrupt()
        running.wait(expect=1)

    # On another machine the wait goes on. That machine is lost, with a journal that knows of a second order.
    with second.start_up() as running:
        running.wait_for_text("resuming the wait")
        story.wait_for_polls(instances=2, running=running)
        running.kill_all()
    [lost] = [found.id for found in emulator.control.instances() if found.name == "stock"]

    # A third one takes both over; `up` without adopt_id says so (test_reliability_machines.py).
    third = team.member("third", programs(ORDERS, instance("stock", name="stock", adopt_id=lost)))
    third.cancel()
    with third.start_up() as running:
        running.wait_for_text("adopted instance")
        story.finish_all()
        running.wait(expect=0)
    assert (story.posts, set(story.live.values())) == (2, {"RUNNING"})

    reader = team.member("reader", CONSUMER, project="reader")
    reader.run("stack init")
    read = reader.up().text
    for shown in ('status  : "RUNNING"', "password: [secret]", f'read    : "{SECRET}"'):
        assert shown in read

    # Without the program: the state is enough.
    team.member("elsewhere", "").destroy()
    assert story.live == {}
