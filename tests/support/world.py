"""A small ROMA Connect with lag, and processes that end in the middle of any call or write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from roma_provider.api.budget import Budget, Rank
from roma_provider.api.models import CreationProgress, RomaInstanceSummary
from roma_provider.lifecycle.journal import Entry, Journal
from tests.support.fakes import HOST, SUBNET, FakeClock, lost, progress, refused, summary

Answer = TypeVar("Answer")

CREATION_SECONDS, DELETION_SECONDS, BLIND_SECONDS = 30.0, 20.0, 4.0


class Killed(BaseException):
    """The process ends here."""


@dataclass(frozen=True)
class Trouble:
    """What happens to one run. ``kill`` is the call or write at which its process ends (None: it does not), ``late``
    after that took effect; ``stop`` the seconds until Ctrl-C; ``post`` what becomes of an order: "clear", or "lost"
    (made, but without an answer), or "nothing" (neither); the lags are seconds until a new instance is shown."""

    kill: int | None = None
    late: bool = False
    stop: float | None = None
    post: str = "clear"
    list_lag: float = 0.0
    process_lag: float = 0.0
    blind: bool = False


NONE = Trouble()


@dataclass
class Made:
    """An instance that was made. ``deleted`` is when DELETE came."""

    id: str
    name: str
    vpc: str
    at: float
    listed: float
    shown: float
    deleted: float | None = None


@lru_cache
def _progress(status: str, name: str, vpc: str) -> CreationProgress:
    return progress(status, name=name, tenantVpcId=vpc)


@dataclass
class World:
    """The instances, the time, and the step at which the present process ends."""

    clock: FakeClock = field(default_factory=FakeClock)
    made: dict[str, Made] = field(default_factory=dict)
    trouble: Trouble = NONE
    steps: int = 0
    blind_until: float | None = None

    def begin(self, trouble: Trouble) -> None:
        """A run begins."""
        self.trouble, self.steps, self.blind_until = trouble, 0, None
        self.clock.slept.clear()

    def step(self, do: Callable[[], Answer]) -> Answer:
        """One call or write, at which the process may end."""
        self.steps += 1
        due = self.trouble.kill is not None and self.steps > self.trouble.kill
        if due and not self.trouble.late:
            raise Killed
        done = do()
        if due:
            raise Killed
        return done

    def status(self, one: Made) -> str | None:
        """None once it is gone."""
        now = self.clock.now
        if one.deleted is not None:
            return "DELETING" if now < one.deleted + DELETION_SECONDS else None
        return "CREATING" if now < one.at + CREATION_SECONDS else "RUNNING"

    @property
    def live(self) -> dict[str, Made]:
        """The instances that are there and not being deleted: those that are billed on."""
        return {one.id: one for one in self.made.values() if one.deleted is None}

    @property
    def is_blind(self) -> bool:
        """For some seconds of a run neither list nor /process may know anything."""
        if self.trouble.blind and self.blind_until is None:
            self.blind_until = self.clock.now + BLIND_SECONDS
        return self.blind_until is not None and self.clock.now < self.blind_until


class Api:
    """The client of the world: what RomaClient does."""

    host = HOST
    skew = 0.0

    def __init__(self, world: World) -> None:
        self._world = world
        self.budget = Budget(100_000)

    def stopped_by(self, _stop: Any, _seconds: float | None = None) -> Api:
        return self

    def for_rcu(self) -> Api:
        return self

    def create_instance(self, request: Any) -> str | None:
        return self._world.step(lambda: self._create(request))

    def list_roma_instances(self, once: bool = False) -> list[RomaInstanceSummary]:
        return self.all_instances(once)

    def creation_progress(
        self, instance_id: str, timeout: float | None = None, once: bool = False, rank: Rank = Rank.LOOK
    ) -> CreationProgress:
        return self._world.step(lambda: self._shown(instance_id))

    def all_instances(self, once: bool = False) -> list[RomaInstanceSummary]:
        return self._world.step(self._list)

    own_instances = all_instances

    def find(self, instance_id: str, once: bool = False) -> RomaInstanceSummary | None:
        return next((one for one in self.all_instances(once) if one.id == instance_id), None)

    def delete_instance(self, instance_id: str) -> None:
        self._world.step(lambda: self._delete(instance_id))

    def _create(self, request: Any) -> str:
        world = self._world
        now, sent = world.clock.now, request.model_dump(by_alias=False)
        if world.trouble.post == "nothing":
            raise lost()
        one = f"instance-{len(world.made) + 1}"
        listed, shown = now + world.trouble.list_lag, now + world.trouble.process_lag
        world.made[one] = Made(one, sent["name"], sent["vpc_id"], now, listed, shown)
        if world.trouble.post == "lost":
            raise lost()
        return one

    def _shown(self, instance_id: str) -> CreationProgress:
        world, one = self._world, self._world.made.get(instance_id)
        status = None if one is None else world.status(one)
        if one is None or status is None or world.clock.now < one.shown or world.is_blind:
            raise refused(404, "APIC.7302")
        return _progress(status, one.name, one.vpc)

    def _list(self) -> list[RomaInstanceSummary]:
        world = self._world
        if world.is_blind:
            return []
        there = ((one, world.status(one)) for one in world.made.values() if world.clock.now >= one.listed)
        return [self._summary(one, status) for one, status in there if status is not None]

    def _summary(self, one: Made, status: str) -> RomaInstanceSummary:
        created = self._world.clock.epoch() - self._world.clock.now + one.at
        when = datetime.fromtimestamp(created, tz=timezone.utc).isoformat()
        return summary(one.id, one.name, status, vpc_id=one.vpc, subnet_id=SUBNET, create_time=when)

    def _delete(self, instance_id: str) -> None:
        one = self._world.made.get(instance_id)
        if one is None or self._world.status(one) is None:
            raise refused(404, "APIC.7302")
        if one.deleted is None:
            self._world.made[instance_id] = replace(one, deleted=self._world.clock.now)


class MortalJournal(Journal):
    """A journal whose process may end before or after each write."""

    def __init__(self, folder: Path, world: World) -> None:
        super().__init__(folder, world.clock)
        self._world = world

    def write(self, entry: Entry) -> Entry:
        return self._world.step(lambda: Journal.write(self, entry))

    def mark_answered(self, entry: Entry) -> None:
        self._world.step(lambda: Journal.mark_answered(self, entry))

    def close(self, entry: Entry) -> None:
        self._world.step(lambda: Journal.close(self, entry))
