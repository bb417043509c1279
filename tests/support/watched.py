"""`roma watch` as users run it: on a terminal of its own, or piped."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from roma_provider.emulator import PROJECT_ID, REGION, TOKEN
from tests.support.emulator import SEED_CREATED, Api, SettableClock
from tests.support.terminal import Terminal
from tests.support.warm import ROMA, warm_program

PROGRAM = [sys.executable, "-m", "roma_provider.cli.main", "watch"]
FOREIGN = ("HW_", "ROMA_", "HUAWEICLOUD_", "NO_COLOR", "FORCE_COLOR", "TTY_", "COLUMNS", "LINES")
COLUMNS, ROWS = 100, 30


def environment(api: Api, **changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    own = {
        "ROMA_ENDPOINT": api.url,
        "HW_REGION_NAME": REGION,
        "HW_PROJECT_ID": PROJECT_ID,
        "HW_AUTH_TOKEN": TOKEN,
        "ROMA_POLL_SECONDS": "0.05",
        "ROMA_CALLS_PER_FIVE_MINUTES": "100000",
        "TERM": "xterm-256color",
    }
    return {name: value for name, value in (kept | own | changes).items() if value}


def piped(api: Api, *arguments: str, command: str = "watch", **changes: str) -> subprocess.CompletedProcess[str]:
    """A watch, or another command, that has ended, without a terminal."""
    ended = subprocess.run(
        [*warm_program(ROMA), command, *arguments],
        env=environment(api, **changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in ended.stderr + ended.stdout
    return ended


@contextmanager
def running(api: Api, *arguments: str, **changes: str) -> Iterator[subprocess.Popen[str]]:
    """A watch that goes on, without a terminal."""
    process = subprocess.Popen(
        [*warm_program(ROMA), "watch", *arguments],
        env=environment(api, **changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


class WatchTerminal(Terminal):
    """A watch on a terminal of its own. ``script`` is what a shell runs there instead, with the command as its
    arguments."""

    def __init__(
        self,
        api: Api,
        *arguments: str,
        size: tuple[int, int] = (COLUMNS, ROWS),
        script: str | None = None,
        **changes: str,
    ) -> None:
        command = [*(["sh", "-c", script, "sh"] if script else []), *PROGRAM, *arguments]
        super().__init__(command, size=size, environment=environment(api, **changes))

    def row(self, name: str) -> list[str]:
        """The words of a row, without its name and its bar; [] where there is none."""
        row = next((line for line in self.lines if line.startswith(f"{name} ")), "")
        return [word for word in row.split()[1:] if not set(word) & set("━╸╺")]

    def __enter__(self) -> WatchTerminal:
        return self

    def end(self, seconds: float = 60) -> int:
        code = super().end(seconds)
        assert b"Traceback" not in self.sent
        return code


def finish(clock: SettableClock) -> None:
    clock.now = SEED_CREATED + 1000
