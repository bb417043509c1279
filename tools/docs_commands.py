"""docs/commands.md, made of what the commands say by themselves: `roma --help` and its like."""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from roma_provider.cli.application import app
from roma_provider.emulator.control.cli import _parser

HEAD = """\
What each command says by `--help`. [Settings](settings.md) has the variables that they read.

- `roma` needs the extra `cli`: `pip install 'roma-provider[cli]'`. `--timeline` needs the extra `timeline` too.
- Until the package is on PyPI, it is installed [from a clone](../README.md#your-own-program).
- `roma-emulator` needs the extra `emulator`. It is the API on this machine, for trying and for tests.
- `pulumi-resource-roma` has no options: Pulumi starts it. [Other languages](languages.md) says how it is found.

More about some: [watching](watching.md), [listing and importing](importing.md), [pull requests](pull-requests.md)."""


def commands_page(note: str) -> str:
    """docs/commands.md; ``note`` says of what it is made."""
    parts = ["# Commands", note, HEAD, *_roma(), *_emulator()]
    return "\n\n".join(parts) + "\n"


# --- roma, by typer -----------------------------------------------------------------------------------------


def _roma() -> Iterator[str]:
    group: Any = typer.main.get_command(app)
    context = group.make_context("roma", ["--help-me-not"], resilient_parsing=True, ignore_unknown_options=True)
    yield "## roma"
    yield from _said(group, context)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield f"## roma {name}"
        yield from _said(command, type(context)(command, parent=context, info_name=name))


def _said(command: Any, context: Any) -> list[str]:
    page = _Page()
    command.format_usage(context, page)
    command.format_help_text(context, page)
    command.format_options(context, page)
    command.format_epilog(context, page)
    return page.parts


class _Page:
    """In the place of a formatter of help, which writes for a terminal: the same parts as Markdown."""

    width = 10_000  # so that nothing is cut
    current_indent = 0

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write_usage(self, program: str, arguments: str = "", prefix: str | None = None) -> None:
        self.parts.append(f"`{program} {arguments}`")

    def write_text(self, text: str) -> None:
        self.parts += [_line(paragraph) for paragraph in re.split(r"\n\s*\n", text.replace("\b", ""))]

    def write_dl(self, rows: Iterable[tuple[str, str]], *_: Any, **__: Any) -> None:
        self.parts.append(_table(rows))

    def write(self, text: str) -> None:
        """Lines as they stand, such as examples."""
        code = "\n".join(f"    {line}" for line in inspect.cleandoc(text).splitlines())
        if self.parts and self.parts[-1].startswith("    "):
            self.parts[-1] += f"\n{code}"
        else:
            self.parts.append(code)

    def write_paragraph(self) -> None:
        """An empty line; parts are apart anyway."""

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        self.parts.append(f"**{name}**")
        yield

    @contextmanager
    def indentation(self) -> Iterator[None]:
        yield


# --- roma-emulator, by argparse -------------------------------------------------------------------------------


def _emulator() -> Iterator[str]:
    # Its own text has other lines with each Python; what it is made of has not.
    parser = _parser()
    yield "## roma-emulator"
    yield str(parser.description)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            yield _table((name, helps[name]) for name in action.choices)
            for name, command in action.choices.items():
                yield f"## roma-emulator {name}"
                usage = re.sub(r"\x1b\[[\d;]*m", "", command.format_usage())  # from 3.14 on with colours
                yield f"`{_line(usage).removeprefix('usage: ')}`"
                yield _table((_called(option), _help(option)) for option in command._actions)


def _called(option: argparse.Action) -> str:
    names = ", ".join(option.option_strings) or str(option.metavar or option.dest)
    return f"{names} {option.metavar}" if option.option_strings and option.metavar else names


def _help(option: argparse.Action) -> str:
    return (option.help or "").replace("%%", "%")


# --- Markdown -------------------------------------------------------------------------------------------------


def _table(rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| `{_cell(first)}` | {_cell(_line(second))} |" for first, second in rows]
    return "\n".join(["| | |", "|---|---|", *lines])


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
