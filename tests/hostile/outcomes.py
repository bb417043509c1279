"""What each answer of the corpus comes to, by value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple


class Outcome(NamedTuple):
    """What becomes of one instance whose API gives one hostile answer to one operation, again and again.

    A call is told as what came of it ("ok", or the error's name) and the instance that the state holds afterwards:
    "ours" is what the server has made. ``again``: an honest create, where the first left nothing in the state.
    ``posts``, ``deletes``, ``live`` (instances of ours that the server has) and ``journal`` are counted while it lies;
    ``told`` says whether an id of ours was said. ``end`` is an honest delete, ``left`` what lives after it: not 0 only
    where the server refused in plain words what it had done, or gave a made-up id that looks like one.
    """

    operation: str
    create: str
    again: str
    read: str
    update: str
    delete: str
    posts: int
    deletes: tuple[str, ...]
    live: int
    journal: str
    told: bool
    end: str
    left: int
    names: tuple[str, ...] = ()


TABLE = Path(__file__).with_suffix(".json")


def _rows() -> tuple[Outcome, ...]:
    rows = json.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(Outcome(**{**row, "deletes": tuple(row["deletes"]), "names": tuple(row["names"])}) for row in rows)


OUTCOMES = _rows()
"""One row an outcome, with the answers that come to it; the first of an operation is that of all others."""


def expected(operation: str, name: str) -> Outcome:
    """The row of an answer: the one that names it, or the operation's first, which names none."""
    rows = [row for row in OUTCOMES if row.operation == operation]
    return next((row for row in rows if name in row.names), rows[0])
