"""An answer as it came, whatever its status and its body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from roma_provider.api.answers import MAX_BYTES
from roma_provider.api.exchange import Exchange, ask
from roma_provider.errors import RomaApiError, RomaConnectionError
from tests.support.fakes import TOKEN
from tests.support.server import Server, raw
from tests.support.transport import Made


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        (200, '{"total": 1}', {"total": 1}),
        (404, '{"error_code": "APIC.7302"}', {"error_code": "APIC.7302"}),
        (403, "[]", []),
        (200, "null", None),
    ],
)
def test_json_of_any_status(server: Server, status: int, body: str, found: Any) -> None:
    server.answers(status, body)
    said = ask(Made(server).transport, "list_instances", "/x", {"limit": "1"})
    assert said == Exchange("list_instances", "/x", {"limit": "1"}, status, found, is_json=True)
    assert [(method, path) for method, path, _, _ in server.requests] == [("GET", "/x?limit=1")]


@pytest.mark.parametrize(("status", "body"), [(200, "<html>"), (404, ""), (200, "[" * 100_000)])
def test_what_is_no_json(server: Server, status: int, body: str) -> None:
    server.answers(status, body)
    said = ask(Made(server).transport, "x", "/x")
    assert (said.status, said.body, said.is_json) == (status, None, False)


def test_our_own_token_is_taken_out(server: Server) -> None:
    server.answers(400, f'{{"error_msg": "bad {TOKEN}"}}')
    assert ask(Made(server).transport, "x", "/x").body == {"error_msg": "bad [secret]"}


def test_the_last_of_several_attempts_counts(server: Server) -> None:
    server.first = [raw(503, "{}")]
    server.answers(200, '{"total": 0}')
    assert ask(Made(server).transport, "x", "/x").status == 200
    assert len(server.requests) == 2


def test_no_answer_and_one_that_is_too_large_are_errors(server: Server) -> None:
    server.reply = b""
    with pytest.raises(RomaConnectionError):
        ask(Made(server, max_retries=0).transport, "x", "/x")
    server.answers(200, "x" * (MAX_BYTES + 1))
    with pytest.raises(RomaApiError, match="larger than 1 MiB"):
        ask(Made(server, max_retries=0).transport, "x", "/x")
