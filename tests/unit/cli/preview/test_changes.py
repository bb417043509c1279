"""What differs in a resource, by lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.preview.changes import Change, arguments, changes, value
from tests.support.digest import digest, document, step

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def lines(folder: Path, given: dict[str, Any]) -> list[str]:
    [found] = document(folder, digest(given)).steps
    return [change.line() for change in changes(found)]


def detail(**kinds: Any) -> dict[str, Any]:
    return {path: {"kind": kind, "inputDiff": True} for path, kind in kinds.items()}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (Change("a", "update", "x", "y"), '`a`: `"x"` → `"y"`'),
        (Change("a", "update-replace", 1, 2, True), "`a`: `1` → `2` — **a reason to replace it**"),
        (Change("a", "add", None, [1]), "`a`: `[1]` is added"),
        (Change("a", "update", None, True), "`a`: `true` is added"),
        (Change("a", "delete", "x", "y"), '`a`: `"x"` is taken away'),
        (Change("a", "update", "x", None), '`a`: `"x"` is taken away'),
        (Change("status", "delete-replace", "F", None, True, False), '`status`: `"F"` — **a reason to replace it**'),
        (Change("a", "update"), "`a`"),
        (Change("a`b", "update", "`", UNKNOWN), '``a`b``: ``"`"`` → *not known yet*'),
    ],
)
def test_lines(change: Change, line: str) -> None:
    assert change.line() == line


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("é ↑", '`"é ↑"`'),
        ("a\nb", '`"a\\nb"`'),
        ("[secret]", "*a secret*"),
        (UNKNOWN, "*not known yet*"),
        (["x", UNKNOWN], '`["x", "not known yet"]`'),
        ({"a": None}, '`{"a": null}`'),
        (5, "`5`"),
    ],
)
def test_values(given: Any, shown: str) -> None:
    assert value(given) == shown


def test_long_values_are_cut_but_told_apart() -> None:
    assert len(value("x" * 10_000)) == 202
    old, new = "x" * 300 + "old", "x" * 300 + "new"
    assert Change("a", "update", old, new).line() == f'`a`: `"…{"x" * 20}old"` → `"…{"x" * 20}new"`'
    assert Change("a", "update", "x" * 300, "x" * 301).line() == f'`a`: `"…{"x" * 20}"` → `"…{"x" * 21}"`'


def test_by_property_path(tmp_path: Path) -> None:
    old = {"inputs": {"zones": ["a", "b"], "mqs": {"ssl": False}, "x.y": 1, "odd": {"k.x": 1}}, "outputs": {"id_of": 7}}
    new = {"inputs": {"zones": ["a", "c"], "mqs": {"ssl": True}, "x.y": 2, "odd": {"k.x": 2}, "id_of": 8, "__p": 1}}
    paths = {
        **detail(
            **{"zones[1]": "update", "mqs.ssl": "update-replace", "x.y": "update", "__p": "add", "none[9].x": "add"}
        ),
        'odd["k.x"]': {"kind": "update", "inputDiff": True},
        "id_of": {"kind": "update", "inputDiff": False},
    }
    assert lines(tmp_path, {**step("update", old, new), "detailedDiff": paths}) == [
        "`id_of`: `7` → `8`",
        "`mqs.ssl`: `false` → `true` — **a reason to replace it**",
        "`none[9].x`: `null` is added",
        '`odd["k.x"]`: `1` → `2`',
        "`x.y`: `1` → `2`",
        '`zones[1]`: `"b"` → `"c"`',
    ]


def test_what_a_refresh_found_is_in_the_outputs(tmp_path: Path) -> None:
    found = step("update", {"outputs": {"status": "RUNNING"}}, {"outputs": {"status": "FROZEN"}})
    found["detailedDiff"] = {"status": {"kind": "update", "inputDiff": False}}
    assert lines(tmp_path, found) == ['`status`: `"RUNNING"` → `"FROZEN"`']


def test_by_the_names_of_properties(tmp_path: Path) -> None:
    found = step("replace", {"inputs": {"a": 1, "b": 1, "c": 1}}, {"inputs": {"a": 2, "b": 2, "c": 2}})
    found |= {"replaceReasons": ["b"], "diffReasons": ["b", "a", "__provider"]}
    assert lines(tmp_path, found) == ["`a`: `1` → `2`", "`b`: `1` → `2` — **a reason to replace it**"]


def test_by_the_inputs_alone(tmp_path: Path) -> None:
    found = step("update", {"inputs": {"a": 1, "b": 1, "__c": 1}}, {"inputs": {"a": 2, "b": 1, "d": 3}})
    assert lines(tmp_path, found) == ["`a`: `1` → `2`", "`d`: `3` is added"]
    assert lines(tmp_path, step("create", new={"inputs": {"a": 2}})) == []


def test_the_arguments_of_what_is_made() -> None:
    given = {"b": [1], "a": "x", "__provider": "y", "c": None}
    assert list(arguments(given)) == ['`a`: `"x"`', "`b`: `[1]`"]
