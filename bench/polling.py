"""How late a wait notices that a creation has ended, and with how many calls: the real wait, on a clock that only
sleeping moves. `python -m bench.polling --timelines FILE --seeds 8 --json`; docs/performance.md tells the format."""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.timelines import LAWS, Timeline, made, read
from bench.together import run, told
from roma_provider.api.models import CreationProgress
from roma_provider.clock import Clock, Stop
from roma_provider.creation.schedule import Expected, Schedule
from roma_provider.creation.wait import Bounds, Wait


@dataclass
class VirtualClock(Clock):
    """Time that only sleeping moves, in seconds from a creation's start."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def epoch(self) -> float:
        return self.now

    def sleep(self, seconds: float, stop: Stop) -> bool:
        self.now += max(0.0, seconds)
        return stop.is_set()


@dataclass
class Api:
    """One creation, as GET /process shows it; ``asked`` are the moments of all questions."""

    timeline: Timeline
    clock: VirtualClock
    asked: list[float] = field(default_factory=list)

    def read(self, seconds: float) -> CreationProgress:
        self.asked.append(round(self.clock.now, 3))
        return self.timeline.answer(self.clock.now)

    def is_gone(self) -> bool:
        return False


def waited(
    timeline: Timeline, seed: int, schedule: Callable[[Callable[[], float]], Schedule] = Expected
) -> dict[str, Any]:
    """One wait: a row of the result."""
    clock = VirtualClock(timeline.begins)
    api = Api(timeline, clock)
    chance = random.Random(f"{seed} of {timeline.id}").random  # noqa: S311
    Wait(timeline.id, api, threading.Event(), clock, Bounds(1e6), schedule(chance)).until_ready()
    late = api.asked[-1] - max(timeline.ready, timeline.begins)
    return {"id": timeline.id, "seed": seed, "latency_s": round(late, 3), "calls": len(api.asked), "asked": api.asked}


def rows(timelines: list[Timeline], seeds: int) -> list[dict[str, Any]]:
    return [waited(timeline, seed) for timeline in timelines for seed in range(seeds)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.polling", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--timelines", type=Path, help="a file of timelines")
    where.add_argument("--law", choices=sorted(LAWS), help="timelines that are made by this law")
    parser.add_argument("--law-seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=1, help="so many times 61 timelines of the law")
    parser.add_argument("--seeds", type=int, default=8, help="how many waits of each timeline")
    parser.add_argument("--json", action="store_true", help="print all rows, for a judge")
    parser.add_argument("--family", default="F1", help="with --together: whose timelines")
    parser.add_argument(
        "--together", type=int, metavar="N", help="N creations of one process, in place of single waits"
    )
    parser.add_argument("--plot", type=Path, metavar="SVG", help="draw latency against calls, peers too")
    given = parser.parse_args()
    timelines = read(given.timelines) if given.timelines else made(given.law, given.law_seed, given.times)
    if given.together:
        found = run(timelines, given.family, given.together)
        print(json.dumps(found) if given.json else told(found))
        return
    ours = rows(timelines, given.seeds)
    if given.json:
        json.dump({"rows": ours}, sys.stdout)
        return
    from bench.table import curve, figures, plot, table

    all_of_them = figures(timelines, ours)
    print(table(all_of_them))
    if given.plot:
        plot(all_of_them, curve(timelines, given.seeds), given.plot)


if __name__ == "__main__":
    main()
