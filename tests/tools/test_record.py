"""The pictures of the documentation: how a recording becomes one, and what no picture may show."""

from __future__ import annotations

import re
import socket
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from rich.text import Text

from tools import record
from tools.record import Frame, RecordError, checked, film, thinned

SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).resolve().parents[2]


def frame(at: float, *lines: str) -> Frame:
    return Frame(at, [Text(line) for line in lines])


def test_a_recording_of_a_real_terminal(tmp_path: Path) -> None:
    script = "import os, sys; print('\\x1b[31mred\\x1b[0m', os.get_terminal_size().columns, sys.stdout.isatty())"
    frames = record.record("it", [sys.executable, "-c", script], tmp_path, {}, 77)
    assert [line.plain for line in frames[-1].lines] == ["$ it", "red 77 True"]
    assert [str(span.style) for span in frames[-1].lines[1].spans][0:1] == ["red"]


def test_a_command_that_fails_gives_no_picture(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="`it` exited with 7:\n\\$ it\noh"):
        record.record("it", [sys.executable, "-c", "print('oh'); raise SystemExit(7)"], tmp_path, {})


def test_frames_that_say_nothing_new_or_come_too_fast_are_left_out_but_not_the_last() -> None:
    frames = [frame(0, "a"), frame(0.1, "b"), frame(0.6, "c"), frame(5, "c"), frame(6, "d"), frame(6.1, "e")]
    assert [(kept.at, kept.lines[0].plain) for kept in thinned(frames)] == [(0, "a"), (0.6, "c"), (6, "d"), (6.1, "e")]


def test_a_film_shows_its_frames_one_after_the_other_and_the_last_one_where_nothing_moves() -> None:
    drawn = film([frame(0, "one"), frame(0.5, "two", "more"), frame(9, "<three>")], "a & b")
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own
    assert [(text.text, text.get("y")) for text in root.iter(f"{SVG}text")] == [
        ("one", "20"),
        ("two", "68.8"),
        ("more", "93.2"),
        ("<three>", "117.6"),
    ]
    assert root.findtext(f"{SVG}title") == "a & b"
    # Two lines a frame, 24.4 each; shown for 0.5 s, at most 0.7 s, and in the end 5 s.
    assert "animation: film 6.20s step-end infinite" in drawn
    assert re.findall(r"([\d.]+)% \{ transform: translateY\(-([\d.]+)px\) \}", drawn) == [
        ("0.000", "0.0"),
        ("8.065", "48.8"),
        ("19.355", "97.6"),
    ]
    assert '<g class="film" transform="translate(0 -97.6)">' in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("name", [str(ROOT), str(Path.home()), f"{ROOT}/x", "vm"])
def test_a_picture_that_names_this_machine_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "vm")
    with pytest.raises(RecordError, match="this machine's own"):
        checked(f"<svg>{name.replace(' ', '&#160;')}</svg>")
    assert checked("<svg>kvm</svg>") == "<svg>kvm</svg>"


@pytest.mark.parametrize("name", record.MAKERS)
def test_the_pictures_are_there_whole_and_shown(name: str) -> None:
    path = ROOT / "docs" / "pictures" / f"{name}.svg"
    root = ElementTree.parse(path).getroot()  # noqa: S314 - our own
    text = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
    for word in ("lvs", "mqs", "apic", "fdi", "link"):
        assert word in text
    assert not re.search(r"/(home|root|tmp|work|Users)/|127\.0\.0\.1|localhost", path.read_text())
