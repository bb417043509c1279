"""The words of a status: each means one thing."""

from __future__ import annotations

from itertools import combinations

from roma_provider.api.status import DELETION_FAILED, ENDED, FAILED, GONE, PENDING, READY

KINDS = (READY, PENDING, FAILED, ENDED, GONE)


def test_no_word_has_two_meanings() -> None:
    assert all(not one & other for one, other in combinations(KINDS, 2))
    assert DELETION_FAILED < ENDED


def test_the_words() -> None:
    assert sorted(READY | PENDING) == ["CREATING", "RUNNING", "SUCCESS"]
    assert sorted(FAILED) == ["CREATE_FAILED", "FAILED"]
    assert sorted(DELETION_FAILED) == ["DELETE_FAILED", "DELETE_FALIED"]
    assert sorted(ENDED - DELETION_FAILED) == ["DELETING", "ERROR", "FREEZE_FAILED", "FREEZING", "FROZEN"]
    assert sorted(GONE) == ["DELETED", "SOFT_DELETED"]
    assert all(word == word.upper().strip() for kind in KINDS for word in kind)
