"""The worked example of CONTRIBUTING.md, step by step in a copy of the code: the tests say what the page says."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages.blocks import Block, Blocks
from tests.pages.clone import make_clone
from tests.pages.output import shown

PLACE = re.compile(r"write into class (\w+) of (\S+):")


def run(folder: Path, command: str, expect: int) -> str:
    """A command of the page, with the Python of this environment and the code of the copy."""
    words = [sys.executable if word == ".venv/bin/python" else word for word in shlex.split(command)]
    ran = subprocess.run(
        [*words], cwd=folder, env={"PYTHONPATH": str(folder), "COLUMNS": "200"}, capture_output=True, text=True
    )
    assert ran.returncode == expect, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def put(file: Path, after: str, text: str) -> None:
    """Write text behind the one place of a file."""
    before = file.read_text(encoding="utf-8")
    assert before.count(after) == 1, (file, after)
    file.write_text(before.replace(after, after + text), encoding="utf-8")


def into_class(file: Path, name: str, lines: list[str]) -> None:
    """Write lines behind the last one of a class."""
    source = file.read_text(encoding="utf-8")
    [found] = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == name]
    assert found.end_lineno is not None
    written = source.splitlines()
    written[found.end_lineno : found.end_lineno] = lines
    file.write_text("\n".join(written) + "\n", encoding="utf-8")


def told(block: Block) -> list[tuple[str, str, list[str]]]:
    """What the page says is to be written: class, file and lines."""
    found: list[tuple[str, str, list[str]]] = []
    for line in block.text.splitlines():
        place = PLACE.fullmatch(line)
        if place:
            found.append((place[1], place[2], []))
        elif line.startswith("    "):
            found[-1][2].append(line)
    return found


@pytest.mark.walk
def test_the_worked_example(blocks: Blocks, tmp_path: Path) -> None:
    tests, row, missing, refused, stale = blocks.take("CONTRIBUTING.md")
    clone = make_clone(tmp_path / "clone", tests=True)
    package = clone / "roma_provider"
    run(clone, tests.text, expect=0)

    catalogue = package / "schema" / "catalogue.py"
    [description] = re.findall(
        r'^    Argument\(\n        "description",\n.*?^    \),\n', catalogue.read_text(), re.MULTILINE | re.DOTALL
    )
    put(catalogue, description, row.text)
    shown(missing, run(clone, tests.text, expect=1))

    places = told(missing)
    assert len(places) == 5
    for name, file, lines in places:
        into_class(clone / file, name, lines)
    shown(refused, run(clone, tests.text, expect=1))

    orders = package / "emulator" / "core" / "orders.py"
    for body in ("EDITION_BODY", "RCU_BODY"):
        put(orders, f"{body}: Fields = {{\n", '    "tags": BodyField(TEXT, _as("tagEntries")),\n')
    effects = clone / "tests" / "unit" / "schema" / "test_diff.py"
    put(effects, "EFFECTS: dict[str, tuple[Any, str]] = {\n", '    "tag": ("orders", "update"),\n')
    run(clone, tests.text, expect=0)
    shown(stale, run(clone, ".venv/bin/python -m tools.docs_tables --check", expect=1))
