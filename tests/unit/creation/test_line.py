"""A creation in one line: how far, since when, how long still, what its parts do, and the line that stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roma_provider.api.models import CreationProgress
from roma_provider.creation.line import WIDTH, Course, Part, elapsed, parts
from roma_provider.creation.verdict import State
from roma_provider.creation.words import columns
from tests.support.fakes import SEED
from tests.support.work import calls_in
from tests.unit.creation.courses import START, answer, done, failed, going, seen, waiting

# --- the sub-services


@pytest.mark.parametrize(
    ("item", "part", "said"),
    [
        (waiting("mqs"), Part("mqs", State.WAITING, 0, None), "mqs not started"),
        (going("mqs", 30, since=100), Part("mqs", State.UNDER_WAY, 30, 360.0), "mqs 30%"),
        (going("mqs", None), Part("mqs", State.UNDER_WAY, None, 460.0), "mqs under way"),
        (going("mqs", -5), Part("mqs", State.UNDER_WAY, 0, 460.0), "mqs 0%"),
        (going("mqs", 170), Part("mqs", State.UNDER_WAY, 100, 460.0), "mqs 100%"),
        (going("mqs", since=9999), Part("mqs", State.UNDER_WAY, 30, None), "mqs 30%"),
        (done("mqs", 60, 180), Part("mqs", State.DONE, 100, 120.0), "mqs done"),
        ({**done("mqs"), "progress": 7, "start_time": 0}, Part("mqs", State.DONE, 100, None), "mqs done"),
        ({**done("mqs"), "end_time": 5}, Part("mqs", State.DONE, 100, None), "mqs done"),
        ({**done("mqs"), "start_time": 5}, Part("mqs", State.DONE, 100, None), "mqs done"),
        (failed("mqs"), Part("mqs", State.FAILED, 30, None), "mqs failed"),
        ({**done("mqs", 0, 90), "error_msg": "x"}, Part("mqs", State.FAILED, 100, 90.0), "mqs failed"),
        ({**going("mqs"), "error_code": "JOB-1"}, Part("mqs", State.UNDER_WAY, 30, 460.0), "mqs 30%"),
        ({}, Part("?", State.WAITING, None, None), "? not started"),
        (waiting("a\x1b[2Jb\n" + "c" * 30), Part("a?[2Jb cccccccccccc…", State.WAITING, 0, None), ""),
    ],
)
def test_a_sub_service(item: dict[str, Any], part: Part, said: str) -> None:
    assert parts(answer(42, 460, item)) == [part]
    assert not said or str(part) == said


# --- since when


@pytest.mark.parametrize(
    ("progress", "seconds"),
    [
        (answer(0, 30.109), 30.109),
        (answer(0, 0), 0.0),
        (answer(end_time=START + 60_000), 60.0),
        (answer(start_time=0), None),
        (answer(start_time=0, instance={"createdAt": START + 10_000}), 450.0),
        (answer(currentTime=None), None),
        (answer(currentTime=START - 1), None),
        (answer(currentTime="soon"), None),
        (answer(start_time=START // 1000), None),  # seconds instead of milliseconds: 55 years
        (CreationProgress.model_validate(SEED), 30.109),
        (CreationProgress(), None),
    ],
)
def test_elapsed_by_the_apis_own_clock(progress: CreationProgress, seconds: float | None) -> None:
    assert elapsed(progress) == seconds


def test_elapsed_goes_on_between_answers_and_is_that_of_the_whole_creation() -> None:
    course = seen((1000.0, answer(42, 460)), since=990.0)
    assert [course.elapsed(now) for now in (1000.0, 1007.5)] == [460.0, 467.5]


def test_elapsed_without_the_apis_clock_is_that_of_the_watching() -> None:
    course = seen((1000.0, answer(currentTime=None)), since=990.0)
    assert course.elapsed(1005.0) == 15.0
    assert Course(990.0).elapsed(980.0) == 0.0


# --- how long still


def estimates(*steps: tuple[float, Any]) -> list[float | None]:
    """The estimate after each answer; all is told at the moment that the API's clock says."""
    course = Course(0.0)
    found: list[float | None] = []
    for seconds, percent in steps:
        course.see(answer(percent, seconds), seconds)
        left = course.remaining(seconds)
        found.append(None if left is None else round(left))
    return found


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([(0, 0), (60, 10), (120, 20), (300, 50)], [None, 540, 480, 300]),
        # A step is worth what it was when it was reached; an estimate that has passed is none.
        ([(300, 30), (600, 30), (999, 30), (1000, 30), (1200, 50)], [700, 400, 1, None, 1200]),
        ([(5, 1), (10, 9), (20, 10)], [None, None, 180]),
        ([(300, 50), (310, 30), (320, 49), (330, 50), (400, 80)], [300, None, None, 270, 100]),
        ([(300, 50), (310, None), (320, 50)], [300, None, 280]),
        ([(300, 100), (310, 250)], [None, None]),
        ([(300, -3)], [None]),
        ([(7200, 10), (7200, 30), (7200, 40)], [None, None, 10800]),
    ],
)
def test_how_long_still(steps: list[tuple[float, Any]], left: list[float | None]) -> None:
    assert estimates(*steps) == left


