"""`roma-emulator` as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest

from tests.support.terminal import interruptible
from tests.support.warm import EMULATOR, warm_program

PROGRAM = [sys.executable, "-m", "roma_provider.emulator.control.cli"]


def ended_emulator(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A run that has ended."""
    return subprocess.run(
        [*warm_program(EMULATOR), *arguments],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class EmulatorProcess:
    """A process under way, whose standard output is read line by line."""

    def __init__(self, program: Sequence[str], *arguments: str, **options: bool) -> None:
        self.process = subprocess.Popen(
            [*program, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            **options,  # type: ignore[call-overload]
        )

    def line(self) -> str:
        return str(self.process.stdout.readline()).rstrip("\n")

    def end(self) -> int:
        """Wait for it; returns its exit status."""
        status = int(self.process.wait(60))
        self.process.stdout.close()
        return status


@pytest.fixture
def interrupts() -> Iterator[None]:
    """What a test starts can be interrupted, wherever the tests were started."""
    with interruptible():
        yield
