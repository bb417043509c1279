"""One budget for all calls to a host: 20 waiters, one answer "too many requests"."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator

import pytest

from roma_provider.api.auth import TokenAuth
from roma_provider.api.budget import Budget, Budgets
from roma_provider.api.client import RomaClient
from roma_provider.api.transport import Transport
from roma_provider.creation.wait import Report, Wait
from roma_provider.errors import RomaApiError
from tests.support.fakes import ID, PROJECT, TOKEN, FakeClock, body, refused
from tests.support.server import Server, raw
from tests.support.wait import Asking


def noted(*errors: RomaApiError, now: float = 100.0) -> float:
    """The seconds that are left after these answers."""
    budget = Budget()
    for error in errors:
        budget.note(now, error)
    return budget.left(now)


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (refused(429, retry_after=7.0), 7.0),
        (refused(429, retry_after=0.0), 0.0),
        (refused(429, retry_after=5000.0), 60.0),
        (refused(429, retry_after=float("inf")), 60.0),
        (refused(429), 5.0),
        (refused(503, retry_after=7.0), 7.0),
        (refused(503), 0.0),
        (refused(500, retry_after=7.0), 0.0),
        (refused(401), 0.0),
    ],
)
def test_which_answers_make_the_budget_pause_and_for_how_long(error: RomaApiError, left: float) -> None:
    assert noted(error) == left


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    assert noted(refused(429, retry_after=30.0), refused(429, retry_after=2.0), refused(429)) == 30.0


def test_it_is_over_when_the_time_is() -> None:
    budget = Budget()
    budget.note(100.0, refused(429, retry_after=30.0))
    assert [budget.left(now) for now in (100.0, 110.0, 130.0, 200.0)] == [30.0, 20.0, 0.0, 0.0]


def test_without_retry_after_each_refusal_after_a_pause_doubles_the_next_until_an_answer_is_good() -> None:
    budget = Budget()
    now = 0.0
    pauses = []
    for _ in range(6):
        for _ in range(20):  # in flight together; the first of them counts
            budget.note(now, refused(429))
        pauses.append(budget.left(now))
        now += budget.left(now)
    assert pauses == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]
    budget.passed()
    budget.note(now, refused(429))
    assert budget.left(now) == 5.0


def test_what_a_call_that_is_held_is_told() -> None:
    budget = Budget()
    budget.note(0.0, refused(429, "APIGW.0308", "over ratelimit", request_id="r1", retry_after=42.0))
    error = budget.held("creation_progress", 41.6, 1.5)
    assert str(error) == (
        "creation_progress was answered with HTTP 429: APIGW.0308: over ratelimit; nothing is asked for another "
        "42 s (request id r1)"
    )
    assert (error.transient, error.retry_after) == (True, 43.1)


def test_one_budget_for_each_host() -> None:
    budgets = Budgets()
    assert budgets.of("roma.example.com") is budgets.of("roma.example.com")
    assert budgets.of("roma.example.com") is not budgets.of("iam.example.com")
    assert budgets.of("127.0.0.1:1") is not budgets.of("127.0.0.1:2")
    first = Transport("https://shared.example.com", TokenAuth("a"), budgets=budgets)
    second = Transport("https://shared.example.com/base", TokenAuth("b"), budgets=budgets)
    assert first._budget is second._budget
    assert Transport("https://shared.example.com", TokenAuth("a"), budgets=Budgets())._budget is not first._budget


# --- many waiters


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def paused(server: Server, seconds: float) -> Budgets:
    """Budgets of which the server's is on from the beginning of a fake clock."""
    budgets = Budgets()
    budgets.of(server.host).note(0.0, refused(429, retry_after=seconds))
    return budgets


class Waiters:
    """Waits for one instance each, one after another on one clock: what threads would do, in an order that is
    the same each time. Each is asked in its turn, and then comes back when its pause is over."""

    def __init__(self, server: Server, count: int) -> None:
        self.clock = FakeClock()
        self.server = server
        spread = itertools.count()
        self.transport = Transport(
            server.endpoint,
            TokenAuth(TOKEN),
            clock=self.clock,
            chance=lambda: (next(spread) % count) / count,
        )
        self.client = RomaClient(self.transport, PROJECT)
        self.back: list[float] = [5.0 * number / count for number in range(count)]  # polls are spread already
        self.sent: list[float] = []

    def run(self, until: float) -> None:
        while min(self.back) < until:
            number = self.back.index(min(self.back))
            self.clock.now = max(self.clock.now, self.back[number])
            before = len(self.server.requests)
            pause = 5.0
            try:
                self.client.creation_progress(ID, once=True)
            except RomaApiError as error:
                pause = max(pause, error.retry_after or 0.0)
            self.sent += [self.clock.now] * (len(self.server.requests) - before)
            self.back[number] = self.clock.now + pause


