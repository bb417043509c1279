"""Starts a command on a terminal of its own, for recordings and for tests of what a terminal shows."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path

# A session leader's terminal is the first one that it opens.
_TAKE_TERMINAL = 'exec "$@" <>"$0" >&0 2>&0'


def start(
    command: Sequence[str], size: tuple[int, int], environment: Mapping[str, str], folder: Path | None = None
) -> tuple[subprocess.Popen[bytes], int, int]:
    """The process, our end of its terminal of ``size`` (columns, rows), and the command's.

    Both are the caller's to close: the command's is open as long as the process is, or the first read of ours would
    find nobody at the other end.
    """
    columns, rows = size
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        ["sh", "-c", _TAKE_TERMINAL, os.ttyname(theirs), *command],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return process, ours, theirs
