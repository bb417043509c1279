"""The corpus, through create, read, update and delete: no hang, no error but ours, no foreign instance, no lost id, no
secret, and a state of bounded size."""

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
from roma_provider.errors import RomaError
from roma_provider.hosts.dynamic import status
from roma_provider.lifecycle.journal import Journal
from roma_provider.lifecycle.owned import Owned
from roma_provider.lifecycle.session import Session
from roma_provider.texts import for_people
from tests.hostile.corpus import BODIES, BYTES, CORPUS
from tests.support.fakes import OTHER_ID, TOKEN, FakeClock, FakeOperation, inputs, plain_settings
from tests.support.hostile import Lies

REFUSED = [f"body: {name}" for name, (code, _) in BYTES.items() if 300 <= code < 500]


class Stack:
    """What the engine holds of one resource, and the calls it makes."""

    def __init__(self, folder: Path, lies: Lies, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = FakeClock()
        environment = {"HW_AUTH_TOKEN": TOKEN, "ROMA_ENDPOINT": "https://roma.example.com"}
        self.journal = Journal(folder / "roma-provider", self.clock)
        self.environment = environment
        self.held: tuple[str, dict[str, Any]] | None = None
        self.said: list[str] = []

        def send(_transport: Transport, attempt: Any) -> requests.Response:
            request = attempt.prepared
            body = request.body or b""
            sent = body if isinstance(body, bytes) else body.encode()
            code, said = lies.answer(request.method, urlsplit(request.url).path, sent)
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            found = requests.Response()
            found.status_code = code
            found.raw = urllib3.HTTPResponse(io.BytesIO(data), status=code, preload_content=False)
            return found

        monkeypatch.setattr(Transport, "_send", send)

    def call(self, what: str) -> None:
        op = FakeOperation(timeout=20.0, old_inputs=inputs())
        # Each command has a process of its own.
        owned = Owned(Session(plain_settings(None, self.environment), self.journal, self.clock))
        try:
            if what == "create":
                self.held = owned.create(op, inputs())
            elif self.held is not None:
                instance_id, outputs = self.held
                if what == "read":
                    read = owned.read(op, instance_id, outputs)
                    self.held = None if read is None else (read.instance_id, read.outputs)
                elif what == "update":
                    self.held = instance_id, owned.update(op, instance_id, outputs, inputs())
                else:
                    owned.delete(op, instance_id, outputs)
                    self.held = None
            op.answer(ready=True)
        except RomaError as error:
            reasons = status.reasons(error.reasons)
            kept = op.kept[-1] if op.kept else None
            sent, is_kept = status.status(reasons, kept)
            assert len(sent) <= status.MOST_BYTES
            assert is_kept is (kept is not None)
            if kept is not None:
                self.held = kept
                op.answer(ready=False)
            self.said += reasons
        self.said += map(for_people, [*op.said, *op.notes, *op.warnings])


@pytest.mark.parametrize(("operation", "name"), CORPUS)
def test_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, name: str) -> None:
    lies = Lies()
    stack = Stack(tmp_path, lies, monkeypatch)
    say = BODIES[name]
    lies.says[operation] = lambda truth, _asked: say(truth)
    for what in ("create", "read", "update", "delete"):
        stack.call(what)
        assert lies.posts <= 1
        held = stack.held
        if lies.ours:
            # What was made is in the state, or the journal will lead to it.
            known = [(entry.instance_id, entry.name) for entry in stack.journal.entries()]
            ours = lies.ours[0]
            assert (
                (held is not None and held[0] == ours)
                or (ours, inputs()["name"]) in known
                or any(instance_id is None for instance_id, _ in known)
                # A refusal is taken at its word, and the name is refused from then on; of an id that might be one, a
                # second instance of the name is told.
                or (operation == "create" and name in REFUSED)
                or any(ours in line for line in stack.said)
            )
        if held is not None:
            assert held[0] != OTHER_ID
            state = json.dumps(held)
            assert TOKEN not in state
            assert len(state) < 1_500_000
    assert set(lies.deleted) <= {*lies.made, "DELETED", "CREATE_FAILED", "b"}
    assert OTHER_ID not in lies.deleted
    assert OTHER_ID in lies.instances
    assert stack.clock.now < 2000
    for line in stack.said:
        assert TOKEN not in line
        assert line == for_people(line)
