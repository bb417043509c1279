"""Tokens for an agency: asked for with another way to sign in, and renewed as a user's is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from requests import Session

from roma_provider.api.auth import Auth, TokenAuth
from roma_provider.api.iam import Agency, AgencyAuth, Calls, PasswordAuth, User
from roma_provider.api.retry import Limits
from roma_provider.api.signing import AkSkAuth
from roma_provider.api.transport import Request, Transport
from roma_provider.errors import RomaApiError
from tests.support.fakes import PROJECT, FakeClock
from tests.support.iam_server import IamServer, serving_iam

AGENCY = Agency("deployers", "their-account")
SCOPE = {"project": {"id": PROJECT}}
HOUR = 3600.0


@pytest.fixture
def iam() -> Iterator[IamServer]:
    with serving_iam() as server:
        yield server


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def calls(clock: FakeClock) -> Calls:
    return Calls(Limits(0, 5.0), clock)


def assumed(iam: IamServer, clock: FakeClock, base: Auth | None = None) -> AgencyAuth:
    return AgencyAuth(iam.url, AGENCY, base or AkSkAuth("canary-ak", "canary-sk", clock=clock), SCOPE, calls(clock))


def token(auth: Auth) -> str:
    with Session() as session:
        prepared = session.prepare_request(requests.Request("GET", "https://h/x", auth=auth))
    assert "Authorization" not in prepared.headers  # the keys are of another account
    return str(prepared.headers["X-Auth-Token"])


def test_what_iam_is_asked_with_keys(iam: IamServer, clock: FakeClock) -> None:
    assert token(assumed(iam, clock)) == "token-1"
    [asked] = iam.asked
    assert asked["auth"] == {
        "identity": {
            "methods": ["assume_role"],
            "assume_role": {"domain_name": "their-account", "agency_name": "deployers"},
        },
        "scope": SCOPE,
    }
    assert asked["path"] == "/v3/auth/tokens?nocatalog=true"
    assert asked["headers"]["Authorization"].startswith("SDK-HMAC-SHA256 Access=canary-ak, ")
    assert "X-Project-Id" not in asked["headers"]


def test_what_iam_is_asked_with_a_token_or_a_user(iam: IamServer, clock: FakeClock) -> None:
    assert token(assumed(iam, clock, TokenAuth("canary-token"))) == "token-1"
    assert iam.asked[0]["headers"]["X-Auth-Token"] == "canary-token"
    user = PasswordAuth(iam.url, User("u", "canary-pw", "mine"), {"domain": {"name": "mine"}}, calls(clock))
    assert token(assumed(iam, clock, user)) == "token-3"
    assert [asked["auth"]["identity"]["methods"] for asked in iam.asked[1:]] == [["password"], ["assume_role"]]
    assert iam.asked[1]["auth"]["scope"] == {"domain": {"name": "mine"}}
    assert iam.asked[2]["headers"]["X-Auth-Token"] == "token-2"


def test_a_token_is_replaced_before_it_expires(iam: IamServer, clock: FakeClock) -> None:
    auth = assumed(iam, clock)
    assert [token(auth) for _ in range(3)] == ["token-1"] * 3
    clock.now = 24 * HOUR - 300
    assert [token(auth) for _ in range(3)] == ["token-2"] * 3
    assert len(iam.asked) == 2
    assert auth.secrets == ("canary-sk", "canary-ak", "token-2", "token-1")


def test_a_token_that_is_refused_is_renewed_once(iam: IamServer, clock: FakeClock) -> None:
    transport = Transport(iam.url, assumed(iam, clock), Limits(0), clock)
    transport.call(Request("o", "GET", "/x"))
    iam.good.clear()
    transport.call(Request("o", "GET", "/x"))
    assert iam.statuses == [200, 401, 200]
    assert len(iam.asked) == 2


def test_a_refused_agency_is_asked_for_once_and_shows_no_secret(iam: IamServer, clock: FakeClock) -> None:
    iam.status = 403
    auth = assumed(iam, clock)
    for _ in range(3):
        with pytest.raises(RomaApiError) as caught:
            token(auth)
        assert (caught.value.operation, caught.value.status) == ("create_token", 403)
        assert caught.value.refuses_sign_in
        assert "canary" not in str(caught.value)
    assert len(iam.asked) == 1


def test_a_user_s_token_that_is_refused_is_renewed_for_the_agency(iam: IamServer, clock: FakeClock) -> None:
    user = PasswordAuth(iam.url, User("u", "canary-pw", "mine"), {"domain": {"name": "mine"}}, calls(clock))
    token(user)
    iam.status, iam.refused = 401, "assume_role"
    auth = assumed(iam, clock, user)
    with pytest.raises(RomaApiError, match=r"create_token was answered with HTTP 401: .*\[secret\]"):
        token(auth)
    methods = [asked["auth"]["identity"]["methods"][0] for asked in iam.asked]
    assert methods == ["password", "assume_role", "password", "assume_role"]
