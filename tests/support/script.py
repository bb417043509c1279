"""Answers in their order, for a fake that is called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# Reads and sleeps beyond this are a loop that nothing ends.
ENDLESS = 5000


class Script:
    """Answers in their order; an exception is raised, a function called. The last one repeats if ``repeat``."""

    def __init__(self, what: str, answers: Iterable[Any], *, repeat: bool) -> None:
        self._what = what
        self._answers = list(answers)
        self._repeat = repeat
        self.count = 0

    def next(self) -> Any:
        self.count += 1
        if self.count > ENDLESS:
            raise AssertionError(f"{self._what}: a loop that nothing ends")
        if self.count <= len(self._answers):
            answer = self._answers[self.count - 1]
        elif self._answers and self._repeat:
            answer = self._answers[-1]
        else:
            raise AssertionError(f"{self._what}: call {self.count}, but {len(self._answers)} were expected")
        answer = answer() if callable(answer) and not isinstance(answer, type) else answer
        if isinstance(answer, BaseException):
            raise answer
        return answer
