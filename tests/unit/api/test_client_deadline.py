"""Whatever a client is asked, but for POST, it ends by its caller's time, repetitions and pauses included."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from roma_provider.api.client import LAST_SECONDS, RomaClient
from roma_provider.errors import RomaApiError
from tests.support.fakes import ID
from tests.support.server import Server
from tests.support.transport import Made

CALLS: dict[str, Callable[[RomaClient], Any]] = {
    "process": lambda client: client.creation_progress(ID),
    "v2": lambda client: client.list_instances(),
    "v3": lambda client: client.list_roma_instances(),
    "both": lambda client: client.all_instances(),
    "find": lambda client: client.find(ID),
    "delete": lambda client: client.delete_instance(ID),
}


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("call", CALLS)
def test_each_call_ends_by_its_callers_time(server: Server, call: str, status: int) -> None:
    server.answers(status)
    made = Made(server, max_retries=50)
    client = RomaClient(made.transport, "p").stopped_by(threading.Event(), 20.0)
    with pytest.raises(RomaApiError):
        CALLS[call](client)
    assert made.clock.now <= 20.0
    # Where nothing is left, one attempt is.
    made.clock.now, before = 60.0, made.sent
    with pytest.raises(RomaApiError):
        CALLS[call](client)
    assert made.clock.now <= 60.0 + LAST_SECONDS
    assert made.sent - before <= 4
