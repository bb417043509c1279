"""How long a preview, an `up` and a refresh take that change nothing: `make bench`, or `python -m bench.engine` at the
root.

Compares a program of one instance (`--resources 64`: of so many) with one of trivial dynamic resources of Pulumi's own,
on the real engine. Runs alternate, so that what else the machine does hurts both; medians are printed, and their ratio.
Exits with 1 where the ratio of a preview or an `up` of one is above the bound. (Refresh: ours makes calls.) Where it
is, as many runs again are taken first, and all of them are judged: the half of a second that something else took is
none of ours.
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
from tests.engine.harness import Engine, Run, Stack
from tests.engine.story import program

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
        super().__init__(Provider(), name, {{"text": text}})


for number in range({number}):
    plain = Plain(f"plain-{{number}}", "text")
pulumi.export("text", plain.text)
"""


def seconds(run: Callable[[], Run]) -> float:
    since = time.perf_counter()
    run()
    return time.perf_counter() - since


def ratio(times: tuple[list[float], ...]) -> float:
    """Our median over the stock one's."""
    stock, ours = (statistics.median(of) for of in times)
    return ours / stock


def verbs(stack: Stack) -> dict[str, Callable[[], Run]]:
    """What is measured: that nothing changes is a part of it."""
    return {
        "preview": lambda: stack.preview("--expect-no-changes"),
        "up": lambda: stack.up("--expect-no-changes"),
        "refresh": lambda: stack.refresh("--expect-no-changes"),
    }


def measured(stock: Stack, ours: Stack, verb: str, runs: int) -> tuple[list[float], ...]:
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
    parser.add_argument("--resources", type=int, default=1, metavar="N", help="in each program")
    given = parser.parse_args()
    runs, number = given.runs, given.resources
    worst = 0.0
    with tempfile.TemporaryDirectory() as name, Emulator(creation_seconds=0.1) as emulator:
        folder = Path(name)
        engine = Engine.find(folder / "python")
        environment = {"HW_REGION_NAME": REGION, "HW_PROJECT_ID": PROJECT_ID, "HW_AUTH_TOKEN": TOKEN}
        environment |= {"ROMA_ENDPOINT": emulator.url, "ROMA_POLL_SECONDS": "0.1"}
        stock = Stack(folder / "stock", STOCK.format(number=number), engine=engine, environment=environment)
        ours = Stack(
            folder / "ours",
            program(*(f"one-{count}" for count in range(number))),
            engine=engine,
            environment=environment,
        )
        for stack in (stock, ours):
            stack.up("--parallel", str(max(16, number)))
        emulator.control.clear_calls()
        for verb in verbs(ours):
            judged = number == 1 and verb != "refresh"
            both = measured(stock, ours, verb, runs)
            if judged and ratio(both) > BOUND:
                both = tuple(times + more for times, more in zip(both, measured(stock, ours, verb, runs), strict=True))
            theirs, own = (statistics.median(times) for times in both)
            spread = [max(times) - min(times) for times in both]
            worst = max(worst, ratio(both)) if judged else worst
            print(
                f"{number:3} {verb:8} stock {theirs:.3f} s (± {spread[0] / 2:.2f}), roma_provider {own:.3f} s "
                f"(± {spread[1] / 2:.2f}): {ratio(both):.3f} × ({len(both[0])} runs each), "
                f"{len(emulator.control.calls())} calls of the API"
            )
            emulator.control.clear_calls()
    return int(worst > BOUND)


if __name__ == "__main__":
    sys.exit(main())
