"""What `roma preview-summary` does: reads the JSON of a preview, and prints a comment. It asks and changes nothing."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from ...clock import Clock
from ..codes import Code
from ..output import Output, stream
from .document import STANDARD_INPUT, read
from .hiding import Hiding
from .summary import Summary

# GitHub takes 65,536 characters, and a workflow may want to add a line.
MOST_BYTES = 65_000
# For the title, the boxes, and what they say of how much is left out.
LEAST_BYTES = 4_000
SUMMARIZED = Code.DONE


@dataclass(frozen=True)
class Wish:
    """What was asked for: a file (``-``: standard input), the bytes of the comment, what the stack is called, and what
    the preview exited with."""

    file: str = STANDARD_INPUT
    most: int = MOST_BYTES
    stack: str | None = None
    code: int = 0


def run(environment: Mapping[str, str], clock: Clock, wish: Wish, output: Output) -> int:
    """Print it; the exit code. ``environment`` may hold secrets, which are taken out of what is printed."""
    document = read(wish.file, Hiding(environment))
    out = stream("stdout")
    if isinstance(out, io.TextIOWrapper) and not out.isatty():
        out.reconfigure(encoding="utf-8", newline="\n")  # as every host of pull requests reads it
    text = Summary(document, wish.stack, wish.code).text(clock.epoch(), wish.most - 1)  # a line break comes after it
    output.found = {"markdown": text}
    output.say(text)
    return SUMMARIZED
