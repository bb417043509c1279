"""Which calls are sent again, how often, and after how long; which are not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from requests import PreparedRequest

from roma_provider.api.auth import Auth, TokenAuth
from roma_provider.api.brake import Brakes
from roma_provider.api.deadline import DeadlineAdapter
from roma_provider.api.models import CreatedInstance, CreationProgress
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.clock import Clock
from roma_provider.errors import Answer, RomaApiError, RomaConnectionError, RomaError
from tests.support.fakes import TOKEN, FakeClock, refused
from tests.support.server import Server, raw

GOOD = raw(200, "{}")
REPEATED = (408, 429, 500, 502, 503, 504)


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    found.reply = GOOD
    yield found
    found.close()


class Made:
    """A transport whose pauses take no time, on a brake of its own, and without chance."""

    def __init__(self, server: Server, auth: Auth | None = None, max_retries: int = 5, chance: float = 0.0) -> None:
        self.clock = FakeClock()
        brakes = Brakes()
        self.brake = brakes.of(server.host)
        self.server = server
        self.transport = Transport(
            server.endpoint,
            auth or TokenAuth(TOKEN),
            Limits(max_retries),
            self.clock,
            brakes=brakes,
            chance=lambda: chance,
        )

    def call(self, method: str = "GET", **more: Any) -> None:
        if method == "POST":
            self.transport.call(Request("create_instance", "POST", "/x", json={}), CreatedInstance, **more)
        else:
            self.transport.call(Request("operation", method, "/x"), **more)

    def fails(self, method: str = "GET", **more: Any) -> Any:
        with pytest.raises(RomaError) as caught:
            self.call(method, **more)
        return caught.value

    @property
    def sent(self) -> int:
        return len(self.server.requests)


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
    assert made.clock.now == 50.0  # 30 s for this call, and the rest of the host's brake
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


def test_a_brake_longer_than_the_call_may_take_is_an_error_at_once(server: Server) -> None:
    made = Made(server)
    made.brake.note(0.0, refused(429, "APIGW.0308", retry_after=20.0))
    error = made.fails(read_timeout=10.0)
    assert (error.status, error.retry_after, made.sent) == (429, 20.0, 0)


# --- stopped


def test_a_pause_ends_when_it_is_stopped(server: Server) -> None:
    server.reply = raw(502, "", "Retry-After: 20")
    made = Made(server)
    stop = threading.Event()
    made.clock.at(1.0, stop.set)
    made.transport = made.transport.stopped_by(stop)
    assert made.fails().status == 502
    assert (made.clock.now, made.sent) == (1.0, 1)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_brakes_pause_ends_when_it_is_stopped_and_nothing_is_sent(server: Server, method: str) -> None:
    made = Made(server)
    stop = threading.Event()
    made.brake.note(0.0, refused(429, retry_after=60.0))
    made.clock.at(1.0, stop.set)
    made.transport = made.transport.stopped_by(stop)
    error = made.fails(method)
    assert isinstance(error, RomaConnectionError)
    assert not error.sent
    assert (made.clock.now, made.sent) == (1.0, 0)


def test_ctrl_c_in_a_pause_of_a_minute_returns_at_once(server: Server) -> None:
    """On the real clock: the test would take a minute otherwise, and the server would be asked."""
    brakes = Brakes()
    clock = Clock()
    brakes.of(server.host).note(clock.monotonic(), refused(429, retry_after=60.0))
    stop = threading.Event()
    made = Transport(server.endpoint, TokenAuth(TOKEN), clock=clock, brakes=brakes).stopped_by(stop)
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


# --- 401


class Renewing(Auth):
    """A token that is renewed by counting; ``renewals`` times it is said to have worked."""

    def __init__(self, renewals: int) -> None:
        self.left = renewals
        self.asked = 0
        self.token = 0
        self._lock = threading.Lock()

    @property
    def secrets(self) -> tuple[str, ...]:
        return ()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["X-Auth-Token"] = str(self.token)
        return request

    def renew(self, used: PreparedRequest) -> bool:
        with self._lock:
            if used.headers["X-Auth-Token"] != str(self.token):
                return True
            self.asked += 1
            if not self.left:
                return False
            self.left -= 1
            self.token += 1
            return True


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize(
    "refusal",
    [
        raw(401, '{"error_code":"APIGW.0307","error_msg":"The token must be updated"}'),
        raw(400, '{"error_code":"ROMA.1002","error_msg":"incorrect token"}'),
    ],
)
def test_a_refused_sign_in_is_renewed_once(server: Server, refusal: bytes, once: bool) -> None:
    server.first = [refusal]
    auth = Renewing(5)
    made = Made(server, auth)
    made.call(once=once)
    assert [headers["x-auth-token"] for _, _, headers, _ in server.requests] == ["0", "1"]
    assert (auth.asked, made.clock.slept) == (1, [])


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize(("renewals", "sent"), [(5, 2), (0, 1)])
def test_never_a_loop_of_refusals(server: Server, renewals: int, sent: int, once: bool) -> None:
    server.reply = raw(401, '{"error_code":"APIGW.0301","error_msg":"no"}')
    auth = Renewing(renewals)
    made = Made(server, auth)
    error = made.fails(once=once)
    assert (error.status, error.code, error.transient) == (401, "APIGW.0301", False)
    assert (made.sent, auth.asked, made.clock.slept) == (sent, 1, [])


def test_a_token_that_cannot_be_renewed_is_refused_once(server: Server) -> None:
    server.reply = raw(401)
    made = Made(server)
    assert made.fails().status == 401
    assert made.sent == 1


def test_a_renewal_that_fails_says_why(server: Server) -> None:
    class Failing(Renewing):
        def renew(self, used: PreparedRequest) -> bool:
            raise RomaApiError("create_token", Answer(503, None, "IAM is down"))

    server.reply = raw(401)
    made = Made(server, Failing(1))
    assert str(made.fails()) == "create_token was answered with HTTP 503: IAM is down"
    assert (made.sent, made.clock.slept) == (1, [])


# --- the clock of the server


@pytest.mark.parametrize(
    ("header", "epoch"),
    [
        ("Date: Wed, 21 Oct 2015 07:28:00 GMT", 1445412480.0),
        ("Date: no date", None),
        ("X-Other: 1", None),
    ],
)
def test_an_error_knows_the_servers_clock(server: Server, header: str, epoch: float | None) -> None:
    server.reply = raw(401, "", header)
    assert Made(server).fails().server_date == epoch
    server.reply = raw(200, "nonsense", header)
    with pytest.raises(RomaApiError) as caught:
        Made(server).transport.call(Request("o", "GET", "/x"), CreationProgress)
    assert caught.value.server_date == epoch
