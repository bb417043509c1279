"""One answer of the corpus through a whole life: create, read, update and delete, and what it comes to.

python -m tests.hostile.trial    writes outcomes.json anew; read what has changed, each line of it is a promise
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest

from roma_provider.lifecycle.custody import FRESH_SECONDS
from roma_provider.texts import for_people
from tests.hostile.corpus import CORPUS, OPERATIONS, lie
from tests.hostile.outcomes import TABLE, Outcome
from tests.hostile.stack import SECONDS, Stack
from tests.support.fakes import OTHER_ID, TOKEN
from tests.support.hostile import STRANGER, Lies

# One attempt beyond the deadline, which is all that a caller without time has.
MOST_SECONDS = SECONDS + 5.0
# The largest that there is, with a little room: 30 texts of 2,000 characters at most are outputs.
MOST_STATE = 30_000


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


def main() -> None:
    rows: dict[str, dict[Outcome, list[str]]] = {operation: defaultdict(list) for operation in OPERATIONS}
    for operation, name in CORPUS:
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            rows[operation][of(Path(folder), patch, operation, name)].append(name)
    told: list[Outcome] = []
    for found in rows.values():
        # The commonest first: it stands for all that no other row names.
        for outcome, names in sorted(found.items(), key=lambda item: -len(item[1])):
            more = tuple(sorted(names)) if told and told[-1].operation == outcome.operation else ()
            told.append(outcome._replace(names=more))
    text = ",\n".join(json.dumps(row._asdict(), indent=1) for row in told)
    TABLE.write_text(f"[\n{text}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
