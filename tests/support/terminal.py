"""A command on a terminal of its own, and what that terminal shows."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

import pyte

from tests.support.until import wait_until
from tools import pseudo_terminal

_QUIET = 0.02  # seconds without output, after which a frame is whole
_HISTORY = 1000  # lines


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


class Terminal:
    """A command on a terminal of ``size`` (columns, rows); as a context manager it leaves no process behind."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (100, 30),
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._screen = pyte.HistoryScreen(*size, history=_HISTORY)
        self._stream = pyte.ByteStream(self._screen)
        self._sent = b""
        self._frames: list[tuple[str, ...]] = []
        with interruptible():
            self._process, self._ours, self._theirs = pseudo_terminal.start(
                command, size, os.environ if environment is None else environment, folder
            )
        self._reader = threading.Thread(target=self._read, name="terminal-reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kill()
        self._process.wait()
        self._reader.join()
        os.close(self._theirs)
        os.close(self._ours)

    def _kill(self) -> None:
        """End what is left of the command."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _read(self) -> None:
        while True:
            # Asked before the look: what was written before the end is there to be read after it.
            ended = self._process.poll() is not None
            if select.select([self._ours], [], [], _QUIET)[0]:
                chunk = os.read(self._ours, 65536)
                with self._lock:
                    self._sent += chunk
                    self._stream.feed(chunk)
                continue
            with self._lock:
                shown = tuple(self._all_lines())
                if not self._frames or self._frames[-1] != shown:
                    self._frames.append(shown)
            if ended:
                return

    def _all_lines(self) -> list[str]:
        """What stands on the screen, and what has scrolled off it above."""
        above = [
            "".join(row[column].data for column in range(self._screen.columns)) for row in self._screen.history.top
        ]
        return [line.rstrip() for line in [*above, *self._screen.display]]

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    @property
    def sent(self) -> bytes:
        """All that the command has written."""
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
    def frames(self) -> list[tuple[str, ...]]:
        """The whole screens that were shown, in order, with what had scrolled off; lines without trailing blanks."""
        with self._lock:
            return list(self._frames)

    @property
    def text(self) -> str:
        """The last whole frame."""
        frames = self.frames
        return "\n".join(frames[-1]) if frames else ""

    @property
    def has_cursor(self) -> bool:
        with self._lock:
            return not self._screen.cursor.hidden

    def wait_for(self, condition: Callable[[], bool], what: str = "the screen to change", seconds: float = 60) -> None:
        """Wait for a condition; a command that has ended without it fails the test."""

        def holds() -> bool:
            is_running = self.is_running
            if condition():
                return True
            # Once more after the end: the reader may be behind.
            assert is_running or self._reader.is_alive(), f"ended without {what}:\n{self.text}"
            return False

        wait_until(holds, what, seconds)

    def type(self, keys: str | bytes) -> None:
        """What a user types."""
        os.write(self._ours, keys.encode() if isinstance(keys, str) else keys)

    def end(self, seconds: float = 60) -> int:
        """Wait for the end, and for all that was written; the exit code."""
        try:
            code = self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {seconds:g} s:\n{self.text}") from None
        self._reader.join()
        return code
