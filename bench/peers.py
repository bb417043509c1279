"""How others wait, on a clock that only sleeping moves: real libraries, whose sleeps and questions are redirected, and
rules that others publish. Each waits for one timeline, and never gives up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import botocore.waiter
import hcloud.actions.client
from azure.core.polling.base_polling import LROBasePolling
from botocore.session import Session as Botocore
from hcloud.actions import ActionsClient, BoundAction

from bench.timelines import Timeline

FOREVER = 1_000_000


@dataclass
class Line:
    """One timeline as its waiter sees it: questions, and sleeps between them. ``now`` is seconds from its start."""

    timeline: Timeline
    now: float = 0.0
    asked: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = self.timeline.begins

    def is_ready(self) -> bool:
        self.asked.append(self.now)
        return self.now >= self.timeline.ready

    def progress(self) -> tuple[float, int]:
        """Seconds since the creation's start, and percents of the whole."""
        return self.now, self.timeline.percents(self.now)[0]

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    @property
    def late(self) -> float:
        return self.asked[-1] - max(self.timeline.ready, self.timeline.begins)


Peer = Callable[[Line], None]


def fixed(seconds: float) -> Peer:
    def wait(line: Line) -> None:
        while not line.is_ready():
            line.sleep(seconds)

    return wait


def one_line(line: Line) -> None:
    """clamp(0.2 × the time that is left at the pace so far, 2, 30); without a pace, 30."""
    while not line.is_ready():
        elapsed, percent = line.progress()
        left = elapsed * (100 - percent) / percent if percent else float("inf")
        line.sleep(max(2.0, min(30.0, 0.2 * left)))


def terraform(delay: float = 0.0, minimum: float = 0.0, interval: float = 0.0) -> Peer:
    """StateChangeConf of Terraform's plugin SDK (helper/retry/state.go): 100 ms, twice as long each time, within
    MinTimeout and 10 s; or PollInterval, where it is set."""

    def wait(line: Line) -> None:
        line.sleep(delay)
        pause = 0.1
        while not line.is_ready():
            pause = interval or max(minimum, min(10.0, pause * 2))
            line.sleep(pause)

    return wait


@contextmanager
def _sleeping(module: Any, line: Line) -> Iterator[None]:
    """The module's own name for time sleeps on the line."""
    with patch.object(module, "time", SimpleNamespace(sleep=line.sleep, time=time.time, monotonic=time.monotonic)):
        yield


def hetzner(line: Line) -> None:
    """hcloud: BoundAction.wait_until_finished, with the client's default pause."""

    class Asked(BoundAction):
        def reload(self) -> None:
            self.data_model.status = "success" if line.is_ready() else "running"

    parent = hcloud.Client(token="no token")  # noqa: S106
    action = Asked(ActionsClient(parent), {"id": 1, "status": "running"})
    with _sleeping(hcloud.actions.client, line):
        action.wait_until_finished(max_retries=FOREVER)


def amazon(line: Line) -> None:
    """botocore: the waiter of a database, with the pause that it publishes (30 s)."""
    published = Botocore().get_waiter_model("rds").get_waiter("DBInstanceAvailable")
    published.max_attempts = FOREVER

    def describe(**_: Any) -> dict[str, Any]:
        return {"DBInstances": [{"DBInstanceStatus": "available" if line.is_ready() else "creating"}]}

    with _sleeping(botocore.waiter, line):
        botocore.waiter.Waiter("DBInstanceAvailable", published, describe).wait()


def azure(line: Line) -> None:
    """azure-core: LROBasePolling, with its default pause (30 s), of a service that names none."""
    answer = SimpleNamespace(http_response=SimpleNamespace(headers={}, status_code=200))

    class Operation:
        def can_poll(self, _answer: Any) -> bool:
            return True

        def get_polling_url(self) -> str:
            return "status"

        def set_initial_status(self, _answer: Any) -> str:
            return "InProgress"

        def get_status(self, _answer: Any) -> str:
            return "Succeeded" if line.is_ready() else "InProgress"

        def get_final_get_url(self, _answer: Any) -> None:
            return None

    class Polling(LROBasePolling[Any, Any, Any]):
        def _sleep(self, delay: float) -> None:
            line.sleep(delay)

        def request_status(self, status_link: str) -> Any:
            return answer

    polling = Polling(lro_algorithms=[Operation()])  # type: ignore[list-item]
    polling.initialize(SimpleNamespace(), answer, lambda found: found)  # type: ignore[arg-type]
    polling.run()


PEERS: dict[str, Peer] = {
    "azure-core, default": azure,
    "botocore, rds waiter": amazon,
    "hcloud, default": hetzner,
    "Terraform SDK, default": terraform(),
    "Terraform SDK, delay 10, min 10": terraform(delay=10.0, minimum=10.0),
    "Terraform SDK, interval 20": terraform(delay=20.0, interval=20.0),
    "clamp(0.2 × ETA, 2, 30)": one_line,
    "fixed 5 s": fixed(5.0),
}


def waited(timeline: Timeline, peer: Peer, begins_after: float) -> tuple[float, int]:
    """How many seconds late, and with how many calls, for a wait that begins so much later."""
    line = Line(timeline)
    line.sleep(begins_after)
    peer(line)
    return line.late, len(line.asked)
