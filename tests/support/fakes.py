"""A clock that only sleeping moves, a client that answers by a script, and an operation that remembers."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from roma_provider.api.budget import Budget, Rank
from roma_provider.api.client import RomaClient
from roma_provider.api.models import (
    CreateInstanceRequest,
    CreateRcuInstanceRequest,
    CreationProgress,
    RomaInstanceSummary,
)
from roma_provider.api.status import GONE
from roma_provider.clock import Clock, Stop
from roma_provider.config.settings import Settings
from roma_provider.config.sign_in import SignIn
from roma_provider.errors import Answer, RomaApiError, RomaConnectionError
from roma_provider.lifecycle.access import Target
from roma_provider.lifecycle.custody import Custody
from roma_provider.lifecycle.journal import Journal
from roma_provider.lifecycle.ordering import Order
from roma_provider.lifecycle.owned import Owned
from roma_provider.lifecycle.session import Session
from tests.support.script import ENDLESS, Script
from tests.support.still import still_ticks

SEED = json.loads((Path(__file__).parents[1] / "data" / "seed_example.json").read_text(encoding="utf-8"))

ID = "b037d389-62a4-464a-8461-c88797ad4f23"
OTHER_ID = "e34610ca-0a37-4f04-8856-4101b08cc5e2"
URN = "urn:pulumi:dev::shop::pulumi-python:dynamic/roma:Instance::integration"
REGION = "cn-north-4"
PROJECT = "c29445cce74b445682de4fcf3102cec4"
TOKEN = "canary-MIIToken"
VPC = "f33728c1-e774-4a9b-a0bb-30b840645628"
SUBNET = "f65009c8-7009-403c-abdf-3100f9817762"
HOST = "roma.cn-north-4.myhuaweicloud.com"
GROUP = "272338c9-b3ee-41ae-a2b6-3942f31030da"
BACKEND = "0123456789abcdef"


class FakeClock(Clock):
    """Time that passes only in :meth:`sleep`. ``at(seconds, do)`` calls ``do`` in the middle of a sleep."""

    def __init__(self, epoch: float = 1741262473.0) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._epoch = epoch
        self._due: list[tuple[float, Callable[[], None]]] = []

    def at(self, moment: float, do: Callable[[], None]) -> None:
        self._due.append((moment, do))

    def monotonic(self) -> float:
        return self.now

    def epoch(self) -> float:
        return self._epoch + self.now

    def sleep(self, seconds: float, stop: Stop) -> bool:
        if stop.is_set():
            return True
        self.slept.append(seconds)
        if len(self.slept) > ENDLESS:
            raise AssertionError("a loop that nothing ends")
        until = self.now + max(0.0, seconds)
        for entry in sorted((entry for entry in self._due if entry[0] <= until), key=lambda entry: entry[0]):
            self._due.remove(entry)
            self.now = max(self.now, entry[0])
            entry[1]()
            if stop.is_set():
                return True
        self.now = until
        return stop.is_set()


class FakeClient:
    """What RomaClient does, by script. POST and DELETE are answered as often as was said, never more."""

    def __init__(
        self,
        *,
        progress: Iterable[Any] = (),
        lists: Iterable[Any] = ([],),
        creates: Iterable[Any] = (),
        deletes: Iterable[Any] = (),
        host: str = HOST,
    ) -> None:
        self.host = host
        self._progress = Script("creation_progress", progress, repeat=True)
        self._lists = Script("all_instances", lists, repeat=True)
        self._creates = Script("create_instance", creates, repeat=False)
        self._deletes = Script("delete_instance", deletes, repeat=False)
        self.posted: list[CreateInstanceRequest | CreateRcuInstanceRequest] = []
        self.rcu = False
        self.skew = 0.0
        self.budget = Budget()
        self.asked: list[str] = []
        self.deleted: list[str] = []
        self.time_outs: list[float | None] = []
        self.asked_once: list[bool] = []
        self.listed_once: list[bool] = []
        self.stop: Stop | None = None
        self._listed: set[str | None] = {ID, OTHER_ID}

    def stopped_by(self, stop: Stop, seconds: float | None = None) -> FakeClient:
        self.stop = stop
        return self

    def for_rcu(self) -> FakeClient:
        self.rcu = True
        return self

    def create_instance(self, request: CreateInstanceRequest | CreateRcuInstanceRequest) -> str | None:
        self.posted.append(request)
        return cast("str | None", self._creates.next())

    def creation_progress(
        self, instance_id: str, timeout: float | None = None, once: bool = False, rank: Rank = Rank.LOOK
    ) -> CreationProgress:
        self.asked.append(instance_id)
        self.asked_once.append(once)
        self.time_outs.append(timeout)
        if instance_id in self.deleted and instance_id not in self._listed:  # as the API: /process forgets it too
            self._progress.count += 1
            raise RomaApiError("creation_progress", Answer(404, "APIC.7302", "no such instance"))
        return cast(CreationProgress, self._progress.next())

    def all_instances(self, once: bool = False) -> list[RomaInstanceSummary]:
        self.listed_once.append(once)
        found = cast("list[RomaInstanceSummary]", self._lists.next())
        self._listed = {entry.id for entry in found if (entry.status or "").upper() not in GONE}
        return found

    def find(self, instance_id: str, once: bool = False) -> RomaInstanceSummary | None:
        return next((entry for entry in self.all_instances(once) if entry.id == instance_id), None)

    own_instances = list_roma_instances = all_instances

    def delete_instance(self, instance_id: str) -> None:
        self.deleted.append(instance_id)
        self._deletes.next()

    @property
    def counts(self) -> dict[str, int]:
        """How often each operation was called."""
        return {
            "POST": self._creates.count,
            "progress": self._progress.count,
            "list": self._lists.count,
            "DELETE": self._deletes.count,
        }


class Unknown:
    """A value that is not known yet."""


def is_unknown(value: Any) -> bool:
    return isinstance(value, Unknown)


@dataclass
class FakeOperation:
    """An Operation that remembers what it was told."""

    urn: str | None = URN
    timeout: float | None = None
    folder: str = "/programs/shop"
    stop: threading.Event = field(default_factory=threading.Event)
    old_inputs: Mapping[str, Any] | None = None
    said: list[str] = field(default_factory=list)
    news: list[Hashable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    kept: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[Callable[[bool], None]] = field(default_factory=list)
    saves: list[Callable[[], None]] = field(default_factory=list)

    def is_unknown(self, value: Any) -> bool:
        return is_unknown(value)

    def say(self, text: str, news: Hashable = None) -> None:
        self.said.append(text)
        self.news.append(news)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def keep(self, instance_id: str, outputs: Mapping[str, Any]) -> None:
        self.kept.append((instance_id, copy.deepcopy(dict(outputs))))

    def on_answer(self, told: Callable[[bool], None]) -> None:
        self.answers.append(told)

    def on_saved(self, done: Callable[[], None]) -> None:
        self.saves.append(done)

    def answer(self, *, ready: bool, saved: bool = True) -> None:
        """A living engine is given the outcome, and has the time to save it."""
        for told in self.answers:
            told(ready)
        if saved:
            self.answer_is_saved()

    def answer_is_saved(self) -> None:
        for done in self.saves:
            done()


@dataclass
class FakeSession(Session):
    """A session whose client is ours; remembers for which place it was asked."""

    made: FakeClient | None = None
    places: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ticks = still_ticks()
        self.backend = BACKEND  # or it would be that of whoever runs the tests
        self.custody = Custody(self.journal, self.clock, BACKEND)

    def client(self, region: str, project_id: str) -> RomaClient:
        assert self.made is not None
        self.places.append((region, project_id))
        return cast(RomaClient, self.made)


CONFIG = {"roma:region": REGION, "roma:projectId": PROJECT}


def plain_settings(config: Mapping[str, str] | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    return Settings((CONFIG if config is None else config).get, environment or {})


def plain_sign_in(
    config: Mapping[str, str] | None = None, environment: Mapping[str, str] | None = None, clock: Clock | None = None
) -> SignIn:
    return SignIn(plain_settings(config, environment), clock)


def plain_session(
    config: Mapping[str, str] | None = None, environment: Mapping[str, str] | None = None, clock: Clock | None = None
) -> Session:
    """A session whose journal can write nothing."""
    clock = clock or Clock()
    return Session(plain_settings(config, environment), Journal(None, clock), clock)


def fake_session(
    made: FakeClient,
    clock: Clock,
    config: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> FakeSession:
    """A session whose client is ``made``, and whose journal can write nothing."""
    return FakeSession(plain_settings(config, environment), Journal(None, clock), clock, made=made)


def credentials_file(folder: Path) -> dict[str, str]:
    """An environment that names a file of credentials."""
    path = folder / "credentials"
    path.write_text(
        f"[basic]\nak = canary-ak\nsk = canary-sk\nproject_id = {PROJECT}\niam_endpoint = https://iam.of-the-file\n"
    )
    return {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": str(path)}


@dataclass
class Host:
    """A lifecycle on a fake client, a fake clock and a journal in a folder of the test's own."""

    client: FakeClient
    folder: Path
    config: Mapping[str, str] = field(default_factory=lambda: CONFIG)
    environment: Mapping[str, str] = field(default_factory=lambda: {"HW_AUTH_TOKEN": TOKEN, "ROMA_POLL_SECONDS": "5"})
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.journal = Journal(self.folder, self.clock)
        settings = Settings(self.config.get, self.environment)
        self.session = FakeSession(settings, self.journal, self.clock, made=self.client)
        self.owned = Owned(self.session)

    def order(self, op: FakeOperation, **changes: Any) -> Order:
        found = Target(REGION, PROJECT, cast(RomaClient, self.client))
        return Order(self.session, op, found, inputs(**changes))


