"""A wait on a script and a fake clock."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from roma_provider.api.models import CreationProgress
from roma_provider.creation.wait import Report, Wait
from roma_provider.errors import RomaError
from tests.support.fakes import ID, FakeClock, Script


class Waiting:
    """A wait by script; what it asked and told."""

    def __init__(self, *reads: Any, clock: FakeClock | None = None, **more: Any) -> None:
        self.clock = clock or FakeClock()
        self.stop = threading.Event()
        self.script = Script("read", reads, repeat=True)
        self.reads: list[tuple[float, float]] = []
        self.reports: list[Report] = []
        self.wait = Wait(ID, self._read, self.stop, self.clock, report=self.reports.append, **more)

    def _read(self, seconds: float) -> CreationProgress:
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
