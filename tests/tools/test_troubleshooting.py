"""docs/troubleshooting.md: each message that it quotes is one that the code can say, or a known one of Pulumi's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "troubleshooting.md"
OF_PULUMI = "Words of Pulumi"
VALUE = "\0"  # what an f-string fills in


def sections() -> dict[str, str]:
    pieces = re.split(r"^## (.*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def quoted(section: str) -> list[str]:
    """The words in the first column of a section's table."""
    cells = [line.split(" | ")[0] for line in section.splitlines() if line.startswith("| `")]
    return [re.findall(r"`(.*?)`", cell)[0] for cell in cells]


@cache
def said() -> tuple[str, ...]:
    """Every text of the package that is no docstring, as it is said."""
    return tuple(
        text
        for path in sorted((ROOT / "roma_provider").rglob("*.py"))
        if "emulator" not in path.parts
        for text in texts(path.read_text(encoding="utf-8"))
    )


def texts(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(piece) for piece in node.values}
            yield "".join(str(piece.value) if isinstance(piece, ast.Constant) else VALUE for piece in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def is_said(words: str, by: tuple[str, ...]) -> bool:
    pattern = re.compile(".*?".join(re.escape(piece) for piece in words.split("…")), re.DOTALL)
    return any(pattern.search(text) for text in by)


MESSAGES = [(title, words) for title, section in sections().items() if title != OF_PULUMI for words in quoted(section)]


@pytest.mark.parametrize(("title", "words"), MESSAGES, ids=lambda value: str(value)[:60])
def test_the_code_says_it(title: str, words: str) -> None:
    assert is_said(words, said()), f"{title}: no text of roma_provider has these words; write them as they are now"
    assert len(words.replace("…", "").split()) >= 3, "too few words to find a message by"


def test_nothing_is_quoted_twice_and_no_row_is_overlooked() -> None:
    words = [words for _, words in MESSAGES]
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(words) == len(set(words))
    assert len(rows) == len(words) + len(quoted(sections()[OF_PULUMI]))
    assert len(words) > 70


@pytest.mark.parametrize("words", quoted(sections()[OF_PULUMI]))
def test_tests_or_other_pages_know_the_words_of_pulumi(words: str) -> None:
    places = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").glob("*.md")]
    known = [
        path for path in places if path not in (PAGE, Path(__file__)) and words in path.read_text(encoding="utf-8")
    ]
    assert known


def test_a_text_is_read_as_it_is_said() -> None:
    source = '"""No message."""\nx = "one " "two"\ny = f"three {x!r} " f"four"\n'
    assert list(texts(source)) == ["one two", f"three {VALUE} four"]
    assert is_said("three … four", (f"three {VALUE} four",))
    assert not is_said("three five", (f"three {VALUE} four",))
