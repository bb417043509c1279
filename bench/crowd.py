"""Creations together on the real engine, under the vendor's throttle: `python -m bench.crowd --creations 1 16 64`
at the root. Runs alternate. Prints the wall time of each, against what the budget allows, and the calls of the
fullest 5 minutes, which the emulator counts. Exits with 1 where an instance is not RUNNING, a call was refused, or a
run took more than 1.15 times what the budget allows.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.measures import fullest
from roma_provider.api.budget import CALLS, WINDOW_SECONDS
from roma_provider.emulator import PROJECT_ID, REGION, TOKEN, Emulator
from tests.engine.harness import Engine, Stack
from tests.engine.running import Running
from tests.engine.story import program

BOUND = 1.15
# What a creation cannot do without: POST and the /process that shows it ready.
NEEDED = 2


@dataclass
class Crowd:
    """One run. ``seconds`` is its wall time; ``megabytes`` and ``processor`` are the most memory and the processor
    seconds of the plugin process."""

    number: int
    seconds: float
    running: int
    calls: int
    fullest: int
    refused: int
    megabytes: float
    processor: float
    kinds: Counter[str]


def allowed(number: int, one: float) -> float:
    """The seconds that a run of so many must take: those of one, and a window more for each budget that is used up."""
    return one + WINDOW_SECONDS * ((NEEDED * number - 1) // CALLS)


def run(engine: Engine, folder: Path, number: int, creation_seconds: float, throttle: str) -> Crowd:
    """So many creations in one `up`."""
    environment = {"HW_REGION_NAME": REGION, "HW_PROJECT_ID": PROJECT_ID, "HW_AUTH_TOKEN": TOKEN}
    names = [f"one-{count}" for count in range(number)]
    with Emulator(creation_seconds=creation_seconds, list_lag_seconds=0) as emulator:
        emulator.control.settings(throttle=throttle)
        environment |= {"ROMA_ENDPOINT": emulator.url, "ROMA_CALLS_PER_FIVE_MINUTES": str(CALLS)}
        stack = Stack(folder, program(*names), engine=engine, environment=environment)
        since = time.perf_counter()
        with stack.start_up("--parallel", str(number)) as running:
            most, processor = _watched(running)
            text = running.wait(3600.0).text
        seconds = time.perf_counter() - since
        print("".join(line for line in text.splitlines(keepends=True) if "error" in line), end="", file=sys.stderr)
        calls = emulator.control.calls()
        return Crowd(
            number,
            seconds,
            sum(instance.status == "RUNNING" for instance in emulator.control.instances()),
            len(calls),
            fullest([call.at / 1000 for call in calls]),
            sum(call.status == 429 for call in calls),
            most / 2**20,
            processor,
            Counter(call.operation for call in calls),
        )


def _watched(running: Running) -> tuple[int, float]:
    """The most memory of the plugin process, in bytes, and its processor seconds, until the run ends."""
    most, processor = 0, 0.0
    while running.running:
        for pid in running.plugin_pids():
            try:
                process = psutil.Process(pid)
                most = max(most, process.memory_info().rss)
                times = process.cpu_times()
                processor = max(processor, times.user + times.system)
            except psutil.Error:
                continue
        time.sleep(0.5)
    return most, processor


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.crowd", description=__doc__)
    parser.add_argument("--creations", type=int, nargs="+", default=[1, 16, 64], metavar="N")
    parser.add_argument("--creation-seconds", type=float, default=60.0)
    parser.add_argument("--throttle", default="200/300")
    parser.add_argument("--runs", type=int, default=1, help="of each number")
    given = parser.parse_args()
    found: dict[int, list[Crowd]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        engine = Engine.find(Path(name) / "python")
        for count in range(given.runs):
            for number in given.creations:
                folder = Path(name) / f"{number}-{count}"
                found[number].append(run(engine, folder, number, given.creation_seconds, given.throttle))
    one = statistics.median(crowd.seconds for crowd in found[min(found)])
    print("together  wall s (spread)  of one  allowed s  RUNNING  calls  in 5 min  429  plugin MiB  CPU s")
    good = True
    for number, crowds in found.items():
        walls = [crowd.seconds for crowd in crowds]
        wall, may = statistics.median(walls), allowed(number, one)
        last = crowds[-1]
        good = good and wall <= BOUND * may
        good = good and all(crowd.running == number and not crowd.refused for crowd in crowds)
        print(
            f"{number:8}  {wall:7.1f} ({max(walls) - min(walls):4.1f})  {wall / one:6.2f}  {may:9.1f}  {last.running:7}"
            f"  {last.calls:5}  {max(crowd.fullest for crowd in crowds):8}  {sum(crowd.refused for crowd in crowds):3}"
            f"  {last.megabytes:10.1f}  {last.processor:5.1f}"
        )
        print("          " + ", ".join(f"{count} {kind}" for kind, count in last.kinds.most_common()))
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
