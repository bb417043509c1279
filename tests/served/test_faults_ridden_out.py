"""A whole creation against a served emulator in trouble: each fault is told, and the instance ends RUNNING.

The waits are on a clock that only sleeping moves, and that moves the emulator's along.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from roma_provider.api.auth import Auth, TokenAuth
from roma_provider.api.client import RomaClient
from roma_provider.api.iam import Calls, PasswordAuth, User
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Transport
from roma_provider.clock import Clock, Stop
from roma_provider.creation.wait import Bounds, Wait
from roma_provider.emulator import PROJECT_ID, TOKEN, Control
from roma_provider.errors import CreationTimedOut, RomaApiError, RomaConnectionError
from tests.served.test_client import request
from tests.support.emulator import Api, SettableClock
from tests.support.until import wait_until
from tests.support.wait import Asking

LIMITS = Limits()  # of real time, which a busy machine takes too
SHORT = Limits(timeout_seconds=2.0)
CREATION_SECONDS = 200  # longer than any three pauses


class SharedClock(Clock):
    """The emulator's clock, which sleeping moves; deadlines of sockets are on the real one."""

    def __init__(self, emulator: SettableClock) -> None:
        self._emulator = emulator
        self._slept = 0.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return super().monotonic() + self._slept

    def epoch(self) -> float:
        return self._emulator.now

    def sleep(self, seconds: float, stop: Stop) -> bool:
        with self._lock:
            self._slept += seconds
            self._emulator.tick(seconds)
        return stop.is_set()


@dataclass
class Creation:
    """An instance that is being made, and a wait for it."""

    api: Api
    clock: SharedClock
    auth: Auth = field(default_factory=lambda: TokenAuth(TOKEN))
    limits: Limits = LIMITS
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.made = self.api.create()
        Control(self.api.url).patch_instance(self.made, creation_seconds=CREATION_SECONDS)
        transport = Transport(self.api.url, self.auth, self.limits, self.clock, chance=lambda: 0.0)
        self.client = RomaClient(transport, PROJECT_ID)

    def wait(self, seconds: float = 3600.0) -> str:
        """The status that the wait ends with."""
        wait = Wait(
            self.made,
            Asking(
                lambda left: self.client.creation_progress(self.made, timeout=left, once=True),
                lambda: all(entry.id != self.made for entry in self.client.list_instances(once=True)),
            ),
            threading.Event(),
            self.clock,
            Bounds(seconds),
            report=lambda report: self.told.append(report.trouble or ""),
        )
        return wait.until_ready().decisive_status

    @property
    def troubles(self) -> list[str]:
        return [trouble for trouble in self.told if trouble]


@pytest.fixture
def shared(clock: SettableClock) -> SharedClock:
    return SharedClock(clock)


