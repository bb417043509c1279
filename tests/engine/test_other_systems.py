"""What this machine is not: a system without fcntl, and one where more than an hour passes in a test.

Each Python process of a run begins with a `sitecustomize` of the test's, as PYTHONPATH names it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_one, assert_one_of_two, program
from tests.support.until import wait_until

pytestmark = pytest.mark.thorough

# Locks of a file between processes as Windows has them: taken is EACCES.
_MSVCRT = """
import errno
import fcntl
from roma_provider.lifecycle import locking

class Msvcrt:
    LK_UNLCK, LK_NBLCK = 0, 2

    @staticmethod
    def locking(descriptor, mode, count):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB if mode == Msvcrt.LK_NBLCK else fcntl.LOCK_UN)
        except BlockingIOError as error:
            raise OSError(errno.EACCES, "taken") from error

locking.fcntl, locking.msvcrt = None, Msvcrt
"""
# A pause between two questions takes a 3000th of its time. Nothing else makes time pass so fast: neither a busy
# machine's calls, nor the short sleeps of those who tell the time meanwhile.
_FAST = """
import threading
import time
from roma_provider.clock import Clock

real, lock, ahead = time.monotonic, threading.Lock(), 0.0

def monotonic(self):
    return real() + ahead

def sleep(self, seconds, stop):
    global ahead
    if seconds < 10:
        return stop.wait(max(0.0, seconds))
    end = monotonic(self) + seconds
    stopped = stop.wait(seconds / 3000)
    with lock:
        ahead = max(ahead, end - real())
    return stopped

Clock.monotonic, Clock.sleep = monotonic, sleep
"""


def begins_with(folder: Path, text: str) -> dict[str, str]:
    """The environment in which each Python begins with a text."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(text)
    return {"PYTHONPATH": str(folder)}


def test_two_runs_at_once_on_windows(stack_for: StackFor, make_emulator: MakeEmulator, tmp_path: Path) -> None:
    """Two stacks of one user declare one name at the same moment: one POST, one refusal."""
    environment = begins_with(tmp_path / "begins", _MSVCRT)
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=LONG)
    hold = emulator.control.add_fault("create_instance", when="after", hold=True)
    first, second = (
        Story.of(stack_for, emulator, name=name, project=name, home=tmp_path / "home", environment=environment)
        for name in ("first", "second")
    )
    assert_one_of_two(first, second, hold)


@pytest.mark.parametrize(("options", "code"), [("", 0), ('custom_timeouts=pulumi.CustomTimeouts(create="60m")', 1)])
def test_a_creation_of_75_minutes(
    stack_for: StackFor, make_emulator: MakeEmulator, tmp_path: Path, options: str, code: int
) -> None:
    """It ends within the default timeout; within one of an hour it does not, so that an hour does pass here."""
    environment = {**begins_with(tmp_path / "begins", _FAST), "ROMA_POLL_SECONDS": "60"}
    emulator = make_emulator(creation_seconds=LONG)
    story = Story.of(stack_for, emulator, program(options=options), environment=environment)
    # A question a minute: the one after 75 of them has to wait until the creation has ended.
    emulator.control.add_fault("creation_progress", times=75, delay_seconds=0.001)
    hold = emulator.control.add_fault("creation_progress", hold=True)
    with story.stack.start_up() as running:
        if not code:
            wait_until(lambda: emulator.control.faults()[-1].hits == 1, "75 minutes")
            story.finish_all()
            emulator.control.clear_fault(hold)
        run = running.wait(expect=code)
    if code:
        assert "allow more time with custom_timeouts" in run.text
        assert story.reasons
    else:
        assert_one(story)
