"""How long a preview and an `up` take that change nothing: `make bench`, or `python -m bench.engine` at the root.

Compares a program of one instance with one of a trivial dynamic resource of Pulumi's own, on the real engine. Runs
alternate, so that what else the machine does hurts both; medians are printed, and their ratio. Exits with 1 where a
ratio is above the bound.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from roma_provider.emulator import PROJECT_ID, REGION, TOKEN, Emulator
from tests.engine.golden_programs import edition
from tests.engine.harness import Engine, Run, Stack

BOUND = 1.10
RUNS = 15
STOCK = """
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class Provider(ResourceProvider):
    def create(self, props):
        return CreateResult("one", props)


class Plain(Resource):
    def __init__(self, name, text):
        super().__init__(Provider(), name, {"text": text})


plain = Plain("plain", "text")
pulumi.export("text", plain.text)
"""
OURS = edition() + 'pulumi.export("status", instance.status)\n'


def seconds(run: Callable[[], Run]) -> float:
    since = time.perf_counter()
    run()
    return time.perf_counter() - since


def verbs(stack: Stack) -> dict[str, Callable[[], Run]]:
    """What is measured: that nothing changes is a part of it."""
    return {
        "preview": lambda: stack.preview("--expect-no-changes"),
        "up": lambda: stack.up("--expect-no-changes"),
    }


def measured(stock: Stack, ours: Stack, verb: str, runs: int) -> tuple[list[float], list[float]]:
    """Seconds of alternating runs; whose turn is first alternates too."""
    pair = [verbs(stack)[verb] for stack in (stock, ours)]
    times: tuple[list[float], list[float]] = ([], [])
    for run in pair:
        run()
    for number in range(runs):
        for which in (0, 1) if number % 2 else (1, 0):
            times[which].append(seconds(pair[which]))
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS, help="of each program and verb")
    runs = parser.parse_args().runs
    worst = 0.0
    with tempfile.TemporaryDirectory() as name, Emulator(creation_seconds=0.1) as emulator:
        folder = Path(name)
        engine = Engine.find(folder / "python")
        environment = {"HW_REGION_NAME": REGION, "HW_PROJECT_ID": PROJECT_ID, "HW_AUTH_TOKEN": TOKEN}
        environment |= {"ROMA_ENDPOINT": emulator.url, "ROMA_POLL_SECONDS": "0.1"}
        stock = Stack(folder / "stock", STOCK, engine=engine, environment=environment)
        ours = Stack(folder / "ours", OURS, engine=engine, environment=environment)
        for stack in (stock, ours):
            stack.up()
        emulator.control.clear_calls()
        for verb in verbs(ours):
            theirs, own = (statistics.median(times) for times in measured(stock, ours, verb, runs))
            worst = max(worst, own / theirs)
            print(f"{verb:8} stock {theirs:.3f} s, roma_provider {own:.3f} s: {own / theirs:.3f} × ({runs} runs each)")
        print(f"calls of the API: {len(emulator.control.calls())}")
    return int(worst > BOUND)


if __name__ == "__main__":
    sys.exit(main())
