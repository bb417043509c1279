"""Ordering an instance exactly once: in every case it is counted how often POST was sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import CreationUnclear, JournalError, NameTaken, RomaError
from roma_provider.lifecycle.journal import Entry, Stage, digest
from roma_provider.schema.requests import request_of
from tests.support.fakes import (
    BACKEND,
    HOST,
    ID,
    OTHER_ID,
    PROJECT,
    REGION,
    URN,
    FakeOperation,
    inputs,
    lost,
    refused,
    summary,
)
from tests.support.orders import OURS, POSTED, Case


def test_a_fresh_order(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID])
    placed = case.place()
    assert (placed.instance_id, placed.duplicate) == (ID, None)
    assert case.host.client.posted == [request_of(inputs())]
    assert case.host.client.counts == {"POST": 1, "progress": 0, "list": 2, "DELETE": 0}
    arguments = digest(inputs())
    assert case.host.journal.entries() == [
        Entry(
            URN,
            REGION,
            PROJECT,
            "roma-2222",
            "/programs/shop",
            arguments,
            POSTED,
            HOST,
            BACKEND,
            ID,
            Stage.ORDERED,
            placed.key,
        )
    ]
    assert case.op.said == ["checking that the instance does not exist yet", "ordering the instance"]


def test_the_intent_is_on_disk_before_post(tmp_path: Path) -> None:
    seen: list[Any] = []

    def answer() -> str:
        seen.extend(case.open)
        return ID

    case: Case = Case(tmp_path, creates=[answer])
    case.place()
    assert seen == [("roma-2222", None)]
    assert case.open == [("roma-2222", ID)]


def test_an_id_that_cannot_be_written_is_a_warning_and_the_instance_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(tmp_path, creates=[ID])

    write = case.host.journal.write

    def full(entry: Entry) -> Entry:
        if entry.instance_id is not None:
            raise JournalError("no space left")
        return write(entry)

    monkeypatch.setattr(case.host.journal, "write", full)
    placed = case.place()
    assert [entry.instance_id for entry in case.host.session.custody.of_instance(ID)] == [ID]
    assert case.op.warnings == [f"instance {ID} was ordered, but its id could not be written to the journal"]
    # The intent stays, to be closed by whoever is given this entry.
    assert (case.posts, case.open) == (1, [("roma-2222", None)])
    assert [left.key for left in case.host.journal.entries()] == [placed.key]


def test_without_a_journal_nothing_is_ordered(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    case = Case(tmp_path / "taken", creates=[])
    case.fails(JournalError)
    assert case.posts == 0


@pytest.mark.parametrize("trouble", [refused(500), refused(401), lost()])
def test_a_list_that_cannot_be_read_orders_nothing(tmp_path: Path, trouble: RomaError) -> None:
    case = Case(tmp_path, lists=[trouble])
    case.fails(type(trouble))
    assert (case.posts, case.open) == (0, [])


def test_stopped_before_post(tmp_path: Path) -> None:
    op = FakeOperation()

    def answer() -> list[Any]:
        op.stop.set()
        return []

    case = Case(tmp_path, op=op, lists=[answer])
    assert str(case.fails(RomaError)) == "stopped before the instance was ordered; nothing was created"
    assert (case.posts, case.open) == (0, [])


# --- POST that is refused, or unclear

REFUSED = [refused(status, "ROMA.1") for status in (301, 400, 401, 403, 404, 409, 429)]


@pytest.mark.parametrize("answer", [*REFUSED, lost(sent=False)], ids=str)
def test_a_post_that_surely_did_nothing_closes_the_intent(tmp_path: Path, answer: RomaError) -> None:
    case = Case(tmp_path, creates=[answer])
    assert case.fails(type(answer)) is answer
    assert (case.posts, case.open) == (1, [])
    assert case.host.client.counts["list"] == 1


UNCLEAR = [refused(status) for status in (200, 408, 500, 502, 503, 504)]
UNCLEAR_ANSWERS = [*UNCLEAR, lost(), lost(reason="the answer took too long"), None]


@pytest.mark.parametrize("answer", UNCLEAR_ANSWERS, ids=str)
def test_an_unclear_post_that_shows_up_in_the_list(tmp_path: Path, answer: Any) -> None:
    case = Case(tmp_path, lists=[[], [], [], refused(502), [OURS]], creates=[answer])
    placed = case.place()
    assert (placed.instance_id, placed.duplicate) == (ID, None)
    assert case.posts == 1
    assert case.open == [("roma-2222", ID)]
    assert case.host.clock.slept == [5.0] * 3


@pytest.mark.parametrize("answer", UNCLEAR_ANSWERS, ids=str)
def test_an_unclear_post_that_never_shows_up(tmp_path: Path, answer: Any) -> None:
    case = Case(tmp_path, creates=[answer])
    error = case.fails(CreationUnclear)
    assert case.posts == 1
    assert case.open == [("roma-2222", None)]
    assert case.host.clock.now == 120.0
    trouble = "the answer to POST held no id" if answer is None else str(answer)
    assert str(error) == (
        f"{trouble}. No instance named 'roma-2222' is in the list so far, so it is not known whether one was created; "
        "if so, it is billed. Run `pulumi up` again: it looks at the list first. An instance that is there is taken "
        "over. Otherwise one is ordered, but not before 15 minutes after the first attempt"
    )


def test_looking_for_it_ends_with_the_time_out_and_the_intent_stays(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[lost()])
    case.fails(CreationUnclear, seconds=33.0)
    assert (case.posts, case.open) == (1, [("roma-2222", None)])
    assert case.host.clock.now == 33.0


def test_a_pause_never_outlasts_the_deadline(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[lost()])
    case.fails(CreationUnclear, seconds=60.0, pause=300.0)
    assert case.host.clock.slept == [60.0]


def test_an_unclear_post_and_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[], lost()], creates=[refused(504)])
    assert "and the list of instances cannot be read" in str(case.fails(CreationUnclear))
    assert (case.posts, case.open, case.host.clock.now) == (1, [("roma-2222", None)], 120.0)


def test_an_unclear_post_and_a_list_that_is_refused(tmp_path: Path) -> None:
    case = Case(tmp_path, lists=[[], refused(401, "ROMA.1")], creates=[refused(504)])
    assert "HTTP 401: ROMA.1" in str(case.fails(CreationUnclear))
    assert (case.posts, case.open, case.host.clock.now) == (1, [("roma-2222", None)], 0.0)


def test_an_unclear_post_that_is_stopped(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[lost()])
    case.host.clock.at(12.0, case.op.stop.set)
    case.fails(CreationUnclear)
    assert (case.posts, case.open, case.host.clock.now) == (1, [("roma-2222", None)], 12.0)


def test_the_up_after_an_unclear_post_finds_it(tmp_path: Path) -> None:
    Case(tmp_path, creates=[lost()]).fails(CreationUnclear)
    case = Case(tmp_path, lists=[[OURS]])
    placed = case.place()
    assert placed.instance_id == ID
    assert (case.posts, case.open) == (0, [("roma-2222", ID)])
    assert case.op.notes == [f"found instance {ID}, which an earlier run had ordered; going on"]


def test_the_up_after_an_unclear_post_orders_only_when_it_is_not_there(tmp_path: Path) -> None:
    Case(tmp_path, creates=[lost()]).fails(CreationUnclear)
    case = Case(tmp_path, creates=[OTHER_ID])
    case.host.clock.now = 901.0
    assert case.place().instance_id == OTHER_ID
    assert (case.posts, case.open) == (1, [("roma-2222", OTHER_ID)])
    assert case.host.clock.slept == []


# --- others


def test_a_run_that_holds_the_name(tmp_path: Path) -> None:
    case = Case(tmp_path)
    with case.host.journal.lock(REGION, PROJECT, "roma-2222", case.op.stop, 0):
        error = case.fails(NameTaken, seconds=20.0)
    assert error.instance_id is None
    assert str(error) == (
        f"another run on this machine is creating an instance named 'roma-2222' in project {PROJECT}; run `pulumi "
        "up` again when it is done"
    )
    assert (case.posts, case.host.client.counts["list"]) == (0, 0)
    assert case.host.clock.now == pytest.approx(20.0, abs=0.21)


def test_a_duplicate_from_another_machine_is_told_and_not_touched(tmp_path: Path) -> None:
    both = [OURS, summary(OTHER_ID), summary("third", status="DELETED"), summary("fourth", "else")]
    case = Case(tmp_path, lists=[[], both], creates=[ID])
    assert case.place().duplicate == (
        f"there are 2 instances named 'roma-2222' in project {PROJECT} now: {ID} (ours), {OTHER_ID}; created from "
        "elsewhere at the same time. All are billed; find out whose they are, and delete what is not needed"
    )
    assert case.host.client.counts == {"POST": 1, "progress": 0, "list": 2, "DELETE": 0}


@pytest.mark.parametrize("trouble", [refused(500), refused(403), lost()])
def test_a_list_that_cannot_be_read_after_post_loses_nothing(tmp_path: Path, trouble: RomaError) -> None:
    case = Case(tmp_path, lists=[[], trouble], creates=[ID])
    placed = case.place()
    assert (placed.instance_id, placed.duplicate) == (ID, None)
    assert (case.posts, case.open) == (1, [("roma-2222", ID)])


# --- the request
