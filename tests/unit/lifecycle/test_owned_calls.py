"""Which calls repeat themselves and which are a wait's single attempts; whose pauses Cancel ends."""

from __future__ import annotations

from pathlib import Path

from tests.support.fakes import ID, lost, progress, refused, summary
from tests.support.lifecycle import RUNNING, STATE, Case, LaterCase


def test_a_creation(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[progress(), RUNNING])
    case.create()
    # Before and after POST, and at the end, the list is looked at, which repeats itself; the wait asks once at a time.
    assert case.client.listed_once == [False, False, False]
    assert case.client.asked_once == [True, True]


def test_a_creation_whose_post_was_unclear(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[lost()], lists=[[], [], [summary()]], progress=[RUNNING])
    case.create()
    assert case.client.listed_once == [False, True, True, False, False]


def test_the_second_witness_of_a_wait(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[refused(404), RUNNING], lists=[[summary()]])
    case.update({**STATE, "status": "CREATING"})
    # The last look is the one at others of its name.
    assert (case.client.asked_once, case.client.listed_once) == ([True, True], [True, False])


def test_read_and_its_second_witness(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[refused(404)])
    case.read()
    assert (case.client.asked_once, case.client.listed_once) == ([False, False], [False, False])


def test_a_deletion(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None], lists=[[summary(status="DELETING")], []])
    case.delete()
    assert (case.client.asked_once, case.client.listed_once) == ([False, True], [True] * 4)


def test_cancel_ends_the_pauses_of_every_hook(tmp_path: Path) -> None:
    made = Case(tmp_path / "a", creates=[ID], progress=[RUNNING])
    made.create()
    assert made.client.stop is made.op.stop
    for hook in ("read", "update", "delete"):
        case = LaterCase(tmp_path / hook, progress=[RUNNING], deletes=[None])
        getattr(case, hook)()
        assert case.client.stop is case.op.stop
