"""When to ask next: pure functions of time and progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ..api.models import CreationProgress

Schedule: TypeAlias = "Callable[[float, CreationProgress | None], float]"
"""From seconds waited so far and the last progress to the seconds until the next question."""


def every(seconds: float) -> Schedule:
    """The same pause each time."""

    def pause(_elapsed: float, _progress: CreationProgress | None) -> float:
        return seconds

    return pause
