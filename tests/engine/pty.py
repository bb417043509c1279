"""The real CLI on a terminal of its own, and what that terminal shows."""

from __future__ import annotations

import os
import select
import subprocess
import threading
import uuid
from collections.abc import Callable
from types import TracebackType

import pyte

from tests.engine.harness import FLAGS, Stack
from tests.engine.running import DEFAULT_TIMEOUT, MARK, end_marked, wait_until
from tools import pseudo_terminal

_QUIET = 0.02  # seconds without output, after which a frame is whole


class OnTerminal:
    """A run of the CLI on a terminal; as a context manager it leaves no process behind."""

    def __init__(
        self, stack: Stack, verb: str, *arguments: str, columns: int = 100, environment: dict[str, str] | None = None
    ) -> None:
        self._mark = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._screen = pyte.HistoryScreen(columns, 40, history=1000)
        self._stream = pyte.ByteStream(self._screen)
        self._frames: list[tuple[str, ...]] = []
        self._process, self._ours, self._theirs = pseudo_terminal.start(
            ["pulumi", *verb.split(), "--stack", stack.stack, "--color", "never", *arguments],
            (columns, 40),
            {**stack.environment, "TERM": "xterm", MARK: self._mark, **(environment or {})},
            stack.folder,
        )
        self._reader = threading.Thread(target=self._read, name="terminal-reader", daemon=True)
        self._reader.start()

    @classmethod
    def up(cls, stack: Stack, *arguments: str, columns: int = 100, **environment: str) -> OnTerminal:
        """`pulumi up` without a preview."""
        return cls(stack, "up", *FLAGS["up"], *arguments, columns=columns, environment=environment)

    def __enter__(self) -> OnTerminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        end_marked(self._mark)
        self._process.wait()
        self._reader.join()
        os.close(self._theirs)
        os.close(self._ours)

    def _read(self) -> None:
        while True:
            ready, _, _ = select.select([self._ours], [], [], _QUIET)
            if ready:
                chunk = os.read(self._ours, 65536)
                with self._lock:
                    self._stream.feed(chunk)
                continue
            ended = self._process.poll() is not None
            with self._lock:
                shown = tuple(self._lines())
                if not self._frames or self._frames[-1] != shown:
                    self._frames.append(shown)
            if ended:
                return

    def _lines(self) -> list[str]:
        """What stands on the screen, and what has scrolled off it above."""
        above = [
            "".join(row[column].data for column in range(self._screen.columns)) for row in self._screen.history.top
        ]
        return [line.rstrip() for line in [*above, *self._screen.display]]

    @property
    def text(self) -> str:
        """The last whole frame."""
        with self._lock:
            return "\n".join(self._frames[-1]) if self._frames else ""

    @property
    def frames(self) -> list[tuple[str, ...]]:
        """The screens that were shown, in order, each as its lines without trailing blanks."""
        with self._lock:
            return list(self._frames)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def rows(self, name: str) -> list[str]:
        """The rows of a resource that were shown one after the other, each once."""
        rows: list[str] = []
        for frame in self.frames:
            for line in frame:
                if f":Instance  {name} " in f"{line} " and (not rows or rows[-1] != line):
                    rows.append(line)
        return rows

    def wait_for(self, shown: Callable[[str], bool] | str, seconds: float = DEFAULT_TIMEOUT) -> None:
        """Wait for a frame that holds a text, or that satisfies a condition."""
        holds = shown if callable(shown) else lambda text: shown in text

        def found() -> bool:
            if holds(self.text):
                return True
            assert self.running, f"ended without {shown!r}:\n{self.text}"
            return False

        wait_until(found, f"{shown!r} on the terminal", seconds)

    def type(self, keys: str) -> None:
        """What a user types."""
        os.write(self._ours, keys.encode())

    def wait(self, seconds: float = DEFAULT_TIMEOUT, expect: int | None = 0) -> str:
        """Wait for the end; all that is left on the terminal."""
        try:
            code = self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {seconds:g} s:\n{self.text}") from None
        self._reader.join()
        assert expect is None or code == expect, f"exit code {code} instead of {expect}:\n{self.text}"
        return self.text
