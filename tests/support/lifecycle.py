"""Calls of the lifecycle on a host of their own, for its tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from roma_provider.api.models import CreationProgress
from roma_provider.errors import RomaError
from roma_provider.lifecycle.journal import Entry
from roma_provider.lifecycle.reading import Reading
from roma_provider.schema.outputs import HOST as HOST_KEY
from roma_provider.schema.outputs import ORDERED_AT, outputs
from tests.support.fakes import HOST, ID, FakeClient, FakeClock, FakeOperation, Host, inputs, progress
from tests.support.journal import entry

RUNNING = progress("RUNNING")


def state(instance_id: str, props: Mapping[str, Any], found: CreationProgress | None) -> dict[str, Any]:
    """The outputs as the lifecycle gives them: those of the schema, and which API has shown the instance."""
    return {**outputs(instance_id, props, found), HOST_KEY: HOST}


def ordered(at: float = FakeClock().epoch()) -> dict[str, Any]:
    """The outputs of an instance that was ordered then, by the API's clock, and that has not been shown yet."""
    return {**state(ID, inputs(), None), ORDERED_AT: at}


STATE = state(ID, inputs(), RUNNING)


class Case:
    """Calls on a host of its own."""

    def __init__(self, folder: Path, *, op: FakeOperation | None = None, **scripts: Any) -> None:
        self.client = FakeClient(**scripts)
        self.host = Host(self.client, folder)
        self.op = op or FakeOperation()

    def create(self, **changes: Any) -> tuple[str, dict[str, Any]]:
        return self.host.owned.create(self.op, inputs(**changes))

    def create_fails(self, kind: type[RomaError], **changes: Any) -> Any:
        with pytest.raises(RomaError) as caught:
            self.create(**changes)
        assert type(caught.value) is kind
        return caught.value

    @property
    def open(self) -> list[tuple[str | None, bool]]:
        """The orders as the disk has them: their ids, and whether they were answered."""
        return [(entry.instance_id, entry.is_answered) for entry in self.host.journal.entries() if entry.is_order]


class LaterCase:
    """Calls on a host of its own, whose journal holds an entry of the instance."""

    def __init__(self, folder: Path, *, op: FakeOperation | None = None, **scripts: Any) -> None:
        self.client = FakeClient(**scripts)
        self.host = Host(self.client, folder)
        self.op = op or FakeOperation(old_inputs=inputs())
        self.write()

    def write(self, **changes: Any) -> Entry:
        """An entry of the instance: by default one from long ago, answered."""
        return self.host.journal.write(
            entry(
                **{
                    "folder": "/x",
                    "arguments": "digest",
                    "posted_at": 1.0,
                    "instance_id": ID,
                    "key": "one",
                    "answered": True,
                    **changes,
                }
            )
        )

    def read(self, props: dict[str, Any] | None = None) -> Reading | None:
        given = STATE if props is None else props
        return self.host.owned.read(self.op, ID, given, owned="instance_id" in given)

    def update(self, olds: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        return self.host.owned.update(self.op, ID, STATE if olds is None else olds, inputs(**changes))

    def delete(self, props: dict[str, Any] | None = None) -> None:
        self.host.owned.delete(self.op, ID, STATE if props is None else props)

    @property
    def open(self) -> int:
        return len(self.host.session.custody.orders())


def calls(*, reads: int = 0, lists: int = 0, deletes: int = 0) -> dict[str, int]:
    return {"POST": 0, "progress": reads, "list": lists, "DELETE": deletes}
