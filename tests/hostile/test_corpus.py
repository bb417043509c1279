"""The corpus, through create, read, update and delete: no hang, no error but ours, no foreign instance, no lost id, no
secret, and a state of bounded size. What each answer comes to is a value, in ``outcomes``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.corpus import CORPUS
from tests.hostile.outcomes import OUTCOMES, expected
from tests.hostile.trial import of


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


@pytest.mark.parametrize(("operation", "name"), CORPUS)
def test_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, name: str) -> None:
    found = of(tmp_path, monkeypatch, operation, name)
    row = expected(operation, name)
    assert found._replace(names=row.names) == row
