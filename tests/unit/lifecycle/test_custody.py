"""Custody of an order: its stages, who moves it, and what a process remembers."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import JournalError
from roma_provider.lifecycle.custody import MOVES, Custody, Event, merged, moved
from roma_provider.lifecycle.journal import Entry, Journal, Stage
from tests.support.fakes import ID, OTHER_ID, URN, FakeClock
from tests.support.journal import entry
from tests.support.orders import POSTED


@pytest.fixture
def custody(tmp_path: Path) -> Custody:
    clock = FakeClock(POSTED)
    return Custody(Journal(tmp_path, clock), clock)


def close_orders(custody: Custody, instance_id: str) -> None:
    for found in custody.of_instance(instance_id):
        custody.close(found)


def stages(custody: Custody) -> list[tuple[str | None, Stage]]:
    return [(found.instance_id, found.stage) for found in custody.journal.entries()]


@pytest.mark.parametrize(("stage", "event"), list(product(Stage, Event)))
def test_the_table_has_every_move_and_nothing_goes_back(stage: Stage, event: Event) -> None:
    after = moved(entry(stage=stage), event).stage
    assert after is MOVES.get((stage, event), stage)
    order = list(Stage)
    assert order.index(after) >= order.index(stage)
    if event is Event.ANSWERED and entry(stage=stage).is_order:
        assert entry(stage=after).is_answered


def test_an_order_from_its_intent_until_the_engine_names_the_instance(custody: Custody) -> None:
    one = custody.begin(entry(posted_at=POSTED))
    assert stages(custody) == [(None, Stage.INTENT)]
    custody.named(one, ID)
    assert stages(custody) == [(ID, Stage.ORDERED)]
    custody.shown(ID)
    assert stages(custody) == [(ID, Stage.SEEN)]
    custody.answered(ID, one.key, ready=True)
    assert stages(custody) == [(ID, Stage.SEEN)]  # an engine that is killed before it saves it leaves it open
    assert [found.stage for found in custody.orders()] == [Stage.ANSWERED]
    custody.saved(one.key)
    assert stages(custody) == [(ID, Stage.ANSWERED)]
    custody.named_by_the_engine(URN, OTHER_ID)
    assert stages(custody) == [(ID, Stage.ANSWERED)]
    custody.named_by_the_engine(URN, ID)
    assert stages(custody) == []


def test_an_order_that_is_answered_before_it_is_shown(custody: Custody) -> None:
    one = custody.begin(entry(posted_at=POSTED))
    custody.named(one, ID)
    custody.answered(ID, one.key, ready=False)
    custody.saved(one.key)
    assert stages(custody) == [(ID, Stage.TOLD)]
    custody.named_by_the_engine(URN, ID)  # too fresh: a 404 would mean nothing yet
    assert stages(custody) == [(ID, Stage.TOLD)]
    custody.shown(ID)
    custody.named_by_the_engine(URN, ID)
    assert stages(custody) == []


@pytest.mark.parametrize(
    ("changes", "fresh"),
    [
        ({"posted_at": POSTED}, True),
        ({"posted_at": POSTED - 119.9}, True),
        ({"posted_at": POSTED - 120.0}, False),
        ({"posted_at": POSTED, "seen": True}, False),
        ({"posted_at": POSTED, "answered": True}, True),
        ({"posted_at": POSTED, "answered": True, "seen": True}, False),
        ({"posted_at": POSTED + 119.9}, True),
    ],
)
def test_what_is_too_fresh_to_be_gone(custody: Custody, changes: dict[str, Any], fresh: bool) -> None:
    custody.journal.write(entry(instance_id=ID, **changes))
    assert custody.is_fresh(ID) is fresh
    assert custody.is_fresh(OTHER_ID) is False


def test_the_entries_of_an_instance_open_or_answered(custody: Custody) -> None:
    one = custody.journal.write(entry(posted_at=1.0, instance_id=ID))
    two = custody.journal.write(entry(posted_at=2.0, instance_id=ID, answered=True, urn=URN + "2"))
    others = [
        custody.journal.write(entry(posted_at=3.0)),
        custody.journal.write(entry(posted_at=4.0, instance_id=OTHER_ID)),
    ]
    assert custody.of_instance(ID) == [one, two]
    assert custody.of_instance("unknown") == []
    close_orders(custody, "unknown")
    close_orders(custody, ID)
    assert custody.journal.entries() == others


def test_an_id_that_the_disk_does_not_take_is_known_to_this_process_and_written_later(
    custody: Custody, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = custody.begin(entry(posted_at=POSTED))

    def full(_entry: Entry) -> Entry:
        raise JournalError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(custody.journal, "write", full)
        with pytest.raises(JournalError):
            custody.named(one, ID)
    assert stages(custody) == [(None, Stage.INTENT)]
    assert custody.is_fresh(ID)
    custody.shown(ID)
    assert stages(custody) == [(ID, Stage.SEEN)]
    close_orders(custody, ID)
    assert (stages(custody), custody.of_instance(ID)) == ([], [])


def broken(_entry: Entry) -> Entry:
    raise JournalError("no space left")


def test_an_id_that_the_disk_did_not_take_is_in_the_orders_and_is_written_with_the_answer(
    custody: Custody, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = custody.begin(entry(posted_at=POSTED))
    with monkeypatch.context() as patched:
        patched.setattr(custody.journal, "write", broken)
        with pytest.raises(JournalError):
            custody.named(one, ID)
        assert [(found.instance_id, found.stage) for found in custody.orders()] == [(ID, Stage.ORDERED)]
    custody.answered(ID, one.key, ready=False)
    custody.saved(one.key)
    assert stages(custody) == [(ID, Stage.TOLD)]
    assert [found.stage for found in custody.orders()] == [Stage.TOLD]


def test_a_look_that_could_not_be_written_is_written_by_the_next_one(
    custody: Custody, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = custody.begin(entry(posted_at=POSTED))
    custody.named(one, ID)
    with monkeypatch.context() as patched:
        patched.setattr(custody.journal, "write", broken)
        custody.shown(ID)
    assert stages(custody) == [(ID, Stage.ORDERED)]
    assert not custody.is_fresh(ID)
    custody.shown(ID)
    assert stages(custody) == [(ID, Stage.SEEN)]


def test_what_another_run_has_closed_is_not_written_again(custody: Custody) -> None:
    one = custody.begin(entry(posted_at=POSTED))
    custody.named(one, ID)
    close_orders(Custody(custody.journal, FakeClock()), ID)
    custody.shown(ID)
    custody.answered(ID, one.key, ready=True)
    custody.saved(one.key)
    assert stages(custody) == []


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Stage.INTENT, Stage.INTENT, Stage.INTENT),
        (Stage.INTENT, Stage.ORDERED, Stage.ORDERED),
        (Stage.INTENT, Stage.TOLD, Stage.TOLD),
        (Stage.ORDERED, Stage.SEEN, Stage.SEEN),
        (Stage.SEEN, Stage.TOLD, Stage.ANSWERED),
        (Stage.ORDERED, Stage.ANSWERED, Stage.ANSWERED),
        (Stage.DELETING, Stage.DELETED, Stage.DELETED),
        (Stage.DELETING, Stage.DELETING, Stage.DELETING),
        (Stage.ADOPTED, Stage.ADOPTED, Stage.ADOPTED),
    ],
)
def test_two_tellings_of_an_entry_know_together_what_either_knows(one: Stage, other: Stage, both: Stage) -> None:
    tellings = [
        entry(stage=stage, instance_id=None if stage is Stage.INTENT else ID, key="k") for stage in (one, other)
    ]
    found = merged(*tellings)
    assert found == merged(*reversed(tellings))
    assert (found.stage, found.instance_id) == (both, None if both is Stage.INTENT else ID)


def test_only_this_process_goes_on_with_what_it_left_half_made(custody: Custody) -> None:
    one = custody.begin(entry(posted_at=POSTED))
    assert custody.may_resume(one)
    custody.named(one, ID)
    custody.answered(ID, one.key, ready=False)
    custody.saved(one.key)
    [left] = custody.journal.entries()
    assert custody.may_resume(left)
    assert not Custody(custody.journal, FakeClock()).may_resume(left)


def test_what_is_shown_between_an_answer_and_its_being_saved_is_still_an_open_order(custody: Custody) -> None:
    one = custody.begin(entry(posted_at=POSTED))
    custody.named(one, ID)
    custody.answered(ID, one.key, ready=False)
    custody.shown(ID)
    assert stages(custody) == [(ID, Stage.SEEN)]
    custody.saved(one.key)
    assert stages(custody) == [(ID, Stage.ANSWERED)]


def test_what_was_closed_before_it_was_saved_stays_closed(custody: Custody) -> None:
    one = custody.begin(entry(posted_at=POSTED))
    custody.named(one, ID)
    custody.answered(ID, one.key, ready=True)
    close_orders(custody, ID)
    custody.saved(one.key)
    assert stages(custody) == []


def test_what_this_process_has_given_to_the_engine(custody: Custody) -> None:
    assert not custody.was_given(ID)
    custody.answered(ID, None, ready=True)
    assert custody.was_given(ID)
    assert not custody.was_given(OTHER_ID)
    assert custody.journal.entries() == []
