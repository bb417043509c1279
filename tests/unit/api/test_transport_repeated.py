"""Which calls are sent again, how often, and after how long; which are not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from requests import PreparedRequest

from roma_provider.api.deadline import DeadlineAdapter
from roma_provider.api.models import CreationProgress
from roma_provider.api.transport import Request
from roma_provider.errors import RomaApiError
from tests.support.fakes import refused
from tests.support.server import Server, raw
from tests.support.transport import Made, Renewing

GOOD = raw(200, "{}")
REPEATED = (408, 429, 500, 502, 503, 504)


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    found.reply = GOOD
    yield found
    found.close()


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("status", REPEATED)
def test_an_answer_that_may_pass_is_asked_for_again(server: Server, method: str, status: int) -> None:
    server.first = [raw(status)] * 2
    made = Made(server)
    made.call(method)
    assert made.sent == 3


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 405, 409, 413, 501, 505])
def test_any_other_answer_is_not(server: Server, status: int) -> None:
    server.first = [raw(status, "", "Retry-After: 1")]
    made = Made(server)
    assert made.fails().status == status
    assert (made.sent, made.clock.slept) == (1, [])


def test_an_answer_that_cannot_be_read_is_not(server: Server) -> None:
    server.first = [raw(200, "<html>")]
    made = Made(server)
    with pytest.raises(RomaApiError, match="cut off or not JSON"):
        made.transport.call(Request("o", "GET", "/x"), CreationProgress)
    assert made.sent == 1


@pytest.mark.parametrize("max_retries", [0, 1, 5, 7])
def test_it_is_asked_for_as_often_as_max_retries_says(server: Server, max_retries: int) -> None:
    server.reply = raw(502)
    made = Made(server, max_retries=max_retries)
    error = made.fails()
    assert (error.status, made.sent) == (502, max_retries + 1)
    assert made.clock.slept == [0.0, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0][:max_retries]


def test_pauses_differ_from_caller_to_caller(server: Server) -> None:
    server.first = [raw(502)] * 3
    made = Made(server, chance=0.5)
    made.call()
    assert made.clock.slept == [0.25, 1.25, 2.25]


@pytest.mark.parametrize("status", [408, 500, 502, 504])
@pytest.mark.parametrize(("asked", "pause"), [("7", 7.0), ("30", 30.0), ("31", 30.0), ("99999", 30.0)])
def test_retry_after_is_honoured_up_to_half_a_minute(server: Server, status: int, asked: str, pause: float) -> None:
    server.first = [raw(status, "", f"Retry-After: {asked}")]
    made = Made(server)
    made.call()
    assert made.clock.slept == [pause]


def test_retry_after_may_be_a_date_by_the_servers_own_clock(server: Server) -> None:
    dates = "Date: Wed, 21 Oct 2015 07:28:00 GMT", "Retry-After: Wed, 21 Oct 2015 07:28:09 GMT"
    server.first = [raw(503, "", *dates)]
    made = Made(server)
    made.call()
    assert made.clock.slept == [9.0]


@pytest.mark.parametrize("status", [429, 503])
def test_a_longer_pause_for_too_many_requests_is_taken_as_a_whole(server: Server, status: int) -> None:
    server.first = [raw(status, "", "Retry-After: 50")]
    made = Made(server)
    made.call()
    assert made.clock.now == 50.0  # 30 s for this call, and the rest of the host's budget
    assert made.sent == 2


@pytest.mark.parametrize(
    "reply", [b"", b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"instance": {"st', b"nonsense\r\n"]
)
def test_a_connection_that_breaks_is_tried_again_in_the_body_too(server: Server, reply: bytes) -> None:
    server.first = [reply, reply]
    made = Made(server)
    made.call()
    assert made.sent == 3
    server.reply = reply
    assert made.fails().sent is True
    assert made.sent == 3 + 6


def test_a_refused_connection_is_tried_again() -> None:
    server = Server()
    server.close()
    made = Made(server)
    error = made.fails()
    assert error.reason == "the connection was refused; nothing listens there"
    assert made.clock.slept == [0.0, 1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(("errno", "attempts"), [(socket.EAI_NONAME, 1), (socket.EAI_AGAIN, 6)])
def test_a_host_that_does_not_exist_is_not_looked_for_again(
    server: Server, monkeypatch: pytest.MonkeyPatch, errno: int, attempts: int
) -> None:
    asked = []

    def send(_self: object, request: PreparedRequest, **_more: Any) -> Any:
        asked.append(request)
        raise requests.ConnectionError(socket.gaierror(errno, "no"))

    monkeypatch.setattr(DeadlineAdapter, "send", send)
    error = Made(server).fails()
    assert (error.reason, error.sent) == ("the host name is not known; check region, endpoint and network", False)
    assert len(asked) == attempts


# --- once, and never


@pytest.mark.parametrize("reply", [raw(502, "", "Retry-After: 9"), raw(429), b""])
def test_inside_a_wait_there_is_one_attempt(server: Server, reply: bytes) -> None:
    server.reply = reply
    made = Made(server)
    made.fails(once=True)
    assert (made.sent, made.clock.slept) == (1, [])


@pytest.mark.parametrize(
    "reply", [*(raw(status, "", "Retry-After: 1") for status in (*REPEATED, 401)), b"", b"HTTP/1.1 2"]
)
def test_a_post_is_never_sent_twice(server: Server, reply: bytes) -> None:
    server.reply = reply
    auth = Renewing(renewals=5)
    made = Made(server, auth)
    made.fails("POST")
    assert (made.sent, made.clock.slept, auth.asked) == (1, [], 0)


# --- how long altogether


def test_read_timeout_bounds_the_call_and_not_the_attempt(server: Server) -> None:
    server.reply = raw(502)
    made = Made(server)
    made.fails(read_timeout=4.0)
    assert made.clock.slept == [0.0, 1.0, 2.0]
    assert made.sent == 4  # the next pause would have ended after 7 s


def test_a_pause_longer_than_the_call_may_take_is_an_error_at_once(server: Server) -> None:
    made = Made(server)
    made.budget.note(0.0, refused(429, "APIGW.0308", retry_after=20.0))
    error = made.fails(read_timeout=10.0)
    assert (error.status, error.retry_after, made.sent) == (429, 20.0, 0)
