"""`roma watch` as a picture on a terminal: its rows, and what gives way where it is narrow."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from roma_provider.cli.watch.screen import Picture, ScreenView
from roma_provider.cli.watch.watch import Look
from roma_provider.creation.words import rough
from tests.support.fakes import ID, FakeClock, refused
from tests.support.watch import BEGAN, Watching, answer, service

READY = answer("RUNNING", 100, service("lvs", 100, "running", start=0, end=3), minutes=3.0, end_time=BEGAN + 180_000)


def drawn(renderable: Any, width: int = 100, **options: Any) -> list[str]:
    """What a console shows, without colour."""
    console = Console(file=io.StringIO(), width=width, **{"no_color": True, "force_terminal": True, **options})
    console.print(renderable)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return [line.rstrip() for line in plain(text).splitlines()]


def plain(text: str) -> str:
    """A text without its escape sequences."""
    from rich.text import Text

    return Text.from_ansi(text).plain


def look(*answers: Any, which: int = 0) -> Look:
    watching = Watching([*answers, READY])
    watching.run()
    return watching.view.looks[which]


SERVICES = (
    service("mqs", 50, start=1),
    service("lvs", 100, "running", start=0, end=2.5),
    service("apic", 0),
)
CREATING = answer("CREATING", 40, *SERVICES, minutes=3)
FDI = service("fdi", 10, "create_failed", start=1, end=2, error_code="FDI.1", error_msg="no \x1b[2Jroom")
WITH_A_FAILURE = answer("CREATING", 40, *SERVICES, FDI, minutes=3)
FAILURE = "sub-service fdi failed: FDI.1 no ?[2Jroom"


def test_every_sub_service_has_a_bar_and_its_state_in_words() -> None:
    assert drawn(Picture(look(CREATING))) == [
        f"roma-2222 ({ID})",
        f"about {rough(270)} left",
        "all   ━━━━━━━━━━━━━━━━                           40%  creating        3:00",
        "mqs   ━━━━━━━━━━━━━━━━━━━━                       50%  under way       2:00",
        "lvs   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  100%  done            2:30",
        "apic                                              0%  not started",
    ]


def test_what_failed_says_why_below_the_rows_and_there_is_no_estimate() -> None:
    found = look(WITH_A_FAILURE)
    assert found.remaining is None
    rows = drawn(Picture(found))
    assert rows[1].startswith("all ")
    assert rows[-2:] == ["fdi   ━━━━                                       10%  failed          1:00", FAILURE]


def test_the_reason_stays_in_the_last_picture_where_the_ending_does_not_tell_it() -> None:
    for then, shown in ((KeyboardInterrupt(), 1), (answer("CREATE_FAILED", 40, *SERVICES, FDI), 0)):
        ending = Watching([WITH_A_FAILURE, then]).run()
        assert drawn(Picture(ending.look, ending=ending)).count(FAILURE) == shown
        assert ending.lines.count(FAILURE) == 1 - shown


def test_the_clock_goes_on_between_two_answers() -> None:
    rows = drawn(Picture(look(CREATING), 61.0))
    assert [row.split()[-1] for row in rows[2:]] == ["4:01", "3:01", "2:30", "started"]
    assert rows[1] == f"about {rough(270 - 61)} left"
    # An estimate that has passed is not shown, rather than a negative one.
    assert len(drawn(Picture(look(CREATING), 900.0))) == 5


def test_odd_progress_on_a_terminal() -> None:
    odd = (service("mqs", 400, start=1), service("lvs", -3, start=0), service(None, None, start=0))
    rows = drawn(Picture(look(answer("CREATING", None, *odd, minutes=3))))
    assert [row.split()[0] for row in rows[1:]] == ["all", "mqs", "lvs", "?"]
    assert [("━" in row, "%" in row) for row in rows[1:]] == [
        (False, False),
        (True, True),
        (False, True),
        (False, False),
    ]
    assert "100%" in rows[2]


def test_trouble_is_shown_while_there_is_any() -> None:
    troubles = [CREATING, refused(502, message="said \x1b[2Jno"), CREATING]
    rows = drawn(Picture(look(*troubles, which=1)))
    # In short at the top, where no small terminal cuts it off; there the estimate gives way to it.
    assert rows[1] == "502, trying again"
    assert [row.split()[0] for row in rows[2:6]] == ["all", "mqs", "lvs", "apic"]
    assert rows[6:] == ["operation was answered with HTTP 502: said ?[2Jno; asking again"]
    assert not any("502" in row for row in drawn(Picture(look(*troubles, which=2))))


def test_after_the_end_there_is_neither_trouble_nor_an_estimate() -> None:
    ending = Watching([CREATING, KeyboardInterrupt()]).run()
    assert ending.look.remaining is not None
    ended = replace(ending, look=replace(ending.look, trouble="HTTP 502", brief="502"))
    for last in (ending, ended):
        assert [row.split()[0] for row in drawn(Picture(last.look, ending=last))[1:]] == ["all", "mqs", "lvs", "apic"]


def test_before_the_first_answer_trouble_is_all_there_is() -> None:
    watching = Watching([refused(503), READY])
    watching.run()
    assert drawn(Picture(watching.view.looks[0])) == [
        f"({ID})",
        "503, trying again",
        "operation was answered with HTTP 503: said no; asking again",
    ]


LONG_NAME = "sixteen-columns-"
NARROW = look(answer("CREATING", 40, service(LONG_NAME, 100, "running", start=0, end=2.5), *SERVICES, minutes=3))


@pytest.mark.parametrize(
    ("width", "row"),
    [
        (100, f"{LONG_NAME}  {'━' * 40}  100%  done            2:30"),
        (80, f"{LONG_NAME}  {'━' * 34}  100%  done            2:30"),
        (60, f"{LONG_NAME}  {'━' * 14}  100%  done            2:30"),
        (50, f"{LONG_NAME}  100%  done            2:30"),  # without the bar
        (40, f"{LONG_NAME}  100%  done"),  # without the times
        (30, f"{LONG_NAME}  100%  done"),
        (24, f"{LONG_NAME}  100%"),
        (16, "sixteen-c…  100%"),
    ],
)
def test_on_a_narrow_terminal_the_bar_gives_way_then_the_times_then_the_state(width: int, row: str) -> None:
    rows = drawn(Picture(NARROW), width=width)
    assert len(rows) == 7
    assert max(map(len, rows)) <= width
    assert rows[3] == row


@pytest.mark.parametrize("width", [1, 5, 7, 8, 12])
def test_no_width_is_too_small_to_draw(width: int) -> None:
    rows = drawn(Picture(NARROW), width=width)
    assert max(map(len, rows)) <= width


def test_names_of_the_api_are_no_markup_and_move_no_cursor() -> None:
    named = answer("CREATING", 5, service("[red]\x1b[2J", 5, start=0), instance={"name": "[b]x\r"})
    rows = drawn(Picture(look(named)))
    assert rows[0] == f"[b]x  ({ID})"
    assert rows[2].split()[0] == "[red]?[2J"


def test_the_last_picture_stays_and_the_end_is_below_it() -> None:
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=True, no_color=True)
    watching = Watching([answer("CREATING", 40, *SERVICES, minutes=3), READY])
    with ScreenView(console, FakeClock()) as view:
        view.end(watching.watch.run(view))
    shown = [line.rstrip() for line in plain(out.getvalue()).splitlines()]
    assert shown[-4:] == [
        "all  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  100%  running         3:00",
        "lvs  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  100%  done            3:00",
        f"roma-2222 ({ID}) is RUNNING",
        "created in 3 min",
    ]
    assert out.getvalue().count("\x1b[?25l") == out.getvalue().count("\x1b[?25h") == 1  # the cursor is back


def on_screen(show: Callable[[ScreenView, FakeClock], None]) -> list[str]:
    """What stands on a terminal in the end, where the view is left without an ending."""
    out, clock = io.StringIO(), FakeClock()
    with ScreenView(Console(file=out, width=100, force_terminal=True, no_color=True), clock) as view:
        show(view, clock)
    return [line.rstrip() for line in plain(out.getvalue()).splitlines()]


def test_before_the_first_look_it_says_what_it_waits_for() -> None:
    assert on_screen(lambda _view, _clock: None)[-1] == "asking for the first answer"


def test_the_picture_is_as_old_as_its_look() -> None:
    def show(view: ScreenView, clock: FakeClock) -> None:
        clock.now = 100.0
        view.show(replace(look(CREATING), at=39.0))

    assert on_screen(show)[-5:] == drawn(Picture(look(CREATING), 61.0))[-5:]


def test_a_warning_stays_above_the_picture() -> None:
    def show(view: ScreenView, _clock: FakeClock) -> None:
        view.show(replace(look(CREATING), warning="odd \x1b[2J[red]", at=0.0))

    rows = on_screen(show)
    assert rows.count("warning: odd ?[2J[red]") == 1
    assert rows.index("warning: odd ?[2J[red]") < len(rows) - 6
    assert rows[-6:] == drawn(Picture(look(CREATING)))


@pytest.mark.parametrize(
    ("then", "style", "last"),
    [
        (READY, "\x1b[1;32m", "created in 3 min"),
        (answer("CREATE_FAILED", 40, FDI), "\x1b[1;31m", FAILURE),
    ],
)
def test_the_ending_is_green_or_red(then: Any, style: str, last: str) -> None:
    out = io.StringIO()
    watching = Watching([then])
    with ScreenView(Console(file=out, width=100, force_terminal=True, color_system="standard"), FakeClock()) as view:
        view.end(watching.watch.run(view))
    assert out.getvalue().splitlines()[-1].endswith(f"{style}{last}\x1b[0m")


def test_each_state_has_its_colour() -> None:
    out = io.StringIO()
    Console(file=out, width=100, force_terminal=True, color_system="standard").print(Picture(look(WITH_A_FAILURE)))
    for coloured in ("\x1b[36munder way", "\x1b[32mdone", "\x1b[2mnot started", "\x1b[1;31mfailed"):
        assert coloured in out.getvalue()
