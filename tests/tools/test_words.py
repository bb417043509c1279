"""docs/words.md: each word that it explains is used, and each that it bans is neither in the docs nor in a message."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.tools.test_pages import PAGES
from tests.tools.test_troubleshooting import said

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "words.md"
OTHERS = [page for page in PAGES if page != PAGE]
MOST_IN_SENTENCE = 30


def rows(title: str) -> list[list[str]]:
    """The cells of a section's table, without its heading."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


MEANINGS = rows("What each word means here")
WORDS = [word for cell, *_ in MEANINGS for word in cell.split(", ")]
BANNED = [word for _, cell in rows("Which word is written, and which is not") for word in re.findall(r"`(.*?)`", cell)]


@cache
def pages() -> dict[str, str]:
    return {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in OTHERS}


def holds(text: str, word: str) -> bool:
    """Whether a text has this word, as a whole one, in any case; a name in code counts too."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE) is not None


@pytest.mark.parametrize("word", WORDS)
def test_a_word_that_is_explained_is_used(word: str) -> None:
    assert any(holds(text, word) for text in pages().values()), "no page has it: take it out, or write it"


@pytest.mark.parametrize("word", BANNED)
def test_a_word_that_is_not_written_is_in_no_page_and_no_message(word: str) -> None:
    assert [name for name, text in pages().items() if holds(text, word)] == []
    assert [text for text in said() if " " in text and holds(text, word)] == []  # one word alone is a name


def test_each_word_stands_once_with_its_meaning_in_short_sentences() -> None:
    assert len(WORDS) == len(set(WORDS)) > 35
    assert not {word.lower() for word in WORDS} & {word.lower() for word in BANNED}
    assert len(BANNED) == len(set(BANNED)) > 15
    for cells in MEANINGS:
        assert len(cells) == 3
        for cell in cells:
            for sentence in re.split(r"(?<=[.:;])\s", cell):
                assert len(sentence.split()) <= MOST_IN_SENTENCE, sentence


def test_a_word_is_found_whole_alone() -> None:
    assert holds("An Orphan.", "orphan")
    assert holds("`adopt_id`, to adopt", "adopt")
    assert not holds("adopt_id, re-orphaned, orphans-of", "orphan")
    assert not holds("adopt_id", "adopt")
