"""What goes wrong on the way: whether a request was sent, and answers that are made to do harm."""

from __future__ import annotations

import gc
import json
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import urllib3

from roma_provider.api import answers
from roma_provider.api.auth import TokenAuth
from roma_provider.api.client import RomaClient
from roma_provider.api.deadline import DeadlineAdapter
from roma_provider.api.models import CreatedInstance, CreationProgress, InstanceDetail
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.errors import RomaApiError, RomaConnectionError
from tests.support.fakes import PROJECT, TOKEN
from tests.support.server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def transport(endpoint: str) -> Transport:
    return Transport(endpoint, TokenAuth(TOKEN), Limits(max_retries=0))


def api_error(server: Server) -> RomaApiError:
    with pytest.raises(RomaApiError) as caught:
        transport(server.endpoint).call(Request("o", "GET", "/x"), CreationProgress)
    return caught.value


# --- TLS


class Silent:
    """A socket that takes everything."""

    def settimeout(self, _seconds: float) -> None:
        pass

    def sendall(self, _data: bytes) -> None:
        pass

    def close(self) -> None:
        pass


def post(monkeypatch: pytest.MonkeyPatch, *, connecting: Exception | None, answering: Exception) -> RomaConnectionError:
    def connect(self: Any) -> None:
        if connecting is not None:
            raise connecting
        self.sock = Silent()
        self.is_verified = True

    def answer(_self: object) -> None:
        raise answering

    monkeypatch.setattr(urllib3.connection.HTTPSConnection, "connect", connect)
    monkeypatch.setattr(urllib3.connection.HTTPConnection, "getresponse", answer)
    made = transport("https://roma.example.com")
    with pytest.raises(RomaConnectionError) as caught:
        made.call(Request("create_instance", "POST", "/v1/p/instances", json={}), CreatedInstance)
    return caught.value


def test_tls_that_fails_while_the_answer_is_read_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = ssl.SSLError(1, "[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC] decryption failed or bad record mac")
    error = post(monkeypatch, connecting=None, answering=broken)
    assert (error.sent, error.reason) == (True, "TLS failed")


def test_a_certificate_that_is_not_accepted_was_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate")
    error = post(monkeypatch, connecting=unknown, answering=AssertionError())
    assert (error.sent, error.reason) == (
        False,
        "the server's certificate was not accepted; REQUESTS_CA_BUNDLE can name a file with your CA's",
    )


def test_a_host_name_that_cannot_be_one_was_never_sent() -> None:
    made = transport("https://" + "x" * 70 + ".example.com")
    with pytest.raises(RomaConnectionError) as caught:
        made.call(Request("create_instance", "POST", "/v1/p/instances", json={}), CreatedInstance)
    assert not caught.value.sent


def test_an_error_of_urllib3_itself_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def send(_self: object, *_arguments: object, **_more: object) -> None:
        raise urllib3.exceptions.ReadTimeoutError(urllib3.HTTPSConnectionPool("h"), "/x", "read timed out")

    monkeypatch.setattr(DeadlineAdapter, "send", send)
    with pytest.raises(RomaConnectionError) as caught:
        transport("https://roma.example.com").call(Request("o", "GET", "/x"))
    assert (caught.value.sent, caught.value.reason) == (True, "the answer took too long")


# --- answers that repeat what was sent to them


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (f'{{"error_code":"APIGW.0301","error_msg":"bad x-auth-token:{TOKEN}!"}}', "bad x-auth-token:[secret]!"),
        (f'{{"error":{{"code":401,"message":"{TOKEN} {TOKEN}"}}}}', "[secret] [secret]"),
        (f"<html><p>{TOKEN}</p></html>", "[secret]"),
        (TOKEN, "[secret]"),
        ("x" * 195 + TOKEN, "x" * 195 + "[sec…"),
    ],
)
def test_a_token_that_the_server_repeats_is_not_shown(server: Server, body: str, message: str) -> None:
    server.answers(401, body)
    error = api_error(server)
    assert error.message == message
    assert TOKEN[:8] not in f"{error!r} {error} {error.reasons}"


# --- a list that is none


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "null",
        '{"error_code":"APIGW.1","error_msg":"x"}',
        '{"total":3,"instances":null}',
        '{"instances":[5]}',
    ],
)
def test_a_good_answer_that_is_no_list_is_an_error_and_nothing_is_gone(server: Server, body: str) -> None:
    server.answers(200, body)
    with pytest.raises(RomaApiError) as caught:
        RomaClient(transport(server.endpoint), PROJECT).list_instances()
    assert caught.value.message == "the answer is not the JSON object it should be"
    assert (caught.value.transient, caught.value.not_found, len(server.requests)) == (True, False, 1)


# --- answers that are made to do harm


@pytest.fixture
def no_collection() -> Iterator[None]:
    """The garbage of other tests, collected where the stack is nearly full, would fail in pytest's own hook."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize("depth", [400, 900, 5000, 100_000])
def test_an_error_body_that_is_very_deep(server: Server, depth: int) -> None:
    server.answers(500, '{"a":' * depth + "1" + "}" * depth)
    assert api_error(server).message == ('{"a":' * 40)[:199] + "…"


@pytest.mark.usefixtures("no_collection")
def test_a_good_body_that_is_very_deep(server: Server) -> None:
    server.answers(200, "[" * 100_000)
    error = api_error(server)
    assert (error.message, error.outcome_unknown) == ("the answer is cut off or not JSON", True)


@pytest.mark.usefixtures("no_collection")
def test_zones_that_are_very_deep() -> None:
    zones = InstanceDetail.model_validate({"availableZones": "[" * 100_000}).available_zones
    assert zones in ([], None)


def test_a_number_that_is_very_long(server: Server) -> None:
    server.answers(200, '{"progress": ' + "9" * 5000 + "}")
    assert api_error(server).message == "the answer is cut off or not JSON"
    server.answers(500, '{"error_msg": ' + "9" * 5000 + "}")
    assert len(api_error(server).message) == 200


def test_a_long_text_is_looked_at_in_its_beginning_alone(server: Server) -> None:
    # Taking the tags out costs the square of the length.
    server.answers(500, "<b>before</b>" + "<script " * 100_000 + "> after")
    assert api_error(server).message == "before"


@pytest.mark.parametrize(
    "value",
    [
        "Wed, 99 Oct 2015 99:99:99 GMT",
        "Wed, 21 Oct 99999 07:28:00 GMT",
        "Wed, 21 Oct 2015 07:28:00 +99999999999999999",
        "Mon, 1 Jan 0000 00:00:00 GMT",
        "0 0 0",
        "; ,",
        "1e5",
        "²",
    ],
)
def test_a_retry_after_that_is_no_time_is_seconds_from_0_or_none(value: str) -> None:
    response = requests.Response()
    response.status_code = 429
    response.headers["Retry-After"] = value
    response.headers["Date"] = "Wed, 21 Oct 2015 07:28:00 GMT"
    found = answers.api_error("o", response, b"{}").retry_after
    assert found is None or found >= 0.0


def test_an_error_body_of_every_json_value(server: Server) -> None:
    for value in (None, True, 5, 1.5, "text", [], [[{"error_code": "X"}]], {"code": {"a": 1}}, {"message": ["x"]}):
        server.answers(400, json.dumps(value))
        assert api_error(server).status == 400