def test_twenty_waiters_ask_once_in_the_pause_and_come_back_spread(server: Server) -> None:
    server.first = [raw(429, '{"error_code":"APIGW.0308","error_msg":"over"}', "Retry-After: 30")]
    server.answers(200, '{"instance": {"status": "CREATING"}}')
    waiters = Waiters(server, 20)
    waiters.run(30.0)
    assert waiters.sent == [0.0]
    waiters.run(36.0)
    assert len(waiters.sent) >= 1 + 20
    # All are back within the spread, and no two at the same moment.
    first_back = waiters.sent[1:21]
    assert len(set(first_back)) == 20
    assert 30.0 <= min(first_back) <= max(first_back) <= 35.0


def test_twenty_threads_send_nothing_before_the_time_is_over(server: Server) -> None:
    """The same with threads, up to the pause: those in flight together are all that is sent."""
    server.first = [raw(429, "", "Retry-After: 60")]
    server.reply = raw(200, '{"instance": {"status": "RUNNING"}}')
    transport = Transport(server.endpoint, TokenAuth(TOKEN))
    client = RomaClient(transport, PROJECT)
    with pytest.raises(RomaApiError):
        client.creation_progress(ID, once=True)
    stop = threading.Event()
    reported = threading.Barrier(21)
    reports: list[Report] = []
    ends: list[BaseException] = []

    def report(report: Report) -> None:
        reports.append(report)
        reported.wait(30)

    def wait() -> None:
        waiting = Wait(ID, Asking(lambda seconds: client.creation_progress(ID, timeout=seconds, once=True)), stop)
        waiting.report = report
        try:
            waiting.until_ready()
        except Exception as error:  # noqa: BLE001 - what it is is asserted
            ends.append(error)

    threads = [threading.Thread(target=wait) for _ in range(20)]
    for thread in threads:
        thread.start()
    reported.wait(30)  # all twenty have asked, and are in their pause of a minute
    stop.set()  # Ctrl-C
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    assert [type(error).__name__ for error in ends] == ["CreationCancelled"] * 20
    assert len(server.requests) == 1
    assert all("HTTP 429" in str(report.trouble) and "asking again" in str(report.trouble) for report in reports)


def test_the_one_who_was_refused_comes_back_spread_too(server: Server) -> None:
    server.answers(429, "", "Retry-After: 30")
    made = Transport(server.endpoint, TokenAuth(TOKEN), clock=FakeClock(), chance=lambda: 0.5)
    with pytest.raises(RomaApiError) as caught:
        RomaClient(made, PROJECT).creation_progress(ID, once=True)
    assert caught.value.retry_after == 32.5
    server.answers(429)
    made = Transport(server.endpoint, TokenAuth(TOKEN), clock=FakeClock(), chance=lambda: 0.5)
    with pytest.raises(RomaApiError) as caught:
        RomaClient(made, PROJECT).creation_progress(ID, once=True)
    assert caught.value.retry_after == 7.5


def test_a_good_answer_makes_the_next_refusal_a_first_one(server: Server) -> None:
    server.first = [raw(429), raw(429), raw(200, json_of("CREATING")), raw(429)]
    clock = FakeClock()
    made = Transport(server.endpoint, TokenAuth(TOKEN), clock=clock, chance=lambda: 0.0)
    pauses = []
    for _ in range(4):
        try:
            RomaClient(made, PROJECT).creation_progress(ID, once=True)
        except RomaApiError as error:
            pauses.append(error.retry_after)
            clock.now += error.retry_after or 0.0
    assert pauses == [5.0, 10.0, 5.0]


def test_calls_outside_waits_wait_for_the_budget(server: Server) -> None:
    server.answers(200, '{"total": 0, "instances": []}')
    clock = FakeClock()
    made = Transport(server.endpoint, TokenAuth(TOKEN), clock=clock, budgets=paused(server, 60.0), chance=lambda: 0.5)
    assert RomaClient(made, PROJECT).list_instances() == []
    assert clock.slept == [62.5]
    assert len(server.requests) == 1


def test_a_wait_on_a_pausing_budget_ends_ready(server: Server) -> None:
    server.first = [raw(429, "", "Retry-After: 30"), raw(429, "", "Retry-After: 30")]
    server.answers(200, json_of("RUNNING"))
    clock = FakeClock()
    made = Transport(server.endpoint, TokenAuth(TOKEN), clock=clock, chance=lambda: 0.0)
    client = RomaClient(made, PROJECT)
    source = Asking(lambda left: client.creation_progress(ID, timeout=left, once=True))
    wait = Wait(ID, source, threading.Event(), clock)
    assert wait.until_ready().decisive_status == "RUNNING"
    assert clock.now == 60.0
    assert len(server.requests) == 3


def json_of(status: str) -> str:
    return json.dumps(body(status))
