"""The bridge to the engine as a plain object: what it attaches, whom it stops, and how each part falls back."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from roma_provider.errors import CreationError, RomaError
from roma_provider.hosts.dynamic import link as engine
from roma_provider.hosts.dynamic.link import WORKERS, Bridge, Call, HookError
from tests.support.dynamic_host import UNLIMITED, URN, FakeContext, Limits, hook


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Limits:
    found = Limits()
    monkeypatch.setattr(engine, "resource", found)
    return found


@pytest.fixture
def bridge(limits: Limits) -> Bridge:
    """A bridge of its own, which leaves the limits of this process alone."""
    assert limits.set == []
    return Bridge()


def raising(error: BaseException) -> Callable[[Call], None]:
    def body(call: Call) -> None:
        call.keep("i-1", {"status": "CREATING"})
        raise error

    return body


def test_the_current_call_is_found(bridge: Bridge) -> None:
    seen: list[Any] = []
    hook(bridge, FakeContext(), lambda call: seen.extend([call.urn, call.timeout, call.alive]))
    assert seen == [URN, 90.0, True]


def test_an_error_after_keep_is_a_partial_state(bridge: Bridge) -> None:
    context = FakeContext()
    with pytest.raises(HookError, match=r"^one\ntwo$"):
        hook(bridge, context, raising(CreationError("i-1", ["one", "two"])))
    assert context.status.code == 2
    [packed] = context.status.details
    detail = provider_pb2.ErrorResourceInitFailed()
    assert packed.Unpack(detail)
    assert (detail.id, list(detail.reasons), detail.refresh_before_update) == ("i-1", ["one", "two"], True)
    assert dict(detail.properties) == {"status": "CREATING", "__provider": "p"}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (RomaError("plain words"), "plain words"),
        (KeyError("x"), "internal error of roma_provider: KeyError: 'x'; please report it"),
        (SystemExit(3), "internal error of roma_provider: SystemExit: 3; please report it"),
        (KeyboardInterrupt(), "internal error of roma_provider: KeyboardInterrupt: ; please report it"),
    ],
)
def test_any_error_without_keep_is_a_clean_message(bridge: Bridge, error: BaseException, message: str) -> None:
    context = FakeContext()

    def body(_call: Call) -> None:
        raise error

    with pytest.raises(HookError):
        hook(bridge, context, body)
    assert (context.status.message, list(context.status.details)) == (message, [])


def test_cancel_stops_running_and_later_calls(bridge: Bridge) -> None:
    seen: list[bool] = []

    def body(call: Call) -> None:
        seen.append(call.stop.is_set())
        bridge.cancel()
        seen.append(call.stop.wait(0))

    hook(bridge, FakeContext(), body)
    hook(bridge, FakeContext(), lambda call: seen.append(call.stop.is_set()))
    assert seen == [False, True, True]


def test_the_end_of_the_rpc_stops_its_call_alone(bridge: Bridge) -> None:
    first, second = FakeContext(), FakeContext()
    one, other = Call(None, first, bridge), Call(None, second, bridge)
    first.end("cancelled")
    assert (one.stop.is_set(), other.stop.is_set()) == (True, False)
    assert Call(None, first, bridge).stop.is_set()


@pytest.mark.parametrize(
    ("trouble", "lives"),
    [
        (ConnectionRefusedError(111, "Connection refused"), False),
        (OSError(24, "Too many open files"), True),
        (TimeoutError(), True),
        (PermissionError(13, "Permission denied"), True),
        (None, True),
    ],
)
def test_only_a_refusal_says_that_the_engine_is_gone(
    bridge: Bridge, trouble: OSError | None, lives: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> SimpleNamespace:
        assert timeout > 0
        asked.append(address)
        if trouble is not None:
            raise trouble
        return SimpleNamespace(close=lambda: None)

    monkeypatch.setattr(socket, "create_connection", connect)
    assert bridge._engine_lives() is True
    assert asked == []
    bridge._address = "127.0.0.1:4711"
    assert bridge._engine_lives() is lives
    assert asked == [("127.0.0.1", 4711)]


@pytest.mark.parametrize(
    ("soft", "hard", "wanted"),
    [
        (256, UNLIMITED, (4096, UNLIMITED)),
        (1024, 524288, (4096, 524288)),
        (256, 1000, (1000, 1000)),
        (1000, 1000, None),
        (4096, 4096, None),
        (65536, UNLIMITED, None),
        (UNLIMITED, UNLIMITED, None),
    ],
)
def test_more_files_may_be_open_where_that_is_allowed(
    bridge: Bridge, limits: Limits, soft: int, hard: int, wanted: tuple[int, int] | None
) -> None:
    limits.now = (soft, hard)
    bridge.install()
    bridge.install()
    assert limits.set == ([] if wanted is None else [wanted])


@pytest.mark.parametrize("trouble", [OSError(1, "Operation not permitted"), ValueError("not allowed")])
def test_a_limit_that_cannot_be_raised_is_left(bridge: Bridge, limits: Limits, trouble: Exception) -> None:
    limits.trouble = trouble
    bridge.install()
    assert limits.set == [(4096, UNLIMITED)]


def test_a_system_without_limits(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "resource", None)
    bridge.install()
    assert bridge._installed


def test_workers_and_cancel_are_taken_hold_of(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(4) as pool:
        state = SimpleNamespace(thread_pool=pool, generic_handlers=["the host's"])
        monkeypatch.setattr(engine, "_server", lambda: SimpleNamespace(_state=state))
        bridge.install()
        bridge.install()
        assert pool._max_workers == WORKERS
    assert state.generic_handlers[1:] == ["the host's"]
    details = SimpleNamespace(method="/pulumirpc.ResourceProvider/Cancel", invocation_metadata=())
    handler = state.generic_handlers[0].service(details)
    call = Call(None, FakeContext(), bridge)
    bridge._calls.add(call)
    handler.unary_unary(None, None)
    assert call.stop.is_set()


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (None, ["Ctrl-C does not end waits, and four resources are worked on at a time"]),
        (SimpleNamespace(), ["Ctrl-C does not end waits", "four resources are worked on at a time"]),
        (
            SimpleNamespace(_state=SimpleNamespace(thread_pool=object(), generic_handlers=())),
            ["Ctrl-C does not end waits", "four resources are worked on at a time"],
        ),
    ],
)
def test_another_layout_is_said_once(
    bridge: Bridge,
    server: object,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(engine, "_server", lambda: server)
    with caplog.at_level(logging.WARNING, "roma_provider"):
        bridge.install()
        bridge.install()
    assert [record.getMessage().rpartition("; ")[2] for record in caplog.records] == words


def test_a_call_that_is_not_found_works_on_and_is_said_once(bridge: Bridge, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "roma_provider"):
        for _ in range(2):
            with bridge.call("p") as call:
                assert (call.urn, call.timeout, call.alive, call.old_inputs) == (None, None, True, None)
                call.say("status")
        with pytest.raises(HookError, match=r"^failed$"), bridge.call("p"):
            raise RomaError("failed")
    texts = [record.getMessage() for record in caplog.records]
    assert sum("errors are shown with a traceback" in text for text in texts) == 1
    assert texts.count("status") == 2


def test_an_engine_that_does_not_take_status_lines(bridge: Bridge, caplog: pytest.LogCaptureFixture) -> None:
    bridge._address = "127.0.0.1:1"
    bridge._engine = SimpleNamespace(Log=lambda *_arguments, **_options: (_ for _ in ()).throw(grpc.RpcError()))
    with caplog.at_level(logging.INFO, "roma_provider"):
        Call(None, None, bridge).warn("careful")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [("WARNING", "careful")]


@pytest.mark.parametrize(
    ("last", "address"),
    [("127.0.0.1:4711", "127.0.0.1:4711"), ("/a/program.py", None), ("example.com:80", None), ("127.0.0.1:", None)],
)
def test_the_engines_address(last: str, address: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["dynamic", last])
    assert engine._engine_address() == address


class Stub:
    """The engine's side of a log line; remembers."""

    def __init__(self, bridge: Bridge) -> None:
        self.said: list[tuple[str, float]] = []
        bridge._address = "127.0.0.1:1"
        bridge._engine = self

    def Log(self, request: Any, timeout: float) -> None:  # noqa: N802
        self.said.append((request.message, timeout))


def test_what_a_server_sent_cannot_break_a_line_nor_the_terminal(bridge: Bridge) -> None:
    stub = Stub(bridge)
    hook(bridge, FakeContext(), lambda call: call.note("bad \ud800 \x1b[2J\r\u202eback, 中文 and\na line"))
    assert stub.said == [("bad ? ?[2J??back, 中文 and\na line", engine.LOG_SECONDS)]
    context = FakeContext()
    with pytest.raises(HookError, match=r"^no room \?\[31mRED$"):
        hook(bridge, context, raising(CreationError("i-1", ["no room \x1b[31mRED"])))
    assert context.status.message == "no room ?[31mRED"