def test_no_estimate_before_the_first_answer() -> None:
    assert Course(0.0).remaining(100.0) is None


# --- the line


def line(progress: CreationProgress, trouble: str | None = None) -> str:
    return seen((0.0, progress)).text(0.0, trouble)


@pytest.mark.parametrize(
    ("progress", "trouble", "said"),
    [
        (answer(42, 460), None, "42% 7:40, ~11m left"),
        (answer(0, 30), None, "0% 0:30"),
        (answer(150, 4060), None, "100% 1:07:40"),
        (answer(None, 460, going("mqs")), None, "creating 7:40: mqs 30%"),
        (answer(None, 460, instance={"status": None}), None, "no status 7:40"),
        (answer(None, 460, instance={"status": "CREATING\x1b[2J" + "x" * 40}), None, "creating?[2jxxxxxxx… 7:40"),
        (
            answer(42, 460, waiting("fdi"), done("lvs"), going("mqs"), waiting("link"), going("apic", 5), done("eip")),
            None,
            "42% 7:40, ~11m left: mqs 30%, apic 5%, lvs done, eip done, 2 not started",
        ),
        (answer(42, 460, done("lvs"), going("mqs"), failed("fdi")), None, "42% 7:40: fdi failed, mqs 30%, lvs done"),
        (answer(42, 460, done("lvs"), going("mqs")), "502", "42% 7:40 502, trying again: mqs 30%, lvs done"),
        (
            answer(42, 460, *(done(f"s{n}") for n in range(20)), going("mqs"), waiting("x")),
            None,
            "42% 7:40, ~11m left: mqs 30%, 20 done, 1 not started",
        ),
        (
            answer(42, 460, *(going(f"service-{n}") for n in range(20)), *(done(f"s{n}") for n in range(30))),
            None,
            "42% 7:40, ~11m left: service-0 30%, service-1 30%, service-2 30%, service-3 30%, 16 more, 30 done",
        ),
        (
            answer(42, 460, *(going("名" * 30) for _ in range(9))),
            None,
            f"42% 7:40, ~11m left: {'名' * 9}… 30%, {'名' * 9}… 30%, 7 more",
        ),
    ],
)
def test_the_line(progress: CreationProgress, trouble: str | None, said: str) -> None:
    assert line(progress, trouble) == said
    assert columns(said) <= WIDTH


def test_the_line_before_the_first_answer() -> None:
    course = Course(0.0)
    assert course.text(65.0) == "1:05 waiting for the first answer"
    assert course.text(65.0, "no answer") == "1:05 no answer, trying again"


ASIDE = "asked seldom: 64 wait, 150 calls per 5m"


