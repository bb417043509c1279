"""A call as an Operation: what it attaches to its answer, what is told of that, and which texts reach a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.output import Unknown
from pulumi.runtime.proto import provider_pb2

from roma_provider.errors import CreationError, RomaError
from roma_provider.hosts import status
from roma_provider.hosts.call import HookError
from roma_provider.hosts.dynamic.call import Call
from roma_provider.hosts.link import Link
from tests.support.dynamic_host import URN, FakeContext, hook


@pytest.fixture
def link() -> Link:
    return Link()


def raising(error: BaseException) -> Callable[[Call], None]:
    def body(call: Call) -> None:
        call.keep("i-1", {"status": "CREATING"})
        raise error

    return body


def answering(told: list[bool], error: BaseException | None = None, *, keep: bool = True) -> Callable[[Call], None]:
    def body(call: Call) -> None:
        call.on_answer(told.append)
        if keep:
            call.keep("i-1", {})
        if error is not None:
            raise error

    return body


def test_an_error_after_keep_is_a_partial_state(link: Link) -> None:
    context = FakeContext()
    with pytest.raises(HookError, match=r"^one\ntwo$"):
        hook(link, context, raising(CreationError("i-1", ["one", "two"])))
    assert context.status.code == 2
    [packed] = context.status.details
    detail = provider_pb2.ErrorResourceInitFailed()
    assert packed.Unpack(detail)
    assert (detail.id, list(detail.reasons), detail.refresh_before_update) == ("i-1", ["one", "two"], True)
    assert dict(detail.properties) == {"status": "CREATING", "__provider": "p", "__timeout": 90}


def of(link: Link, request: Any) -> Call:
    return Call(request, FakeContext(), link, {})


def state(**values: Any) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(values)
    return made


def test_a_resumed_wait_has_the_time_of_the_creation_unless_it_is_given_its_own(link: Link) -> None:
    olds = state(__timeout=90)
    assert of(link, provider_pb2.UpdateRequest(urn=URN, olds=olds)).timeout == 90
    own = of(link, provider_pb2.UpdateRequest(urn=URN, olds=olds, timeout=5))
    assert own.timeout == 5
    assert own.carried({"a": 1}) == {"a": 1, "__timeout": 90}
    assert of(link, provider_pb2.UpdateRequest(urn=URN, olds=state(name="n"))).timeout is None


def test_a_read_carries_that_time_on_and_does_not_use_it(link: Link) -> None:
    read = of(link, provider_pb2.ReadRequest(urn=URN, properties=state(__timeout=90)))
    assert read.timeout is None
    assert read.carried({"a": 1}) == {"a": 1, "__timeout": 90}
    delete = of(link, provider_pb2.DeleteRequest(urn=URN, properties=state(__timeout=90)))
    assert delete.timeout is None
    assert of(link, None).carried({"a": 1}) == {"a": 1}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (RomaError("plain words"), "plain words"),
        (KeyError("x"), "internal error of roma_provider: KeyError: 'x'; please report it"),
        (SystemExit(3), "internal error of roma_provider: SystemExit: 3; please report it"),
        (KeyboardInterrupt(), "internal error of roma_provider: KeyboardInterrupt: ; please report it"),
    ],
)
def test_any_error_without_keep_is_a_clean_message(link: Link, error: BaseException, message: str) -> None:
    context = FakeContext()

    def body(_call: Call) -> None:
        raise error

    with pytest.raises(HookError):
        hook(link, context, body)
    assert (context.status.message, list(context.status.details)) == (message, [])


def test_the_end_of_the_rpc_stops_its_call_alone(link: Link) -> None:
    first, second = FakeContext(), FakeContext()
    one, other = Call(None, first, link), Call(None, second, link)
    first.end("cancelled")
    assert (one.stop.is_set(), other.stop.is_set()) == (True, False)
    assert Call(None, first, link).stop.is_set()


def test_without_a_context_a_call_works_on(link: Link, caplog: pytest.LogCaptureFixture) -> None:
    call = Call(None, None, link, {"__provider": "p"})
    assert (call.urn, call.timeout, call.is_alive, call.old_inputs) == (None, None, True, None)
    told: list[bool] = []

    def body() -> None:
        with call.answering():
            call.say("status")
            answering(told, RomaError("failed"))(call)

    with caplog.at_level(logging.INFO, "roma_provider"), pytest.raises(HookError, match=r"^failed$"):
        body()
    assert [record.getMessage() for record in caplog.records] == ["status"]
    assert told == []


def test_a_host_without_a_stamp_of_its_own_keeps_a_partial_state_too(link: Link) -> None:
    """Such as a servicer of its own, which gives a call its request and context."""
    context = FakeContext()
    request = provider_pb2.UpdateRequest(urn=URN, timeout=90)
    request.old_inputs.update({"name": "a"})
    call = Call(request, context, link, {})
    assert (call.urn, call.timeout, call.old_inputs) == (URN, 90.0, {"name": "a"})

    def body() -> None:
        with call.answering():
            call.keep("i-1", {"name": "a"})
            raise RomaError("failed")

    with pytest.raises(HookError, match=r"^failed$"):
        body()
    detail = provider_pb2.ErrorResourceInitFailed()
    assert context.status.details[0].Unpack(detail)
    assert json_format.MessageToDict(detail.properties) == {"name": "a"}


def test_old_inputs_are_those_of_the_state_where_the_engine_sends_them(link: Link) -> None:
    read = provider_pb2.ReadRequest(urn=URN)
    read.inputs.update({"name": "a"})
    assert Call(read, FakeContext(), link).old_inputs == {"name": "a"}
    assert Call(provider_pb2.CreateRequest(urn=URN), FakeContext(), link).old_inputs is None


def test_an_unknown_value_is_the_sdks(link: Link) -> None:
    unknown = Unknown()  # type: ignore[no-untyped-call]
    call = Call(None, None, link)
    assert (call.is_unknown(unknown), call.is_unknown("a"), call.is_unknown(None)) == (True, False, False)


def test_a_working_folder_that_was_removed_is_none(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Call(None, None, link).folder == os.getcwd()

    def removed() -> str:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(os, "getcwd", removed)
    assert Call(None, None, link).folder == ""


def test_what_is_told_of_an_answer(link: Link) -> None:
    told: list[bool] = []
    hook(link, FakeContext(), answering(told))
    assert told == [True]
    with pytest.raises(HookError):
        hook(link, FakeContext(), answering(told, RomaError("failed")))
    assert told == [True, False]


def test_an_answer_is_told_before_it_is_given_and_to_all_who_asked(link: Link) -> None:
    order: list[str] = []

    def body(call: Call) -> None:
        call.on_answer(lambda ready: order.append(f"one {ready}"))
        call.on_answer(lambda ready: order.append(f"two {ready}"))
        order.append("hook")

    hook(link, FakeContext(), body)
    order.append("given")
    assert order == ["hook", "one True", "two True", "given"]


def test_what_is_to_be_done_when_an_answer_is_saved_waits_for_the_engine(link: Link) -> None:
    link._address = "127.0.0.1:1"
    done: list[str] = []
    hook(link, FakeContext(), lambda call: call.on_saved(lambda: done.append("saved")))
    assert done == []
    link.cancel()
    assert done == ["saved"]


@pytest.mark.parametrize("error", [None, RomaError("failed")])
def test_an_engine_that_went_away_is_told_nothing(link: Link, error: RomaError | None) -> None:
    told: list[bool] = []
    context = FakeContext()
    context.active = False
    with contextlib.suppress(HookError):
        hook(link, context, answering(told, error))
    assert told == []


def test_an_error_without_a_partial_state_is_no_answer(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []
    with pytest.raises(HookError):
        hook(link, FakeContext(), answering(told, RomaError("failed"), keep=False))
    with pytest.raises(HookError):
        hook(link, FakeContext(), answering(told, RomaError("failed")), provider=None)
    monkeypatch.setattr(status, "MOST_BYTES", 0)  # it cannot be sent
    with pytest.raises(HookError):
        hook(link, FakeContext(), answering(told, RomaError("failed")))
    assert told == []


def test_a_partial_state_needs_no_event_loop_and_takes_any_text(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
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
        hook(link, context, body)
    detail = provider_pb2.ErrorResourceInitFailed()
    assert context.status.details[0].Unpack(detail)
    assert json_format.MessageToDict(detail.properties) == {
        "name": "a?b",
        "zones": ["?", "öß"],
        "services": [{"name": "mqs", "progress": 30.0, "error": None}],
        "pre_pay": False,
        "start_time": 1741262473785.0,
        "__provider": "p",
        "__timeout": 90.0,
    }
    assert list(detail.reasons) == ["said ?"]


def test_what_a_server_sent_cannot_break_a_line_nor_the_terminal(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(link, "log", lambda _severity, text, _urn, ephemeral: said.append(text))

    def body(call: Call) -> None:
        for tell in (call.note, call.warn, call.say):
            tell("bad \ud800 \x1b[2J\r\u202eback, 中文 and\na line")

    hook(link, FakeContext(), body)
    assert said == ["bad ? ?[2J ?back, 中文 and a line"] * 3
    context = FakeContext()
    with pytest.raises(HookError, match=r"^no room \?\[31mRED$"):
        hook(link, context, raising(CreationError("i-1", ["no room \x1b[31mRED"])))
    assert context.status.message == "no room ?[31mRED"
