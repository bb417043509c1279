"""What the benches measure by."""

from __future__ import annotations

from collections.abc import Iterable

from roma_provider.api.budget import WINDOW_SECONDS


def p95(values: Iterable[float]) -> float:
    """The 95th percentile, between two values where it lies there."""
    ordered = sorted(values)
    at = 0.95 * (len(ordered) - 1)
    low = int(at)
    return ordered[low] + (ordered[min(low + 1, len(ordered) - 1)] - ordered[low]) * (at - low)


def fullest(moments: Iterable[float], window: float = WINDOW_SECONDS) -> int:
    """The most calls that are in any window of so many seconds."""
    ordered = sorted(moments)
    most = first = 0
    for last, moment in enumerate(ordered):
        while ordered[first] <= moment - window:
            first += 1
        most = max(most, last - first + 1)
    return most
