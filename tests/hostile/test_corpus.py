"""The corpus, through create, read, update and delete: no hang, no error but ours, no foreign instance, no lost id, no
secret, and a state of bounded size. What each answer comes to is a value, in ``outcomes``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from roma_provider.lifecycle.custody import FRESH_SECONDS
from roma_provider.texts import for_people
from tests.hostile.corpus import CORPUS, lie
from tests.hostile.outcomes import OUTCOMES, Outcome, expected
from tests.hostile.stack import SECONDS, Stack
from tests.support.fakes import OTHER_ID, TOKEN
from tests.support.hostile import STRANGER, Lies

# One attempt beyond the deadline, which is all that a caller without time has.
MOST_SECONDS = SECONDS + 5.0
# The largest that there is, with a little room: 30 texts of 2,000 characters at most are outputs.
MOST_STATE = 30_000


def test_the_table_names_each_answer_once() -> None:
    named = [(row.operation, name) for row in OUTCOMES for name in row.names]
    assert len(set(named)) == len(named)
    assert set(named) <= set(CORPUS)
    assert len(CORPUS) >= 300


def test_the_table_holds_what_is_promised() -> None:
    for row in OUTCOMES:
        assert "stranger" not in str(row)
        assert row.posts <= 1
        # What a server has made, and then refused in plain words or named by an id that it made up, is told.
        assert row.left == 0 or (row.operation == "create" and row.told)
        held = {state.rpartition(": ")[2] for state in (row.create, row.again)}
        assert "ours" in held or row.operation == "create"
        # Whoever is not held lives in the journal, as an order without an id or by its id, or was told.
        assert row.live == 0 or "ours" in row.delete or "ours" in row.journal or row.told


def of(folder: Path, monkeypatch: pytest.MonkeyPatch, operation: str, name: str) -> Outcome:
    """What an answer, in place of each true one to an operation, comes to."""
    lies = Lies()
    stack = Stack(folder, lies, monkeypatch)

    def who(instance_id: str | None) -> str:
        if instance_id in lies.made:
            return "ours"
        return "stranger" if instance_id == OTHER_ID else instance_id or "unknown"

    def call(what: str, *, honest: bool = False) -> str:
        lies.says = {} if honest else {operation: lie(name)}
        came = stack.call(what)
        if stack.held is not None:
            state = json.dumps(stack.held)
            assert TOKEN not in state
            assert len(state) < MOST_STATE
        return f"{came}: {who(stack.held[0]) if stack.held else 'nothing'}"

    create = call("create")
    again = "" if stack.held else call("create", honest=True)
    found = Outcome(
        operation,
        *(create, again, call("read"), call("update"), call("delete")),
        posts=lies.posts,
        deletes=tuple(map(who, lies.deleted)),
        live=len(lies.ours),
        journal=", ".join(sorted(f"{entry.stage.name} {who(entry.instance_id)}" for entry in stack.journal.entries())),
        told=any(made in line for made in lies.made for line in stack.said),
        end="",
        left=0,
    )
    stack.clock.now += FRESH_SECONDS  # so that an id of nobody's is seen to be one
    found = found._replace(end=call("delete", honest=True), left=len(lies.ours))
    assert lies.instances[OTHER_ID] == STRANGER
    assert OTHER_ID not in lies.deleted
    assert stack.longest <= MOST_SECONDS
    for line in stack.said:
        assert TOKEN not in line
        assert line == for_people(line)
    return found


@pytest.mark.parametrize(("operation", "name"), CORPUS)
def test_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, name: str) -> None:
    found = of(tmp_path, monkeypatch, operation, name)
    row = expected(operation, name)
    assert found._replace(names=row.names) == row
