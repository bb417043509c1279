"""One HTTP call and what becomes of its answer, against a server of a few lines."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from roma_provider.api.auth import TokenAuth
from roma_provider.api.deadline import DeadlineAdapter
from roma_provider.api.models import CreationProgress
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.errors import RomaConnectionError
from tests.support.fakes import TOKEN, FakeClock
from tests.support.server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def transport(endpoint: str, **more: Any) -> Transport:
    """One whose pauses take no time, and whose budget is its own."""
    return Transport(endpoint, TokenAuth(TOKEN), clock=FakeClock(), **more)


def get(server: Server, **more: Any) -> CreationProgress:
    made = transport(server.endpoint, limits=Limits(max_retries=0))
    return made.call(Request("creation_progress", "GET", "/v2/p/x"), CreationProgress, **more)


def test_a_body_that_is_cut_is_no_answer(server: Server) -> None:
    server.reply = b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"instance": {"status": "RUNNING"}'
    with pytest.raises(RomaConnectionError) as caught:
        get(server)
    assert caught.value.sent
    assert caught.value.reason == "the connection ended in the middle of the answer"


def test_a_connection_that_is_closed_without_a_word(server: Server) -> None:
    server.reply = b""
    with pytest.raises(RomaConnectionError) as caught:
        get(server)
    assert caught.value.sent
    assert caught.value.operation == "creation_progress"
    assert str(caught.value).startswith("creation_progress got no answer: the connection ")


def test_a_refused_port_was_never_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = transport(f"http://127.0.0.1:{port}")
    with pytest.raises(RomaConnectionError) as caught:
        made.call(Request("create_instance", "POST", "/v1/p/instances", json={}), CreationProgress)
    assert not caught.value.sent
    assert caught.value.reason == "the connection was refused; nothing listens there"
    assert str(port) not in str(caught.value)


def test_a_time_out_was_sent(server: Server) -> None:
    server.reply = None
    with pytest.raises(RomaConnectionError) as caught:
        get(server, read_timeout=1.0)
    assert caught.value.sent
    assert caught.value.reason == "the answer took too long"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("method", "more", "used"),
    [
        ("GET", {}, (5.0, 30.0)),
        ("GET", {"read_timeout": 2.0}, (2.0, 2.0)),
        ("GET", {"read_timeout": 60.0}, (5.0, 30.0)),
        ("GET", {"once": True}, (5.0, 5.0)),
        ("GET", {"once": True, "read_timeout": 2.0}, (2.0, 2.0)),
        ("GET", {"once": True, "read_timeout": 60.0}, (5.0, 5.0)),
        ("GET", {"once": True, "read_timeout": 0.0}, (0.1, 0.1)),
        ("GET", {"once": True, "read_timeout": -1.0}, (0.1, 0.1)),
        ("POST", {}, (5.0, 60.0)),
        ("DELETE", {}, (5.0, 30.0)),
    ],
)
def test_every_call_has_time_outs(
    monkeypatch: pytest.MonkeyPatch, method: str, more: dict[str, Any], used: tuple[float, float]
) -> None:
    assert seen_time_outs(monkeypatch, Limits(max_retries=0), method, **more) == [used]


@pytest.mark.parametrize(
    ("method", "once", "used"),
    [
        ("GET", False, (5.0, 90.0)),
        ("GET", True, (5.0, 5.0)),
        ("POST", False, (5.0, 90.0)),
        ("DELETE", False, (5.0, 90.0)),
    ],
)
def test_longer_limits_are_for_calls_outside_waits(
    monkeypatch: pytest.MonkeyPatch, method: str, once: bool, used: tuple[float, float]
) -> None:
    assert seen_time_outs(monkeypatch, Limits(0, timeout_seconds=90.0), method, once=once) == [used]


def test_shorter_limits_are_for_all_calls_but_post(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(0, timeout_seconds=2.0)
    assert seen_time_outs(monkeypatch, limits, "GET", once=True) == [(2.0, 2.0)]
    assert seen_time_outs(monkeypatch, limits, "POST") == [(5.0, 60.0)]


def seen_time_outs(
    monkeypatch: pytest.MonkeyPatch, limits: Limits, method: str, **more: Any
) -> list[tuple[float, float]]:
    seen: list[Any] = []

    def send(_self: object, request: requests.PreparedRequest, **options: Any) -> Any:
        seen.append((request.method, request.url, options["timeout"]))
        raise requests.ConnectionError

    monkeypatch.setattr(DeadlineAdapter, "send", send)
    with pytest.raises(RomaConnectionError):
        transport("https://roma.example.com", limits=limits).call(Request("o", method, "/x"), **more)
    assert {entry[:2] for entry in seen} == {(method, "https://roma.example.com/x")}
    return [entry[2] for entry in seen]


def test_what_is_sent(server: Server) -> None:
    server.answers(202, "{}")
    made = transport(server.endpoint + "/")
    made.call(Request("create_instance", "POST", "/v1/p/instances", json={"name": "ä"}), CreationProgress)
    [(method, path, headers, sent)] = server.requests
    assert (method, path, sent) == ("POST", "/v1/p/instances", b'{"name": "\\u00e4"}')
    assert headers["x-auth-token"] == TOKEN
    assert headers["accept"] == "application/json"
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_call_without_a_model_takes_any_good_status(server: Server, status: int) -> None:
    server.answers(status, "" if status == 204 else "never mind")
    transport(server.endpoint).call(Request("delete_instance", "DELETE", "/v1/p/x"))
    assert len(server.requests) == 1


def test_one_session_for_each_thread(server: Server) -> None:
    server.answers(200, "{}")
    made = transport(server.endpoint)
    sessions: list[requests.Session] = []

    def call() -> None:
        for _ in range(2):
            made.call(Request("creation_progress", "GET", "/x"), CreationProgress)
            sessions.append(made._session())

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sessions) == 6
    assert len({id(session) for session in sessions}) == 3


def test_no_credential_in_a_repr() -> None:
    made = Transport("https://roma.example.com", TokenAuth(TOKEN))
    made._session()
    assert TOKEN not in f"{made!r} {made}"
    assert TOKEN not in repr(Request("create_token", "POST", "/x", json={"password": TOKEN}))
