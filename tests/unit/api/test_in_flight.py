"""One call in flight for all who asked before it began."""

from __future__ import annotations

import threading

import pytest

from roma_provider.api.in_flight import InFlight, _Call
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


def outcomes(patience: list[float], fails: int = 100) -> list[str]:
    """What callers find that come at one moment, where so many calls fail."""
    shared, clock = InFlight(), Hurried()
    go = threading.Event()
    asked: list[None] = []
    results: list[str] = []

    def ask() -> str:
        asked.append(None)
        assert go.wait(10)
        if len(asked) <= fails:
            raise RomaConnectionError("list", f"call {len(asked)} was reset", sent=True)
        return "found"

    def caller(number: int) -> None:
        try:
            results.append(shared.shared("v2", ask, clock, NEVER, patience[number]))
        except RomaConnectionError as error:
            results.append(error.reason)

    threads = [threading.Thread(daemon=True, target=caller, args=(number,)) for number in range(len(patience))]
    threads[0].start()
    wait_until(lambda: bool(asked), "the first asks", 10)
    threads[1].start()
    wait_until(lambda: "v2" in shared._coming, "the second is the one that the others join", 10)
    for thread in threads[2:]:
        thread.start()
    wait_until(lambda: all(thread.is_alive() for thread in threads), "all are there", 10)
    go.set()
    for thread in threads:
        thread.join(10)
    return results


@pytest.mark.parametrize("patience", [0.0, 300.0])
def test_a_call_that_failed_has_failed_for_all_who_joined_it(patience: float) -> None:
    """One after another they would fail after 64 times as long: hours, where each call tries for minutes."""
    found = outcomes([patience] * 8)
    assert sorted(set(found))[:2] == ["call 1 was reset", "call 2 was reset"]
    assert len(set(found)) <= 3  # a late thread may be a third


def test_who_would_have_tried_for_longer_asks_for_itself() -> None:
    assert sorted(outcomes([0.0, 0.0, 300.0], fails=2)) == ["call 1 was reset", "call 2 was reset", "found"]


def test_a_call_that_was_stopped_has_failed_for_nobody_else() -> None:
    shared, stop = InFlight(), threading.Event()
    call = _Call(0.0)

    def ask() -> str:
        stop.set()
        raise RomaConnectionError("list", "it was stopped", sent=False)

    with pytest.raises(RomaConnectionError):
        shared._asked("v2", call, ask, Hurried(), stop)
    assert (call.is_over, call.error) == (True, None)


@pytest.mark.parametrize(
    ("is_crowded", "begun"), [(False, [0.0, 0.0, 3.0, 3.0, 6.0]), (True, [0.0, 1.0, 2.0, 6.0, 7.0])]
)
def test_in_a_crowd_fewer_begin_within_a_moment(is_crowded: bool, begun: list[float]) -> None:
    shared, clock = InFlight(lambda: is_crowded), FakeClock()
    found = [shared.shared("v2", clock.monotonic, clock, NEVER) for _ in begun]
    assert found == pytest.approx(begun, abs=0.2)  # each looks every 0.05 s
