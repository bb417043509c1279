"""`roma watch` on a terminal: a bar for each sub-service, replaced in place. Needs rich, of the extra `cli`.

Every state stands there in words as well, so that nothing is lost without colour.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType, TracebackType

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ...clock import Clock
from ...creation.line import NAME_WIDTH
from ...creation.verdict import State
from ...creation.words import printable, rough, stopwatch
from .watch import LONG, Ending, Look

STYLES = {State.WAITING: "dim", State.UNDER_WAY: "cyan", State.DONE: "green", State.FAILED: "bold red"}
ALL = "all"
# Between two columns.
GAP = 2
BAR_WIDTH, LEAST_BAR, LEAST_STATE = 40, 5, 5
PERCENT_WIDTH = len("100%")
# The clock in the picture moves between two answers.
FRAMES_A_SECOND = 4
SHOW_CURSOR, HIDE_CURSOR = b"\x1b[?25h", b"\x1b[?25l"


class ScreenView:
    """A context: the picture is drawn while it is open, and its last state stays."""

    def __init__(self, console: Console, monotonic: Clock) -> None:
        self._console = console
        self._clock = monotonic
        # One immutable look at a time: the drawing has a thread of its own.
        self._look: Look | None = None
        self._ending: Ending | None = None
        self._live = Live(console=console, get_renderable=self._draw, refresh_per_second=FRAMES_A_SECOND)

    def __enter__(self) -> ScreenView:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, look: Look) -> None:
        if look.warning:
            self._console.print(Text(f"warning: {printable(look.warning, LONG)}", "yellow"))
        self._look = look

    def end(self, ending: Ending) -> None:
        """The last picture, and below it how it ended."""
        self._look, self._ending = ending.look, ending
        self._live.stop()
        style = "bold red" if ending.reasons else "bold green"
        for line in ending.lines:
            self._console.print(Text(line, style), soft_wrap=True)

    def _draw(self) -> RenderableType:
        look = self._look
        if look is None:
            return Text("asking for the first answer")
        return Picture(look, 0.0 if self._ending else self._clock.monotonic() - look.at, self._ending)


@dataclass(frozen=True)
class Row:
    """A sub-service, or all of them, as it stands in the picture; ``style`` is the bar's."""

    name: Text
    percent: int | None
    said: Text
    took: str
    style: str


@dataclass(frozen=True)
class Picture:
    """A look, ``since`` seconds after it; the last one, below which its ending is told, if there is an ``ending``.

    What matters most is at the top, since rich cuts a picture at the terminal's last row.
    """

    look: Look
    since: float = 0.0
    ending: Ending | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look = self.look
        name = f"{printable(look.name, LONG)} " if look.name else ""
        yield Text.assemble((name, "bold"), f"({look.instance_id})", no_wrap=True, overflow="ellipsis")
        if self.ending is None:
            yield from self._note()
        rows = list(self._rows())
        if rows:
            yield _table(rows, options.max_width)
        if self.ending is None and look.trouble:
            yield Text(printable(look.trouble, LONG), "yellow", no_wrap=True, overflow="ellipsis")
        for line in look.failures:
            if self.ending is None or line not in self.ending.lines:
                yield Text(line, STYLES[State.FAILED], no_wrap=True, overflow="ellipsis")

    def _note(self) -> Iterator[RenderableType]:
        """The trouble in short, or else the estimate."""
        if self.look.trouble:
            yield Text(f"{self.look.brief}, trying again", "yellow", no_wrap=True, overflow="ellipsis")
        elif self.look.remaining is not None and (left := self.look.remaining - self.since) > 0:
            yield Text(f"about {rough(left)} left")

    def _rows(self) -> Iterator[Row]:
        look = self.look
        if look.progress is None:
            return
        status = printable((look.status or "no status").lower(), NAME_WIDTH)
        yield Row(Text(ALL, "bold"), look.percent, Text(status), stopwatch(look.seconds + self.since), "bold")
        for part in look.parts:
            more = self.since if part.state is State.UNDER_WAY else 0.0
            took = "" if part.seconds is None else stopwatch(part.seconds + more)
            style = STYLES[part.state]
            yield Row(Text(part.name), part.percent, Text(part.state.value, style), took, style)


def _table(rows: list[Row], width: int) -> Table:
    """The rows within ``width`` columns: the bar gives way first, then the times, then the state in words."""
    names = max(row.name.cell_len for row in rows)
    said = max(len("create_failed"), *(row.said.cell_len for row in rows))
    took = max(len("10:00"), *(len(row.took) for row in rows))
    names = max(1, min(names, width - PERCENT_WIDTH - GAP))
    room = width - names - GAP - PERCENT_WIDTH
    if room < said + took + 2 * GAP:
        took = 0
    said = min(said, room - GAP)
    bar = min(BAR_WIDTH, room - said - took - 3 * GAP) if took else 0

    table = Table.grid(padding=(0, GAP, 0, 0))
    table.add_column(no_wrap=True, width=names)
    if bar >= LEAST_BAR:
        table.add_column(width=bar)
    table.add_column(justify="right", no_wrap=True, width=PERCENT_WIDTH)
    if said >= LEAST_STATE:
        table.add_column(no_wrap=True, width=said)
    if took:
        table.add_column(justify="right", no_wrap=True, width=took)
    for row in rows:
        cells: list[RenderableType] = [row.name]
        if bar >= LEAST_BAR:
            cells.append(_bar(row.percent, row.style, bar))
        cells.append("" if row.percent is None else f"{row.percent}%")
        if said >= LEAST_STATE:
            cells.append(row.said)
        if took:
            cells.append(row.took)
        table.add_row(*cells)
    return table


def _bar(percent: int | None, style: str, width: int) -> RenderableType:
    if percent is None:
        return Text()  # rich would let it pulse, which is no state
    return ProgressBar(total=100, completed=percent, width=width, complete_style=style, finished_style=style)


@contextmanager
def shown_to_the_shell(terminal: int) -> Iterator[None]:
    """While the picture is drawn on ``terminal``, a descriptor: a shell that Ctrl-Z or Ctrl-\\ leads back to has its
    cursor; after `fg` it is hidden again. Nothing where there are no such signals (Windows)."""
    if not hasattr(signal, "SIGTSTP"):
        yield
        return

    def leave(number: int, _frame: FrameType | None) -> None:
        with suppress(OSError):
            os.write(terminal, SHOW_CURSOR)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def back(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTSTP, leave)
        with suppress(OSError):
            if os.tcgetpgrp(terminal) == os.getpgrp():  # not after `bg`
                os.write(terminal, HIDE_CURSOR)

    before = {number: signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGQUIT, signal.SIGCONT)}
    if before[signal.SIGTSTP] is not signal.SIG_IGN:
        signal.signal(signal.SIGTSTP, leave)
        signal.signal(signal.SIGCONT, back)
    if before[signal.SIGQUIT] is not signal.SIG_IGN:
        signal.signal(signal.SIGQUIT, leave)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
