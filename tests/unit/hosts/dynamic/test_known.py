"""None is known in a preview of what does not change, by the SDK's mocks; and what is left where its layout differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

import roma_provider as roma
from roma_provider.hosts.dynamic import known
from tests.support.fakes import ID
from tests.support.mocks import Mocks, engine, run

__all__ = ["engine"]

pytestmark = pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")

WAYS: list[Callable[[], roma.Instance | roma.ExistingInstance]] = [
    lambda: roma.Instance("one", available_zones=["a"], vpc_id="v", subnet_id="s", security_group_id="g"),
    lambda: roma.ExistingInstance("one", instance_id=ID),
    lambda: roma.Instance.get("one", ID),
]


@pytest.fixture
def preview(engine: Mocks) -> Mocks:
    """The mocks, in a preview."""
    mocks.set_mocks(engine, project="shop", stack="dev", preview=True)
    return engine


async def told(output: pulumi.Output[Any]) -> tuple[bool, Any, bool, int]:
    """Whether an output is known, what it is, whether it is secret, and how many resources it is of."""
    return await output.is_known(), await output.future(), await output.is_secret(), len(await output.resources())


def each(engine: Mocks, make: Callable[[], Any]) -> dict[str, tuple[bool, Any, bool, int]]:
    def program() -> Any:
        made = make()

        async def ask() -> dict[str, Any]:
            return {name: await told(getattr(made, name)) for name in type(made).__annotations__}

        return pulumi.Output.from_input(ask())

    found: dict[str, tuple[bool, Any, bool, int]] = run(engine, program)
    return found


@pytest.mark.parametrize("make", WAYS)
def test_what_the_answer_does_not_hold_is_none_where_the_status_is_known(
    preview: Mocks, make: Callable[[], Any]
) -> None:
    preview.live = {"status": "RUNNING", "progress": 100.0}
    found = each(preview, make)
    assert found["status"] == (True, "RUNNING", False, 1)
    assert found["progress"] == (True, 100, False, 1)
    assert found["publicip_addr"] == (True, None, False, 1)
    assert all(is_known for is_known, *_ in found.values())


@pytest.mark.parametrize("make", WAYS)
def test_without_a_status_it_stays_unknown(preview: Mocks, make: Callable[[], Any]) -> None:
    preview.live = {"progress": 100.0}
    found = each(preview, make)
    assert found["progress"] == (True, 100, False, 1)
    assert not found["status"][0]
    assert not found["publicip_addr"][0]


def test_in_up_all_is_known_as_it_was(engine: Mocks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "_known", None)
    assert each(engine, WAYS[0])["publicip_addr"] == (True, None, False, 1)


def test_a_value_with_an_unknown_inside_stays_unknown(preview: Mocks) -> None:
    def program() -> Any:
        made = WAYS[1]()
        parts: dict[str, Any] = {"address": pulumi.output.Unknown()}  # type: ignore[no-untyped-call]
        vars(made)["services"] = pulumi.Output.from_input(parts)
        known.know_none(made, ["services"])

        async def ask() -> Any:
            return await made.services.is_known()

        return pulumi.Output.from_input(ask())

    preview.live = {"status": "RUNNING"}
    assert run(preview, program) is False


@pytest.mark.parametrize(
    "layout",
    [{}, {"status": None}, {"status": None, "name": None}, {"status": pulumi.Output.from_input, "name": object()}],
)
def test_another_layout_is_said_once_and_left(
    layout: dict[str, Any], preview: Mocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    known._warn.cache_clear()

    class Other:
        def __init__(self) -> None:
            vars(self).update(layout)

    for _ in range(2):
        other: Any = Other()
        known.know_none(other, ["name", "status"])
        assert vars(other) == layout
    known._warn.cache_clear()
    assert len(said) == 1
    assert "those that are None show as unknown in a preview" in said[0]
