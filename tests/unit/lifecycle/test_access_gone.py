""" "Gone" needs its witnesses twice, some seconds apart."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, cast

import pytest

from roma_provider.api.client import RomaClient
from roma_provider.errors import RomaApiError, RomaError
from roma_provider.lifecycle.access import Target, is_gone, still_there
from roma_provider.lifecycle.journal import digest
from tests.support.fakes import (
    ID,
    OTHER_ID,
    PROJECT,
    REGION,
    TOKEN,
    FakeClient,
    Host,
    inputs,
    lost,
    progress,
    refused,
    summary,
)
from tests.support.lifecycle import RUNNING, STATE, LaterCase, calls

GONE = refused(404, "APIC.7302")
THERE, ABSENT = [summary()], [summary(OTHER_ID)]


def looked(folder: Path, poll: float | None = None, **scripts: Any) -> tuple[Host, Target]:
    environment = {"HW_AUTH_TOKEN": TOKEN} if poll is None else {"ROMA_POLL_SECONDS": str(poll)}
    host = Host(FakeClient(**scripts), folder, environment=environment)
    return host, Target(REGION, PROJECT, cast(RomaClient, host.client), ID)


@pytest.mark.parametrize(
    ("reads", "lists", "gone", "asked"),
    [
        ([GONE], [ABSENT, ABSENT], True, calls(reads=1, lists=2)),
        ([progress("DELETED")], [[summary(status="DELETED")]], True, calls(reads=1, lists=2)),
        ([GONE], [THERE], False, calls(lists=1)),
        ([RUNNING], [ABSENT], False, calls(reads=1, lists=1)),
        ([GONE], [ABSENT, THERE], False, calls(reads=1, lists=2)),
    ],
)
def test_both_witnesses_twice(
    tmp_path: Path, reads: list[Any], lists: list[Any], gone: bool, asked: dict[str, int]
) -> None:
    host, found = looked(tmp_path, progress=reads, lists=lists)
    assert is_gone(host.session, found, threading.Event()) is gone
    assert host.client.counts == asked
    assert host.clock.slept == ([5.0] if asked["progress"] else [])


@pytest.mark.parametrize(("poll", "apart"), [(None, 5.0), (0.5, 0.5), (1.0, 5.0), (60.0, 5.0)])
def test_how_far_apart(tmp_path: Path, poll: float | None, apart: float) -> None:
    host, found = looked(tmp_path, poll, progress=[GONE])
    assert is_gone(host.session, found, threading.Event())
    assert host.clock.slept == [apart]


def test_nothing_is_gone_where_the_pause_is_stopped(tmp_path: Path) -> None:
    host, found = looked(tmp_path, progress=[GONE])
    stop = threading.Event()
    host.clock.at(2.0, stop.set)
    assert not is_gone(host.session, found, stop)
    assert host.client.counts == calls(lists=1)


@pytest.mark.parametrize("trouble", [refused(500), lost(), refused(401), refused(404, "APIGW.0101")])
@pytest.mark.parametrize("where", ["first list", "process", "second list"])
def test_trouble_is_no_witness(tmp_path: Path, trouble: RomaError, where: str) -> None:
    lists = {"first list": [trouble], "process": [[]], "second list": [[], trouble]}[where]
    host, found = looked(tmp_path, progress=[trouble if where == "process" else GONE], lists=lists)
    with pytest.raises(type(trouble)):
        is_gone(host.session, found, threading.Event())


def test_what_was_ordered_a_moment_ago_is_not_gone(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[GONE])
    case.write(posted_at=case.host.clock.epoch())
    found = Target(REGION, PROJECT, cast(RomaClient, case.client), ID)
    assert not is_gone(case.host.session, found, threading.Event())
    assert still_there(case.host.session, found, threading.Event())
    assert case.client.counts == calls()


# --- in the hooks


def test_a_read_whose_second_look_shows_it_again_drops_nothing(tmp_path: Path) -> None:
    for folder, reads, lists in (("a", [GONE, RUNNING], [[]]), ("b", [GONE], [[], THERE])):
        case = LaterCase(tmp_path / folder, progress=reads, lists=lists)
        with pytest.raises(RomaApiError):
            case.read()
    deleted = LaterCase(tmp_path / "c", progress=[progress("DELETED")], lists=[THERE])
    with pytest.raises(RomaError, match="is DELETED, but it was not seen to have left the list"):
        deleted.read()
    assert (deleted.op.kept, deleted.op.warnings) == ([], [])


def test_a_read_that_is_stopped_between_the_looks_drops_nothing(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[GONE])
    case.host.clock.at(1.0, case.op.stop.set)
    with pytest.raises(RomaApiError):
        case.read()


def test_an_update_whose_second_look_shows_it_again_waits_on(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[GONE, progress(), RUNNING], lists=[[]])
    assert case.update({**STATE, "status": "CREATING"}) == STATE


def test_a_delete_whose_second_look_shows_it_again_sends_delete(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[GONE, RUNNING], lists=[[]], deletes=[None])
    case.delete()
    assert case.client.deleted == [ID]


def test_an_order_whose_earlier_one_is_shown_at_the_second_look_is_resumed(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[GONE, RUNNING], lists=[[]])
    case.host.journal.close(case.write())
    case.write(answered=False, seen=True, folder=case.op.folder, arguments=digest(inputs()))
    assert case.host.owned.create(case.op, inputs())[0] == ID
    assert case.client.counts["POST"] == 0
