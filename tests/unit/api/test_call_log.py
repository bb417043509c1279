"""The log of calls: one line for each request that is sent, and nothing in it but what is listed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest

from roma_provider.api import call_log
from roma_provider.api.auth import TokenAuth
from roma_provider.api.models import CreatedInstance, CreationProgress
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.errors import RomaApiError
from tests.pages.blocks import Blocks
from tests.support.fakes import TOKEN, FakeClock
from tests.support.server import Server, raw


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def transport(endpoint: str) -> Transport:
    return Transport(endpoint, TokenAuth(TOKEN), Limits(max_retries=0), FakeClock())


@pytest.fixture
def calls_log() -> Iterator[logging.Logger]:
    yield call_log.log
    for handler in list(call_log.log.handlers):
        call_log.log.removeHandler(handler)
    call_log.log.setLevel(logging.NOTSET)
    call_log.log.propagate = True


LINE = re.compile(r"^roma \d\d:\d\d:\d\d (.*) \d+ ms (request .* attempt \d+)$")


def test_one_line_for_each_request_that_is_sent(
    server: Server, calls_log: logging.Logger, capsys: pytest.CaptureFixture[str], blocks: Blocks
) -> None:
    [page] = blocks.take("docs/retries.md")
    assert LINE.match(page.text.strip())
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
