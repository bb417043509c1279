"""One order on a host of its own, for the tests of ordering."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import RomaError
from roma_provider.lifecycle.journal import Entry
from roma_provider.lifecycle.ordering import LOOK_PAUSE
from roma_provider.lifecycle.placed import Placed
from tests.support.fakes import (
    SUBNET,
    VPC,
    FakeClient,
    FakeOperation,
    Host,
    summary,
)
from tests.support.journal import entry

OURS = summary(vpc_id=VPC, subnet_id=SUBNET)
POSTED = 1741262473.0  # when the fake clock begins


class Case:
    """One order on a host of its own."""

    def __init__(self, folder: Path, *, op: FakeOperation | None = None, **scripts: Any) -> None:
        self.host = Host(FakeClient(**scripts), folder)
        self.op = op or FakeOperation()

    def write(self, **changes: Any) -> Entry:
        """An entry that an earlier run left behind; it ended just now."""
        return self.host.journal.write(entry(**{"posted_at": POSTED, "seen": "instance_id" in changes, **changes}))

    def place(self, seconds: float = 3600.0, pause: float = LOOK_PAUSE, **changes: Any) -> Placed:
        with ExitStack() as held:
            return self.host.order(self.op, **changes).place(held, seconds=seconds, pause=pause)

    def fails(self, kind: type[RomaError], **changes: Any) -> Any:
        with pytest.raises(RomaError) as caught:
            self.place(**changes)
        assert type(caught.value) is kind
        return caught.value

    @property
    def posts(self) -> int:
        return self.host.client.counts["POST"]

    @property
    def open(self) -> list[tuple[str, str | None]]:
        return [(entry.name, entry.instance_id) for entry in self.host.journal.entries()]
