"""A command run to its end, with the signals that this process receives passed on as a shell user expects."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import FrameType

_FORWARDED = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
_FROM_THE_TERMINAL = (signal.SIGINT, signal.SIGQUIT)


def in_foreground() -> bool:
    """Whether this process is in the foreground group of its terminal, where Ctrl-C reaches the command by
    itself."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


def run_command(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command, in this process group, until it ends; no signal that can be caught ends this process
    before it.

    Returns:
        Its exit status; 128 + n if signal n ended it; 127 if there is no such command, 126 if it cannot be
        run.
    """
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if number in _FROM_THE_TERMINAL and in_foreground():
            # The kernel has sent it to the command as well; a second one would make Pulumi kill what it is
            # doing.
            return
        if child is None:
            early.append(number)
        else:
            child.send_signal(number)

    for number in (*_FORWARDED, *_FROM_THE_TERMINAL):
        # What was ignored when we were started (nohup, a shell's &) stays so, for the command too.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, pass_on)
    try:
        child = subprocess.Popen(list(command), env=dict(environment))  # noqa: S603 - what the user asked for
    except FileNotFoundError:
        return _cannot_run(command[0], "no such command", 127)
    except OSError as error:
        return _cannot_run(command[0], error.strerror or str(error), 126)
    for number in early:
        child.send_signal(number)
    exit_status = child.wait()
    return 128 - exit_status if exit_status < 0 else exit_status


def _cannot_run(name: str, why: str, status: int) -> int:
    print(f"roma-emulator: cannot run {name}: {why}", file=sys.stderr)  # noqa: T201
    return status
