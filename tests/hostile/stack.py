"""What the engine holds of one resource whose API lies, and the calls it makes: on a clock that only sleeping moves."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import urllib3

from roma_provider.api.transport import Transport
from roma_provider.creation.schedule import Expected
from roma_provider.errors import RomaError
from roma_provider.hosts import status
from roma_provider.lifecycle.journal import Journal
from roma_provider.lifecycle.owned import Owned
from roma_provider.lifecycle.session import Session
from roma_provider.texts import for_people
from tests.support.fakes import TOKEN, FakeClock, FakeOperation, inputs, plain_settings
from tests.support.hostile import Lies

# Of one call: what the program allows it.
SECONDS = 20.0


def answering(lies: Lies, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request of this process is answered by ``lies``, without a net; no pause has chance in it."""

    def send(_transport: Transport, attempt: Any) -> requests.Response:
        request = attempt.prepared
        body = request.body or b""
        sent = body if isinstance(body, bytes) else body.encode()
        code, said = lies.answer(request.method, urlsplit(request.url).path, sent)
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        found = requests.Response()
        found.status_code = code
        found.headers.update(lies.headers)
        found.raw = urllib3.HTTPResponse(io.BytesIO(data), status=code, preload_content=False)
        return found

    monkeypatch.setattr(Transport, "_send", send)
    defaults: dict[str, Any] = Transport.__init__.__kwdefaults__ or {}
    monkeypatch.setitem(defaults, "chance", lambda: 0.0)
    monkeypatch.setattr(Expected.__init__, "__defaults__", (lambda: 0.5,))  # no pause is longer or shorter


class Stack:
    """What the engine holds of one resource, and the calls it makes."""

    def __init__(
        self, folder: Path, lies: Lies, monkeypatch: pytest.MonkeyPatch, *, seconds: float | None = SECONDS
    ) -> None:
        self.seconds = seconds
        self.reasons: list[str] = []
        self.clock = FakeClock()
        environment = {"HW_AUTH_TOKEN": TOKEN, "ROMA_ENDPOINT": "https://roma.example.com"}
        self.journal = Journal(folder / "roma-provider", self.clock)
        self.environment = environment
        self.held: tuple[str, dict[str, Any]] | None = None
        self.said: list[str] = []
        self.longest = 0.0

        answering(lies, monkeypatch)

    def call(self, what: str) -> str:
        """One call of the engine's; what came of it: "ok", or the name of the error."""
        begun = self.clock.now
        op = FakeOperation(timeout=self.seconds, old_inputs=inputs())
        # Each command has a process of its own.
        owned = Owned(Session(plain_settings(None, self.environment), self.journal, self.clock))
        came = "ok"
        try:
            if what == "create":
                self.held = owned.create(op, inputs())
            elif self.held is None:
                return "none"
            else:
                self._later(owned, op, what, *self.held)
            op.answer(ready=True)
        except RomaError as error:
            came = type(error).__name__
            reasons = status.reasons(error.reasons)
            kept = op.kept[-1] if op.kept else None
            sent, is_kept = status.status(reasons, None if kept is None else status.Partial(*kept))
            assert len(sent) <= status.MOST_BYTES
            assert is_kept is (kept is not None)
            if kept is not None:
                self.held = kept
                op.answer(ready=False)
            self.said += reasons
            self.reasons += reasons
        self.said += map(for_people, [*op.said, *op.notes, *op.warnings])
        self.longest = max(self.longest, self.clock.now - begun)
        return came

    def _later(self, owned: Owned, op: FakeOperation, what: str, instance_id: str, outputs: dict[str, Any]) -> None:
        if what == "read":
            read = owned.read(op, instance_id, outputs, owned=True)
            self.held = None if read is None else (read.instance_id, read.outputs)
        elif what == "update":
            self.held = instance_id, owned.update(op, instance_id, outputs, inputs())
        else:
            owned.delete(op, instance_id, outputs)
            self.held = None
