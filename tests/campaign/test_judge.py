"""The judge sees each kind of fault, and does not see one where there is none."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.campaign import judge
from tests.campaign.recovery import Recovery
from tests.campaign.world import Declared, World


def one(instance_id: str, name: str, status: str = "RUNNING") -> Any:
    return SimpleNamespace(id=instance_id, name=name, status=status)


def resource(instance_id: str, name: str, status: str = "RUNNING") -> dict[str, Any]:
    return {"id": instance_id, "urn": f"urn:pulumi:dev::test::roma:Instance::{name}", "outputs": {"status": status}}


class Left(SimpleNamespace):
    """A world at rest: two declared instances, as they should be."""

    def __init__(self) -> None:
        super().__init__(
            live=[one("id-a", "alpha"), one("id-b", "beta")],
            resources=[resource("id-a", "alpha"), resource("id-b", "beta")],
            program={"alpha": Declared(), "beta": Declared()},
            seen={"id-a": "alpha", "id-b": "beta"},
            may_go=set(),
            journal=[],
            witnesses=[],
            elsewhere=[],
            pending=[],
            has_refreshed_a_part=False,
            deleted_elsewhere=set(),
            log=["$ pulumi up"],
        )
        self.look = self.settled = lambda: self.live
        self.stack = SimpleNamespace(resources=lambda: self.resources, pending_operations=lambda: self.pending)

    @property
    def held(self) -> dict[str, Any]:
        return {found["id"]: found for found in self.resources}


def kinds(left: Left, *, stuck: str = "", text: str = "", destroyed: bool = False) -> set[str]:
    world = cast(World, left)
    recovery = Recovery(world, "up", stuck=stuck, text=text)
    found = judge.after_destroy(world, recovery) if destroyed else judge.after_up(world, recovery)
    return {finding.kind for finding in found}


def doubled(left: Left) -> None:
    left.live.append(one("id-c", "alpha"))


def destroyed(left: Left) -> None:
    left.seen["id-c"] = "alpha"


def gone(left: Left) -> None:
    left.live.pop()
    left.may_go.add("id-b")


def forgotten(left: Left) -> None:
    gone(left)
    left.has_refreshed_a_part, left.deleted_elsewhere = True, {"id-b"}


def lost(left: Left) -> None:
    left.live.append(one("id-c", "gamma"))


def of_another_machine(left: Left) -> None:
    lost(left)
    left.elsewhere.append({"instance_id": "id-c", "name": "gamma"})


def open_order(left: Left) -> None:
    left.journal.append({"instance_id": "id-a", "name": "alpha"})


def internal_error(left: Left) -> None:
    left.log.append("error: internal error of roma_provider: KeyError: 'x'; please report it")


def pending(left: Left) -> None:
    left.pending.append({"type": "creating"})


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda _left: None, set()),
        (doubled, {judge.DOUBLED, judge.LOST}),
        (destroyed, {judge.DESTROYED}),
        (gone, {judge.UNTRUE}),
        (forgotten, {judge.KNOWN}),
        (lost, {judge.LOST}),
        (of_another_machine, {judge.KNOWN}),
        (open_order, {judge.UNTRUE}),
        (pending, {judge.STUCK}),
        (internal_error, {judge.UNTRUE}),
    ],
)
def test_after_up(change: Callable[[Left], None], found: set[str]) -> None:
    left = Left()
    change(left)
    assert kinds(left) == found


def test_after_up_that_is_stuck() -> None:
    assert kinds(Left(), stuck="no message says how to go on") == {judge.STUCK}


def test_after_destroy() -> None:
    left = Left()
    left.resources, left.live, left.may_go = [], [], {"id-a", "id-b"}
    assert kinds(left, destroyed=True) == set()
    left.live = [one("id-a", "alpha")]
    assert kinds(left, destroyed=True) == {judge.LOST}
    assert kinds(left, destroyed=True, text="instance id-a is billed") == set()


def test_at_every_moment_an_instance_is_known_to_the_state_or_to_the_journal() -> None:
    left = Left()
    left.resources.pop()
    assert [finding.kind for finding in judge.after_interruption(cast(World, left))] == [judge.LOST]
    left.journal = [{"instance_id": None, "name": "beta"}]
    assert list(judge.after_interruption(cast(World, left))) == []
