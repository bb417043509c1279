"""The tables of the docs: what is stale is named, written, and nothing beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from roma_provider.config import keys
from tools import docs_tables
from tools.docs_tables import Table

PAGE = "before\n<!-- words: made -->\n{}\n<!-- end of words -->\nafter\n"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page with one table, of which nothing is there yet."""
    path = tmp_path / "page.md"
    path.write_text(PAGE.format("old"), encoding="utf-8")
    tables = [Table("page.md", lambda: "| new |", "words"), Table("whole.md", lambda: "all of it\n")]
    monkeypatch.setattr(docs_tables, "ROOT", tmp_path)
    monkeypatch.setattr(docs_tables, "tables", lambda: tables)
    return path


def test_what_is_stale_is_named_and_then_written(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = page.read_text(encoding="utf-8")
    assert docs_tables.main(["--check"]) == 1
    assert capsys.readouterr().out == "stale: page.md (words), whole.md; run `make docs-tables`\n"
    assert page.read_text(encoding="utf-8") == before
    assert docs_tables.main([]) == 0
    assert page.read_text(encoding="utf-8") == PAGE.format("\n| new |\n")
    assert (page.parent / "whole.md").read_text(encoding="utf-8") == "all of it\n"
    assert docs_tables.main(["--check"]) == 0
    assert docs_tables.main([]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == ["the tables are up to date", "the tables were up to date"]


def test_a_page_without_a_place_for_its_table(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page.write_text("nothing\n", encoding="utf-8")
    assert docs_tables.main([]) == 1
    assert capsys.readouterr().out == "page.md: write `<!-- words: … -->` and `<!-- end of words -->` into it\n"
    assert page.read_text(encoding="utf-8") == "nothing\n"


def test_what_an_argument_is_stands_beside_its_name() -> None:
    """The table has seven columns: the last of them are beyond the edge of a narrow window."""
    page = docs_tables.arguments_page()
    assert "\n| argument | what it is | type | kinds | needed, or default | change | sent as |\n" in page
    assert "\n| `vpc_id` | Id of the VPC. | str | both | needed | replace | `vpc_id` |\n" in page


def test_the_settings_are_a_table_too(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (
        keys.Key("roma:token", ("A", "B"), "x", "token", "a `token`", secret=True),
        keys.Key(None, ("C",), "x", "no key", "no key, a|b", default="7"),
    )
    monkeypatch.setattr(keys, "SETTINGS", rows)
    assert docs_tables.settings_table().splitlines() == [
        "| stack config | environment | what it is |",
        "|---|---|---|",
        "| `roma:token` (secret) | `A`, `B` | a `token` |",
        "| | `C` | no key, a\\|b; default `7` |",
    ]
    assert "docs/settings.md (settings)" in map(str, docs_tables.tables())
