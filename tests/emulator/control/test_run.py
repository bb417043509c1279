"""A command under `roma-emulator run`: its exit status, and which signals reach it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.emulator_process import PROGRAM, EmulatorProcess, interrupts
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["interrupts"]

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("interrupts")]

# A command that writes down each signal it gets and leaves on SIGTERM; or by itself, where a test failed to tell it.
LISTENER = """
import os, signal, sys
def note(number, frame):
    os.write(1, f"got {signal.Signals(number).name}\\n".encode())
    if number == signal.SIGTERM:
        os._exit(9)
for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGQUIT"):
    signal.signal(getattr(signal, name), note)
signal.alarm(120)
os.write(1, f"ready {os.getpgrp()}\\n".encode())
while True:
    signal.pause()
"""


@pytest.fixture
def listener() -> Iterator[EmulatorProcess]:
    """`run` around the listener, in a session of its own: without a terminal."""
    running = EmulatorProcess(PROGRAM, "run", "--", sys.executable, "-c", LISTENER, start_new_session=True)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
    running.end()


def run_only(*command: str) -> subprocess.CompletedProcess[str]:
    """The part of `run` that knows of no emulator, which starts sooner."""
    script = (
        "import os, sys; from roma_provider.emulator.control.run import run_command;"
        "sys.exit(run_command(sys.argv[1:], os.environ))"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *command], capture_output=True, text=True, timeout=60, check=False
    )


def test_run_of_what_cannot_run(tmp_path: Path) -> None:
    missing = run_only("no-such-command-anywhere")
    assert missing.returncode == 127
    assert missing.stderr == "roma-emulator: cannot run no-such-command-anywhere: no such command\n"
    (tmp_path / "text").write_text("")
    denied = run_only(str(tmp_path / "text"))
    assert denied.returncode == 126
    assert denied.stderr.endswith("text: Permission denied\n")


def test_run_exits_with_128_and_the_signal_that_ended_the_command() -> None:
    assert run_only("sh", "-c", "kill -KILL $$").returncode == 137


def test_signals_reach_a_command_without_a_terminal(listener: EmulatorProcess) -> None:
    ready = listener.line().split()
    # The same process group: a shell's job control sees one job.
    assert ready == ["ready", str(os.getpgid(listener.process.pid))]
    for name in ("SIGINT", "SIGHUP", "SIGUSR1", "SIGQUIT"):
        listener.process.send_signal(getattr(signal, name))
        assert listener.line() == f"got {name}"
        assert listener.process.poll() is None
    listener.process.send_signal(signal.SIGTERM)
    assert listener.line() == "got SIGTERM"
    assert listener.end() == 9


def test_what_was_ignored_stays_ignored() -> None:
    script = "import signal; print(signal.getsignal(signal.SIGHUP).name)"
    command = "trap '' HUP; exec \"$@\""
    ended = subprocess.run(
        ["sh", "-c", command, "-", *PROGRAM, "run", "--", sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout == "SIG_IGN\n"


def wait_for(terminal: Terminal, text: str) -> None:
    terminal.wait_for(lambda: text.encode() in terminal.sent, f"{text!r} on the terminal")


def test_ctrl_c_on_a_terminal_reaches_the_command_once() -> None:
    with Terminal([*PROGRAM, "run", "--", sys.executable, "-c", LISTENER]) as terminal:
        wait_for(terminal, "ready")
        terminal.type(b"\x03")
        wait_for(terminal, "got SIGINT")
        # SIGINT to run alone, while it is in the foreground, looks as the terminal's does and is not passed on either;
        # a later signal that is passed on shows that nothing else was under way.
        os.kill(terminal.pid, signal.SIGINT)
        os.kill(terminal.pid, signal.SIGUSR1)
        wait_for(terminal, "got SIGUSR1")
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.end() == 9
        shown = terminal.sent.decode()
    assert re.findall(r"got (\w+)", shown) == ["SIGINT", "SIGUSR1", "SIGTERM"]
    assert "Traceback" not in shown


def test_signals_reach_a_command_in_the_background_of_a_terminal() -> None:
    # With -m a shell's background job has a process group of its own, which the terminal's Ctrl-C does not reach.
    script = 'set -m; "$@" & wait; exit 3'
    with Terminal(["sh", "-c", script, "-", *PROGRAM, "run", "--", sys.executable, "-c", LISTENER]) as terminal:
        wait_for(terminal, "\n")
        (group,) = re.findall(r"ready (\d+)", terminal.sent.decode())
        assert int(group) != terminal.pid
        os.kill(int(group), signal.SIGINT)
        wait_for(terminal, "got SIGINT")
        os.kill(int(group), signal.SIGTERM)
        wait_for(terminal, "got SIGTERM")
        assert terminal.end() == 3
