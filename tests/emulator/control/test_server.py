"""The emulator as an object: on loopback, for many clients, and ended by stop."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from roma_provider.emulator import Control, Emulator, Statistics
from roma_provider.emulator.control import server
from tests.support.emulator import Api, SettableClock


@pytest.mark.slow
def test_sixty_four_clients_at_once(api: Api, control: Control) -> None:
    ids: list[str] = []

    def create_and_poll() -> None:
        instance_id = api.create()
        for _ in range(5):
            assert api.process(instance_id)["instance_id"] == instance_id
        ids.append(instance_id)

    threads = [threading.Thread(target=create_and_poll) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == 64
    assert control.statistics() == Statistics(most_creating_at_once=64, created=64, deleted=0)
    assert len(control.calls("creation_progress")) == 320


def test_an_emulator_listens_on_loopback_and_stops(emulator: Emulator) -> None:
    assert emulator.url.startswith("http://127.0.0.1:")
    with pytest.raises(RuntimeError, match="has been started already"):
        emulator.start()
    port = int(emulator.url.rpartition(":")[2])
    with pytest.raises(OSError, match="Address already in use"):
        Emulator(port=port).start()
    emulator.stop()
    emulator.stop()
    assert [thread.name for thread in threading.enumerate() if thread.name == "roma-emulator"] == []
    with Emulator(port=port) as again:
        assert again.url == emulator.url


def test_answers_are_not_held_back_by_nagles_algorithm(monkeypatch: pytest.MonkeyPatch, clock: SettableClock) -> None:
    switched_off: list[int] = []

    class NotingProtocol(server._Protocol):
        def connection_made(self, transport: Any) -> None:
            connection = transport.get_extra_info("socket")
            switched_off.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            super().connection_made(transport)

    monkeypatch.setattr(server, "_Protocol", NotingProtocol)
    with Emulator(clock=clock) as emulator:
        Api(emulator.url).listed()
    assert [bool(one) for one in switched_off] == [True]
