"""A wait on a script and a fake clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from roma_provider.api.models import CreationProgress
from roma_provider.creation.wait import Bounds, Report, Wait
from roma_provider.errors import RomaError
from tests.support.fakes import ID, FakeClock
from tests.support.script import Script


@dataclass(frozen=True)
class Asking:
    """A source of one's own: what reads, and what says that the instance is gone."""

    read: Callable[[float], CreationProgress]
    is_gone: Callable[[], bool] = lambda: True


class Waiting:
    """A wait by script; what it asked and told."""

    def __init__(self, *reads: Any, clock: FakeClock | None = None, **more: Any) -> None:
        self.clock = clock or FakeClock()
        self.stop = threading.Event()
        self.script = Script("read", reads, repeat=True)
        self.reads: list[tuple[float, float]] = []
        self.reports: list[Report] = []
        self.gone: Callable[[], bool] = more.pop("gone", lambda: True)
        bounds = Bounds(**{key: more.pop(key) for key in ("seconds", "since", "early", "patience") if key in more})
        self.wait = Wait(ID, self, self.stop, self.clock, bounds, report=self.reports.append, **more)

    def is_gone(self) -> bool:
        return self.gone()

    def read(self, seconds: float) -> CreationProgress:
        self.reads.append((self.clock.now, seconds))
        found = self.script.next()
        assert isinstance(found, CreationProgress)
        return found

    def fails(self, kind: type[RomaError]) -> Any:
        with pytest.raises(RomaError) as caught:
            self.wait.until_ready()
        assert type(caught.value) is kind
        return caught.value

    @property
    def times(self) -> list[float]:
        return [moment for moment, _ in self.reads]

    @property
    def troubles(self) -> list[str | None]:
        return [report.trouble for report in self.reports]

    @property
    def warnings(self) -> list[str]:
        return [report.warning for report in self.reports if report.warning]
