"""`roma watch` on a terminal: its bars, trouble, Ctrl-C, and terminals without colour or without a cursor."""

from __future__ import annotations

import re
import signal
from typing import Any

import pytest

from roma_provider.emulator import Control
from tests.support.emulator import Api, SettableClock
from tests.support.watched import WatchTerminal, finish

pytestmark = pytest.mark.slow

COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3|9)[0-7][;m]")


def test_on_a_terminal_each_sub_service_has_a_bar_until_all_are_done(api: Api, clock: SettableClock) -> None:
    made = api.create(enable_all=True)
    clock.tick(300)
    with WatchTerminal(api, made) as terminal:
        terminal.wait_for(lambda: terminal.row("all")[:2] == ["30%", "creating"])
        assert terminal.lines[0] == f"roma-2222 ({made})"
        assert terminal.row("lvs") == ["100%", "done", "3:20"]
        assert terminal.row("mqs")[:3] == ["50%", "under", "way"]
        assert terminal.row("link") == ["0%", "not", "started"]
        assert terminal.row("all")[2].startswith("5:0")
        assert "━" * 12 in next(line for line in terminal.lines if line.startswith("all"))
        finish(clock)
        assert terminal.end() == 0
        address = api.process(made)["instance"]["connectAddress"]
        # What stands there in the end is one picture, not one for each answer.
        assert [line.split()[0] for line in terminal.lines[:7]] == [
            *("roma-2222", "all", "mqs", "lvs", "apic", "fdi", "link"),
        ]
        assert terminal.row("all") == ["100%", "running", "16:40"]
        assert terminal.lines[7:] == [
            f"roma-2222 ({made}) is RUNNING at {address}",
            "created in 16 min 40 s; slowest sub-service: link, 10 min",
        ]
        assert COLOUR.search(terminal.sent)
        assert terminal.sent.count(b"\x1b[?25h") == 1  # the cursor is shown again


def test_trouble_is_on_the_screen_for_as_long_as_it_lasts(api: Api, control: Control, clock: SettableClock) -> None:
    made = api.create()
    clock.tick(300)
    with WatchTerminal(api, made) as terminal:
        terminal.wait_for(lambda: bool(terminal.row("all")))
        control.add_fault("creation_progress", status=502, times=None)
        terminal.wait_for(lambda: "502, trying again" in terminal.lines)
        assert terminal.row("all")[1] == "creating"  # the last answer stays
        control.clear_faults()
        terminal.wait_for(lambda: "502, trying again" not in terminal.lines)
        finish(clock)
        assert terminal.end() == 0


def test_ctrl_c_ends_it_at_once_and_gives_the_cursor_back(api: Api, clock: SettableClock) -> None:
    made = api.create()
    clock.tick(300)
    with WatchTerminal(api, made, ROMA_POLL_SECONDS="300") as terminal:
        terminal.wait_for(lambda: bool(terminal.row("all")))
        terminal.type(b"\x03")
        assert terminal.end() == 130
        assert terminal.lines[-1] == "stopped watching; the creation goes on at Huawei Cloud"
        assert terminal.sent.count(b"\x1b[?25h") == 1
    assert [instance["status"] for instance in api.listed()["instances"]] == ["CREATING"]


def test_a_small_terminal_shows_how_far_all_of_it_is_and_the_trouble(
    api: Api, control: Control, clock: SettableClock
) -> None:
    made = api.create(enable_all=True)
    clock.tick(300)
    with WatchTerminal(api, made, size=(40, 6)) as terminal:
        terminal.wait_for(lambda: terminal.row("mqs")[:3] == ["50%", "under", "way"])
        control.add_fault("creation_progress", status=502, times=None)
        terminal.wait_for(lambda: terminal.lines[1:2] == ["502, trying again"])
        assert [line.split()[0] for line in terminal.lines] == ["roma-2222", "502,", "all", "mqs", "lvs", "..."]
        assert terminal.row("all")[:2] == ["30%", "creating"]
        control.clear_faults()
        finish(clock)
        assert terminal.end() == 0


def test_ctrl_z_gives_the_cursor_to_the_shell_until_fg(api: Api, clock: SettableClock) -> None:
    made = api.create()
    clock.tick(300)
    with WatchTerminal(api, made, script='set -m; "$@"; echo in the shell; read _; fg') as terminal:
        terminal.wait_for(lambda: bool(terminal.row("all")) and not terminal.has_cursor)
        terminal.type(b"\x1a")
        terminal.wait_for(lambda: any(line.endswith("in the shell") for line in terminal.lines))
        assert terminal.has_cursor
        terminal.type(b"\n")
        terminal.wait_for(lambda: not terminal.has_cursor)
        finish(clock)
        assert terminal.end() == 0
        assert terminal.has_cursor
        assert terminal.lines[-1].startswith("created in 16 min 40 s")


def test_ctrl_backslash_gives_the_cursor_back(api: Api, clock: SettableClock) -> None:
    made = api.create()
    clock.tick(300)
    with WatchTerminal(api, made, script='ulimit -c 0; trap : QUIT; "$@"; exit $?') as terminal:
        terminal.wait_for(lambda: bool(terminal.row("all")) and not terminal.has_cursor)
        terminal.type(b"\x1c")
        assert terminal.end() == 128 + signal.SIGQUIT
        assert terminal.has_cursor


def test_without_colour_it_reads_the_same(api: Api, clock: SettableClock) -> None:
    made = api.create()
    clock.tick(300)
    with WatchTerminal(api, made, NO_COLOR="1") as terminal:
        terminal.wait_for(lambda: terminal.row("lvs")[:3] == ["50%", "under", "way"])
        finish(clock)
        assert terminal.end() == 0
        assert not COLOUR.search(terminal.sent)


@pytest.mark.parametrize("changes", [{"TERM": "dumb"}, {"ROMA_PROGRESS": "plain"}])
def test_a_terminal_that_cannot_replace_or_should_not_gets_lines(
    api: Api, clock: SettableClock, changes: dict[str, Any]
) -> None:
    made = api.create()
    finish(clock)
    with WatchTerminal(api, made, **changes) as terminal:
        assert terminal.end() == 0
        assert b"\x1b" not in terminal.sent
        assert terminal.lines[0] == "100% 16:40: mqs done, lvs done"
        assert len(terminal.lines) == 3
