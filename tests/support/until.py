"""Waiting for a condition, in the place of a guess how long something takes."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable

_PAUSE = 0.01

# The port that a plugin under test waits at for a debugger (see CONTRIBUTING.md); nothing is hurried then.
DEBUG_PORT = os.environ.get("DEBUG_PLUGIN_PORT", "")


def bound(seconds: float) -> float:
    """How long to wait before a test has failed: the seconds, or for ever where a person looks at a breakpoint."""
    return math.inf if DEBUG_PORT else seconds


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait for a condition; the seconds bound a test that has failed, no test depends on them.

    Raises:
        AssertionError: the condition did not hold within the seconds; it says ``what``.
    """
    deadline = time.monotonic() + bound(seconds)
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        pause.wait(_PAUSE)
