"""README.md and the pages for users: short paragraphs, short sentences, links that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").glob("*/README.md")),
]
# docs/commands.md is made of the commands' help: its examples are indented lines of shell, no sentences.
MADE = {ROOT / "docs" / "commands.md"}
SHORT = [
    ROOT / "README.md",
    *sorted({*(ROOT / "docs").glob("*.md")} - MADE),
    *sorted((ROOT / "examples").glob("*/README.md")),
]
MOST_WORDS, MOST_IN_SENTENCE = 60, 30


def paragraphs(text: str) -> Iterator[str]:
    """Paragraphs and points of lists, without code, tables, headings and pictures; links as their words."""
    text = re.sub(r"```.*?```|<!--.*?-->", "", text, flags=re.DOTALL)
    for block in re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith(("|", "#", "!"))]
        yield from re.split(r"\n(?=- |\d+\. )", "\n".join(lines))


@pytest.mark.parametrize("page", SHORT, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_long_paragraph_and_no_long_sentence(page: Path) -> None:
    for paragraph in paragraphs(page.read_text(encoding="utf-8")):
        assert len(paragraph.split()) <= MOST_WORDS, paragraph
        for sentence in re.split(r"(?<=[.:;!?])\s+(?=[A-Z`\[])", paragraph):
            assert len(sentence.split()) <= MOST_IN_SENTENCE, sentence


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if link.startswith("http"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}, link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_tests_that_are_named_are_there(page: Path) -> None:
    named = re.findall(r"`(tests/[a-z0-9_/.-]+\.py)`", page.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []
