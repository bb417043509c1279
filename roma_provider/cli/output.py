"""Where a command's output goes, and how it ends.

What was asked for goes to standard output, all else to standard error. With ``--json`` standard output has JSON alone:
one object, which says how the command ended, what stands on standard error, and what was found (docs/scripts.md).
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TextIO

from ..errors import RomaError
from ..texts import for_people, json_for_people
from .codes import Code

# Exit codes of commands that print.
NOTHING_KNOWN, INTERRUPTED, BROKEN_PIPE = Code.NOTHING_KNOWN, Code.INTERRUPTED, Code.BROKEN_PIPE
RED = "31"

_messages: ContextVar[list[str] | None] = ContextVar("messages", default=None)


class Output:
    """Standard output, as far as it can be written: what becomes of it is told once, and raises nothing.

    Only that nobody reads any more ends the program, by BrokenPipeError. ``found`` are the keys of ``--json`` that are
    the command's own.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self.failed = False
        self.as_json = as_json
        self.found: dict[str, Any] = {}

    def write(self, text: str, colour: str | None = None) -> None:
        """A line, or several; in a colour, a number of the terminal's, where colours are wanted."""
        # Python has no standard output where the shell has closed it.
        if (out := stream("stdout")) is None:
            self._fail("it is closed")
            return
        try:
            shown = f"\x1b[{colour}m{text}\x1b[0m" if colour and wants_colour(out, os.environ) else text
            print(shown, file=out, flush=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._fail(error.strerror or str(error))

    def say(self, text: str, colour: str | None = None) -> None:
        """A line for people alone."""
        if not self.as_json:
            self.write(text, colour)

    def _fail(self, why: str) -> None:
        if not self.failed:
            self.failed = True
            complain(f"standard output cannot be written: {why}")

    def close(self) -> None:
        """What Python still holds would be written at its exit, where nobody could catch the error."""
        if self.failed and (out := stream("stdout")) is not None:
            discard(out)


def stream(name: str) -> TextIO | None:
    """``stdout`` or ``stderr``; None where it was closed before Python began, which its type does not tell."""
    found: TextIO | None = getattr(sys, name)
    return found


def discard(out: TextIO) -> None:
    """Have nothing that is written from now on, or still held, arrive."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


def wants_colour(out: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether colours are wanted there: on a terminal, unless NO_COLOR is set; anywhere else where FORCE_COLOR is."""
    if environment.get("NO_COLOR"):
        return False
    dumb = environment.get("TERM", "").lower() in ("dumb", "unknown")
    return bool(environment.get("FORCE_COLOR")) or (out.isatty() and not dumb)


def complain(text: str) -> None:
    """A line on standard error, which ``--json`` repeats."""
    shown = for_people(text)
    if (kept := _messages.get()) is not None:
        kept.append(shown)
    # print would take standard output instead; and there is nobody to tell of a complaint that is lost.
    if (out := stream("stderr")) is not None:
        with contextlib.suppress(OSError):
            print(f"roma: {shown}", file=out, flush=True)


@contextlib.contextmanager
def messages() -> Iterator[list[str]]:
    """What is said on standard error meanwhile."""
    said: list[str] = []
    token = _messages.set(said)
    try:
        yield said
    finally:
        _messages.reset(token)


def said_so_far() -> list[str]:
    """What was said on standard error since ``messages`` began."""
    return list(_messages.get() or ())


def envelope(command: str | None, code: int | None, said: list[str]) -> dict[str, Any]:
    """The keys that every object of ``--json`` has; without a ``code`` the command goes on."""
    ok = None if code is None else code == 0
    return {"command": command, "ok": ok, "exit_code": None if code is None else int(code), "messages": list(said)}


def with_output(do: Callable[[Output], int], command: str = "", *, as_json: bool = False) -> int:
    """The exit code of a command that writes, and no traceback: NOTHING_KNOWN for an error of ours, a fault of this
    program's own, and for output that could not be written. With ``as_json`` its object is written in the end."""
    output = Output(as_json=as_json)
    take_any_name()
    try:
        with messages() as said:
            code = _ended(do, output)
            if as_json:
                output.write(json_for_people({**envelope(command, code, said), **output.found}))
    except BrokenPipeError:
        if (out := stream("stdout")) is not None:
            discard(out)
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        output.close()
    return NOTHING_KNOWN if output.failed else code


def take_any_name() -> None:
    """A name that standard output cannot show is no reason to end."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _ended(do: Callable[[Output], int], output: Output) -> int:
    try:
        return do(output)
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        return INTERRUPTED
    except RomaError as error:
        for reason in error.reasons:
            complain(reason)
        return NOTHING_KNOWN
    except Exception as error:  # noqa: BLE001 - exit code 1, which Python would give, is an answer here
        complain_of_fault(error)
        return NOTHING_KNOWN


def complain_of_fault(error: Exception) -> None:
    """Where this program has failed; without the error's own words, which may hold anything."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    complain(f"a fault of this program's own: {type(error).__name__} at {Path(where.filename).name}:{where.lineno}")
