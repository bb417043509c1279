"""A watch on a fake client and clock, and answers whose progress a test says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from roma_provider.api.models import CreationProgress
from roma_provider.cli.watch.watch import Ending, Look, Watch
from tests.support.fakes import ID, PROJECT, REGION, TOKEN, FakeClient, FakeClock, fake_session

BEGAN = 1741262473785
MINUTE = 60_000


def service(name: Any, progress: Any = 0, status: Any = "creating", **more: Any) -> dict[str, Any]:
    """An entry of ``item[]``; ``start`` and ``end`` are minutes since the creation began, None for "not yet"."""
    start, end = more.pop("start", None), more.pop("end", None)
    return {
        "name": name,
        "progress": progress,
        "status": status,
        "start_time": 0 if start is None else BEGAN + round(start * MINUTE),
        "end_time": 0 if end is None else BEGAN + round(end * MINUTE),
        "error_msg": "",
        "error_code": "",
        **more,
    }


def answer(
    status: str | None = "CREATING", progress: Any = 0, *services: dict[str, Any], minutes: float = 1.0, **more: Any
) -> CreationProgress:
    """An answer of the API ``minutes`` after the creation began."""
    return CreationProgress.model_validate(
        {
            "instance": {"instanceId": ID, "name": "roma-2222", "status": status, **more.pop("instance", {})},
            "currentTime": BEGAN + round(minutes * MINUTE),
            "instance_id": ID,
            "start_time": BEGAN,
            "end_time": 0,
            "progress": progress,
            "item": list(services),
            **more,
        }
    )


@dataclass
class Looks:
    """A view that remembers."""

    looks: list[Look] = field(default_factory=list)

    def show(self, look: Look) -> None:
        self.looks.append(look)


@dataclass
class Watching:
    """A watch, what it was given, and what it showed."""

    progress: Iterable[Any]
    lists: Iterable[Any] = ([],)
    environment: dict[str, str] = field(
        default_factory=lambda: {"HW_REGION_NAME": REGION, "HW_PROJECT_ID": PROJECT, "ROMA_POLL_SECONDS": "5"}
    )
    seconds: float = 3600.0
    options: dict[str, str] = field(default_factory=dict)
    clock: FakeClock = field(default_factory=FakeClock)
    view: Looks = field(default_factory=Looks)

    def __post_init__(self) -> None:
        self.client = FakeClient(progress=self.progress, lists=self.lists)
        environment = {"HW_AUTH_TOKEN": TOKEN, **self.environment}
        self.session = fake_session(self.client, self.clock, {}, environment)
        self.watch = Watch(self.session, ID, seconds=self.seconds, **self.options)

    def run(self) -> Ending:
        return self.watch.run(self.view)
