"""A sign-in that is refused: renewed once, and never in a loop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from requests import PreparedRequest

from roma_provider.errors import Answer, RomaApiError
from tests.support.server import Server, raw
from tests.support.transport import Made, Renewing


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    found.reply = raw(200, "{}")
    yield found
    found.close()


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
