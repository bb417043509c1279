"""Memory of a plugin process for each instance that waits: `python -m bench.memory` at the root.

Starts the real engine on the emulator twice, with few and with many instances, all being created, and
compares the resident sizes of the plugin process. Prints the difference for each instance.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import psutil

from roma_provider.emulator import PROJECT_ID, REGION, TOKEN, Emulator
from tests.engine.harness import Engine, Stack
from tests.engine.story import LONG, Story, program

FEW, MANY = 8, 136


def resident(engine: Engine, folder: Path, instances: int) -> int:
    """Bytes of the plugin process while that many instances are waited for."""
    environment = {"HW_REGION_NAME": REGION, "HW_PROJECT_ID": PROJECT_ID, "HW_AUTH_TOKEN": TOKEN}
    names = [f"one-{number}" for number in range(instances)]
    with Emulator(creation_seconds=LONG, list_lag_seconds=0) as emulator:
        environment |= {"ROMA_ENDPOINT": emulator.url, "ROMA_POLL_SECONDS": "1"}
        stack = Stack(folder, program(*names), engine=engine, environment=environment)
        with stack.start_up("--parallel", str(instances)) as running:
            Story(stack, emulator).wait_for_polls(instances, running)
            [pid] = running.plugin_pids()
            size: int = psutil.Process(pid).memory_info().rss
            running.interrupt()
            running.wait()
    return size


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = Engine.find(folder / "python")
        few = resident(engine, folder / "few", FEW)
        many = resident(engine, folder / "many", MANY)
    each = (many - few) / (MANY - FEW)
    print(f"plugin process with {FEW} waiting instances: {few / 2**20:.1f} MiB, with {MANY}: {many / 2**20:.1f} MiB")
    print(f"for each waiting instance: {each / 2**10:.0f} KiB")


if __name__ == "__main__":
    main()
