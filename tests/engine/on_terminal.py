"""The real CLI on a terminal of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from tests.engine.harness import FLAGS, Stack
from tests.engine.running import DEFAULT_TIMEOUT, MARK, end_marked
from tests.support.terminal import Terminal

_ROWS = 40


class OnTerminal(Terminal):
    """A run of the CLI on a terminal; as a context manager it leaves no process of the run behind."""

    def __init__(
        self, stack: Stack, verb: str, *arguments: str, columns: int = 100, environment: dict[str, str] | None = None
    ) -> None:
        self._mark = uuid.uuid4().hex
        super().__init__(
            ["pulumi", *verb.split(), "--stack", stack.stack, "--color", "never", *arguments],
            size=(columns, _ROWS),
            environment={**stack.environment, "TERM": "xterm", MARK: self._mark, **(environment or {})},
            folder=stack.folder,
        )

    @classmethod
    def up(cls, stack: Stack, *arguments: str, columns: int = 100, **environment: str) -> OnTerminal:
        """`pulumi up` without a preview."""
        return cls(stack, "up", *FLAGS["up"], *arguments, columns=columns, environment=environment)

    def __enter__(self) -> OnTerminal:
        return self

    def _kill(self) -> None:
        # Plugins are in process groups of their own.
        end_marked(self._mark)

    def rows(self, name: str) -> list[str]:
        """The rows of a resource that were shown one after the other, each once."""
        rows: list[str] = []
        for frame in self.frames:
            for line in frame:
                if f":Instance  {name} " in f"{line} " and (not rows or rows[-1] != line):
                    rows.append(line)
        return rows

    def wait_for_text(self, shown: Callable[[str], bool] | str) -> None:
        """Wait for a frame that holds a text, or that satisfies a condition."""
        holds = shown if callable(shown) else lambda text: shown in text
        self.wait_for(lambda: holds(self.text), f"{shown!r} on the terminal", DEFAULT_TIMEOUT)

    def wait(self, expect: int | None = 0) -> str:
        """Wait for the end; all that is left on the terminal."""
        code = self.end(DEFAULT_TIMEOUT)
        assert expect is None or code == expect, f"exit code {code} instead of {expect}:\n{self.text}"
        return self.text
