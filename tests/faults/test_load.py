"""Many creations at once, a tenth of all calls at fault: all become RUNNING, none is made twice, and the states hold
what the server has. 200 of them take more than a minute: only with LOAD=200."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from roma_provider.clock import Clock, Stop
from roma_provider.lifecycle.journal import Journal
from roma_provider.lifecycle.owned import Owned
from roma_provider.lifecycle.session import Session
from tests.faults.faults import WAY
from tests.hostile.stack import answering
from tests.support.fakes import OTHER_ID, TOKEN, URN, FakeOperation, inputs, plain_settings
from tests.support.hostile import STRANGER, Lies, Said

# Those that may pass, and at which POST has had its effect.
PASSING = [fault for fault in WAY if fault.name in ("408", "500", "502", "503", "504")]
PASSING += [fault for fault in WAY if fault.name in ("TLS breaks", "the answer takes too long", "connection reset")]
SHARE = 0.1
MANY = int(os.environ.get("LOAD", "64"))
FASTER = 20 if MANY <= 64 else 3


class Fast(Clock):
    """A clock whose seconds pass faster, so that many threads can sleep."""

    def monotonic(self) -> float:
        return super().monotonic() * FASTER

    def sleep(self, seconds: float, stop: Stop) -> bool:
        return super().sleep(seconds / FASTER, stop)


class Shaky(Lies):
    """An API of which a share of the calls is at fault."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = random.Random(14)
        self.sent: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.one = threading.Lock()

    def answer(self, method: str, path: str, sent: bytes) -> Said:
        """True, or at fault."""
        operation = self.operation(method, path)
        with self.one:
            fault = self.chance.choice(PASSING) if self.chance.random() < SHARE else None
            self.sent[operation] += 1
            self.failed[operation] += fault is not None
        truth = super().answer(method, path, sent)
        return truth if fault is None else fault.say(truth[1])


@pytest.mark.slow
def test_many_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = Shaky()
    answering(world, monkeypatch)
    clock = Fast()
    environment = {"HW_AUTH_TOKEN": TOKEN, "ROMA_ENDPOINT": "https://roma.example.com"}
    journal = Journal(tmp_path / "roma-provider", clock)
    session = Session(plain_settings(None, environment), journal, clock)

    def create(number: int) -> tuple[str, str]:
        op = FakeOperation(urn=f"{URN}-{number}")
        made, outputs = Owned(session).create(op, inputs(name=f"roma-{number}"))
        op.answer(ready=True)
        return made, str(outputs["status"])

    with ThreadPoolExecutor(MANY) as pool:
        held = list(pool.map(create, range(MANY)))
    assert {status for _, status in held} == {"RUNNING"}
    assert sorted(made for made, _ in held) == sorted(world.ours)
    assert len(world.ours) == world.posts == MANY
    assert len({world.instances[made]["name"] for made, _ in held}) == MANY
    assert world.instances[OTHER_ID] == STRANGER
    assert world.failed["create"] > 0
    assert sum(world.failed.values()) >= SHARE / 2 * sum(world.sent.values())
