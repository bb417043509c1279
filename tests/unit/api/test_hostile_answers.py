"""One attempt ends in an answer or in one of our two errors, whatever the server sends."""

from __future__ import annotations

import gc
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from roma_provider.api import deadline
from roma_provider.api.auth import TokenAuth
from roma_provider.api.client import RomaClient
from roma_provider.api.models import CreationProgress
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.config.sign_in import SignIn
from roma_provider.errors import RomaApiError, RomaConnectionError, RomaError
from tests.support.fakes import ID, OTHER_ID, PROJECT, TOKEN, FakeClock, body
from tests.support.server import Server, raw


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def transport(server: Server, retries: int = 0) -> Transport:
    return Transport(server.endpoint, TokenAuth(TOKEN), Limits(retries, 5.0), FakeClock())


def get(server: Server) -> CreationProgress:
    return transport(server).call(Request("creation_progress", "GET", "/x"), CreationProgress)


def fails(server: Server) -> Any:
    with pytest.raises(RomaError) as caught:
        get(server)
    assert type(caught.value) in (RomaApiError, RomaConnectionError)
    assert str(caught.value).isprintable()
    return caught.value


@pytest.mark.parametrize(
    "target",
    ["http://[::1/x", "http://[", "//[x", "\x00", "http://\u202e/", "/" * 60_000, "::error::x", "http://a@b:c"],
)
@pytest.mark.parametrize("status", [300, 302, 308])
def test_any_location(server: Server, status: int, target: str) -> None:
    server.reply = raw(status, "", "Location: ").replace(b"Location: ", b"Location: " + target.encode("utf-8"))
    error = fails(server)
    assert isinstance(error, RomaApiError)
    assert "a redirect to " in error.message
    assert len(server.requests) == 1


@pytest.mark.parametrize("size", ["-5", "-1", "x", "", "5;" + "y" * 70_000, "0x5", "FFFFFFFFFFFFFFFFFFFFFF", "+3", "٣"])
def test_any_size_of_a_chunk(server: Server, size: str) -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.reply = head + size.encode() + b"\r\n" + b'{"instance": {"status": "RUNNING"}}' + b"\r\n0\r\n\r\n"
    fails(server)


def test_an_answer_without_an_end_ends(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "MOST_BYTES", 300_000)
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    for endless in (b"-1\r\n" + b"x" * 400_000, b"1" * 400_000):
        server.reply = head + endless
        assert isinstance(fails(server), RomaConnectionError)


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 +2359",
        "Mon, 01 Jan 99999 00:00:00 GMT",
        "Mon, 99 Foo 2025 99:99:99 +9999999999",
        "0" * 5000,
        "9" * 5000,
        "Mon, 1 Jan 2025",
        ",",
        "Wed, 21 Oct 2015 07:28:00 " + "9" * 5000,
    ],
)
def test_any_date(server: Server, date: str) -> None:
    for header in ("Date", "Retry-After"):
        for status in (200, 401, 429, 503):
            server.reply = raw(status, '{"instance": {"status": "RUNNING"}}', f"{header}: {date}")
            if status == 200:
                assert get(server).decisive_status == "RUNNING"
                continue
            error = fails(server)
            hints = SignIn.hints(_keys(), error)
            assert all(hint.isprintable() for hint in hints)


def _keys() -> SignIn:
    from roma_provider.config.settings import Settings

    environment = {"HW_ACCESS_KEY": "a" * 20, "HW_SECRET_KEY": "s" * 40}
    return SignIn(Settings(lambda _key: None, environment), FakeClock())


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"\x00" * 5000,
        b"HTTP/1.1",
        b"HTTP/1.1 200",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 99 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\nnot gzip",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nConnection: close\r\n\r\n\x00\x01",
        b"HTTP/1.1 200 OK\r\nContent-Type: x; charset=no-such\r\nConnection: close\r\n\r\n[",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"[" * 200_000,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b'{"a":' * 100_000,
        b"HTTP/1.1 500 \x1b[2J\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 500 x\r\nX-Request-Id: \x1b]0;x\x07::error\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\n\r\n",
        b"HTTP/1.1 204 No\r\nConnection: close\r\n\r\n",
    ],
)
def test_anything_on_the_wire(server: Server, reply: bytes) -> None:
    server.reply = reply
    fails(server)


