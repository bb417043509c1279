"""The exit codes: one table, of all commands, and that the code has no others."""

from __future__ import annotations

import ast

from roma_provider.cli.application import app
from roma_provider.cli.codes import COMMON, OWN, Code, meanings
from tests.unit.test_house import ROOT, read, sources


def names_of_commands() -> list[str]:
    """As the command line has them."""
    return [str(entry.name or getattr(entry.callback, "__name__", "")) for entry in app.registered_commands]


def test_every_command_has_its_codes_and_no_other_has() -> None:
    assert sorted(OWN) == sorted(names_of_commands())
    assert all(Code.DONE in own and not own.keys() & COMMON.keys() for own in OWN.values())


def test_the_codes_are_frozen() -> None:
    """docs/compatibility.md: scripts rest on them."""
    assert {code.name: int(code) for code in Code} == {
        "DONE": 0,
        "NO": 1,
        "TIME_OVER": 2,
        "NOTHING_KNOWN": 3,
        "USAGE": 64,
        "INTERRUPTED": 130,
        "BROKEN_PIPE": 141,
        "TERMINATED": 143,
    }
    assert [int(code) for code in meanings("watch")] == [0, 1, 2, 3, 64, 130, 141, 143]
    assert [int(code) for code in meanings("completion")] == [0, 3, 64, 130, 141]


def test_no_other_module_has_a_number_for_one() -> None:
    """Whoever exits names a code."""
    found = []
    for path in sources("roma_provider/cli"):
        for node in ast.walk(ast.parse(read(path))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("sys.exit", "typer.Exit", "exit"):
                continue
            if any(isinstance(argument, ast.Constant) for argument in node.args):
                found.append(f"{ROOT / path}:{node.lineno}")
    assert found == []
