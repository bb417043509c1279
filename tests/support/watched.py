"""`roma watch` as users run it: on a terminal of its own, or piped."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

import pyte

from roma_provider.emulator import PROJECT_ID, REGION, TOKEN
from tests.support.emulator import SEED_CREATED, Api, SettableClock, wait_until
from tools import pseudo_terminal

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
        "TERM": "xterm-256color",
    }
    return {name: value for name, value in (kept | own | changes).items() if value}


@contextmanager
def interruptible() -> Iterator[None]:
    """For a start: a child inherits that signals are ignored, as in the background of a shell without jobs."""
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGQUIT)}
    for name, handler in before.items():
        if handler is signal.SIG_IGN:
            signal.signal(name, signal.default_int_handler)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def piped(api: Api, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """A watch that has ended, without a terminal."""
    ended = subprocess.run(
        [*PROGRAM, *arguments],
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
        [*PROGRAM, *arguments],
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


class Terminal:
    """A watch on a terminal of its own; as a context manager it leaves no process behind.

    ``script`` is what a shell runs there instead, with the command as its arguments.
    """

    def __init__(
        self,
        api: Api,
        *arguments: str,
        size: tuple[int, int] = (COLUMNS, ROWS),
        script: str | None = None,
        **changes: str,
    ) -> None:
        self._lock = threading.Lock()
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._sent = b""
        command = [*(["sh", "-c", script, "sh"] if script else []), *PROGRAM, *arguments]
        with interruptible():
            self._process, self._ours, self._theirs = pseudo_terminal.start(command, size, environment(api, **changes))
        self._reader = threading.Thread(target=self._read, name="terminal-reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        os.close(self._theirs)
        os.close(self._ours)

    def _read(self) -> None:
        while True:
            ended = self._process.poll() is not None
            while select.select([self._ours], [], [], 0.02)[0]:
                chunk = os.read(self._ours, 65536)
                with self._lock:
                    self._sent += chunk
                    self._stream.feed(chunk)
            if ended:
                return

    @property
    def sent(self) -> bytes:
        with self._lock:
            return self._sent

    @property
    def lines(self) -> list[str]:
        """What stands on the screen."""
        with self._lock:
            shown = [line.rstrip() for line in self._screen.display]
        while shown and not shown[-1]:
            shown.pop()
        return shown

    @property
    def has_cursor(self) -> bool:
        with self._lock:
            return not self._screen.cursor.hidden

    def row(self, name: str) -> list[str]:
        """The words of a row, without its name and its bar; [] where there is none."""
        row = next((line for line in self.lines if line.startswith(f"{name} ")), "")
        return [word for word in row.split()[1:] if not set(word) & set("━╸╺")]

    def wait_for(self, condition: Callable[[], bool]) -> None:
        def holds() -> bool:
            if condition():
                return True
            assert self._process.poll() is None, "ended:\n" + "\n".join(self.lines)
            return False

        wait_until(holds, "the screen to change")

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def end(self) -> int:
        """Wait for its end; the exit code."""
        code = self._process.wait(60)
        self._reader.join()
        assert b"Traceback" not in self._sent
        return code


def finish(clock: SettableClock) -> None:
    clock.now = SEED_CREATED + 1000
