"""The link to the engine as a plain object: whom it stops, what it takes over, and how each part falls back."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2_grpc

from roma_provider.hosts import link as module
from roma_provider.hosts import terminal
from roma_provider.hosts.dynamic.call import Call
from roma_provider.hosts.link import INFO, LOG_SECONDS, WARNING, WORKERS, Link
from tests.support.dynamic_host import UNLIMITED, URN, FakeContext, Limits, hook


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Limits:
    found = Limits()
    monkeypatch.setattr(module, "resource", found)
    return found


@pytest.fixture
def link(limits: Limits) -> Link:
    """A link of its own, which leaves the limits of this process alone."""
    assert limits.set == []
    return Link()


def test_cancel_stops_running_and_later_calls(link: Link) -> None:
    seen: list[bool] = []

    def body(call: Call) -> None:
        seen.append(call.stop.is_set())
        link.cancel()
        seen.append(call.stop.wait(0))

    hook(link, FakeContext(), body)
    hook(link, FakeContext(), lambda call: seen.append(call.stop.is_set()))
    assert seen == [False, True, True]


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
    link: Link, trouble: OSError | None, lives: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> SimpleNamespace:
        assert timeout > 0
        asked.append(address)
        if trouble is not None:
            raise trouble
        return SimpleNamespace(close=lambda: None)

    monkeypatch.setattr(socket, "create_connection", connect)
    assert link._engine_lives() is True
    assert asked == []
    link._address = "127.0.0.1:4711"
    assert link._engine_lives() is lives
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
    link: Link, limits: Limits, soft: int, hard: int, wanted: tuple[int, int] | None
) -> None:
    limits.now = (soft, hard)
    link.connect(None)
    link.connect(None)
    assert limits.set == ([] if wanted is None else [wanted])


@pytest.mark.parametrize("trouble", [OSError(1, "Operation not permitted"), ValueError("not allowed")])
def test_a_limit_that_cannot_be_raised_is_left(link: Link, limits: Limits, trouble: Exception) -> None:
    limits.trouble = trouble
    link.connect(None)
    assert limits.set == [(4096, UNLIMITED)]


def test_a_system_without_limits(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "resource", None)
    link.connect(None)
    assert not link.is_live


@pytest.fixture
def server() -> Iterator[tuple[grpc.Server, str]]:
    """A gRPC server as the SDK's host makes one, and its address."""
    made = grpc.server(ThreadPoolExecutor(max_workers=4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider_pb2_grpc.ResourceProviderServicer(), made)
    address = f"127.0.0.1:{made.add_insecure_port('127.0.0.1:0')}"
    made.start()
    yield made, address
    made.stop(None).wait()


def test_workers_and_cancel_are_taken_hold_of(link: Link, server: tuple[grpc.Server, str]) -> None:
    """By grpc's own server, since what is taken hold of is private."""
    theirs, address = server
    before = len(theirs._state.generic_handlers)
    link.take_over(theirs)
    link.take_over(theirs)
    assert theirs._state.thread_pool._max_workers == WORKERS
    assert len(theirs._state.generic_handlers) == before + 2
    call = Call(None, FakeContext(), link)
    with call.answering(), grpc.insecure_channel(address) as channel:
        assert not call.stop.is_set()
        provider_pb2_grpc.ResourceProviderStub(channel).Cancel(empty_pb2.Empty(), timeout=10)
        assert call.stop.is_set()


CANCEL = "Ctrl-C does not end waits"
DIFF = "replace_on_changes of a property is not seen, and a preview shows every property"
WORKERS_LEFT = "four resources are worked on at a time"


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (
            None,
            [
                "Ctrl-C does not end waits, four resources are worked on at a time, replace_on_changes is not seen, "
                "and a preview shows every property"
            ],
        ),
        (SimpleNamespace(), [CANCEL, DIFF, WORKERS_LEFT]),
        (
            SimpleNamespace(_state=SimpleNamespace(thread_pool=object(), generic_handlers=())),
            [CANCEL, DIFF, WORKERS_LEFT],
        ),
    ],
)
def test_another_layout_is_said_once(
    link: Link,
    server: object,
    words: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, "roma_provider"):
        link.take_over(server)
        link.take_over(server)
    assert [record.getMessage().rpartition("; ")[2] for record in caplog.records] == words


def test_an_engine_that_does_not_take_status_lines(link: Link, caplog: pytest.LogCaptureFixture) -> None:
    link._address = "127.0.0.1:1"
    link._engine = SimpleNamespace(Log=lambda *_arguments, **_options: (_ for _ in ()).throw(grpc.RpcError()))
    with caplog.at_level(logging.INFO, "roma_provider"):
        Call(None, None, link).warn("careful")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [("WARNING", "careful")]


class Engine(engine_pb2_grpc.EngineServicer):
    """The engine's side of a log line; remembers."""

    def __init__(self) -> None:
        self.said: list[tuple[Any, ...]] = []

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802
        assert 0 < context.time_remaining() < LOG_SECONDS + 1
        self.said.append((request.severity, request.message, request.urn, request.ephemeral))
        return empty_pb2.Empty()


