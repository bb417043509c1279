"""When a wait asks next: pauses for given answers, and the figures that they come to."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean

import pytest

from bench.polling import rows
from bench.timelines import BEGUN, Timeline, made
from roma_provider.api.models import CreationProgress
from roma_provider.creation.schedule import Expected, Fixed, reading
from tests.support.fakes import progress


def middle() -> float:
    """A chance that changes no pause."""
    return 0.5


def answer(at: float, percent: int | None, *parts: int, ends: dict[int, float] | None = None) -> CreationProgress:
    """An answer so many seconds after the creation began; ``ends`` are those of sub-services."""
    items = [
        {
            "name": str(number),
            "progress": part,
            "end_time": BEGUN + round((ends or {}).get(number, 0) * 1000) if ends and number in ends else 0,
        }
        for number, part in enumerate(parts)
    ]
    return CreationProgress.model_validate(
        {"progress": percent, "start_time": BEGUN, "currentTime": BEGUN + round(at * 1000), "item": items}
    )


def pauses(*answers: CreationProgress | None, chance: Callable[[], float] = middle) -> list[float]:
    schedule = Expected(chance)
    return [round(schedule.pause(found), 1) for found in answers]


@pytest.mark.parametrize("seconds", [0.05, 7.0])
def test_a_fixed_pause_whatever_is_known(seconds: float) -> None:
    assert [Fixed(seconds).pause(last) for last in (None, progress(), progress("RUNNING"))] == [seconds] * 3


def test_without_progress_the_pauses_grow_to_twenty_seconds() -> None:
    assert pauses(*(answer(at, 0) for at in (0, 5, 10, 20, 40, 900, 5000))) == [5, 5, 10, 20, 20, 20, 20]
    assert pauses(*(answer(at, None, 0, 0) for at in (0, 10, 400))) == [5, 10, 20]


def test_far_from_the_end_the_longest_pause() -> None:
    assert pauses(answer(90, 10), answer(120, 13), answer(150, 16))[1:] == [30, 30]


def chances(value: float) -> list[float]:
    return [value] * 9


def steady(until: int) -> list[CreationProgress]:
    """1 % each 9 s, seen each 9 s."""
    return [answer(9.0 * percent, percent) for percent in range(80, until + 1)]


def test_near_the_end_the_root_of_the_window() -> None:
    found = pauses(*steady(99))
    assert found[1:11] == [30] * 10
    # 45, 36, 27, 18 and 9 s are left. Far from it half the way to low is slept; then low + the root of the window.
    assert found[-5:] == [12.6, 9.1, 14.2, 7.0, 2.2]


def test_overdue_as_late_again() -> None:
    # 99 % at 891 s, and nothing since: about √(2 × 0.2 × 1.15 × how late it is).
    found = pauses(*steady(99), *(answer(at, 99) for at in (930, 1000, 1400)))[-3:]
    assert found == [4.2, 7.1, 15.3]
    assert found[1:] == pytest.approx([(0.48 * (at - 900)) ** 0.5 for at in (1000, 1400)], rel=0.1)


def test_a_resumed_wait_knows_the_pace_from_its_first_answer() -> None:
    assert pauses(answer(450, 50)) == [17.8]
    assert pauses(answer(45, 50)) == [5.6]


def test_ends_that_are_told_count_in_place_of_when_they_were_seen() -> None:
    # The same moment of asking; one learns that the part before the last has ended just now, one that it was long ago.
    just, long_ago = (pauses(answer(600, 0, 100, 100, 0, ends={0: 300.0, 1: end}))[0] for end in (599.0, 420.0))
    assert just > 3 * long_ago


def test_a_progress_that_goes_back_voids_what_was_known() -> None:
    back = pauses(*(answer(9.0 * percent, percent) for percent in range(80, 99)), answer(890, 40))[-1]
    assert back == 30


def test_each_pause_is_a_tenth_longer_or_shorter_by_chance() -> None:
    assert [pauses(answer(40, 0), chance=chances(value).pop) for value in (0.0, 0.5, 1.0)] == [[18], [20], [22]]
    assert pauses(answer(899.99, 99), answer(900, 99), chance=lambda: 0.0)[1] >= 1.0


def test_no_good_answer_or_no_times_is_asked_again_soon() -> None:
    timeless = CreationProgress.model_validate({"progress": 50})
    assert pauses(answer(40, 0), None, None, timeless) == [20, 5, 5, 5]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (answer(1, 33, 100, 0, 0), (100, 300)),
        (answer(1, 0, 100, 0, 0), (100, 300)),
        (answer(1, None, 50, 25), (75, 200)),
        (answer(1, 70, 100, 0, 0), (70, 100)),  # the whole is not their mean
        (answer(1, 42), (42, 100)),
        (answer(1, 120), (100, 100)),
        (answer(1, None), (0, 100)),
    ],
)
def test_what_is_read_of_an_answer(found: CreationProgress, expected: tuple[int, int]) -> None:
    assert reading(found) == expected


# The figures: (family) -> mean seconds, calls. From `make bench`, with a tenth of room.
FIGURES = {
    "F1": (0.95, 41),
    "F2": (2.4, 46),
    "F3": (2.9, 50),
    "F4": (5.6, 55),
    "F5": (11.8, 51),
    "F6": (5.6, 78),
    "R": (3.3, 31),
}


@pytest.fixture(scope="module")
def timelines() -> list[Timeline]:
    return [timeline for timeline in made("warped", 1) if timeline.group != "wide"]


@pytest.mark.parametrize("family", FIGURES)
def test_the_figures_of_a_family(family: str, timelines: list[Timeline]) -> None:
    chosen = [timeline for timeline in timelines if timeline.family == family]
    found = rows(chosen, 4)
    mean, calls = fmean(row["latency_s"] for row in found), fmean(row["calls"] for row in found)
    scale = 0.25 + 0.75 * fmean(timeline.ready for timeline in chosen) / 900
    assert mean <= FIGURES[family][0]
    assert calls <= FIGURES[family][1] * scale
    asked = [moment - before for row in found for before, moment in zip(row["asked"], row["asked"][1:], strict=False)]
    assert min(asked) >= 0.999
    assert max(asked) <= 33.5


def test_this_machines_clock_says_nothing(timelines: list[Timeline]) -> None:
    schedule, other = Expected(middle), Expected(middle)
    for at in (100.0, 300.0, 500.0, 700.0):
        assert schedule.pause(timelines[0].answer(at)) == other.pause(timelines[0].answer(at))
