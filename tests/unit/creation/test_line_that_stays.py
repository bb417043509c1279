"""The line that stays of a creation which has ended."""

from __future__ import annotations

import pytest

from roma_provider.api.models import CreationProgress
from roma_provider.creation.line import parts
from tests.unit.creation.courses import START, answer, done, going, ready, seen, waiting


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            [(0.0, answer(0, 10)), (1860.0, ready(1870, done("mqs", 60, 780), done("lvs", 0, 90), ended=1862))],
            "created in 31 min 2 s; slowest sub-service: mqs, 12 min",
        ),
        ([(0.0, answer(0, 10)), (20.0, ready(30, done("mqs")))], "created in 30 s"),
        ([(0.0, answer(0, 10)), (20.0, ready(30, waiting("mqs"), waiting("lvs")))], "created in 30 s"),
        # Resumed: ready before anybody looked again.
        ([(0.0, ready(9999, done("mqs", 0, 100), done("lvs"), ended=150))],
         "created in 2 min 30 s; slowest sub-service: mqs, 1 min 40 s"),
        # Ready for long, with no word of since when.
        ([(0.0, ready(9999, done("mqs"), done("lvs")))], None),
        ([], None),
        ([(0.0, answer(0, 0.1)), (0.2, ready(0.3))], "created in 0.3 s"),
    ],
)  # fmt: skip
def test_the_line_that_stays(answers: list[tuple[float, CreationProgress]], said: str | None) -> None:
    course = seen(*answers)
    assert course.is_ready is bool(answers)
    assert course.end(answers[-1][0] if answers else 0.0) == said


DAY = 24 * 3600


@pytest.mark.parametrize(
    ("answers", "recent"),
    [
        ([], False),
        ([answer(0, 10)], True),
        ([answer(0, 10), ready(30)], True),
        ([ready(150 + DAY, ended=150)], True),
        ([ready(151 + DAY, ended=150)], False),
        ([ready(100, ended=150)], False),
        ([ready(30)], False),
        ([ready(30, ended=20).model_copy(update={"current_time": None})], False),
    ],
)
def test_whether_it_is_news_that_it_is_ready(answers: list[CreationProgress], recent: bool) -> None:
    assert seen(*((0.0, progress) for progress in answers)).is_recent is recent


def test_a_part_without_an_end_takes_no_longer_than_the_whole() -> None:
    open_ended = {**going("mqs", 100), "status": "unknown"}
    ended = {"instance": {"status": "RUNNING"}, "end_time": START + 80_000}
    last = answer(100, 36_000, open_ended, done("lvs", 0, 60), **ended)
    assert seen((0.0, answer()), (5.0, last)).end(5.0) == "created in 1 min 20 s; slowest sub-service: mqs, 1 min 20 s"
    assert parts(last)[0].seconds == 80.0


def test_nothing_is_said_of_a_creation_whose_begin_is_not_told_and_was_not_seen() -> None:
    ready = {"instance": {"status": "RUNNING"}, "start_time": 0, "end_time": START}
    assert seen((0.1, answer(100, 5, done("lvs"), done("mqs"), **ready))).end(0.1) is None
