"""The table of bench.polling, and its plot: latency against calls, a point a peer, and our curve over c."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any
from unittest.mock import patch

from bench.measures import p95
from bench.peers import PEERS, waited
from bench.timelines import Timeline
from roma_provider.creation import schedule

OURS = "roma_provider"
FAMILIES = ("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "R")
PRICES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
# Peers have no chance in them: each begins at so many moments within 30 s.
PHASES = 8
Row = tuple[str, float, float]
"""Family, seconds late, calls."""


def figures(timelines: Sequence[Timeline], rows: Sequence[dict[str, Any]]) -> dict[str, list[Row]]:
    """The rows of each waiter; ``rows`` are ours, as bench.polling prints them."""
    families = {timeline.id: timeline.family for timeline in timelines}
    found = {OURS: [(families[row["id"]], row["latency_s"], float(row["calls"])) for row in rows]}
    for name, peer in PEERS.items():
        found[name] = []
        for timeline in timelines:
            for number in range(PHASES):
                late, calls = waited(timeline, peer, 30.0 * number / PHASES)
                found[name].append((timeline.family, late, float(calls)))
    return found


def table(found: dict[str, list[Row]]) -> str:
    """Markdown: mean seconds / p95 seconds / calls, by family."""
    lines = ["| | " + " | ".join(FAMILIES) + " |", "|---" * (1 + len(FAMILIES)) + "|"]
    for name, rows in found.items():
        cells = []
        for family in FAMILIES:
            late = [row[1] for row in rows if row[0] == family]
            calls = [row[2] for row in rows if row[0] == family]
            cells.append(f"{fmean(late):.1f} / {p95(late):.1f} / {fmean(calls):.0f}" if late else "")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def plot(found: dict[str, list[Row]], curve: list[tuple[float, float, float]], path: Path) -> None:
    """``curve`` has (c, calls, seconds late) of our schedule. Needs matplotlib, which is in the extra `timeline`."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "roma"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.5, 4.5))
    axes.plot([calls for _, calls, _ in curve], [late for _, _, late in curve], "o-", label=f"{OURS}, over c")
    for price, calls, late in curve:
        axes.annotate(f"c = {price:g}", (calls, late), textcoords="offset points", xytext=(4, 6), fontsize=7)
    for name, rows in found.items():
        if name != OURS:
            axes.plot(fmean(row[2] for row in rows), fmean(row[1] for row in rows), "s", label=name)
    axes.set(xscale="log", yscale="log", xlabel="calls of one wait (mean)", ylabel="seconds late (mean)")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(fontsize=7)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})


def curve(timelines: Sequence[Timeline], seeds: int) -> list[tuple[float, float, float]]:
    """Our schedule with other prices of a call: (c, calls, seconds late)."""
    from bench.polling import rows

    found = []
    for price in PRICES:
        with patch.object(schedule, "PRICE_SECONDS", price):
            ours = rows(list(timelines), seeds)
        found.append((price, fmean(row["calls"] for row in ours), fmean(row["latency_s"] for row in ours)))
    return found
