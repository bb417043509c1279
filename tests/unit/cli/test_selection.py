"""Instances by id or name."""

from __future__ import annotations

import pytest

from roma_provider.cli.selection import select
from tests.support.fakes import ID, OTHER_ID, summary

HERE = "project p of r"
LISTED = [
    summary(ID, "orders", "RUNNING"),
    summary(OTHER_ID, "Stock", "FROZEN"),
    summary("11111111-1", "twice", "RUNNING"),
    summary("22222222-2", "twice", ""),
    summary("33333333-3", "orders", "DELETED"),
    summary("44444444-4", ID, "RUNNING"),
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["orders"], [ID]),
        ([OTHER_ID, "orders", ID, "orders"], [OTHER_ID, ID]),
        ([ID], [ID]),  # not the one that is named so
        (["33333333-3"], ["33333333-3"]),
        ([], []),
    ],
)
def test_found(wanted: list[str], found: list[str]) -> None:
    selection = select(LISTED, wanted, HERE)
    assert ([entry.id for entry in selection.found], selection.problems) == (found, [])


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("none", f"there is no instance with the id or the name 'none' in {HERE}"),
        (" stock", f"there is no instance with the id or the name ' stock' in {HERE}; there is 'Stock' ({OTHER_ID})"),
        (
            "twice",
            f"2 instances in {HERE} have the name 'twice': 11111111-1 (RUNNING), 22222222-2 (no status); write the id "
            "of the one that is meant",
        ),
    ],
)
def test_not_found(wanted: str, said: str) -> None:
    selection = select(LISTED, [wanted, "orders"], HERE)
    assert ([entry.id for entry in selection.found], selection.problems) == ([ID], [said])
