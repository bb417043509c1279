"""Where a command's output goes: standard output as far as it can be written, and complaints on standard error."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable
from typing import TextIO

from ..errors import RomaError
from ..texts import for_people

# Exit codes of commands that print.
NOTHING_KNOWN, INTERRUPTED, BROKEN_PIPE = 3, 130, 141


class Output:
    """Standard output, as far as it can be written: what becomes of it is told once, and raises nothing.

    Only that nobody reads any more ends the program, by BrokenPipeError.
    """

    def __init__(self) -> None:
        self.failed = False

    def write(self, text: str) -> None:
        """A line, or several."""
        # Python has no standard output where the shell has closed it.
        if (out := stream("stdout")) is None:
            self._fail("it is closed")
            return
        try:
            print(text, file=out, flush=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            self._fail(error.strerror or str(error))

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


def complain(text: str) -> None:
    """A line on standard error."""
    # print would take standard output instead; and there is nobody to tell of a complaint that is lost.
    if (out := stream("stderr")) is not None:
        with contextlib.suppress(OSError):
            print(f"roma: {for_people(text)}", file=out, flush=True)


def with_output(do: Callable[[Output], int]) -> int:
    """The exit code of a command that writes, and no traceback: NOTHING_KNOWN for an error of ours, and for output that
    could not be written."""
    output = Output()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name that it cannot show is no reason to end
    try:
        code = do(output)
    except BrokenPipeError:
        if (out := stream("stdout")) is not None:
            discard(out)
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except RomaError as error:
        for reason in error.reasons:
            complain(reason)
        return NOTHING_KNOWN
    finally:
        output.close()
    return NOTHING_KNOWN if output.failed else code
