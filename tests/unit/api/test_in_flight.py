"""One call in flight for all who asked before it began."""

from __future__ import annotations

import threading

from roma_provider.api.in_flight import InFlight
from roma_provider.errors import RomaConnectionError
from tests.support.fakes import FakeClock
from tests.support.until import wait_until

NEVER = threading.Event()


class Hurried(FakeClock):
    """Time that passes in sleeps, of which each is short."""

    def sleep(self, seconds: float, stop: threading.Event) -> bool:  # type: ignore[override]
        self.now += seconds
        return stop.wait(0.005)


def test_lists_in_flight_serve_all_who_asked_before_they_began() -> None:
    shared, clock = InFlight(), Hurried()
    go, begun = threading.Event(), threading.Event()
    asked: list[int] = []
    found: list[int] = []

    def ask() -> int:
        asked.append(len(asked) + 1)
        begun.set()
        assert go.wait(10)
        return len(asked)

    def caller() -> None:
        found.append(shared.shared("v2", ask, clock, NEVER))

    first = threading.Thread(daemon=True, target=caller)
    first.start()
    assert begun.wait(10)
    later = [
        threading.Thread(daemon=True, target=caller) for _ in range(5)
    ]  # the one in flight began before they asked
    for thread in later:
        thread.start()
    wait_until(lambda: "v2" in shared._coming, "nobody asks", 10)
    go.set()
    for thread in [first, *later]:
        thread.join(10)
    assert len(asked) <= 3  # a late thread may be a third
    assert sorted(found)[0] == 1
    assert min(sorted(found)[1:]) >= 2


def test_who_joined_a_call_that_failed_asks_for_itself() -> None:
    shared, clock = InFlight(), Hurried()
    go = threading.Event()
    asked: list[None] = []

    def ask() -> str:
        asked.append(None)
        assert go.wait(10)
        if len(asked) < 3:
            raise RomaConnectionError("list", "it was reset", sent=True)
        return "found"

    results: list[str] = []

    def caller() -> None:
        try:
            results.append(shared.shared("v2", ask, clock, NEVER))
        except RomaConnectionError:
            results.append("failed")

    threads = [threading.Thread(daemon=True, target=caller) for _ in range(4)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(10)
    assert results.count("failed") == 2
    assert results.count("found") == 2
