"""Fenced blocks of the pages, with the mark before each: a comment of one line, such as `<!-- walk: test_name -->`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "docs" / "previews"  # made by the tests that run them
FENCE = re.compile(r"(?P<indent> *)(?P<fence>`{3,}|~{3,}) *(?P<language>[\w+-]*).*")
MARK = re.compile(r"<!-- (?P<kind>[a-z ]+?)(?:: (?P<value>.+?))? -->")
FILL_IN = "…"


@dataclass(frozen=True)
class Block:
    """One block: `page` is a path from the root, `line` that of its first fence, `text` without the indentation of a
    list. `kind` and `value` are its mark's, empty where it has none: `<!-- kind: value -->`. `output` is the block
    behind it that shows what it prints."""

    page: str
    line: int
    language: str
    text: str
    kind: str = ""
    value: str = ""
    output: Block | None = None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    def filled(self, *values: str, words: Mapping[str, str] | None = None) -> Block:
        """The block as a reader types it who has the values: one for each `…` that is in no comment, in their order,
        and one for each of some words."""
        text = self.text
        for word, value in (words or {}).items():
            assert word in text, f"{self}: no {word}"
            text = text.replace(word, value)
        parts = re.split(r"((?<=\s)#.*|…)", text)
        places = [number for number, part in enumerate(parts) if part == FILL_IN]
        assert len(places) == len(values), f"{self}: {len(places)} places to fill in, {len(values)} values"
        for place, value in zip(places, values, strict=True):
            parts[place] = value
        return replace(self, text="".join(parts))


def pages() -> list[Path]:
    """The pages whose blocks are held: README, CONTRIBUTING, docs and the examples."""
    docs = [page for page in sorted((ROOT / "docs").rglob("*.md")) if GOLDEN not in page.parents]
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *docs, *sorted((ROOT / "examples").glob("*/README.md"))]


@cache
def blocks() -> tuple[Block, ...]:
    """All blocks of all pages, in the order of the pages."""
    found = [block for page in pages() for block in read(page.read_text(encoding="utf-8"), relative(page))]
    return tuple(found)


def walked(page: str) -> list[Block]:
    """The blocks of a page that some test walks."""
    return [block for block in blocks() if (block.page, block.kind) == (page, "walk")]


def relative(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def read(text: str, page: str) -> list[Block]:
    """The blocks of a page's text."""
    found: list[Block] = []
    for block in _blocks(text.splitlines(), page):
        if block.kind == "output":
            assert found, f"{block}: an output stands behind the commands that print it"
            found[-1] = replace(found[-1], output=block)
        found.append(block)
    return found


def _blocks(lines: list[str], page: str) -> Iterator[Block]:
    number = 0
    while number < len(lines):
        opened = FENCE.fullmatch(lines[number])
        number += 1
        if not opened:
            continue
        first = number
        while lines[number].strip() != opened["fence"]:
            number += 1
            assert number < len(lines), f"{page}:{first}: no end of the block"
        text = "".join(f"{line.removeprefix(opened['indent'])}\n" for line in lines[first:number])
        mark = MARK.fullmatch(_before(lines, first - 1))
        kind, value = (mark["kind"], mark["value"] or "") if mark else ("", "")
        yield Block(page, first, opened["language"], text, kind, value)
        number += 1


def _before(lines: list[str], number: int) -> str:
    """The line before a fence, or the one before a blank line."""
    before = number - 1
    while before >= 0 and not lines[before].strip():
        before -= 1
    return lines[before].strip() if before >= 0 else ""


class Blocks:
    """The blocks whose marks name a test. What the test does not take makes it fail."""

    def __init__(self, test: str) -> None:
        self.test = test
        self.left = [block for block in blocks() if block.kind in ("walk", "compared") and block.value == test]

    def take(self, page: str) -> list[Block]:
        """The blocks of a page that name the test, in their order."""
        taken = [block for block in self.left if block.page == page]
        assert taken, f"no block of {page} is marked for {self.test}"
        self.left = [block for block in self.left if block.page != page]
        return taken

    def finish(self) -> None:
        assert not self.left, f"{self.test} is named by blocks that it does not run: {', '.join(map(str, self.left))}"
