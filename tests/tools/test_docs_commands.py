"""docs/commands.md: every command, with what its own help says."""

from __future__ import annotations

import argparse
from typing import Any

import pytest
import typer

from roma_provider.cli.application import app
from tools import docs_commands, docs_tables


def test_every_command_has_its_options() -> None:
    page = docs_commands.commands_page("<!-- note -->")
    group: Any = typer.main.get_command(app)
    assert page.startswith("# Commands\n\n<!-- note -->\n\n")
    assert "docs/commands.md" in map(str, docs_tables.tables())
    for name, command in group.commands.items():
        part = page.partition(f"\n## roma {name}\n")[2].partition("\n## ")[0]
        assert f"`roma {name} " in part
        options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
        assert [option for option in [*options, "--help"] if option not in part] == []


def test_the_emulators_commands() -> None:
    page = docs_commands.commands_page("")
    serve = page.partition("\n## roma-emulator serve\n")[2].partition("\n## ")[0]
    assert "| `--port N` | port on 127.0.0.1 (default: a free one) |" in serve
    assert "`roma-emulator run [options] -- COMMAND...`" in page
    assert "\x1b" not in page


def test_what_a_command_writes_as_it_stands() -> None:
    page = docs_commands._Page()
    with page.section("Examples"):
        page.write("  # what it does\n  roma list | cat\n")
        page.write("  # another\n  roma journal\n")
    with page.section("Exit codes"):
        page.write_dl([("0|1", "done,\n  or not")])
    assert page.parts == [
        "**Examples**",
        "    # what it does\n    roma list | cat\n    # another\n    roma journal",
        "**Exit codes**",
        "| | |\n|---|---|\n| `0\\|1` | done, or not |",
    ]


def test_usage_has_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(argparse.ArgumentParser, "format_usage", lambda _: "\x1b[1musage: \x1b[0mx\n  [-h]\n")
    assert "\n`x [-h]`\n" in docs_commands.commands_page("")
