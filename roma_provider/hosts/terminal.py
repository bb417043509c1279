"""Whether the command line that started this plugin draws on a terminal, where a status is replaced in place.

The engine does not say, and the plugin's own streams are pipes. But to draw its tree the CLI puts the terminal into
raw mode, without echo, lines and signals (backend/display/internal/terminal/term.go), and the plugin, though in a
process group of its own, has the same controlling terminal. So the terminal's mode tells, whatever the reason for
plain output is: a pipe, a CI system, ``--non-interactive``, ``--diff``, ``--json``, or TERM=dumb. Where there is no
such terminal, or none of these modes (Windows), output counts as plain, which is never wrong, only less lively.
"""

from __future__ import annotations

import os
from pathlib import Path

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment]

CONTROLLING = "/dev/tty"
PROCESSES = "/proc"


def is_drawn_on(path: str = CONTROLLING) -> bool:
    """Whether something draws on a terminal, by default on this process's controlling one, as the CLI does."""
    if termios is None:
        return False
    try:
        terminal = os.open(path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        local = termios.tcgetattr(terminal)[3]
        owned = _is_owned(terminal)
    except (OSError, termios.error):
        return False
    finally:
        os.close(terminal)
    return owned and not local & (termios.ECHO | termios.ICANON | termios.ISIG)


def is_live(wish: bool | None) -> bool:
    """Whether a status is replaced in place: as the user wishes, or else (None) if the terminal is drawn on."""
    return is_drawn_on() if wish is None else wish


def _is_owned(terminal: int, processes: str = PROCESSES) -> bool:
    """Whether the terminal's foreground is the CLI, which is an ancestor of this process (by way of a launcher).

    It is not where the CLI runs in the background, while an editor, say, draws on the terminal. The foreground is
    the number of a process group and nothing more, and no environment variable tells the CLI's. So the CLI has to be
    looked for among the ancestors; the parent is only its launcher, in this process's own group. Where the ancestors
    cannot be known (no /proc), or it is no terminal of this session, the terminal's mode alone tells.
    """
    try:
        foreground = os.tcgetpgrp(terminal)
    except OSError:
        return True
    process = os.getpid()
    while process > 1:
        try:
            process = int(Path(processes, str(process), "stat").read_text().rpartition(")")[2].split()[1])
            if os.getpgid(process) == foreground:
                return True
        except (OSError, ValueError, IndexError):
            return process == os.getpid()
    return False
