"""Calls that are stopped from outside: in a pause, on the budget, and while the answer is awaited."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from roma_provider.api.auth import TokenAuth
from roma_provider.api.budget import Budgets
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.clock import Clock
from roma_provider.errors import RomaConnectionError
from tests.support.fakes import TOKEN, refused
from tests.support.server import Server, raw
from tests.support.transport import Made


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    found.reply = raw(200, "{}")
    yield found
    found.close()


def test_a_pause_ends_when_it_is_stopped(server: Server) -> None:
    server.reply = raw(502, "", "Retry-After: 20")
    made = Made(server)
    stop = threading.Event()
    made.clock.at(1.0, stop.set)
    made.transport = made.transport.stopped_by(stop)
    assert made.fails().status == 502
    assert (made.clock.now, made.sent) == (1.0, 1)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_budgets_pause_ends_when_it_is_stopped_and_nothing_is_sent(server: Server, method: str) -> None:
    made = Made(server)
    stop = threading.Event()
    made.budget.note(0.0, refused(429, retry_after=60.0))
    made.clock.at(1.0, stop.set)
    made.transport = made.transport.stopped_by(stop)
    error = made.fails(method)
    assert isinstance(error, RomaConnectionError)
    assert not error.sent
    assert (made.clock.now, made.sent) == (1.0, 0)


def test_ctrl_c_in_a_pause_of_a_minute_returns_at_once(server: Server) -> None:
    """On the real clock: the test would take a minute otherwise, and the server would be asked."""
    budgets = Budgets()
    clock = Clock()
    budgets.of(server.host).note(clock.monotonic(), refused(429, retry_after=60.0))
    stop = threading.Event()
    made = Transport(server.endpoint, TokenAuth(TOKEN), clock=clock, budgets=budgets).stopped_by(stop)
    caught: list[BaseException] = []

    def call() -> None:
        try:
            made.call(Request("list_instances", "GET", "/x"))
        except RomaConnectionError as error:
            caught.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    stop.set()
    thread.join(30)
    assert [str(error) for error in caught] == ["list_instances got no answer: it was stopped before it was sent"]
    assert server.requests == []


def stopped_in_flight(server: Server, method: str, **more: Any) -> str | None:
    """What a call says that is stopped when the server has its request, and answers slowly if at all."""
    stop = threading.Event()
    made = Transport(server.endpoint, TokenAuth(TOKEN), Limits(0, 20.0)).stopped_by(stop)
    said: list[str] = []

    def call() -> None:
        try:
            made.call(Request("operation", method, "/x"), **more)
        except RomaConnectionError as error:
            said.append(f"{error.reason}, {'sent' if error.sent else 'not sent'}")

    thread = threading.Thread(target=call)
    thread.start()
    while not server.requests:
        thread.join(0.01)
    stop.set()
    thread.join(30)
    return said[0] if said else None


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("drip", [0.0, 0.01])
def test_an_answer_outside_waits_is_given_up_when_the_call_is_stopped(server: Server, method: str, drip: float) -> None:
    server.reply, server.drip = (raw(200, " " * 1000) if drip else None), drip
    assert stopped_in_flight(server, method) == "it was stopped before the answer came, sent"


@pytest.mark.parametrize(("method", "more"), [("POST", {}), ("GET", {"once": True})])
def test_the_answer_to_a_post_and_the_short_wait_inside_waits_are_not(
    server: Server, method: str, more: dict[str, Any]
) -> None:
    server.reply, server.drip = raw(200, "{}"), 0.01
    assert stopped_in_flight(server, method, **more) is None
