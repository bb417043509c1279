"""The machine's clocks, as the package sees them."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from roma_provider import clock
from roma_provider.clock import Clock


def test_each_clock_is_the_machines_own_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: 7.25, time=lambda: 1741262473.785))
    assert (Clock().monotonic(), Clock().epoch()) == (7.25, 1741262473.785)


class Waited:
    """A stop that remembers how long it was waited for, and then is set or not."""

    def __init__(self, becomes_set: bool) -> None:
        self.becomes_set = becomes_set
        self.timeouts: list[float | None] = []

    def is_set(self) -> bool:
        raise AssertionError("the wait tells it")

    def wait(self, timeout: float | None = None) -> bool:
        self.timeouts.append(timeout)
        return self.becomes_set


@pytest.mark.parametrize("becomes_set", [True, False])
@pytest.mark.parametrize(("seconds", "waited"), [(300.0, 300.0), (0.05, 0.05), (0.0, 0.0), (-5.0, 0.0)])
def test_a_sleep_is_a_wait_for_the_stop_and_never_a_negative_one(
    seconds: float, waited: float, becomes_set: bool
) -> None:
    stop = Waited(becomes_set)
    assert Clock().sleep(seconds, stop) is becomes_set
    assert stop.timeouts == [waited]


def test_an_event_is_a_stop() -> None:
    stop = threading.Event()
    assert Clock().sleep(0.0, stop) is False
    stop.set()
    # A minute: the test ends at once, or it hangs.
    assert Clock().sleep(60.0, stop) is True