def test_what_is_said_aside_comes_last_and_takes_its_room() -> None:
    assert Course(0.0).text(5.0, aside=ASIDE) == f"0:05 waiting for the first answer; {ASIDE}"
    many = answer(40, 460, *[going(f"service-{number}") for number in range(6)])
    said = seen((460.0, many)).text(460.0, aside=ASIDE)
    assert said.endswith(f"more; {ASIDE}")
    assert columns(said) <= WIDTH
    trouble = "connection was reset by somebody on the way to the gateway, and again"
    assert ASIDE not in seen((460.0, many)).text(460.0, trouble, ASIDE)


def test_what_goes_back_is_shown_as_it_is() -> None:
    course = seen((0.0, answer(50, 300, done("mqs"), going("lvs"))), (5.0, answer(30, 305, going("mqs", 10))))
    assert course.text(5.0) == "30% 5:05: mqs 10%"


@given(
    percent=st.one_of(st.none(), st.integers(-1000, 1000)),
    seconds=st.floats(-1e9, 1e9),
    items=st.lists(
        st.fixed_dictionaries(
            {
                "name": st.one_of(st.none(), st.text(max_size=40)),
                "start_time": st.sampled_from([0, START, START * 9]),
                "end_time": st.sampled_from([0, 0, START, START + 60_000]),
                "progress": st.one_of(st.none(), st.integers(-9, 200)),
                "error_msg": st.sampled_from(["", "", "x"]),
            }
        ),
        max_size=30,
    ),
    trouble=st.sampled_from([None, "502", "no answer"]),
)
def test_whatever_the_api_says_the_line_fits(
    percent: int | None, seconds: float, items: list[dict[str, Any]], trouble: str | None
) -> None:
    course = seen((0.0, answer(percent, seconds, *items)), (5.0, answer(percent, seconds + 5, *items)))
    text = course.text(6.0, trouble)
    assert columns(text) <= WIDTH
    assert text.isprintable()
    assert ("trying again" in text) is (trouble is not None)
    left = course.remaining(6.0)
    assert left is None or 0 < left <= 4 * 3600
    hash(course.news(trouble))


# --- what is new


def test_what_is_news_and_what_is_not() -> None:
    course = Course(0.0)
    steps = [
        (answer(0, 0, waiting("mqs"), waiting("lvs")), True),
        (answer(0, 5, waiting("mqs"), going("lvs", 0)), True),  # started
        (answer(10, 10, waiting("mqs"), going("lvs", 80)), False),
        (answer(24, 15, waiting("mqs"), going("lvs", 90)), False),
        (answer(25, 20, waiting("mqs"), going("lvs", 90)), True),  # a quarter
        (answer(26, 25, waiting("mqs"), done("lvs")), True),  # ended
        (answer(20, 30, waiting("mqs"), done("lvs")), False),  # back
        (answer(26, 35, waiting("mqs"), done("lvs")), False),  # and here again
        (answer(26, 40), False),  # gone
        (answer(26, 45, waiting("mqs"), going("lvs", 3)), False),  # begun anew
        (answer(26, 50, failed("mqs"), done("lvs")), True),  # failed
        (answer(None, 55, failed("mqs"), done("lvs")), False),
        (answer(99, 60, failed("mqs"), done("lvs")), True),
        (answer(99, 60, failed("mqs"), done("lvs"), waiting("late")), False),
    ]
    last: object = "nothing"
    for progress, expected in steps:
        course.see(progress, 0.0)
        assert (course.news() != last) is expected, progress
        last = course.news()
    assert course.news("502") != last
    assert course.news("502") == course.news("503")


def test_long_names_of_parts_are_no_more_work_than_short_ones() -> None:
    def work(letters: int) -> None:
        course = Course(0.0)
        for round_ in range(3):
            items = [{"name": f"{round_}-{number}" + "y" * letters, "start_time": START} for number in range(200)]
            course.see(answer(5, 10, *items), 1.0)
            assert columns(course.text(1.0)) <= WIDTH
            assert course.news() is not None

    assert calls_in(lambda: work(100_000)) <= calls_in(lambda: work(1_000)) * 1.1
