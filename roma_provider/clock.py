"""The one seam for time: what the package knows of clocks and of sleeping."""

from __future__ import annotations

import time
from typing import Protocol


class Stop(Protocol):
    """Something that ends a wait from outside. :class:`threading.Event` is one."""

    def is_set(self) -> bool: ...

    def wait(self, timeout: float | None = None) -> bool: ...


class Clock:
    """The machine's clocks, and the only sleep of the package."""

    def monotonic(self) -> float:
        """Seconds on a clock that never jumps; for deadlines and intervals."""
        return time.monotonic()

    def epoch(self) -> float:
        """Seconds since 1970, UTC; for what people and journals read."""
        return time.time()

    def sleep(self, seconds: float, stop: Stop) -> bool:
        """Sleep, unless ``stop`` is or gets set; tells whether it is."""
        return stop.wait(max(0.0, seconds))
