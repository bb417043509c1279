"""A command run to its end, with the signals that this process receives passed on as a shell user expects."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence

HAS_SIGNALS = hasattr(signal, "SIGCHLD")
"""Whether this system has what is needed here; Windows has not."""


def _known(*names: str) -> tuple[signal.Signals, ...]:
    return tuple(getattr(signal, name) for name in names if hasattr(signal, name))


_FORWARDED = _known("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")
_FROM_THE_TERMINAL = _known("SIGINT", "SIGQUIT")


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


class SignalQueue:
    """The signals that come in, one after the other. For the main thread.

    What was ignored when we were started (nohup, a shell's &) stays so, for what we start too.

    Handlers that act, around a thread that waits for something else, lose signals: one that comes just before the wait
    begins, or that the kernel gives to another thread, is not seen until the wait ends. A byte in a pipe is not lost.
    """

    def __init__(self, numbers: Iterable[int]) -> None:
        self._reader, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in numbers:
            if signal.getsignal(number) is not signal.SIG_IGN:
                # Any handler in Python has Python write to the pipe.
                signal.signal(number, lambda *_: None)

    def wait(self) -> list[int]:
        """Wait for signals; returns at least one."""
        return list(os.read(self._reader, 1024))


def run_command(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command, in this process group, until it ends; no signal that can be caught ends this process before it.

    The queue of signals stays for the moments that this process still has: one that comes so late has no one to go to.

    Returns:
        Its exit status; 128 + n if signal n ended it; 127 if there is no such command, 126 if it cannot be run.
    """
    # Were SIGCHLD ignored by whoever started us, there would be no exit status to wait for.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signals = SignalQueue((*_FORWARDED, *_FROM_THE_TERMINAL, signal.SIGCHLD))
    try:
        child = subprocess.Popen(list(command), env=dict(environment))  # noqa: S603 - what the user asked for
    except FileNotFoundError:
        return _cannot_run(command[0], "no such command", 127)
    except OSError as error:
        return _cannot_run(command[0], error.strerror or str(error), 126)
    while (exit_status := child.poll()) is None:
        for number in signals.wait():
            # On a terminal the kernel sends it to the command as well; a second one would make Pulumi kill its work.
            if number in _FORWARDED or (number in _FROM_THE_TERMINAL and not in_foreground()):
                child.send_signal(number)
    return 128 - exit_status if exit_status < 0 else exit_status


def _cannot_run(name: str, why: str, status: int) -> int:
    print(f"roma-emulator: cannot run {name}: {why}", file=sys.stderr)  # noqa: T201
    return status