def test_two_lengths_of_a_body(server: Server) -> None:
    server.reply = b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n{"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # urllib3 leaves the socket to the garbage collector
        fails(server)
        gc.collect()


def test_whatever_is_raised(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (ValueError, KeyError, AttributeError, RecursionError, MemoryError, OSError, UnicodeError):
        made = transport(server)

        def send(*_arguments: Any, kind: type[Exception] = kind) -> Any:
            raise kind("of some library")

        monkeypatch.setattr(made, "_send", send)
        with pytest.raises(RomaConnectionError) as caught:
            made.call(Request("operation", "POST", "/x", json={}))
        assert caught.value.sent  # so that a POST is looked after


def test_headers_become_fit_for_people(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    server.reply = raw(500, "", f"X-Request-Id: \x1b[2J::error {TOKEN} " + "z" * 5000)
    with caplog.at_level(logging.DEBUG, "roma_provider.calls"):
        error = fails(server)
    assert error.request_id.startswith("?[2J::error [secret] zzz")
    assert len(error.request_id) == 100
    [record] = caplog.records
    assert record.getMessage().isprintable()
    assert TOKEN not in record.getMessage()


def test_an_error_in_several_lines_is_one(server: Server) -> None:
    said = {"error_code": "\x1b[1mX", "error_msg": "x\n::error file=a.py::no\u202e", "request_id": "r\r\n##[error]"}
    server.answers(400, json.dumps(said))
    error = fails(server)
    assert (error.code, error.message, error.request_id) == ("?[1mX", "x ::error file=a.py::no?", "r  # #[error]")


SPELLED = [
    TOKEN,
    "".join(f"\\u{ord(char):04x}" for char in TOKEN),
    TOKEN.replace("-", "\\u002D"),
]


@pytest.mark.parametrize("spelled", SPELLED)
def test_a_good_answer_that_repeats_the_token(server: Server, spelled: str) -> None:
    server.answers(200, f'{{"name": "a{spelled}b", "item": [{{"error_msg": "{spelled}"}}], "{spelled}": 1}}')
    found = get(server)
    assert (found.name, found.services[0].error_msg) == ("a[secret]b", "[secret]")
    assert TOKEN not in json.dumps(RomaClient(transport(server), PROJECT).raw_list())


def test_a_good_answer_in_utf_16_that_repeats_the_token(server: Server) -> None:
    server.answers(200, json.dumps({"name": TOKEN}).encode("utf-16"))
    assert get(server).name == "[secret]"


def test_a_token_with_characters_that_json_escapes(server: Server) -> None:
    token = 'a/b"c\\d/' + "x" * 20
    for spelled in (json.dumps(token), json.dumps(token).replace("/", "\\/")):
        server.answers(200, f'{{"name": {spelled}}}')
        made = Transport(server.endpoint, TokenAuth(token), Limits(0), FakeClock())
        assert made.call(Request("o", "GET", "/x"), CreationProgress).name == "[secret]"


def test_what_is_said_of_another_instance_is_no_answer(server: Server) -> None:
    client = RomaClient(transport(server, retries=2), PROJECT)
    other = json.dumps(body("RUNNING", instanceId=OTHER_ID))
    server.answers(200, other)
    with pytest.raises(RomaConnectionError) as caught:
        client.creation_progress(ID)
    assert str(caught.value) == (f"creation_progress got no answer: what came was about another instance, {OTHER_ID}")
    assert not caught.value.lasting
    assert len(server.requests) == 3  # asked again, as where nothing came
    server.first = [raw(200, other)]
    server.answers(200, json.dumps(body("RUNNING")))
    assert client.creation_progress(ID).decisive_status == "RUNNING"
    server.first = [raw(200, other)]
    with pytest.raises(RomaConnectionError):
        client.creation_progress(ID, once=True)


@pytest.mark.parametrize("said", ["", "[]", "x" * 1_100_000])
def test_a_request_id_of_what_cannot_be_read_holds_no_token(server: Server, said: str) -> None:
    server.answers(200, said, f"X-Request-Id: a{TOKEN}b")
    with pytest.raises(RomaApiError) as caught:
        get(server)
    assert caught.value.request_id == "a[secret]b"
    assert TOKEN not in str(caught.value)
