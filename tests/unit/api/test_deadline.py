"""Answers that drip: read as long as there is time, cut when it is over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from roma_provider.api.auth import TokenAuth
from roma_provider.api.models import CreationProgress
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.errors import RomaConnectionError
from tests.support.fakes import TOKEN
from tests.support.server import Server, raw


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


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
    """Each byte comes long before the timeout of the socket; all of them would take 20 s."""
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
    large = b'{"name": "' + b"x" * (1 << 19) + b'", "progress": 7}'
    server.answers(200, large)
    made = Transport(server.endpoint, TokenAuth(TOKEN))
    for _ in range(2):
        assert made.call(Request("creation_progress", "GET", "/x"), CreationProgress).progress == 7
