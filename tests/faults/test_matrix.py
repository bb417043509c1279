"""The matrix of faults, by value: what the user sees, the state afterwards, the requests and the instances made."""

from __future__ import annotations

import json

import pytest

from tests.faults.faults import MADE_UP, Fault
from tests.faults.matrix import MARKS, PAGE, ROWS, TABLE, WHERE, Rows, outcomes, table

# Many runs of what other tests measure the coverage of, which takes half as long again.
pytestmark = pytest.mark.no_cover
HELD: Rows = json.loads(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("fault", ROWS, ids=[fault.name for fault in ROWS])
def test_a_fault(fault: Fault) -> None:
    for where, found in outcomes(fault):
        assert found == HELD[fault.name][where], where


def test_the_page_shows_the_matrix() -> None:
    shown = PAGE.read_text(encoding="utf-8").partition(MARKS[0])[2].partition(MARKS[1])[0]
    assert shown == table(HELD), "repair: python -m tests.faults.matrix"
    assert len(HELD) >= 60
    assert {call for call, _ in WHERE.values()} == {"create", "read", "update", "delete"}
    assert {where for row in HELD.values() for where in row} == set(WHERE)


def test_what_the_matrix_promises() -> None:
    for name, row in HELD.items():
        for where, found in row.items():
            cell = (name, where)
            assert found["requests"]["create"] <= 1, cell
            assert found["made"] <= 1, cell
            # It lives in the state, or in the journal, or was told; an id that POST made up is held as it was said.
            known = found["state"] != "nothing" or found["journal"] or not found["live"]
            assert known or "ID" in str(found["seen"]), cell
            assert found["state"].split(",")[0] in ("nothing", "ours", MADE_UP), cell
            # Who saw an error saw a sentence of ours; who saw none has an instance, or has let go of one.
            assert bool(found["seen"]) is (found["came"] != "ok"), cell
            # Five minutes of trouble end a creation, its deadline any wait; a deletion ends in its 30 minutes.
            assert found["seconds"] <= (1800 if WHERE[where][0] == "delete" else 5400), cell
