"""Answers that drip, proxies, certificates, and the log of calls."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from roma_provider.api import call_log
from roma_provider.api.auth import TokenAuth
from roma_provider.api.deadline import DeadlineAdapter
from roma_provider.api.models import CreatedInstance, CreationProgress
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.errors import InputError, RomaApiError, RomaConnectionError
from tests.support.fakes import TOKEN, FakeClock
from tests.support.server import Server, raw

AWAY = "https://roma.example.com"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    found = Server()
    yield found
    found.close()


# --- answers that drip

HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    "reply",
    [
        raw(200, b" " * 400),
        HEAD + b"X-Long: " + b"x" * 400,
        HEAD + b"\r\n" + b" " * 400,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n190\r\n" + b" " * 400 + b"\r\n0\r\n\r\n",
    ],
)
@pytest.mark.parametrize("at_once", [0, len(HEAD), len(HEAD) + 40])
@pytest.mark.parametrize("once", [True, False])
def test_an_answer_that_drips_is_cut(server: Server, reply: bytes, at_once: int, once: bool) -> None:
    """Each byte comes long before the time-out of the socket; all of them would take 20 s."""
    server.reply, server.drip, server.at_once = reply, 0.05, at_once
    made = Transport(server.endpoint, TokenAuth(TOKEN), Limits(0, timeout_seconds=0.25))
    with pytest.raises(RomaConnectionError) as caught:
        made.call(Request("creation_progress", "GET", "/x"), CreationProgress, once=once)
    assert (caught.value.reason, caught.value.sent) == ("the answer took too long", True)
    assert len(server.requests) == 1


def test_an_answer_that_drips_is_read_while_there_is_time(server: Server) -> None:
    server.reply, server.drip = raw(200, '{"progress": 5}'), 0.001
    made = Transport(server.endpoint, TokenAuth(TOKEN))
    assert made.call(Request("creation_progress", "GET", "/x"), CreationProgress).progress == 5


def test_a_large_answer_is_read_whole_and_the_connection_used_again(server: Server) -> None:
    large = b'{"name": "' + b"x" * (1 << 20) + b'", "progress": 7}'
    server.answers(200, large)
    made = Transport(server.endpoint, TokenAuth(TOKEN))
    for _ in range(2):
        assert made.call(Request("creation_progress", "GET", "/x"), CreationProgress).progress == 7


# --- proxies and certificates


def transport(endpoint: str) -> Transport:
    return Transport(endpoint, TokenAuth(TOKEN), Limits(max_retries=0), FakeClock())


def test_a_proxy_of_the_environment_is_used_and_one_that_refuses_is_named(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://someone:hunter2@127.0.0.1:{server.port}")
    server.answers(407)
    with pytest.raises(RomaConnectionError) as caught:
        transport(AWAY).call(Request("create_instance", "POST", "/x", json={}), CreatedInstance)
    assert caught.value.reason == "the proxy did not let it through; check HTTPS_PROXY and NO_PROXY"
    assert not caught.value.sent
    assert "hunter2" not in f"{caught.value} {caught.value!r}"
    assert [entry[:2] for entry in server.requests] == [("CONNECT", "roma.example.com:443")]
    monkeypatch.setenv("NO_PROXY", "roma.example.com")
    assert proxies_used(monkeypatch, AWAY) == {}


def test_a_proxy_whose_address_cannot_be_one(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http:///nowhere")
    with pytest.raises(RomaConnectionError) as caught:
        transport(AWAY).call(Request("o", "GET", "/x"))
    assert caught.value.reason.startswith("the proxy's address cannot be used; check HTTPS_PROXY")
    assert not caught.value.sent


def test_this_machine_is_reached_without_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.answers(200, "{}")
    transport(server.endpoint).call(Request("o", "GET", "/x"))
    assert [entry[:2] for entry in server.requests] == [("GET", "/x")]


def proxies_used(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> Any:
    return options_used(monkeypatch, endpoint)["proxies"]


def options_used(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> dict[str, Any]:
    seen: list[dict[str, Any]] = []

    def send(_self: object, _request: requests.PreparedRequest, **options: Any) -> Any:
        seen.append(options)
        raise requests.ConnectionError

    monkeypatch.setattr(DeadlineAdapter, "send", send)
    with pytest.raises(RomaConnectionError):
        transport(endpoint).call(Request("o", "GET", "/x"))
    [options] = seen
    return options


@pytest.mark.parametrize("endpoint", [AWAY, "https://localhost:8443"])
def test_a_ca_bundle_of_the_environment_is_used(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, endpoint: str
) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.touch()
    assert options_used(monkeypatch, endpoint)["verify"] is True
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    assert options_used(monkeypatch, endpoint)["verify"] == str(bundle)


def test_a_ca_bundle_that_is_not_there_is_named(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "nowhere.pem")
    with pytest.raises(InputError) as caught:
        transport(AWAY).call(Request("o", "GET", "/x"))
    assert str(caught.value) == "REQUESTS_CA_BUNDLE: write the path of a file or folder that exists"


# --- the log of calls


@pytest.fixture
def calls_log() -> Iterator[logging.Logger]:
    yield call_log.log
    for handler in list(call_log.log.handlers):
        call_log.log.removeHandler(handler)
    call_log.log.setLevel(logging.NOTSET)
    call_log.log.propagate = True


LINE = re.compile(r"^roma \d\d:\d\d:\d\d (.*) \d+ ms (request .* attempt \d+)$")


def test_one_line_for_each_request_that_is_sent(
    server: Server, calls_log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    call_log.install("debug", "ROMA_LOG")
    call_log.install("debug", "ROMA_LOG")  # configure may run twice
    server.first = [raw(502, "secret-body"), b"", raw(200, "{}", "X-Request-Id: r-1", "X-Secret: secret-header")]
    server.reply = raw(401, "{}", f"X-Request-Id: {TOKEN}")
    made = Transport(server.endpoint, TokenAuth(TOKEN), Limits(), FakeClock())
    params = {"limit": "secret-query"}
    made.call(Request("list_instances", "GET", "/v2/p/instances", params=params), CreationProgress)
    with pytest.raises(RomaApiError):
        made.call(Request("create_instance", "POST", "/v1/p/instances", json={"a": "secret-json"}), CreatedInstance)
    written = capsys.readouterr()
    lines = [LINE.match(line) for line in written.err.splitlines()]
    assert [line and line.groups() for line in lines] == [
        ("GET /v2/p/instances 502", "request - attempt 1"),
        ("GET /v2/p/instances -", "request - attempt 2"),
        ("GET /v2/p/instances 200", "request r-1 attempt 3"),
        ("POST /v1/p/instances 401", "request [secret] attempt 1"),
    ]
    assert written.out == ""
    assert not re.search(f"{TOKEN}|secret-", written.err)


def test_without_the_variable_nothing_is_written(
    server: Server, calls_log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    call_log.install("", "ROMA_LOG")
    server.answers(200, "{}")
    transport(server.endpoint).call(Request("o", "GET", "/x"))
    assert (calls_log.handlers, capsys.readouterr().err) == ([], "")


def test_another_word_is_answered_with_the_one_there_is(
    calls_log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    call_log.install("verbose", "ROMA_LOG")
    assert [record.getMessage() for record in caplog.records] == ["ROMA_LOG: write debug, or leave it unset"]
    assert calls_log.handlers == []


def test_a_call_that_is_held_is_no_line(
    server: Server, calls_log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    call_log.install("debug", "ROMA_LOG")
    server.answers(429, "", "Retry-After: 30")
    made = transport(server.endpoint)
    for _ in range(3):
        with pytest.raises(RomaApiError):
            made.call(Request("o", "GET", "/x"), once=True)
    assert len(capsys.readouterr().err.splitlines()) == len(server.requests) == 1
