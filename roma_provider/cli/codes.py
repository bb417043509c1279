"""The exit codes of `roma`, each once: what a command exits with, and when.

`--help` and the table of docs/scripts.md are made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class Code(IntEnum):
    """An exit code. From 128 on they are a shell's own, of a signal."""

    DONE = 0
    NO = 1
    TIME_OVER = 2
    NOTHING_KNOWN = 3
    # EX_USAGE of sysexits.h. Typer's own, 2, is that of `roma watch` for a timeout.
    USAGE = 64
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    TERMINATED = 143


COMMON: Mapping[Code, str] = {
    Code.NOTHING_KNOWN: "nothing can be said: a setting, the sign-in, the network, a file, output that cannot be "
    "written, a missing extra",
    Code.USAGE: "bad usage, such as an unknown option; nothing was asked",
    Code.INTERRUPTED: "Ctrl-C",
    Code.BROKEN_PIPE: "nobody reads the output any more",
}
"""Of every command."""

OWN: Mapping[str, Mapping[Code, str]] = {
    "doctor": {
        Code.DONE: "everything that was tried worked, and every value could be read",
        Code.NO: "something failed, a missing setting included, or a value is of another kind",
    },
    "watch": {
        Code.DONE: "the instance is ready",
        Code.NO: "its creation failed, it ended in another status, or it is gone",
        Code.TIME_OVER: "the time of --timeout is over; a creation goes on",
        Code.TERMINATED: "SIGTERM; a creation goes on",
    },
    "list": {
        Code.DONE: "the list could be read; with --expect each instance has that status",
        Code.NO: "with --expect: an instance has another status, or none is shown; or one that is named is not there",
    },
    "import": {
        Code.DONE: "all that was asked for is in the program",
        Code.NO: "something is not in the program",
    },
    "preview-summary": {Code.DONE: "the comment is printed, whatever it says"},
    "journal": {Code.DONE: "there is nothing to do", Code.NO: "something is open"},
    "forget": {
        Code.DONE: "it is forgotten",
        Code.NO: "the journal holds nothing of that id, or the answer was no",
    },
    "completion": {Code.DONE: "the script is printed"},
}
"""Of each command, beside those of every command."""


def meanings(command: str) -> dict[Code, str]:
    """The exit codes of a command, in their order, each with when it is."""
    return dict(sorted({**COMMON, **OWN[command]}.items()))
