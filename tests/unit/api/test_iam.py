"""Tokens for a password: one for all who wait, in time, once more after a 401, and never in a loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any

import pytest
import requests
from pydantic import BaseModel
from requests import PreparedRequest, Session

from roma_provider.api.auth import TokenAuth
from roma_provider.api.iam import Calls, PasswordAuth, Project, User, projects
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.errors import RomaApiError, RomaConnectionError, RomaError
from tests.support.fakes import PROJECT, REGION, FakeClock
from tests.support.iam_server import IamServer, serving_iam

PASSWORD = "canary-pass word"
USER = User("zhangyue", PASSWORD, "account")
HOUR = 3600.0
WAITERS = 20


class Anything(BaseModel):
    """Any object."""


@pytest.fixture
def iam() -> Iterator[IamServer]:
    with serving_iam() as server:
        yield server


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def password_auth(iam: IamServer, clock: FakeClock, **project: str) -> PasswordAuth:
    return PasswordAuth(iam.url, USER, {"project": project or {"id": PROJECT}}, Calls(Limits(0, 5.0), clock))


def signed(auth: PasswordAuth) -> PreparedRequest:
    with Session() as session:
        return session.prepare_request(requests.Request("GET", "https://h/x", auth=auth))


def token(auth: PasswordAuth) -> str:
    return str(signed(auth).headers["X-Auth-Token"])


class CountingLock:
    """A lock that tells how many came to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = threading.Condition()
        self.came = 0

    def __enter__(self) -> None:
        with self._count:
            self.came += 1
            self._count.notify_all()
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def wait_for(self, count: int) -> None:
        with self._count:
            assert self._count.wait_for(lambda: self.came >= count, 20)


def all_at_once(auth: PasswordAuth, iam: IamServer, do: Callable[[], Any]) -> list[Any]:
    """``do`` by 20 threads, all of which have come before IAM answers the first."""
    lock = CountingLock()
    auth._lock = lock  # type: ignore[assignment]
    iam.open.clear()

    def caught() -> Any:
        try:
            return do()
        except RomaError as error:
            return error

    with ThreadPoolExecutor(WAITERS) as pool:
        futures = [pool.submit(caught) for _ in range(WAITERS)]
        lock.wait_for(WAITERS)
        iam.open.set()
        return [future.result(20) for future in futures]


@pytest.mark.parametrize(
    "project",
    [{"id": PROJECT}, {"name": REGION}],
)
def test_what_iam_is_asked(iam: IamServer, clock: FakeClock, project: dict[str, str]) -> None:
    assert token(password_auth(iam, clock, **project)) == "token-1"
    [asked] = iam.asked
    user = {"name": "zhangyue", "password": PASSWORD, "domain": {"name": "account"}}
    assert asked["auth"] == {
        "identity": {"methods": ["password"], "password": {"user": user}},
        "scope": {"project": project},
    }
    assert asked["path"] == "/v3/auth/tokens?nocatalog=true"
    assert asked["headers"]["Content-Type"] == "application/json"
    assert "X-Auth-Token" not in asked["headers"]


def test_one_token_serves_every_request_until_shortly_before_it_expires(iam: IamServer, clock: FakeClock) -> None:
    auth = password_auth(iam, clock)
    assert [token(auth) for _ in range(3)] == ["token-1"] * 3
    clock.now = 24 * HOUR - 301
    assert token(auth) == "token-1"
    clock.now = 24 * HOUR - 300
    assert [token(auth) for _ in range(3)] == ["token-2"] * 3
    assert len(iam.asked) == 2
    clock.now += 24 * HOUR - 301
    assert token(auth) == "token-2"


@pytest.mark.parametrize(("lifetime", "seconds"), [("100s", 90.0), ("none", 23 * HOUR + 3300), ("bad", 23 * HOUR)])
def test_how_long_a_token_lives_is_told_by_the_server_s_clock_alone(
    iam: IamServer, clock: FakeClock, lifetime: str, seconds: float
) -> None:
    iam.lifetime = lifetime
    auth = password_auth(iam, clock)
    assert token(auth) == "token-1"
    clock.now = seconds - 1
    assert token(auth) == "token-1"
    clock.now = 24 * HOUR
    assert token(auth) == "token-2"


def test_a_token_that_is_still_good_is_used_while_iam_is_in_trouble(iam: IamServer, clock: FakeClock) -> None:
    auth = password_auth(iam, clock)
    assert token(auth) == "token-1"
    clock.now = 24 * HOUR - 200
    iam.status = 503
    assert [token(auth) for _ in range(5)] == ["token-1"] * 5
    assert len(iam.asked) == 2
    clock.now += 31
    assert token(auth) == "token-1"
    assert len(iam.asked) == 3
    clock.now = 24 * HOUR
    with pytest.raises(RomaApiError) as caught:
        token(auth)
    assert (caught.value.operation, caught.value.status, caught.value.transient) == ("create_token", 503, True)
    iam.status = 201
    assert token(auth) == "token-5"


def test_twenty_who_come_at_once_share_one_token(iam: IamServer, clock: FakeClock) -> None:
    auth = password_auth(iam, clock)
    assert all_at_once(auth, iam, lambda: token(auth)) == ["token-1"] * WAITERS
    assert len(iam.asked) == 1


