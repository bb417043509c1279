"""The server's clock, by the Date of its answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from roma_provider.api.answers import skew
from roma_provider.api.auth import TokenAuth
from roma_provider.api.client import RomaClient
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Transport
from roma_provider.errors import RomaApiError
from tests.support.fakes import PROJECT, TOKEN, FakeClock
from tests.support.server import Server

# FakeClock's epoch is Thu, 06 Mar 2025 12:01:13 GMT.
EMPTY = '{"total": 0, "instances": []}'


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


@pytest.fixture
def client(server: Server) -> RomaClient:
    return RomaClient(Transport(server.endpoint, TokenAuth(TOKEN), Limits(0), FakeClock()), PROJECT)


@pytest.mark.parametrize(
    ("server_time", "sent", "received", "found"),
    [
        (1000.0, 1000.0, 1000.0, 0.0),
        (1000.0, 1000.9, 1001.0, 0.0),  # Date has no fractions
        (1003.0, 1000.0, 1005.0, 0.0),  # within a slow call
        (8200.0, 1000.0, 1001.0, 7199.0),
        (1000.0, 8201.0, 8202.0, -7200.0),
        (1000.0 + 4e8, 1000.0, 1000.0, None),
        (1000.0 - 4e8, 1000.0, 1000.0, None),
    ],
)
def test_what_a_date_says(server_time: float, sent: float, received: float, found: float | None) -> None:
    assert skew(server_time, sent, received) == found


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Thu, 06 Mar 2025 14:01:13 GMT", 7200.0),
        ("Thu, 06 Mar 2025 10:01:12 GMT", -7200.0),
        ("Thu, 06 Mar 2025 12:01:13 GMT", 0.0),
    ],
)
def test_the_client_knows_it_from_its_newest_answer(
    server: Server, client: RomaClient, date: str, seconds: float
) -> None:
    assert client.skew == 0.0
    server.answers(200, EMPTY, f"Date: {date}")
    client.list_roma_instances()
    assert client.skew == seconds
    # It is one for the copies of a client, whoever has asked.
    assert client.stopped_by(threading.Event()).skew == client.for_rcu().skew == seconds
    server.answers(200, EMPTY, "Date: Thu, 06 Mar 2025 12:01:43 GMT")
    client.for_rcu().stopped_by(threading.Event()).list_roma_instances()
    assert client.skew == 30.0


def test_an_answer_that_is_an_error_has_a_date_too(server: Server, client: RomaClient) -> None:
    server.answers(500, "{}", "Date: Thu, 06 Mar 2025 14:01:13 GMT")
    with pytest.raises(RomaApiError):
        client.list_roma_instances()
    assert client.skew == 7200.0


@pytest.mark.parametrize("headers", [[], ["Date: "], ["Date: soon"], ["Date: Mon, 01 Jan 1601 00:00:00 GMT"]])
def test_a_date_that_is_none_changes_nothing(server: Server, client: RomaClient, headers: list[str]) -> None:
    server.answers(200, EMPTY, "Date: Thu, 06 Mar 2025 14:01:13 GMT")
    client.list_roma_instances()
    server.answers(200, EMPTY, *headers)
    client.list_roma_instances()
    assert client.skew == 7200.0
