"""The wait over HTTP: faults that it rides out, a token that expires in its middle, Ctrl-C in a pause."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest
from requests import PreparedRequest

from roma_provider.api.auth import Auth, TokenAuth
from roma_provider.api.client import RomaClient
from roma_provider.api.transport import Transport
from roma_provider.creation.schedule import Fixed
from roma_provider.creation.wait import Wait
from roma_provider.errors import CreationCancelled, RomaApiError, RomaConnectionError, RomaError
from tests.support.fakes import ID, PROJECT, TOKEN, FakeClock, body, progress
from tests.support.server import Server, raw
from tests.support.wait import Asking, Waiting

READY = raw(200, json.dumps(body("RUNNING")))
CREATING = raw(200, json.dumps(body()))


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    found.reply = READY
    yield found
    found.close()


def waiting(server: Server, auth: Auth | None = None, clock: FakeClock | None = None) -> tuple[Wait, list[str | None]]:
    """A wait over HTTP on a clock of its own, and the troubles that it tells."""
    clock = clock or FakeClock()
    transport = Transport(server.endpoint, auth or TokenAuth(TOKEN), clock=clock, chance=lambda: 0.0)
    client = RomaClient(transport, PROJECT)
    told: list[str | None] = []
    wait = Wait(
        ID,
        Asking(lambda seconds: client.creation_progress(ID, timeout=seconds, once=True)),
        threading.Event(),
        clock,
        report=lambda report: told.append(report.trouble),
    )
    return wait, told


@pytest.mark.parametrize(
    ("fault", "trouble", "pause"),
    [
        (raw(502), "creation_progress was answered with HTTP 502: Reason; asking again", 5.0),
        (raw(500, "<h1>Oops</h1>"), "creation_progress was answered with HTTP 500: Oops; asking again", 5.0),
        (raw(503, "", "Retry-After: 40"), "creation_progress was answered with HTTP 503: Reason; asking again", 40.0),
        (raw(429, "", "Retry-After: 40"), "creation_progress was answered with HTTP 429: Reason; asking again", 40.0),
        (raw(429, "", "Retry-After: 4000"), "creation_progress was answered with HTTP 429: Reason; asking again", 60.0),
        (raw(429), "creation_progress was answered with HTTP 429: Reason; asking again", 5.0),
        (raw(408), "creation_progress was answered with HTTP 408: Reason; asking again", 5.0),
        (
            b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"instance": {"st',
            "creation_progress got no answer: the connection ended in the middle of the answer; asking again",
            5.0,
        ),
        (
            raw(200, "<html>"),
            "creation_progress was answered with HTTP 200: the answer is cut off or not JSON; asking again",
            5.0,
        ),
    ],
)
def test_a_fault_is_told_and_ridden_out(server: Server, fault: bytes, trouble: str, pause: float) -> None:
    server.first = [CREATING, fault]
    clock = FakeClock()
    wait, told = waiting(server, clock=clock)
    assert wait.until_ready().decisive_status == "RUNNING"
    assert told == [None, trouble, None]
    assert clock.slept == [5.0, pause]
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "answer",
    [
        raw(400, '{"error_code":"ROMA.13000","error_msg":"no"}'),
        raw(401, '{"error_code":"APIGW.0301","error_msg":"no"}'),
        raw(403, '{"error_code":"APIGW.0302","error_msg":"no"}'),
        raw(404, '{"error_code":"APIGW.0101","error_msg":"no"}'),
        raw(302, "", "Location: https://elsewhere.example.com"),
    ],
)
def test_what_will_not_pass_ends_the_wait_at_the_first_answer(server: Server, answer: bytes) -> None:
    server.reply = answer
    wait, told = waiting(server)
    with pytest.raises(RomaApiError):
        wait.until_ready()
    assert (len(server.requests), told) == (1, [])


class OldToken(Auth):
    """A token that has expired, and one renewal for all threads: who used an older one has it at once."""

    def __init__(self, good: bool = True) -> None:
        self.renewals = 0
        self.token = "old"
        self._good = good
        self._lock = threading.Lock()

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.token,)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["X-Auth-Token"] = self.token
        return request

    def renew(self, used: PreparedRequest) -> bool:
        with self._lock:
            if used.headers["X-Auth-Token"] == "old" and self.token == "old":
                self.renewals += 1
                self.token = "new" if self._good else "refused"
            return used.headers["X-Auth-Token"] == "old"


class Gate(Server):
    """Answers by the token, and takes the first twenty together, so that all of them carry the old one."""

    def __init__(self) -> None:
        self.together = threading.Barrier(20)
        super().__init__()

    def choose(self, headers: dict[str, str]) -> bytes | None:
        if headers["x-auth-token"] == "old":
            self.together.wait(30)
            return raw(401, '{"error_code":"APIGW.0307","error_msg":"The token must be updated"}')
        return READY if headers["x-auth-token"] == "new" else raw(401, '{"error_code":"APIGW.0301","error_msg":"no"}')


@pytest.fixture
def gate() -> Iterator[Gate]:
    found = Gate()
    yield found
    found.close()


def twenty(gate: Gate, auth: OldToken) -> list[str]:
    """How the waits of twenty threads that share ``auth`` end."""
    ends: list[str] = []

    def run() -> None:
        wait, _ = waiting(gate, auth)
        try:
            ends.append(wait.until_ready().decisive_status)
        except RomaError as error:
            ends.append(str(error))

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ends


def test_twenty_waiters_whose_token_expires_renew_it_with_one_call(gate: Gate) -> None:
    auth = OldToken()
    assert twenty(gate, auth) == ["RUNNING"] * 20
    assert auth.renewals == 1
    assert len(gate.requests) == 40


def test_twenty_waiters_whose_new_token_is_refused_too_end_after_two_requests_each(gate: Gate) -> None:
    auth = OldToken(good=False)
    said = "creation_progress was answered with HTTP 401: APIGW.0301: no"
    assert twenty(gate, auth) == [said] * 20
    assert auth.renewals == 1
    assert len(gate.requests) == 40


def test_ctrl_c_in_a_pause_of_a_minute(server: Server) -> None:
    server.reply = raw(429, "", "Retry-After: 60")
    clock = FakeClock()
    wait, _ = waiting(server, clock=clock)
    assert isinstance(wait.stop, threading.Event)
    clock.at(1.0, wait.stop.set)
    with pytest.raises(CreationCancelled):
        wait.until_ready()
    assert (clock.now, len(server.requests)) == (1.0, 1)


def test_faults_for_five_minutes_end_the_wait_with_the_last_of_them(server: Server) -> None:
    server.reply = raw(502)
    clock = FakeClock()
    wait, told = waiting(server, clock=clock)
    wait.schedule = Fixed(50.0)
    with pytest.raises(RomaApiError, match="HTTP 502"):
        wait.until_ready()
    assert (clock.now, len(server.requests), len(told)) == (300.0, 7, 6)


def test_a_certificate_that_is_not_accepted_ends_the_wait_at_once() -> None:
    """It cannot pass, and whoever answers is not known; any other trouble of the way may pass."""
    untrusted = RomaConnectionError("creation_progress", "no", sent=False, lasting=True, untrusted=True)
    waiting = Waiting(untrusted)
    assert waiting.fails(RomaConnectionError) is untrusted
    assert waiting.times == [0.0]
    lasting = RomaConnectionError("creation_progress", "no", sent=False, lasting=True)
    assert Waiting(lasting, progress("RUNNING")).wait.until_ready().decisive_status == "RUNNING"


def test_a_status_that_is_another_one_each_time_is_not_warned_of_each_time() -> None:
    waiting = Waiting(*(progress(f"ODD_{number}") for number in range(100)), progress("RUNNING"))
    waiting.wait.until_ready()
    assert len(waiting.warnings) == 10