def test_twenty_whose_token_is_refused_share_one_renewal(iam: IamServer, clock: FakeClock) -> None:
    auth = password_auth(iam, clock)
    used = signed(auth)
    assert all_at_once(auth, iam, lambda: auth.renew(used)) == [True] * WAITERS
    assert len(iam.asked) == 2
    assert token(auth) == "token-2"


def test_twenty_calls_with_an_expired_token_make_one_renewal(iam: IamServer) -> None:
    auth = PasswordAuth(iam.url, USER, {"project": {"id": PROJECT}})
    transport = Transport(iam.url, auth, Limits(0, 10.0))
    transport.call(Request("o", "GET", "/v2/x"), Anything)
    iam.good.clear()
    iam.statuses.clear()
    with ThreadPoolExecutor(WAITERS) as pool:
        calls = [pool.submit(transport.call, Request("o", "GET", "/v2/x"), Anything, once=True) for _ in range(WAITERS)]
        assert [call.result(20) for call in calls] == [Anything()] * WAITERS
    assert len(iam.asked) == 2
    assert iam.statuses.count(200) == WAITERS


def test_twenty_share_the_failure_of_one_attempt(iam: IamServer, clock: FakeClock) -> None:
    auth = password_auth(iam, clock)
    iam.status = 503
    errors = all_at_once(auth, iam, lambda: token(auth))
    assert {type(error) for error in errors} == {RomaApiError}
    assert {error.status for error in errors} == {503}
    assert len({id(error) for error in errors}) == WAITERS  # each gets hints of its own
    assert len(iam.asked) == 1
    iam.status = 201
    assert token(auth) == "token-2"


def test_a_wrong_password_is_sent_once(iam: IamServer, clock: FakeClock) -> None:
    auth = password_auth(iam, clock)
    iam.status = 401
    for _ in range(5):
        with pytest.raises(RomaApiError) as caught:
            token(auth)
        error = caught.value
        assert (error.status, error.refuses_sign_in, error.outcome_unknown) == (401, True, False)
        assert str(error) == "create_token was answered with HTTP 401: 401: no: [secret]"
        error.hints.append("said")
        assert len(error.reasons) == 2
    assert len(iam.asked) == 1
    assert PASSWORD not in f"{auth!r} {auth} {USER!r} {auth._request!r}"


def test_a_renewal_that_helps_nothing_is_not_repeated(iam: IamServer) -> None:
    auth = PasswordAuth(iam.url, USER, {"project": {"id": PROJECT}})
    transport = Transport(iam.url, auth, Limits(0, 10.0))
    iam.refusing = True
    for _ in range(4):
        with pytest.raises(RomaApiError) as caught:
            transport.call(Request("o", "GET", "/v2/x"), Anything)
        assert (caught.value.operation, caught.value.code) == ("o", "APIGW.0307")
    assert len(iam.asked) == 2
    assert iam.statuses == [401] * 5
    # One that has worked in the meantime is worth another.
    iam.refusing = False
    transport.call(Request("o", "GET", "/v2/x"), Anything)
    iam.good.clear()
    transport.call(Request("o", "GET", "/v2/x"), Anything)
    assert len(iam.asked) == 3


def test_renewing_where_another_has_done_so_asks_nobody(iam: IamServer, clock: FakeClock) -> None:
    auth = password_auth(iam, clock)
    used = signed(auth)
    assert auth.renew(used) is True
    assert auth.renew(used) is True
    assert len(iam.asked) == 2
    assert auth.secrets == (PASSWORD, "token-2", "token-1")


def test_an_iam_that_cannot_be_reached_has_sent_nothing_else(clock: FakeClock) -> None:
    with serving_iam() as gone:
        auth = password_auth(gone, clock)
    with pytest.raises(RomaConnectionError) as caught:
        token(auth)
    assert (caught.value.operation, caught.value.sent) == ("create_token", False)


def test_an_answer_without_a_token(iam: IamServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    auth = password_auth(iam, clock)
    monkeypatch.setattr(auth._asking, "_take", lambda *_args, **_more: None)
    with pytest.raises(RomaApiError, match=r"the answer holds no token \(X-Subject-Token\)"):
        token(auth)


# --- projects ----------------------------------------------------------------------------------------------


def listed(iam: IamServer, name: str | None = None) -> list[Project]:
    return projects(Transport(iam.url, TokenAuth("t"), Limits(0)), name)


def test_the_projects_that_a_sign_in_may_see(iam: IamServer) -> None:
    iam.projects = [
        {"id": PROJECT, "name": REGION, "domain_id": "d", "parent_id": "d", "is_domain": False, "enabled": True},
        {"id": "e" * 32, "name": "cn-east-3"},
    ]
    assert listed(iam, REGION) == [Project(id=PROJECT, name=REGION, enabled=True)]
    assert listed(iam) == [Project(id=PROJECT, name=REGION, enabled=True), Project(id="e" * 32, name="cn-east-3")]
    assert iam.queries == [{"name": [REGION]}, {}]


def test_a_list_that_is_none_is_no_empty_one(iam: IamServer) -> None:
    iam.projects = [{"name": REGION}]
    with pytest.raises(RomaApiError, match=r"list_projects .*the answer is not the JSON object it should be"):
        listed(iam, REGION)
