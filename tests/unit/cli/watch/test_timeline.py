"""The picture of a creation: which bars it has, from when to when, and where it may be written."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from roma_provider.api.models import CreationProgress
from roma_provider.cli.watch.timeline import Bar, bars, check_path, draw
from roma_provider.creation.verdict import State
from roma_provider.errors import InputError
from tests.support.fakes import progress as seed
from tests.support.watch import BEGAN, MINUTE, answer, service

SVG = "{http://www.w3.org/2000/svg}"
LONG = "x" * 300
NUMBER = r"-?\d+(?:\.\d+)?"

READY = answer(
    "RUNNING",
    100,
    service("lvs", 100, "running", start=0, end=4),
    service("mqs", 100, "running", start=2, end=10),
    service("apic", 100, "running", start=4, end=5),
    minutes=100,
    end_time=BEGAN + 10 * MINUTE,
)
FAILED = answer(
    "CREATE_FAILED",
    50,
    service("lvs", 100, "running", start=0, end=4),
    service("mqs", 50, "creating", start=2),
    service("apic", 10, "create_failed", start=3, end=6, error_msg="no room"),
    service("fdi", 0),
    minutes=100,
    end_time=BEGAN + 6 * MINUTE,
)


def spans(progress: CreationProgress) -> list[tuple[str, float | None, float | None]]:
    return [(row.name, row.begin, row.end) for row in bars(progress)]


def test_a_bar_goes_from_start_to_end_in_minutes() -> None:
    assert spans(READY) == [("lvs", 0, 4), ("mqs", 2, 10), ("apic", 4, 5)]
    assert [row.label for row in bars(READY)] == ["4:00", "8:00", "1:00"]


def test_what_has_not_ended_goes_on_to_the_creations_end_or_to_now() -> None:
    assert bars(FAILED)[1:] == [
        Bar("mqs", State.UNDER_WAY, 2, 6, "4:00, under way 50%"),
        Bar("apic", State.FAILED, 3, 6, "3:00, failed"),
        Bar("fdi", State.WAITING, None, None, "not started"),
    ]
    creating = answer("CREATING", 50, service("mqs", None, start=2), service("lvs", 5), minutes=7.5)
    assert bars(creating) == [
        Bar("mqs", State.UNDER_WAY, 2, 7.5, "5:30, under way"),
        Bar("lvs", State.WAITING, None, None, "not started"),
    ]


def test_the_seed_pages_answer() -> None:
    found = bars(seed())
    assert [(row.name, row.state, row.begin) for row in found] == [
        ("mqs", State.WAITING, None),
        ("lvs", State.UNDER_WAY, 0),
    ]
    assert found[1].end == pytest.approx(0.50182, abs=1e-5)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        # One that says that it began before the creation moves the beginning, not out of the picture.
        ([service("lvs", 100, start=-1, end=1), service("mqs", 100, start=0, end=1)], [(0, 2), (1, 2)]),
        # One that ended before it began has no bar.
        ([service("lvs", 100, start=3, end=1)], [(None, None)]),
        # Done, but nobody says since when.
        ([service("lvs", 100, "running", end=1)], [(None, None)]),
        # Done, but nobody says when.
        ([service("lvs", 100, "running", start=0)], [(0, 2)]),
        ([], []),
    ],
)
def test_odd_times(more: list[dict[str, Any]], expected: list[tuple[float | None, float | None]]) -> None:
    assert [(row.begin, row.end) for row in bars(answer("CREATING", 1, *more, minutes=2))] == expected


def test_without_any_time_at_all_there_are_no_bars() -> None:
    nothing = CreationProgress.model_validate({"item": [{"name": "lvs", "progress": 5}]})
    assert [(row.begin, row.end, row.label) for row in bars(nothing)] == [(None, None, "not started")]


# --- the file


def drawn(path: Path) -> dict[int, tuple[float, float]]:
    """Left and right edge of each bar in the picture, by its row."""
    found = {}
    for group in ElementTree.parse(path).iter(f"{SVG}g"):  # noqa: S314 - our own file
        row = re.fullmatch(r"bar-(\d+)", group.get("id", ""))
        if row is None:
            continue
        outline = group.find(f"{SVG}path")
        assert outline is not None
        # M x y L x y …: the outline is a rectangle.
        numbers = [float(number) for number in re.findall(NUMBER, outline.get("d", ""))]
        found[int(row[1])] = (min(numbers[::2]), max(numbers[::2]))
    return found


def texts(path: Path) -> list[str]:
    return [element.text or "" for element in ElementTree.parse(path).iter(f"{SVG}text")]  # noqa: S314


def test_the_picture_has_a_bar_for_each_sub_service_in_proportion(tmp_path: Path) -> None:
    draw(READY, tmp_path / "x.svg")
    found = drawn(tmp_path / "x.svg")
    assert list(found) == [0, 1, 2]
    zero, four = found[0]
    a_minute = (four - zero) / 4
    edges = [(edge - zero) / a_minute for bar in found.values() for edge in bar]
    assert edges == pytest.approx([0, 4, 2, 10, 4, 5], abs=0.01)
    shown = texts(tmp_path / "x.svg")
    assert {"roma-2222: running after 10:00", "minutes", "lvs", "mqs", "apic", "4:00", "8:00", "1:00"} <= set(shown)


def test_what_failed_is_told_by_pattern_and_word_too(tmp_path: Path) -> None:
    draw(FAILED, tmp_path / "x.svg")
    assert list(drawn(tmp_path / "x.svg")) == [0, 1, 2]  # none for what has not started
    styles = re.findall(r'<g id="bar-\d+">\s*<path [^>]*style="([^"]*)"', (tmp_path / "x.svg").read_text())
    fills = [re.findall(r"fill: (\S+?)(?:;|$)", style)[0] for style in styles]
    assert fills[0].startswith("#")
    assert fills[1].startswith("url(#")
    assert fills[2].startswith("url(#")
    assert len(set(fills)) == 3
    assert {"3:00, failed", "4:00, under way 50%", "not started"} <= set(texts(tmp_path / "x.svg"))


def test_the_same_answer_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        draw(FAILED, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_names_of_the_api_are_no_formulas_and_no_markup(tmp_path: Path) -> None:
    odd = [service(name, 5, start=0) for name in ("$x^2$", "<b>&", "集成")]
    draw(answer("CREATING", 5, *odd, instance={"name": "$\\frac$ 实例"}), tmp_path / "x.svg")
    shown = texts(tmp_path / "x.svg")
    assert {"$x^2$", "<b>&", "集成", "$\\frac$ 实例: creating after 1:00"} <= set(shown)


def test_nothing_to_draw_is_an_empty_picture(tmp_path: Path) -> None:
    draw(answer("CREATING", None), tmp_path / "x.svg")
    assert drawn(tmp_path / "x.svg") == {}


def test_a_path_that_is_good_is_left_as_it_was(tmp_path: Path) -> None:
    check_path(tmp_path / "new.svg")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "old.SVG").write_text("kept")
    check_path(tmp_path / "old.SVG")
    assert (tmp_path / "old.SVG").read_text() == "kept"


def test_paths_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.svg").mkdir()
    (tmp_path / "file").touch()
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes, which are one of the cases (Windows)")
    os.mkfifo(tmp_path / "pipe.svg")
    (tmp_path / "dangling.svg").symlink_to("none/x.svg")
    (tmp_path / "loop.svg").symlink_to("loop.svg")
    for name, said in {
        "x.png": "--timeline: write a file name that ends in .svg, not 'x.png'",
        "x": "--timeline: write a file name that ends in .svg, not 'x'",
        "folder.svg": "--timeline: folder.svg is a folder; write the name of a file",
        "none/x.svg": "--timeline: none/x.svg cannot be written: No such file or directory",
        "file/x.svg": "--timeline: file/x.svg cannot be written: Not a directory",
        f"{LONG}.svg": f"--timeline: {LONG}.svg cannot be written: File name too long",
        # To open it would wait for a reader, for ever.
        "pipe.svg": "--timeline: pipe.svg is no regular file; write the name of a file",
        "dangling.svg": "--timeline: dangling.svg cannot be written: No such file or directory",
        "loop.svg": "--timeline: loop.svg cannot be written: Too many levels of symbolic links",
    }.items():
        monkeypatch.chdir(tmp_path)
        with pytest.raises(InputError) as error:
            check_path(Path(name))
        assert str(error.value) == said
    assert sorted(os.listdir(tmp_path)) == ["dangling.svg", "file", "folder.svg", "loop.svg", "pipe.svg"]


def test_a_folder_that_may_not_be_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: Path, **_options: Any) -> os.stat_result:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", denied)  # the superuser may search any folder
    with pytest.raises(InputError, match=r"x\.svg cannot be written: Permission denied$"):
        check_path(tmp_path / "x.svg")


def test_a_link_to_a_file_that_is_to_be_made(tmp_path: Path) -> None:
    (tmp_path / "link.svg").symlink_to("new.svg")
    check_path(tmp_path / "link.svg")
    assert os.listdir(tmp_path) == ["link.svg"]
    draw(READY, tmp_path / "link.svg")
    assert list(drawn(tmp_path / "new.svg")) == [0, 1, 2]


def test_a_file_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: Path, _mode: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "x.svg").write_text("kept")
    monkeypatch.setattr(Path, "open", denied)  # the superuser may write any file
    with pytest.raises(InputError, match=r"x\.svg cannot be written: Permission denied$"):
        check_path(tmp_path / "x.svg")
