"""Many creations of one process, which share its budget of calls: the real hooks, from the first list to the verdict,
on a clock that only sleeping moves."""

from __future__ import annotations

import heapq
import itertools
import random
import tempfile
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from bench.measures import fullest, p95
from bench.timelines import BEGUN, Timeline
from roma_provider.api.auth import TokenAuth
from roma_provider.api.client import RomaClient
from roma_provider.api.transport import Request, Transport
from roma_provider.clock import Clock, Stop
from roma_provider.config.settings import Settings
from roma_provider.lifecycle.journal import Journal
from roma_provider.lifecycle.owned import Owned
from roma_provider.lifecycle.session import Session
from tests.support.still import still_ticks

BEGIN_WITHIN = 10.0
REGION, PROJECT = "cn-north-4", "c29445cce74b445682de4fcf3102cec4"
ENDPOINT = "https://roma.example.com"
VPC = "f33728c1-e774-4a9b-a0bb-30b840645628"


class Baton(Clock):
    """One thread at a time, in the order in which their sleeps end; nothing takes time but sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self._lock = threading.Lock()
        self._order = itertools.count()
        self._sleeping: list[tuple[float, int, threading.Event]] = []

    def monotonic(self) -> float:
        return self.now

    def epoch(self) -> float:
        return BEGUN / 1000 + self.now

    def sleep(self, seconds: float, stop: Stop) -> bool:
        awake = threading.Event()
        with self._lock:
            heapq.heappush(self._sleeping, (self.now + max(0.0, seconds), next(self._order), awake))
        self.hand_on()
        awake.wait()
        return stop.is_set()

    def hand_on(self) -> None:
        """The next one goes on."""
        with self._lock:
            if not self._sleeping:
                return
            until, _, awake = heapq.heappop(self._sleeping)
            self.now = max(self.now, until)
        awake.set()

    def starting(self, at: float) -> threading.Event:
        """What a thread that begins at this moment waits for."""
        awake = threading.Event()
        heapq.heappush(self._sleeping, (at, next(self._order), awake))
        return awake


@dataclass
class Made:
    """An instance: when it was ordered, and how it goes on."""

    timeline: Timeline
    name: str
    ordered: float


class Api:
    """ROMA Connect, as far as a creation asks it. ``lag`` is how many seconds its lists are behind."""

    def __init__(self, clock: Clock, timelines: Mapping[str, Timeline], lag: float = 0.0) -> None:
        self._clock = clock
        self._timelines = timelines
        self._lag = lag
        self.made: dict[str, Made] = {}
        self.calls: list[float] = []
        self.kinds: list[str] = []

    def answer(self, request: Request) -> dict[str, Any]:
        now = self._clock.monotonic()
        self.calls.append(round(now, 3))
        self.kinds.append(request.operation)
        if request.method == "POST":
            body: Any = request.json
            id_ = f"{len(self.made):08d}-62a4-464a-8461-c88797ad4f23"
            self.made[id_] = Made(self._timelines[body["name"]], body["name"], now)
            return {"instance_id": id_}
        if request.operation == "creation_progress":
            made = self.made[request.path.split("/")[-2]]
            shown = made.timeline.shown(now - made.ordered, BEGUN + made.ordered * 1000)
            return {**shown, "instance": {**shown["instance"], "name": made.name}}
        return self._listed(request, now - self._lag)

    def _listed(self, request: Request, now: float) -> dict[str, Any]:
        found = [
            {
                "id": id_,
                "name": made.name,
                "status": "RUNNING" if now >= made.ordered + made.timeline.ready else "CREATING",
            }
            for id_, made in self.made.items()
            if made.ordered <= now
        ]
        offset = int((request.params or {}).get("offset", 0))
        page = found[offset : offset + 100] if request.operation == "list_instances" else found
        return {"total": len(found), "size": len(page), "instances": page}


class VirtualTransport(Transport):
    """The real one, but for what goes over the wire."""

    api: Api

    def _prepared(self, request: Request) -> Any:
        return request

    def _answer(self, attempt: Any, model: Any) -> Any:
        found = self.api.answer(attempt.prepared)
        return None if model is None else model.model_validate(found)


class VirtualSession(Session):
    api: Api

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ticks = still_ticks()

    def client(self, region: str, project_id: str) -> RomaClient:
        transport = VirtualTransport(
            ENDPOINT, TokenAuth("token"), self.settings.limits(), self.clock, budgets=self.budgets
        )
        transport.api = self.api
        return RomaClient(transport, project_id)


@dataclass
class Hook:
    """An Operation that nobody watches."""

    urn: str | None
    timeout: float | None = 36_000.0
    folder: str = "/programs/bench"
    stop: threading.Event = field(default_factory=threading.Event)
    old_inputs: Mapping[str, Any] | None = None

    def is_unknown(self, _value: Any) -> bool:
        return False

    def say(self, text: str, news: Hashable = None) -> None: ...

    def note(self, text: str) -> None: ...

    def warn(self, text: str) -> None: ...

    def keep(self, instance_id: str, outputs: Mapping[str, Any]) -> None: ...

    def on_answer(self, told: Callable[[bool], None]) -> None: ...

    def on_saved(self, done: Callable[[], None]) -> None: ...


def run(
    timelines: list[Timeline],
    family: str,
    number: int,
    *,
    lag: float = 0.0,
    config: Mapping[str, str] | None = None,
    within: float = BEGIN_WITHIN,
) -> dict[str, Any]:
    """So many creations of a family together, begun ``within`` seconds: {"family", "together", "rows", "calls"}."""
    chosen = [timeline for timeline in timelines if timeline.family == family]
    each = {f"roma-{count}": chosen[count % len(chosen)] for count in range(number)}
    clock = Baton()
    api = Api(clock, each, lag)
    random.seed(f"{family} {number}")  # what the hooks draw from, too: one thread at a time
    ended: dict[str, float] = {}
    failed: list[BaseException] = []
    with tempfile.TemporaryDirectory() as folder:
        given = {"roma:region": REGION, "roma:projectId": PROJECT, **(config or {})}
        session = VirtualSession(Settings(given.get, {"HW_AUTH_TOKEN": "token"}), Journal(Path(folder), clock), clock)
        session.api = api
        owned = Owned(session)

        def hook(name: str, begins: threading.Event) -> None:
            begins.wait()
            try:
                owned.create(Hook(f"urn:pulumi:dev::bench::pulumi-python:dynamic/roma:Instance::{name}"), inputs(name))
                ended[name] = clock.now
            except BaseException as error:  # noqa: BLE001 - told below, after all have ended
                failed.append(error)
            finally:
                clock.hand_on()

        begun = [(name, clock.starting(within * random.random())) for name in each]  # noqa: S311
        threads = [threading.Thread(target=hook, args=one, daemon=True) for one in begun]
        for thread in threads:
            thread.start()
        clock.hand_on()
        for thread in threads:
            thread.join()
    if failed:
        raise failed[0]
    late = {made.name: ended[made.name] - made.ordered - made.timeline.ready for made in api.made.values()}
    rows = [{"id": each[name].id, "latency_s": round(late[name], 3)} for name in each]
    return {"family": family, "together": number, "rows": rows, "calls": api.calls, "kinds": api.kinds}


def told(found: Mapping[str, Any]) -> str:
    """A line for people."""
    late, calls = [row["latency_s"] for row in found["rows"]], found["calls"]
    return (
        f"{found['together']} together ({found['family']}): mean {fmean(late):.1f} s, "
        f"p95 {p95(late):.1f} s, {len(calls)} calls, {fullest(calls)} in the fullest 5 minutes"
    )


def inputs(name: str) -> dict[str, Any]:
    """Checked arguments of an instance."""
    return {
        "name": name,
        "product_id": "00300-30101-0--0",
        "available_zones": ["az0.dc0"],
        "vpc_id": VPC,
        "subnet_id": VPC,
        "security_group_id": VPC,
        "cpu_architecture": "x86_64",
        "ipv6_enable": False,
        "enable_all": True,
        "region": REGION,
        "project_id": PROJECT,
    }
