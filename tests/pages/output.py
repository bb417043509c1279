"""What a page shows as printed, held against what was printed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.pages.blocks import Block

# What may be another one in each run.
KINDS: Mapping[str, str] = {
    "ids": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "progress": r"\d+% \d+:\d\d(?:, ~\w+ left)?: (?:[a-z]+ (?:done|\d+%)(?:, )?)*(?:\d+ not started)?",
    "addresses": r"\d+\.\d+\.\d+\.\d+",
    "times": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?|\d\d:\d\d:\d\d|\d+(?:\.\d+)? (?:ms|s|min|h)\b",
    "numbers": r"\d+(?:\.\d+)?",
}
ANYTHING = "…"


def pattern(line: str, kinds: list[str]) -> re.Pattern[str]:
    """What a line of a page stands for, if things of these kinds vary. `…` stands for anything."""
    chosen = [KINDS[kind] for kind in KINDS if kind in kinds]
    tokens = re.compile("|".join(f"({text})" for text in (re.escape(ANYTHING), *chosen)))
    parts, end = [], 0
    for found in tokens.finditer(line):
        which = found.lastindex or 1
        parts += [re.escape(line[end : found.start()]), ".*?" if which == 1 else f"(?:{chosen[which - 2]})"]
        end = found.end()
    return re.compile("".join([*parts, re.escape(line[end:])]))


def compare(block: Block, printed: str) -> None:
    """Each line of the block stands among those that were printed, in this order; AssertionError if one does not."""
    kinds = block.value.removesuffix(" vary").split(", ")
    lines = iter([line.strip() for line in printed.splitlines()])
    for wanted in block.text.splitlines():
        expected = pattern(wanted.strip(), kinds)
        assert any(expected.fullmatch(line) for line in lines), f"{block}: not printed (any more): {wanted}\n{printed}"


def shown(block: Block, text: str, *kinds: str) -> None:
    """Each line of a `compared` block stands in a text, in this order, whatever the blanks and line ends there."""
    flat, place = " ".join(text.split()), 0
    for wanted in block.text.splitlines():
        found = pattern(" ".join(wanted.split()), list(kinds)).search(flat, place)
        assert found, f"{block}: not said (any more): {wanted}\n{text}"
        place = found.end()
