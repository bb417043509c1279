"""How `roma` shows its help, and what becomes of bad usage. Imports typer, of the extra `cli`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from ..texts import json_for_people
from .codes import COMMON, Code, meanings
from .examples import EXAMPLES
from .output import Output, envelope

JSON = "--json"
# Of click, or of the copy of it that typer brings: what all errors of usage have in common.
USAGE_ERROR: Any = typer.BadParameter.__mro__[1]
Read = TypeVar("Read")
_TIME = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")

ENVIRONMENT = (
    ("HW_…, ROMA_…", "region, project and sign-in, as the provider has them: docs/settings.md"),
    ("NO_COLOR", "with any value: no colours"),
    ("FORCE_COLOR", "with any value: colours where there is no terminal too"),
)


class Command(TyperCommand):
    """A command whose help ends with examples and exit codes."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        name = self.name or ""
        _write_codes(formatter, [(str(int(code)), when) for code, when in meanings(name).items()])
        _write_examples(formatter, name)


class Group(TyperGroup):
    """The whole. Bad usage, of any command, exits with a code that means nothing else; where JSON is asked for, it is
    told in JSON too."""

    command_class = Command
    _asked: tuple[str, ...] = ()

    def make_context(self, info_name: Any, args: Any, *rest: Any, **options: Any) -> Any:
        self._asked = tuple(args)
        with self._usage():
            return super().make_context(info_name, args, *rest, **options)

    def invoke(self, *arguments: Any, **options: Any) -> Any:
        with self._usage():
            return super().invoke(*arguments, **options)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Environment"):
            formatter.write_dl(ENVIRONMENT)
        own = "each command's own: see its --help"
        codes = [("0, 1, 2", own), *((str(int(code)), when) for code, when in COMMON.items())]
        _write_codes(formatter, codes)
        _write_examples(formatter, "roma")

    @contextmanager
    def _usage(self) -> Iterator[None]:
        try:
            yield
        except USAGE_ERROR as error:
            error.exit_code = int(Code.USAGE)
            if JSON in self._asked:
                command = error.ctx.command if error.ctx is not None else self
                said = [error.format_message()]
                name = None if command is self else command.name
                Output(as_json=True).write(json_for_people(envelope(name, Code.USAGE, said)))
            raise


def _write_codes(formatter: Any, codes: list[tuple[str, str]]) -> None:
    with formatter.section("Exit codes"):
        formatter.write_dl(codes)


def _write_examples(formatter: Any, name: str) -> None:
    """As they stand, since a line that is wrapped is no line for a shell."""
    with formatter.section("Examples"):
        for example in EXAMPLES[name]:
            formatter.write(f"  # {example.what}\n  {example.line}\n")


def seconds(text: str) -> float:
    """A timeout: ``3600``, ``90m``, ``1h30m``. ValueError, worded for the user, for anything else."""
    word = text.strip().replace(" ", "")
    if re.fullmatch(r"\d+(\.\d+)?", word):
        found = float(word)
    else:
        match = _TIME.fullmatch(word)
        # Floats, since no number of digits is too much for them.
        hours, minutes, rest = (float(part or 0) for part in match.groups()) if match else (0.0, 0.0, 0.0)
        found = hours * 3600 + minutes * 60 + rest
    if not 0 < found <= 86400:
        raise ValueError(f"write seconds, or a time such as 90m or 1h30m, up to 24h, not {text!r}")
    return found


def given(text: str) -> str:
    """Any text but an empty one, which a shell makes of a variable that is not set. ValueError for that."""
    if not text.strip():
        raise ValueError(f"write a text that is not empty, not {text!r}")
    return text


def of_option(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """The same for the value of an option or argument: what cannot be one is bad usage. ``read`` raises ValueError."""

    def parse(text: str) -> Read:
        try:
            return read(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error

    return parse
