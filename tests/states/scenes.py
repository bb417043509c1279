"""A frozen state with all that belongs to it: program, stack settings, and the instances of the API.

`tests/states/VERSION/NAME.json` is what `pulumi stack export` gives (secrets encrypted with `PASSPHRASE` of
tests/engine/harness.py); `scenes.json` beside it holds the rest. `make states` writes both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from roma_provider.emulator import PROJECT_ID, REGION, TOKEN, Emulator
from roma_provider.emulator.core.identifiers import Identifiers
from roma_provider.emulator.core.store import InstanceRecord, Store
from tests.engine.harness import Engine, Stack
from tests.support.emulator import SettableClock

FOLDER = Path(__file__).parent
PROJECT, STACK = "shop", "prod"
ENVIRONMENT = {"HW_REGION_NAME": REGION, "HW_PROJECT_ID": PROJECT_ID, "HW_AUTH_TOKEN": TOKEN}


@dataclass(frozen=True)
class Scene:
    """What a state was made with.

    `settings` is the text of Pulumi.STACK.yaml, "" for none. `instances` are the emulator's records, as
    `InstanceRecord` had them when the state was made. `now` is the API's time, epoch seconds. `outcome` is what the
    next `pulumi up` does with it: "unchanged", "resumed" or "replaced".
    """

    about: str
    program: str
    settings: str
    now: float
    outcome: str
    instances: list[dict[str, Any]]


@dataclass
class Opened:
    """A stack and the emulator behind it, whose clock stands still until it is moved."""

    stack: Stack
    emulator: Emulator
    clock: SettableClock
    database: Path

    def records(self) -> list[dict[str, Any]]:
        """The emulator's instances, as they were ordered."""
        store = Store(self.database)
        try:
            return [asdict(record) for record in store.live(round(self.clock() * 1000))]
        finally:
            store.close()


class Numbered(Identifiers):
    """Known identifiers, another one each time."""

    def __init__(self) -> None:
        self._made = 0

    def instance_id(self) -> str:
        self._made += 1
        return f"b037d389-62a4-464a-8461-{self._made:012d}"

    def job_id(self) -> str:
        return f"JOB-0d42a6bc-3f3d-446a-8351-{self._made:012d}"

    def order_id(self, created_at: int) -> str:
        return f"202503061201086{self._made:08d}"


def versions() -> list[str]:
    """The versions whose states are kept."""
    return sorted(path.parent.name for path in FOLDER.glob("*/scenes.json"))


def scenes(version: str) -> dict[str, Scene]:
    """The scenes of a version, by name."""
    found = json.loads((FOLDER / version / "scenes.json").read_text(encoding="utf-8"))
    return {name: Scene(**scene) for name, scene in found.items()}


def state(version: str, name: str) -> dict[str, Any]:
    """What `pulumi stack export` gave."""
    found: dict[str, Any] = json.loads((FOLDER / version / f"{name}.json").read_text(encoding="utf-8"))
    return found


@contextmanager
def opened(engine: Engine, folder: Path, program: str, **options: Any) -> Iterator[Opened]:
    """A stack that is not up yet, and its emulator; `options` are the emulator's, but for `records` to begin with."""
    clock = SettableClock(options.pop("now", SettableClock().now))
    database = folder / "emulator.sqlite"
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(database)
    for record in options.pop("records", []):
        store.add(InstanceRecord(**record))
    store.close()
    settings = {"list_lag_seconds": 0, "clock": clock, "identifiers": Numbered(), **options}
    with Emulator(database, **settings) as emulator:
        emulator.control.settings(deletion_seconds=0)
        environment = {**ENVIRONMENT, "ROMA_ENDPOINT": emulator.url, "ROMA_POLL_SECONDS": "0.1"}
        stack = Stack(folder, program, engine=engine, environment=environment, project=PROJECT, stack=STACK)
        yield Opened(stack, emulator, clock, database)