def inputs(**changes: Any) -> dict[str, Any]:
    """Checked arguments of an instance such as the seed's; a change to None takes the key out."""
    found = {
        "name": "roma-2222",
        "product_id": "00300-30101-0--0",
        "available_zones": ["az0.dc0"],
        "vpc_id": VPC,
        "subnet_id": SUBNET,
        "security_group_id": GROUP,
        "cpu_architecture": "x86_64",
        "ipv6_enable": False,
        "enable_all": True,
        "region": REGION,
        "project_id": PROJECT,
        **changes,
    }
    return {key: value for key, value in found.items() if value is not None}


def rcu_inputs(**changes: Any) -> dict[str, Any]:
    """Checked arguments of an RCU instance; a change to None takes the key out."""
    taken = dict.fromkeys(("product_id", "security_group_id", "ipv6_enable", "enable_all"))
    return inputs(**{**taken, "rcu": {"total": 5}, "charge_type": "postPaid", "publicip_enable": False, **changes})


def body(status: str | None = "CREATING", **changes: Any) -> dict[str, Any]:
    """The seed page's answer with another status; changes go to its ``instance`` object."""
    answer = copy.deepcopy(SEED)
    answer["instance"] |= {"status": status, **changes}
    return cast("dict[str, Any]", answer)


def progress(status: str | None = "CREATING", **changes: Any) -> CreationProgress:
    """The seed page's answer, parsed, with another status."""
    return CreationProgress.model_validate(body(status, **changes))


def summary(
    instance_id: str = ID, name: str = "roma-2222", status: str = "CREATING", **more: Any
) -> RomaInstanceSummary:
    return RomaInstanceSummary.model_validate({"id": instance_id, "name": name, "status": status, **more})


def refused(status: int, code: str | None = None, message: str = "said no", **more: Any) -> RomaApiError:
    return RomaApiError("operation", Answer(status, code, message, **more))


def lost(*, sent: bool = True, reason: str = "the connection was reset") -> RomaConnectionError:
    return RomaConnectionError("operation", reason, sent=sent)
