"""docs/reliability.md: a row for each option, no empty cell, and no test that is not there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
# As issue 13 lists them.
FLAGS = (
    "--target --target-dependents --exclude --replace --continue-on-error --refresh --run-program --skip-preview --plan"
)
OPTIONS = (
    "protect retain_on_delete aliases ignore_changes replace_on_changes delete_before_replace=False deleted_with "
    "depends_on"
)
STATE = (
    "state delete",
    "state move",
    "state rename",
    "stack rename",
    "state unprotect",
    "state repair",
    "--parallel 1",
)
ROWS = {
    *(f"`{word}`" for word in (*FLAGS.split(), *OPTIONS.split(), *STATE)),
    *("transforms", "hooks", "explicit providers", "components", "`stack export`, `stack import`", "an older backup"),
    *("another home", "another folder", "another user", "another machine", "another backend"),
}
PROMISES = ("not lost", "not made twice", "not destroyed by mistake", "the state is true", "resumed")
WORDS = re.compile(r"yes|no: note \d+|untouched")
TEST = re.compile(r"`([\w/]+\.py)::(\w+)(?:\[[^\]`]*\])?`")


def rows_of(heading: str) -> list[list[str]]:
    """The cells of the tables below a heading of the page, without their heads."""
    section = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    [text] = [part for part in section if part.startswith(heading)]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    heads = {number - 1 for number, line in enumerate(lines) if re.fullmatch(r"[|\s:-]+", line)}
    kept = [line for number, line in enumerate(lines) if number not in heads and number - 1 not in heads]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in kept]


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_option_has_its_row() -> None:
    assert sorted(row[0] for row in rows_of("The table")) == sorted(ROWS)


def test_no_cell_is_empty_and_each_says_whether_it_holds() -> None:
    for row in rows_of("The table"):
        option, *promises, why = row
        assert len(promises) == len(PROMISES), option
        assert all(WORDS.fullmatch(cell) for cell in promises), row
        assert len(why) > 10, option


def test_each_no_has_its_note_and_each_note_its_no() -> None:
    text = PAGE.read_text(encoding="utf-8")
    notes = set(re.findall(r"^\*\*Note (\d+)\.\*\*", text, re.MULTILINE))
    assert set(re.findall(r"no: note (\d+)", text)) == notes


def test_a_row_that_holds_everywhere_names_a_test_and_a_note_does_too() -> None:
    for row in rows_of("The table"):
        assert TEST.search(row[-1]), row
    for note in re.split(r"^\*\*Note ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        assert TEST.search(note.split("\n\n")[0]), note


def test_each_number_of_the_issue_has_its_row() -> None:
    rows = rows_of("What was mended")
    assert [row[0] for row in rows] == [str(number) for number in range(1, 19)]
    for row in rows:
        assert all(row), row
        assert TEST.search(row[-1]), row


@pytest.mark.parametrize("file", sorted({file for file, _ in TEST.findall(PAGE.read_text(encoding="utf-8"))}))
def test_each_test_that_the_page_names_is_there(file: str) -> None:
    named = {test for of_file, test in TEST.findall(PAGE.read_text(encoding="utf-8")) if of_file == file}
    assert named <= functions_of(file), named - functions_of(file)