def test_lines_go_to_the_engine(link: Link, caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine()
    server = grpc.server(ThreadPoolExecutor(max_workers=1))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    link._address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        link.log(INFO, "status", URN, ephemeral=True)
        link.log(WARNING, "careful", None, ephemeral=False)
    finally:
        server.stop(None).wait()
    assert engine.said == [(engine_pb2.INFO, "status", URN, True), (engine_pb2.WARNING, "careful", "", False)]
    assert caplog.records == []


def test_without_an_address_lines_are_log_lines(link: Link, caplog: pytest.LogCaptureFixture) -> None:
    link.connect(None)
    with caplog.at_level(logging.INFO, "roma_provider"):
        link.log(INFO, "status", URN, ephemeral=True)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [("INFO", "status")]


def test_when_the_engine_is_gone_calls_end_and_then_the_process(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(link, "_engine_lives", lambda: False)
    monkeypatch.setattr(
        signal, "pthread_kill", raising=False, value=lambda _thread, number: order.append(signal.Signals(number).name)
    )
    stop = threading.Event()
    with link.running(stop):
        link.connect("127.0.0.1:1")
        assert stop.wait(10)
        time.sleep(0.1)  # a POST in flight
        order.append("answered")
    for thread in threading.enumerate():
        if thread.name == "roma-engine-watch":
            thread.join(10)
    assert order == ["answered", "SIGINT"]
    assert not link.is_live
    with link.running(late := threading.Event()):
        assert late.is_set()


def test_without_signals_to_threads_the_process_ends_itself(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows."""
    done: list[int] = []
    monkeypatch.setattr(link, "_engine_lives", lambda: False)
    monkeypatch.delattr(signal, "pthread_kill", raising=False)
    monkeypatch.setattr(os, "_exit", done.append)
    link._watch()
    assert done == [1]


def test_an_engine_that_was_away_for_a_moment_is_not_gone(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([True, False, True, False, False])
    slept: list[float] = []
    monkeypatch.setattr(link, "_engine_lives", lambda: next(answers))
    monkeypatch.setattr(signal, "pthread_kill", lambda *_arguments: None, raising=False)
    monkeypatch.setattr(time, "sleep", slept.append)
    link._watch()
    assert slept == [module.WATCH_SECONDS] * 2


@pytest.mark.parametrize(("word", "wish"), [("live", True), ("plain", False), ("", None), (None, None), ("Live", None)])
def test_a_status_is_live_as_the_user_wishes(
    link: Link, word: str | None, wish: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word that check refuses counts as none."""
    if word is None:
        monkeypatch.delenv("ROMA_PROGRESS", raising=False)
    else:
        monkeypatch.setenv("ROMA_PROGRESS", word)
    link._address = "127.0.0.1:1"
    for drawn in (True, False):
        monkeypatch.setattr(terminal, "is_drawn_on", lambda drawn=drawn: drawn)
        assert link.is_live is (drawn if wish is None else wish)


def test_without_an_engine_nothing_is_replaced(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROMA_PROGRESS", "live")
    assert not link.is_live
    link._address = "127.0.0.1:1"
    assert link.is_live
    link._gone = True
    assert not link.is_live


@pytest.mark.parametrize(("lives", "saved"), [([True, True, True, False, False], True), ([True, False, False], False)])
def test_what_an_engine_was_given_counts_as_saved_when_it_is_still_there_a_second_later(
    link: Link, monkeypatch: pytest.MonkeyPatch, lives: list[bool], saved: bool
) -> None:
    answers, now = iter(lives), [0.0]
    monkeypatch.setattr(link, "_clock", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(link, "_engine_lives", lambda: next(answers))
    monkeypatch.setattr(signal, "pthread_kill", lambda *_arguments: None, raising=False)
    monkeypatch.setattr(time, "sleep", lambda seconds: now.append(now.pop() + seconds))
    link._address = "127.0.0.1:1"
    done: list[float] = []
    link.when_saved(lambda: done.append(now[0]))
    now[0] = 0.5
    link._watch()
    assert done == ([1.5] if saved else [])


def test_an_engine_that_ends_has_saved_what_it_was_given(link: Link) -> None:
    link._address = "127.0.0.1:1"
    done: list[str] = []
    link.when_saved(lambda: done.append("before"))
    assert done == []
    link.cancel()
    link.when_saved(lambda: done.append("after"))
    link.cancel()
    assert done == ["before", "after"]


def test_where_the_engine_is_not_known_an_answer_counts_as_saved(link: Link) -> None:
    done: list[str] = []
    link.when_saved(lambda: done.append("at once"))
    assert done == ["at once"]


def test_where_no_cancel_can_be_heard_an_answer_counts_as_saved(link: Link) -> None:
    """Its orderly end would not be heard either, and the order would stay open for ever."""
    link._address = "127.0.0.1:1"
    link.take_over(None)
    done: list[str] = []
    link.when_saved(lambda: done.append("at once"))
    assert done == ["at once"]
