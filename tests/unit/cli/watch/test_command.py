"""What becomes of a fault of our own in `roma watch`, and of a picture that cannot be written in the end."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from roma_provider.cli.watch import timeline
from roma_provider.cli.watch.command import run
from tests.support.watch import Watching, answer, service

READY = answer("RUNNING", 100, service("lvs", 100, "running", start=0, end=1))


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The command has its own way to end by SIGTERM; the tests do not."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder in which no picture can be written."""

    def full(_progress: object, _path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(timeline, "draw", full)
    monkeypatch.chdir(tmp_path)


def test_a_fault_of_our_own_is_no_verdict_and_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Watching([ValueError("MII-canary")]).watch, None, as_json=False) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("roma: a fault of this program's own: ValueError at script.py:")
    assert said.err.count("\n") == 1


def test_a_second_ctrl_c_is_the_first_ones_exit_code() -> None:
    watching = Watching([READY])

    def interrupted(_view: object) -> object:
        raise KeyboardInterrupt

    watching.watch.run = interrupted  # type: ignore[method-assign, assignment]
    assert run(watching.watch, None, as_json=False) == 130


@pytest.mark.usefixtures("full_disk")
def test_the_verdict_stands_where_the_picture_cannot_be_written_in_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(Watching([READY]).watch, Path("x.svg"), as_json=False) == 0
    assert capsys.readouterr().err == "roma: the timeline was not written to x.svg: No space left on device\n"


def test_ctrl_c_draws_nothing(tmp_path: Path) -> None:
    assert run(Watching([answer("CREATING"), KeyboardInterrupt()]).watch, tmp_path / "x.svg", as_json=False) == 130
    assert list(tmp_path.iterdir()) == []


def told(watching: Watching, picture: Path | None, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    """The exit code, and the last line of JSON."""
    code = run(watching.watch, picture, as_json=True)
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_json_without_an_ending_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    code, last = told(Watching([ValueError("MII-canary")]), None, capsys)
    assert (code, last["event"], last["exit_code"], last["ok"]) == (3, "end", 3, False)
    assert "canary" not in str(last)
    code, last = told(Watching([READY]), Path("x.png"), capsys)
    assert (code, last["command"], last["exit_code"], len(str(last["messages"])) > 2) == (64, "watch", 64, True)


@pytest.mark.usefixtures("full_disk")
def test_json_has_what_was_said_of_the_picture(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, last = told(Watching([READY]), Path("x.svg"), capsys)
    assert (code, last["verdict"], last["exit_code"]) == (0, "ready", 0)
    assert last["messages"] == ["the timeline was not written to x.svg: No space left on device"]
