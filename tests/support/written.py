"""What stands in the source for type checkers: the attributes of a class, their types and docstrings, as text."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_WIDTH = 116


@dataclass(frozen=True)
class Attribute:
    """``name: type = default``, with the docstring below it, in one line."""

    type: str
    words: str = ""
    default: str = ""

    def lines(self, name: str) -> str:
        """What to write."""
        line = f"    {name}: {self.type}{f' = {self.default}' if self.default else ''}"
        words = "\n".join(textwrap.wrap(f'"""{self.words}"""', _WIDTH, break_long_words=False))
        return line + ("\n" + textwrap.indent(words, "    ") if self.words else "")


def attributes(cls: type) -> dict[str, Attribute]:
    """The attributes that a class annotates itself; not those of its bases, nor private ones."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(tree, ast.ClassDef)
    found: dict[str, Attribute] = {}
    for statement, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = Attribute(
                ast.unparse(statement.annotation),
                _words(after),
                ast.unparse(statement.value) if statement.value is not None else "",
            )
    return found


def file_of(thing: Any) -> str:
    """The file in which a class or function is written: ``roma_provider/resources/args.py``."""
    return str(Path(inspect.getsourcefile(thing) or "").relative_to(ROOT).as_posix())


def differences(cls: type, expected: Mapping[str, Attribute]) -> list[str]:
    """What to write into a class, and what to take out, for it to have these attributes in any order."""
    where = f"class {cls.__name__} of {file_of(cls)}"
    found = attributes(cls)
    said = []
    for name, attribute in expected.items():
        if name not in found:
            said.append(f"write into {where}:\n{attribute.lines(name)}")
        elif found[name] != attribute:
            said.append(f"write in {where}:\n{attribute.lines(name)}\nin place of:\n{found[name].lines(name)}")
    said += [
        f"take {name} out of {where}, or write a row for it (schema/catalogue.py, schema/fields.py)"
        for name in found
        if name not in expected
    ]
    return said


def _words(statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return " ".join(str(statement.value.value).split())
    return ""
