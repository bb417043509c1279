"""What is said of one resource that changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.preview.diagnostics import Meaning, Message
from roma_provider.cli.preview.entries import entry, urgency
from roma_provider.cli.preview.layout import size
from roma_provider.cli.preview.resources import Resource, resources
from tests.support.digest import digest, document, replacement, step, urn
from tests.support.markdown import assert_tame

UPDATE = {**step("update", {"inputs": {"a": 1}}, {"inputs": {"a": 2}}), "diffReasons": ["a"]}


def resource(folder: Path, *steps: dict[str, Any]) -> Resource:
    [found] = resources(document(folder, digest(*steps)).steps)
    return found


def said(meaning: Meaning, text: str = "words", percent: int | None = None) -> Message:
    return Message(meaning, text, urn(), percent)


@pytest.mark.parametrize(
    ("told", "does"),
    [
        ([], "is updated"),
        ([said(Meaning.RESUMES, percent=50)], "resumes at 50 %"),
        ([said(Meaning.RESUMES)], "resumes"),
        ([said(Meaning.ADOPTS)], "is adopted"),
        ([said(Meaning.WARNING), said(Meaning.REFUSED)], "is updated, **but will be refused**"),
    ],
)
def test_headings(tmp_path: Path, told: list[Message], does: str) -> None:
    lines = entry(resource(tmp_path, UPDATE), told, 8000)
    assert lines[:2] == [f"#### `integration` (`roma:Instance`) {does}", ""]
    assert lines[-1] == "- `a`: `1` → `2`"


def test_messages_come_first_the_most_urgent_before_the_others(tmp_path: Path) -> None:
    told = [said(Meaning.NOTE, "n"), said(Meaning.WARNING, "w\nmore\nthan one"), said(Meaning.REFUSED, "r")]
    assert entry(resource(tmp_path, UPDATE), told, 8000)[2:] == [
        "- **Will be refused:** r",
        "- **Warning:** w\n\n  ```text\n  more\n  than one\n  ```\n",
        "- **Note:** n",
        "- `a`: `1` → `2`",
    ]


def test_the_arguments_of_what_is_created_are_folded(tmp_path: Path) -> None:
    lines = entry(resource(tmp_path, step("create", new={"inputs": {"a": 1, "b": "</details>"}})), [], 8000)
    assert lines == [
        "#### `integration` (`roma:Instance`) is created",
        "",
        "<details><summary>Arguments: 2</summary>",
        "",
        "- `a`: `1`",
        '- `b`: `"</details>"`',
        "",
        "</details>",
    ]
    assert_tame("\n".join(lines))


def test_protection(tmp_path: Path) -> None:
    off = entry(resource(tmp_path, step("same", {"protect": True}, {})), [], 8000)
    assert off == [
        "#### `integration` (`roma:Instance`) stays as it is",
        "",
        "- Protection against deletion is **taken away**: from then on a change may delete it",
    ]
    on = entry(resource(tmp_path, step("same", {}, {"protect": True})), [], 8000)
    assert on[-1] == "- Protection against deletion is put on"


def test_why_its_last_update_did_not_end_well(tmp_path: Path) -> None:
    one = resource(tmp_path, step("update", {"initErrors": ["late @all", "b", "c", "d"]}, {}))
    before = "- **Its last update did not end well:**"
    assert entry(one, [], 8000)[2:] == [f"{before} late `@all`", f"{before} b", f"{before} c"]
    assert entry(one, [said(Meaning.RESUMES, "r")], 8000)[2:] == ["- **Resumes:** r"]


def test_an_entry_is_bounded(tmp_path: Path) -> None:
    many = {f"key{number:04}": "é" * 500 for number in range(2000)}
    for given in (step("create", new={"inputs": many}), step("update", {"inputs": {}}, {"inputs": many})):
        lines = entry(resource(tmp_path, given), [said(Meaning.WARNING, "a @b " * 5000)], 4000)
        assert size("\n".join(lines)) < 9000
        assert any(line.startswith("- … and 19") for line in lines)


def test_what_is_most_urgent(tmp_path: Path) -> None:
    updated = resource(tmp_path, UPDATE)
    note = resource(tmp_path, {**UPDATE, "urn": urn("x", "shop:Note")})
    found = [
        urgency(resource(tmp_path, replacement()), []),
        urgency(updated, [said(Meaning.REFUSED)]),
        urgency(updated, [said(Meaning.RESUMES)]),
        urgency(resource(tmp_path, step("same", {"protect": True}, {})), []),
        urgency(updated, []),
        urgency(note, [said(Meaning.WARNING)]),
        urgency(note, []),
    ]
    assert found == [0, 1, 2, 2, 3, 3, 4]
