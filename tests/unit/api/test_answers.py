"""What an answer says: each shape of its error, its headers, and a body that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from roma_provider.api import answers
from roma_provider.api.answers import without
from roma_provider.api.auth import TokenAuth
from roma_provider.api.models import CreationProgress
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.errors import RomaApiError
from tests.support.fakes import TOKEN, FakeClock
from tests.support.server import Server, raw


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def get(server: Server) -> CreationProgress:
    made = Transport(server.endpoint, TokenAuth(TOKEN), Limits(max_retries=0), FakeClock())
    return made.call(Request("creation_progress", "GET", "/v2/p/x"), CreationProgress)


def api_error(server: Server) -> RomaApiError:
    with pytest.raises(RomaApiError) as caught:
        get(server)
    assert TOKEN not in f"{caught.value!r} {caught.value} {caught.value.reasons}"
    assert caught.value.operation == "creation_progress"
    return caught.value


@pytest.mark.parametrize(
    ("body", "code", "message", "request_id"),
    [
        (
            '{"error_code":"ROMA.00013000","error_msg":"Invalid","error_details":"d","request_id":"r1"}',
            "ROMA.00013000",
            "Invalid",
            "r1",
        ),
        ('{"errorCode":"SCB.00000000","errorMsg":"Parameter error."}', "SCB.00000000", "Parameter error.", None),
        ('{"code":"C1","message":"m"}', "C1", "m", None),
        ('{"error":{"code":401,"message":"The request","title":"Unauthorized"}}', "401", "The request", None),
        ('{"a":1,"b":{"c":{"error_code":"X","error_msg":"deep","request_id":"r2"}}}', "X", "deep", "r2"),
        ('{"error_code":"X"}', "X", '{"error_code":"X"}', None),
        ('{"error_msg":"no code"}', None, "no code", None),
        ('{"error_code":null,"error_msg":null}', None, '{"error_code":null,"error_msg":null}', None),
        ('{"error_code":"X","error_msg":"cut o', None, '{"error_code":"X","error_msg":"cut o', None),
        ('["a"]', None, '["a"]', None),
        ("<html><head><style>p{}</style></head><h1>502 Bad</h1>\n gateway</html>", None, "502 Bad gateway", None),
        ("plain   words\nhere", None, "plain words here", None),
        ("", None, "Reason", None),
    ],
)
def test_each_shape_of_an_error_body(
    server: Server, body: str, code: str | None, message: str, request_id: str | None
) -> None:
    server.answers(400, body)
    error = api_error(server)
    assert (error.status, error.code, error.message, error.request_id) == (400, code, message, request_id)


def test_the_whole_message(server: Server) -> None:
    server.answers(403, '{"error_code":"ROMA.00012000","error_msg":"No permissions","request_id":"abc"}')
    assert str(api_error(server)) == (
        "creation_progress was answered with HTTP 403: ROMA.00012000: No permissions (request id abc)"
    )


@pytest.mark.parametrize("header", ["X-Request-Id", "x-request-id", "X-IAM-Trace-Id"])
def test_the_request_id_from_the_header(server: Server, header: str) -> None:
    server.answers(500, "oops", f"{header}: trace-1")
    assert api_error(server).request_id == "trace-1"


def test_long_bodies_are_cut_in_messages(server: Server) -> None:
    server.answers(500, "x" * 5000)
    assert len(api_error(server).message) == 200
    server.answers(500, '{"error_msg":"' + "y" * 5000 + '"}')
    assert len(api_error(server).message) == 2000
    assert api_error(server).message.endswith("y…")


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_not_followed(server: Server, status: int) -> None:
    server.answers(status, "", f"Location: {server.endpoint}/elsewhere")
    error = api_error(server)
    assert error.message == "a redirect to 127.0.0.1, which is not followed; check the endpoint"
    assert not error.transient
    assert not error.outcome_unknown
    assert [entry[1] for entry in server.requests] == ["/v2/p/x"]


@pytest.mark.parametrize("body", ["", "{", '{"instance": {"status": "RUN', "<html>", "null", "[]", "5"])
def test_a_good_status_with_a_body_that_cannot_be_read(server: Server, body: str) -> None:
    server.answers(200, body)
    error = api_error(server)
    assert error.status == 200
    assert error.transient
    assert error.outcome_unknown
    assert error.message in ("the answer is cut off or not JSON", "the answer is not the JSON object it should be")


def test_an_answer_that_is_too_large(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MAX_BYTES", 1 << 20)
    server.answers(200, b'{"name": "' + b"x" * (1 << 20) + b'"}')
    error = api_error(server)
    assert error.message == "the answer is larger than 1 MiB"
    assert error.outcome_unknown


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (["Retry-After: 7"], 7.0),
        (["Retry-After: 0"], 0.0),
        (["Retry-After: 1.5"], 1.5),
        (["Retry-After: soon"], None),
        (["Retry-After: -5"], None),
        (["Retry-After:"], None),
        ([], None),
        (["Date: Wed, 21 Oct 2015 07:28:00 GMT", "Retry-After: Wed, 21 Oct 2015 07:30:00 GMT"], 120.0),
        (["Date: Wed, 21 Oct 2015 07:28:00 GMT", "Retry-After: Wed, 21 Oct 2015 07:00:00 GMT"], 0.0),
        (["Date: Wed, 21 Oct 2015 07:28:00 GMT", "Retry-After: Wed, 21 Oct 2015 09:30:00 +0200"], 120.0),
        (["Retry-After: Wed, 21 Oct 2015 07:30:00 GMT"], None),
        (["Date: no date", "Retry-After: Wed, 21 Oct 2015 07:30:00 GMT"], None),
    ],
)
def test_retry_after_in_both_of_its_forms(server: Server, headers: list[str], seconds: float | None) -> None:
    server.answers(429, '{"error_code":"APIGW.0308","error_msg":"throttled"}', *headers)
    error = api_error(server)
    assert error.retry_after == seconds
    assert error.transient
    assert not error.outcome_unknown


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
    assert api_error(server).server_date == epoch
    server.reply = raw(200, "nonsense", header)
    assert api_error(server).server_date == epoch


def test_secrets_are_taken_out_of_the_bytes_whatever_they_are() -> None:
    """Before anything reads them: a body that is no JSON, or not UTF-8, may hold them too."""
    body = b"\xff<p>token=" + TOKEN.encode() + b"</p> short"
    assert without((TOKEN, "short"[:3]), body) == b"\xff<p>token=[secret]</p> short"
