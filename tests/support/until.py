"""Waiting for a condition, in the place of a guess how long something takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_PAUSE = 0.01


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait for a condition; the seconds bound a test that has failed, no test depends on them.

    Raises:
        AssertionError: the condition did not hold within the seconds; it says ``what``.
    """
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        pause.wait(_PAUSE)
