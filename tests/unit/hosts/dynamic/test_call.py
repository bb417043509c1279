"""What is told of an answer of a hook, and the partial state in it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import provider_pb2

from roma_provider.errors import CreationError, RomaError
from roma_provider.hosts.dynamic.link import Bridge, Call, HookError
from tests.support.dynamic_host import FakeContext, hook


@pytest.fixture
def bridge() -> Bridge:
    return Bridge()


def answering(told: list[bool], error: BaseException | None = None, *, keep: bool = True) -> Callable[[Call], None]:
    def body(call: Call) -> None:
        call.on_answer(told.append)
        if keep:
            call.keep("i-1", {})
        if error is not None:
            raise error

    return body


def test_what_is_told_of_an_answer(bridge: Bridge) -> None:
    told: list[bool] = []
    hook(bridge, FakeContext(), answering(told))
    assert told == [True]
    with pytest.raises(HookError):
        hook(bridge, FakeContext(), answering(told, RomaError("failed")))
    assert told == [True, False]


def test_an_answer_is_told_before_it_is_given_and_to_all_who_asked(bridge: Bridge) -> None:
    order: list[str] = []

    def body(call: Call) -> None:
        call.on_answer(lambda ready: order.append(f"one {ready}"))
        call.on_answer(lambda ready: order.append(f"two {ready}"))
        order.append("hook")

    hook(bridge, FakeContext(), body)
    order.append("given")
    assert order == ["hook", "one True", "two True", "given"]


@pytest.mark.parametrize("error", [None, RomaError("failed")])
def test_an_engine_that_went_away_is_told_nothing(bridge: Bridge, error: RomaError | None) -> None:
    told: list[bool] = []
    context = FakeContext()
    context.active = False
    with contextlib.suppress(HookError):
        hook(bridge, context, answering(told, error))
    assert told == []


def test_an_error_without_a_partial_state_is_no_answer(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []
    with pytest.raises(HookError):
        hook(bridge, FakeContext(), answering(told, RomaError("failed"), keep=False))
    with pytest.raises(HookError):
        hook(bridge, FakeContext(), answering(told, RomaError("failed")), provider=None)
    monkeypatch.setattr(Call, "_attach", lambda *_arguments: False)
    with pytest.raises(HookError):
        hook(bridge, FakeContext(), answering(told, RomaError("failed")))
    assert told == []


def test_a_partial_state_needs_no_event_loop_and_takes_any_text(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event loop needs file descriptors, of which many waits may leave none; half a pair has no bytes."""

    def refuse(*_arguments: object) -> None:
        raise OSError(24, "Too many open files")

    for name in ("new_event_loop", "get_event_loop", "get_running_loop", "run"):
        monkeypatch.setattr(asyncio, name, refuse)
    kept = {
        "name": "a\ud83db",
        "left_out": None,
        "zones": ["\udc00", "öß"],
        "services": [{"name": "mqs", "progress": 30, "error": None}],
        "pre_pay": False,
        "start_time": 1741262473785,
    }

    def body(call: Call) -> None:
        call.keep("i-1", kept)
        raise CreationError("i-1", ["said \ud83d"])

    context = FakeContext()
    with pytest.raises(HookError, match=r"^said \?$"):
        hook(bridge, context, body)
    detail = provider_pb2.ErrorResourceInitFailed()
    assert context.status.details[0].Unpack(detail)
    assert json_format.MessageToDict(detail.properties) == {
        "name": "a?b",
        "zones": ["?", "öß"],
        "services": [{"name": "mqs", "progress": 30.0, "error": None}],
        "pre_pay": False,
        "start_time": 1741262473785.0,
        "__provider": "p",
    }
    assert list(detail.reasons) == ["said ?"]
