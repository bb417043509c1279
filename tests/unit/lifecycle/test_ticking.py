"""One timer for the lines of all waits."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

from roma_provider.clock import Clock, Stop
from roma_provider.lifecycle.operation import News
from roma_provider.lifecycle.ticking import Ticks
from tests.support.fakes import ID, FakeOperation, progress
from tests.support.lifecycle import Case
from tests.support.until import wait_until


class Stepping(Clock):
    """Each tick is waited for by the test."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.steps = threading.Semaphore(0)

    def sleep(self, seconds: float, stop: Stop) -> bool:
        self.slept.append(seconds)
        while not self.steps.acquire(timeout=0.005):
            if stop.is_set():
                return True
        return stop.is_set()


def ticking() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "roma-ticks"]


def test_one_thread_shows_the_lines_of_all_and_ends_with_the_last() -> None:
    clock, shown = Stepping(), list[str]()
    ticks, before = Ticks(clock), len(ticking())
    with ticks.showing(lambda: shown.append("a")):
        with ticks.showing(lambda: shown.append("b")):
            assert len(ticking()) == before + 1
            wait_until(lambda: len(clock.slept) == 1, "no timer", 10)
            clock.steps.release()
            wait_until(lambda: len(clock.slept) == 2, "no tick", 10)
            assert shown[0] == "a"
        shown.clear()
        clock.steps.release()
        wait_until(lambda: len(clock.slept) == 3, "no tick", 10)
        assert shown == ["a"]
    wait_until(lambda: len(ticking()) == before, "the timer goes on", 10)


def test_the_lines_of_many_go_on_less_often() -> None:
    clock = Stepping()
    ticks = Ticks(clock)
    with ExitStack() as shown:
        for _ in range(100):
            shown.enter_context(ticks.showing(lambda: None))
        wait_until(lambda: len(clock.slept) == 1, "no timer", 10)
        clock.steps.release()
        wait_until(lambda: len(clock.slept) == 2, "no tick", 10)
        assert clock.slept[1] == 5.0


class Live(Ticks):
    """Ticks by hand."""

    def _go(self, over: threading.Event) -> None: ...

    def tick(self) -> None:
        for show in self._shown:
            show()


def test_elapsed_time_and_estimate_go_on_between_two_answers(tmp_path: Path) -> None:
    case = Case(tmp_path, op=FakeOperation(), creates=[ID], progress=[progress(), progress("RUNNING")])
    ticks = case.host.session.ticks = Live()
    case.host.clock.at(2.0, ticks.tick)
    case.create()
    lines = [(said, news) for said, news in zip(case.op.said, case.op.news, strict=True) if said.startswith("0% ")]
    assert [said.split(":")[1][:2] for said, _ in lines] == ["30", "32"]
    assert lines[1][1] is News.NONE
    assert lines[0][1] is not News.NONE
    assert ticks._shown == []
