"""Texts of a server's, made fit for people: whatever is shown, said, logged or raised goes through here.

A server may send what moves the cursor, turns the writing around, begins a line of its own, or is obeyed by the CI
system that reads the log. What it sends into the outputs stays as it is: there it is data.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

# No sentence of ours is longer; what a server has to say is cut at the models' edge already.
MOST_SHOWN = 8000

# Line breaks of any kind, and what has the width of one blank.
_BREAKS = frozenset("\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_UNSHOWN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# GitHub Actions obeys `::command` where a line begins, and `##[command]` anywhere, as Azure Pipelines does `##vso[`.
_COMMAND_FIRST = re.compile(r"^(\s*:):")
_COMMAND = re.compile(r"#(?=#(?:vso)?\[)", re.IGNORECASE)


def for_people(text: str, most: int = MOST_SHOWN) -> str:
    """One line of ``most`` characters at most, with nothing in it that a terminal or a CI system would obey."""
    text = cut(text, most)
    if not text.isprintable():
        text = "".join(map(_shown, text))
    return _COMMAND.sub("# ", _COMMAND_FIRST.sub(r"\1 :", text))


def json_for_people(data: Any) -> str:
    """JSON in one line of ASCII that says the same, and that no terminal or CI system obeys."""
    return _COMMAND.sub(r"\\u0023", json.dumps(data))


def cut(text: str, most: int) -> str:
    """A text of ``most`` characters at most; one that was longer ends in "…"."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _shown(char: str) -> str:
    if char in _BREAKS:
        return " "
    return "?" if unicodedata.category(char) in _UNSHOWN else char
