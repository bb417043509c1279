"""`roma watch` on a terminal: a bar for each sub-service, replaced in place. Needs rich, of the extra `cli`.

Every state stands there in words as well, so that nothing is lost without colour.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from .clock import Clock
from .creation import State
from .status_line import NAME_WIDTH, clock, plain, rough
from .watch import LONG, Ending, Look

STYLES = {State.WAITING: "dim", State.UNDER_WAY: "cyan", State.DONE: "green", State.FAILED: "bold red"}
BAR_WIDTH = 40
ALL = "all"
# The clock in the picture moves between two answers.
FRAMES_A_SECOND = 4


class ScreenView:
    """A context: the picture is drawn while it is open, and its last state stays."""

    def __init__(self, console: Console, monotonic: Clock) -> None:
        self._console = console
        self._clock = monotonic
        # One immutable look at a time: the drawing has a thread of its own.
        self._look: Look | None = None
        self._ended = False
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
            self._console.print(Text(f"warning: {plain(look.warning, LONG)}", "yellow"))
        self._look = look

    def end(self, ending: Ending) -> None:
        """The last picture, and below it how it ended."""
        self._look, self._ended = ending.look, True
        self._live.stop()
        style = "bold red" if ending.reasons else "bold green"
        for line in ending.lines:
            self._console.print(Text(line, style), soft_wrap=True)

    def _draw(self) -> RenderableType:
        look = self._look
        if look is None:
            return Text("asking for the first answer")
        return picture(look, 0.0 if self._ended else self._clock.monotonic() - look.at, ended=self._ended)


def picture(look: Look, since: float, *, ended: bool = False) -> RenderableType:
    """A look, ``since`` seconds after it."""
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(no_wrap=True, max_width=NAME_WIDTH)
    rows.add_column(width=BAR_WIDTH)
    rows.add_column(justify="right", no_wrap=True, min_width=len("100%"))
    rows.add_column(no_wrap=True, min_width=len("create_failed"))
    rows.add_column(justify="right", no_wrap=True, min_width=len("10:00"))
    for part in look.parts:
        style = STYLES[part.state]
        took = "" if part.seconds is None else clock(part.seconds + _more(part.state, since))
        rows.add_row(
            Text(part.name), _bar(part.percent, style), _percent(part.percent), Text(part.state.value, style), took
        )
    if look.progress is not None:
        rows.add_row(
            Text(ALL, "bold"),
            _bar(look.percent, "bold"),
            _percent(look.percent),
            Text(plain((look.status or "no status").lower(), NAME_WIDTH)),
            clock(look.seconds + since),
        )
    return Group(*_above(look), rows, *_below(look, since, ended=ended))


def _above(look: Look) -> Iterable[RenderableType]:
    name = f"{plain(look.name, LONG)} " if look.name else ""
    yield Text.assemble((name, "bold"), f"({look.instance_id})", no_wrap=True, overflow="ellipsis")


def _below(look: Look, since: float, *, ended: bool) -> Iterable[RenderableType]:
    left = None if look.remaining is None else look.remaining - since
    if left is not None and left > 0 and not ended:
        yield Text(f"about {rough(left)} left")
    if look.trouble and not ended:
        yield Text(f"{look.brief}, trying again", "yellow")
        yield Text(plain(look.trouble, LONG), "yellow", no_wrap=True, overflow="ellipsis")


def _more(state: State, since: float) -> float:
    return since if state is State.UNDER_WAY else 0.0


def _bar(percent: int | None, style: str) -> RenderableType:
    if percent is None:
        return Text()  # rich would let it pulse, which is no state
    return ProgressBar(total=100, completed=percent, width=BAR_WIDTH, complete_style=style, finished_style=style)


def _percent(percent: int | None) -> str:
    return "" if percent is None else f"{percent}%"
