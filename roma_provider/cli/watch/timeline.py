"""A creation as a picture: a bar for each sub-service, from when it started to when it ended, in minutes.

The times are the API's own. matplotlib, of the extra `timeline`, draws; it is loaded by :func:`draw` alone. The same
answer gives the same file, byte for byte, with the same matplotlib.
"""

from __future__ import annotations

import os
import stat
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...creation.line import elapsed, parts
from ...creation.verdict import State
from ...creation.words import printable, stopwatch
from ...errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...api.models import CreationProgress, SubService

MODULE = "matplotlib"
SUFFIX = ".svg"
MINUTE = 60_000
# Ids of the groups in the picture, by the row, from the top.
BAR_ID = "bar-{row}"

COLOURS = {State.WAITING: "#9aa0a6", State.UNDER_WAY: "#4c8dd6", State.DONE: "#3a9a5b", State.FAILED: "#c9372c"}
# What is not done differs by its pattern too.
HATCHES = {State.UNDER_WAY: "//", State.FAILED: "xx"}
WIDTH_INCHES, ROW_INCHES, FRAME_INCHES = 8.0, 0.38, 1.1
TITLE_WIDTH = 80
# A letter's part of the picture's width, generously.
LETTER = 0.014


@dataclass(frozen=True)
class Bar:
    """A sub-service in the picture. ``begin`` and ``end`` are minutes since the creation began, None without a bar."""

    name: str
    state: State
    begin: float | None
    end: float | None
    label: str


def bars(progress: CreationProgress) -> list[Bar]:
    """The sub-services in the API's order; one without an end goes on to the creation's, or to the answer's time."""
    origin = _origin(progress)
    found = []
    for service, part in zip(progress.services, parts(progress), strict=True):
        begin, end = service.start_time, _end(service, progress)
        if begin is None or end is None or origin is None or end < begin:
            found.append(Bar(part.name, part.state, None, None, part.state.value))
            continue
        said = "" if part.state is State.DONE else f", {part.state.value}"
        far = f" {part.percent}%" if part.state is State.UNDER_WAY and part.percent is not None else ""
        label = f"{stopwatch((end - begin) / 1000)}{said}{far}"
        found.append(Bar(part.name, part.state, (begin - origin) / MINUTE, (end - origin) / MINUTE, label))
    return found


def _origin(progress: CreationProgress) -> int | None:
    """When the creation began: by the earliest time there is, so that no bar begins before it."""
    created = progress.instance.created_at if progress.instance else None
    times = [progress.start_time or created, *(service.start_time for service in progress.services)]
    return min((time for time in times if time), default=None)


def _end(service: SubService, progress: CreationProgress) -> int | None:
    return service.end_time or progress.end_time or progress.current_time


def title(progress: CreationProgress) -> str:
    name = (progress.instance.name if progress.instance else None) or progress.name or progress.instance_id or ""
    status = (progress.decisive_status or "no status").lower().replace("_", " ")
    took = elapsed(progress)
    said = f"{status} after {stopwatch(took)}" if took is not None else status
    return printable(f"{name}: {said}" if name else said, TITLE_WIDTH)


def check_path(path: Path) -> None:
    """InputError where a picture could not be written there; ModuleNotFoundError without the extra."""
    _load()

    if path.suffix.lower() != SUFFIX:
        raise InputError("--timeline", f"write a file name that ends in {SUFFIX}, not {path.name!r}")
    real = Path(os.path.realpath(path))  # a link may lead to a file that is to be made
    try:
        mode = _mode(real)
        if mode is None:
            tempfile.TemporaryFile(dir=real.parent).close()
        elif stat.S_ISREG(mode):
            real.open("ab").close()
    except OSError as error:
        raise InputError("--timeline", f"{path} cannot be written: {error.strerror or error}") from error
    if mode is not None and not stat.S_ISREG(mode):  # to open a pipe would wait for its reader
        what = "a folder" if stat.S_ISDIR(mode) else "no regular file"
        raise InputError("--timeline", f"{path} is {what}; write the name of a file")


def _mode(path: Path) -> int | None:
    """A file's mode; None where there is none."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _load() -> None:
    """Import matplotlib, which refuses a backend in MPLBACKEND that it does not know; none is used here."""
    backend = os.environ.pop("MPLBACKEND", None)
    try:
        import matplotlib  # noqa: F401
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend


def draw(progress: CreationProgress, path: Path) -> None:
    """Write the picture of an answer. OSError where the file cannot be written."""
    _load()
    import matplotlib as mpl
    from matplotlib.figure import Figure

    found = bars(progress)
    # A font without a character is no reason to bother anybody: the viewer's own font shows it.
    with (
        mpl.rc_context(
            {"svg.hashsalt": "roma", "svg.fonttype": "none", "hatch.linewidth": 0.8, "hatch.color": "white"}
        ),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore", UserWarning)
        figure = Figure(figsize=(WIDTH_INCHES, FRAME_INCHES + ROW_INCHES * max(1, len(found))), layout="constrained")
        _fill(figure.add_subplot(), found, title(progress))
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": "roma watch"})


def _fill(axes: Axes, found: list[Bar], heading: str) -> None:
    # Names come from the API: a dollar sign is no formula.
    axes.set_title(heading, loc="left", parse_math=False)
    last = max((row.end for row in found if row.end is not None), default=0.0) or 1.0
    for number, row in enumerate(found):
        if row.begin is not None and row.end is not None:
            (bar,) = axes.barh(
                number,
                row.end - row.begin,
                left=row.begin,
                height=0.62,
                color=COLOURS[row.state],
                hatch=HATCHES.get(row.state),
            )
            bar.set_gid(BAR_ID.format(row=number))
        weight = "bold" if row.state is State.FAILED else "normal"
        axes.text((row.end or 0.0) + 0.01 * last, number, row.label, va="center", fontweight=weight, parse_math=False)
    axes.set_yticks(range(len(found)), [row.name.replace("$", r"\$") for row in found])
    axes.set_ylim(max(1, len(found)) - 0.4, -0.6)  # the first one at the top
    axes.set_xlim(0, max([last, *((row.end or 0.0) / (1 - LETTER * (len(row.label) + 1)) for row in found)]))
    axes.set_xlabel("minutes")
    axes.grid(axis="x", color="#dddddd")
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