@pytest.fixture
def creation(api: Api, shared: SharedClock) -> Creation:
    return Creation(api, shared)


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "408": ({"status": 408}, "HTTP 408"),
    "429 with seconds": ({"status": 429, "headers": {"Retry-After": "50"}}, "HTTP 429: APIGW.0308"),
    "429 without": ({"status": 429}, "HTTP 429: APIGW.0308"),
    "500": ({"status": 500}, "HTTP 500: ROMA.00011000"),
    "502": ({"status": 502}, "HTTP 502"),
    "503 with a pause": ({"status": 503, "headers": {"Retry-After": "50"}}, "HTTP 503"),
    "504": ({"status": 504}, "HTTP 504"),
    "html": ({"status": 502, "body": "<html><h1>Bad Gateway</h1></html>"}, "HTTP 502: Bad Gateway"),
    "html and 200": ({"status": 200, "body": "<html>"}, "HTTP 200: the answer is cut off or not JSON"),
    "reset": ({"reset": True}, "got no answer: the connection was reset"),
    "cut": ({"cut": 100}, "got no answer: the connection ended in the middle of the answer"),
    "404 of one that is listed": ({"status": 404}, "HTTP 404"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_three_faults_in_the_middle_of_a_wait(creation: Creation, control: Control, name: str) -> None:
    fault, said = FAULTS[name]
    creation.client.creation_progress(creation.made)
    control.clear_calls()
    control.add_fault("creation_progress", times=3, **fault)
    assert creation.wait() == "RUNNING"
    assert len(creation.troubles) == 3
    assert all(said in trouble and trouble.endswith("; asking again") for trouble in creation.troubles)
    assert [found.status for found in control.instances()] == ["RUNNING"]


@pytest.mark.parametrize("fault", [{"drip_seconds": 0.2}, {"hold": True}])
def test_an_answer_that_drips_or_never_comes_is_cut(
    api: Api, shared: SharedClock, control: Control, fault: dict[str, Any]
) -> None:
    creation = Creation(api, shared, limits=SHORT)
    control.add_fault("creation_progress", times=1, **fault)
    assert creation.wait() == "RUNNING"
    assert creation.troubles == ["creation_progress got no answer: the answer took too long; asking again"]


def test_faults_of_every_kind_in_turn(creation: Creation, control: Control) -> None:
    for fault, _ in FAULTS.values():
        control.add_fault("creation_progress", **fault)
    assert creation.wait() == "RUNNING"
    assert len(creation.troubles) == len(FAULTS)


def test_retry_after_as_a_date_is_held_against_the_servers_clock(
    creation: Creation, control: Control, clock: SettableClock
) -> None:
    clock.now = 1445412480.0  # Wed, 21 Oct 2015 07:28:00 GMT, years from this machine's clock
    later = Creation(creation.api, creation.clock)
    control.add_fault("creation_progress", status=429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:40 GMT"})
    control.clear_calls()
    assert later.wait() == "RUNNING"
    first, second = (call.at for call in control.calls()[:2])
    assert second - first == 40_000


def test_trouble_that_does_not_end_is_told_at_its_end(creation: Creation, control: Control) -> None:
    control.patch_instance(creation.made, scenario="stuck")
    control.add_fault("creation_progress", times=None, status=502)
    with pytest.raises(RomaApiError, match="HTTP 502"):
        creation.wait()
    with pytest.raises(CreationTimedOut, match="without one answer about its progress"):
        creation.wait(seconds=60.0)
    assert [found.status for found in control.instances()] == ["CREATING"]


@pytest.mark.parametrize(
    ("status", "code"), [(400, "APIGW.0201"), (401, "APIGW.0301"), (403, "APIGW.0302"), (404, "APIGW.0101")]
)
def test_what_will_not_pass_ends_the_wait_at_once(creation: Creation, control: Control, status: int, code: str) -> None:
    body = {"error_code": code, "error_msg": "no"}
    control.clear_calls()
    control.add_fault("creation_progress", times=None, status=status, body=body)
    with pytest.raises(RomaApiError) as ended:
        creation.wait()
    assert (ended.value.status, ended.value.code) == (status, code)
    assert len(control.calls()) == 1


# --- a token that expires


def password_auth(api: Api, shared: SharedClock) -> PasswordAuth:
    user, scope = User("zhangyue", "right", "an-account"), {"project": {"id": PROJECT_ID}}
    return PasswordAuth(api.url, user, scope, Calls(LIMITS, shared))


def test_twenty_waiters_whose_token_expires_in_the_middle(api: Api, control: Control, shared: SharedClock) -> None:
    made = [api.create(name=f"roma-{number}") for number in range(20)]
    transport = Transport(api.url, password_auth(api, shared), clock=shared)
    client = RomaClient(transport, PROJECT_ID)
    client.creation_progress(made[0], once=True)
    assert len(control.calls("create_token")) == 1
    # Twenty questions arrive with the old token, and are answered when all of them are there.
    gate = control.add_fault("creation_progress", times=20, hold=True)
    ends: list[str] = []

    def ask(instance_id: str) -> None:
        ends.append(client.creation_progress(instance_id, once=True).decisive_status)

    threads = [threading.Thread(target=ask, args=[instance_id]) for instance_id in made]
    before = len(control.calls("creation_progress"))
    for thread in threads:
        thread.start()
    wait_until(lambda: len(control.calls("creation_progress")) == before + 20, "twenty questions")
    control.add_fault("other", expire_tokens=True)
    api.call("GET", "/nowhere")
    control.clear_fault(gate)
    for thread in threads:
        thread.join(60)
    assert ends == ["CREATING"] * 20
    assert len(control.calls("create_token")) == 2
    assert [call.status for call in control.calls("creation_progress")].count(401) == 20


def test_a_token_that_expires_in_the_middle_of_a_wait(api: Api, control: Control, shared: SharedClock) -> None:
    creation = Creation(api, shared, password_auth(api, shared))
    creation.client.creation_progress(creation.made)
    control.add_fault("creation_progress", expire_tokens=True)
    assert creation.wait() == "RUNNING"
    assert creation.troubles == []
    assert len(control.calls("create_token")) == 2


def test_a_renewed_token_that_is_refused_too_ends_the_wait(api: Api, control: Control, shared: SharedClock) -> None:
    creation = Creation(api, shared, password_auth(api, shared))
    creation.client.creation_progress(creation.made)
    control.clear_calls()
    control.add_fault("creation_progress", times=None, status=401)
    with pytest.raises(RomaApiError) as ended:
        creation.wait()
    assert ended.value.refuses_sign_in
    assert len(control.calls("creation_progress")) == 2
    assert len(control.calls("create_token")) == 1


def test_an_iam_in_trouble_is_ridden_out_too(api: Api, control: Control, shared: SharedClock) -> None:
    creation = Creation(api, shared, password_auth(api, shared))
    creation.client.creation_progress(creation.made)
    control.add_fault("creation_progress", expire_tokens=True)
    control.add_fault("create_token", times=2, status=503)
    assert creation.wait() == "RUNNING"
    assert all("create_token was answered with HTTP 503" in trouble for trouble in creation.troubles)
    assert len(creation.troubles) == 2


# --- outside waits

CALLS: dict[str, Callable[[RomaClient, str], object]] = {
    "creation_progress": lambda client, made: client.creation_progress(made),
    "list_instances": lambda client, made: client.list_instances(),
    "delete_instance": lambda client, made: client.delete_instance(made),
}


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("name", [name for name in FAULTS if name not in ("html and 200", "404 of one that is listed")])
def test_two_faults_of_a_call_outside_waits(creation: Creation, control: Control, operation: str, name: str) -> None:
    control.clear_calls()
    control.add_fault(operation, times=2, **FAULTS[name][0])
    CALLS[operation](creation.client, creation.made)
    assert [call.operation for call in control.calls()] == [operation] * 3
    gone = operation == "delete_instance"
    assert [found.status for found in control.instances()] == ["DELETING" if gone else "CREATING"]


@pytest.mark.parametrize("operation", CALLS)
def test_more_faults_than_retries(creation: Creation, control: Control, operation: str) -> None:
    control.clear_calls()
    control.add_fault(operation, times=None, status=502)
    with pytest.raises(RomaApiError, match="HTTP 502"):
        CALLS[operation](creation.client, creation.made)
    assert len(control.calls()) == 1 + LIMITS.max_retries


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "404 of one that is listed"])
def test_an_order_is_sent_once_whatever_happens(api: Api, control: Control, shared: SharedClock, name: str) -> None:
    transport = Transport(api.url, password_auth(api, shared), LIMITS, shared)
    control.add_fault("create_instance", times=None, **FAULTS[name][0])
    with pytest.raises((RomaApiError, RomaConnectionError)):
        RomaClient(transport, PROJECT_ID).create_instance(request())
    assert len(control.calls("create_instance")) == 1
