"""The wait of the tests themselves."""

from __future__ import annotations

import pytest

from tests.support.until import wait_until


def test_it_ends_with_the_condition() -> None:
    answers = iter([False, False, True])
    wait_until(lambda: next(answers), "the third answer")
    assert list(answers) == []


def test_it_gives_up_in_words() -> None:
    with pytest.raises(AssertionError, match=r"^not within 0\.02 s: the moon"):
        wait_until(lambda: False, "the moon", seconds=0.02)
