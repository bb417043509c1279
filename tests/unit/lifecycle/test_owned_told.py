"""From POST until the engine names the instance: what the journal and the process remember of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import (
    CreationCancelled,
    CreationError,
    InputError,
    InstanceGone,
    JournalError,
    NameTaken,
    RomaApiError,
    RomaError,
)
from roma_provider.lifecycle.journal import Entry, Stage
from roma_provider.lifecycle.reading import Reading
from tests.support.fakes import ID, OTHER_ID, PROJECT, URN, FakeOperation, inputs, progress, refused, summary
from tests.support.lifecycle import RUNNING, STATE, Case, LaterCase, calls, ordered, state
from tests.support.orders import POSTED

SEEN = (Stage.SEEN, Stage.ANSWERED)

# --- create, and what it left


def test_an_entry_is_open_until_the_answer_and_a_witness_until_the_engine_names_the_instance(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[RUNNING])
    case.create()
    assert case.open == [(ID, False)]
    case.op.answer(ready=True)
    assert case.open == [(ID, True)]
    case.host.owned.diff(case.op, OTHER_ID, STATE, inputs())
    assert case.open == [(ID, True)]
    case.host.owned.diff(case.op, ID, STATE, inputs())
    assert case.open == []


def test_an_answer_that_the_engine_could_not_save_is_found_by_the_next_run(tmp_path: Path) -> None:
    first = Case(tmp_path, creates=[ID], progress=[RUNNING])
    first.create()
    first.op.answer(ready=True)
    second = Case(tmp_path, lists=[[summary(status="RUNNING")]])
    error = second.create_fails(NameTaken)
    assert error.instance_id == ID
    assert "ordered for this very resource by an earlier run" in str(error)
    assert f"Write adopt_id='{ID}' to take it over" in str(error)
    assert second.client.counts["POST"] == 0
    assert second.open == [(ID, True)]
    third = Case(tmp_path, progress=[RUNNING])
    assert third.create(adopt_id=ID)[0] == ID
    third.op.answer(ready=True)
    third.host.owned.diff(third.op, ID, STATE, inputs(adopt_id=ID))
    assert (third.client.counts["POST"], third.open) == (0, [])


def test_what_an_answer_left_half_made_is_resumed_by_the_same_process(tmp_path: Path) -> None:
    """An error hook of the program has create run again."""
    case = Case(tmp_path, creates=[ID], progress=[progress(), refused(403), progress(), RUNNING])
    case.create_fails(RomaApiError)
    case.op.answer(ready=False)
    assert case.open == [(ID, True)]
    case.op = FakeOperation()
    assert case.create()[0] == ID
    assert case.op.notes == [f"resuming the creation of instance {ID}, which was interrupted"]
    assert case.client.counts == {"POST": 1, "progress": 4, "list": 3, "DELETE": 0}
    case.op.answer(ready=True)
    assert case.open == [(ID, True)]


def test_what_was_answered_as_ready_is_not_resumed_by_the_same_process(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[RUNNING])
    case.create()
    case.op.answer(ready=True)
    assert case.create_fails(NameTaken).instance_id == ID
    assert case.client.counts["POST"] == 1


def test_what_was_not_answered_is_resumed_by_another_process(tmp_path: Path) -> None:
    first = Case(tmp_path, creates=[ID], progress=[refused(403)])
    first.create_fails(RomaApiError)
    second = Case(tmp_path, progress=[RUNNING])
    assert second.create()[0] == ID
    assert second.client.counts["POST"] == 0


def test_the_entry_is_held_while_its_hook_works_on_it(tmp_path: Path) -> None:
    first = Case(tmp_path, creates=[ID], progress=[progress(), RUNNING])
    second = Case(tmp_path)
    first.host.clock.at(2.0, lambda: second.create_fails(NameTaken))
    assert first.create()[0] == ID
    assert (first.client.counts["POST"], sum(second.client.counts.values())) == (1, 0)
    assert second.host.clock.now == pytest.approx(15.0, abs=0.21)


def test_what_was_interrupted_and_is_adopted_leaves_no_entry(tmp_path: Path) -> None:
    first = Case(tmp_path, creates=[ID], progress=[refused(403)])
    first.create_fails(RomaApiError)
    second = Case(tmp_path, progress=[RUNNING])
    second.create(adopt_id=ID)
    second.op.answer(ready=True)
    assert [(entry.instance_id, entry.stage in SEEN) for entry in second.host.session.custody.orders()] == [(ID, True)]
    second.host.owned.diff(second.op, ID, STATE, inputs(adopt_id=ID))
    assert second.open == []


def test_a_full_disk_after_post_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(tmp_path, creates=[ID], progress=[RUNNING])
    write, written = case.host.journal.write, list[Entry]()

    def first_only(entry: Entry) -> Entry:
        if written:
            raise JournalError("no space left")
        written.append(entry)
        return write(entry)

    monkeypatch.setattr(case.host.journal, "write", first_only)
    assert case.create()[0] == ID
    assert case.op.kept[0] == (ID, ordered())
    assert len(case.op.warnings) == 1
    case.op.answer(ready=True)
    assert (case.client.counts["POST"], case.open) == (1, [(None, True)])
    # What is left is nobody's id: it ends with the next order of this name, once that is free.
    again = Case(tmp_path, creates=[OTHER_ID], progress=[RUNNING])
    again.host.clock.now = 200.0
    again.create()
    assert (again.client.counts["POST"], again.open) == (1, [(OTHER_ID, False)])


def test_only_what_create_has_seen_is_marked_as_seen(tmp_path: Path) -> None:
    blind = Case(tmp_path / "a", creates=[ID], progress=[refused(404)])
    blind.host.clock.at(3.0, blind.op.stop.set)
    blind.create_fails(CreationCancelled)
    assert [entry.stage in SEEN for entry in blind.host.journal.entries()] == [False]
    seeing = Case(tmp_path / "b", creates=[ID], progress=[refused(404), progress()])
    seeing.host.clock.at(7.0, seeing.op.stop.set)
    seeing.create_fails(CreationCancelled)
    assert [entry.stage in SEEN for entry in seeing.host.journal.entries()] == [True]


# --- an instance that the API may not show yet


def fresh(folder: Path, *, seconds_ago: float = 0.0, seen: bool = False, **scripts: Any) -> LaterCase:
    """Calls on an instance that was ordered so long ago."""
    case = LaterCase(folder, **scripts)
    case.write(posted_at=POSTED - seconds_ago, seen=seen)
    return case


def name_it(case: LaterCase, call: str) -> None:
    if call == "diff":
        case.host.owned.diff(case.op, ID, STATE, inputs())
    else:
        getattr(case, call)()


@pytest.mark.parametrize("call", ["diff", "read", "update"])
@pytest.mark.parametrize(
    ("seconds_ago", "seen", "left"), [(0.0, False, 1), (119.0, False, 1), (120.0, False, 0), (0.0, True, 0)]
)
def test_naming_closes_the_entry_of_what_is_surely_there(
    tmp_path: Path, call: str, seconds_ago: float, seen: bool, left: int
) -> None:
    case = fresh(tmp_path, seconds_ago=seconds_ago, seen=seen, progress=[RUNNING])
    name_it(case, call)
    assert case.open == left
    assert case.client.counts == calls(reads=0 if call == "diff" else 1, lists=1 if call == "read" else 0)


def test_a_get_names_nothing(tmp_path: Path) -> None:
    case = fresh(tmp_path, seconds_ago=500.0, progress=[RUNNING])
    case.read({"region": STATE["region"], "project_id": PROJECT})
    assert case.open == 1


@pytest.mark.parametrize("seconds_ago", [0.0, 119.0])
def test_read_of_what_was_ordered_a_moment_ago_is_not_gone(tmp_path: Path, seconds_ago: float) -> None:
    case = fresh(tmp_path, seconds_ago=seconds_ago, progress=[refused(404, "APIC.7302")], lists=[[]])
    with pytest.raises(CreationError) as caught:
        case.read()
    assert type(caught.value) is CreationError
    assert caught.value.reasons == [
        f"instance {ID} was ordered a moment ago, and the API does not show it yet; `pulumi up` resumes the wait"
    ]
    assert case.op.kept == [(ID, STATE)]
    assert (case.client.counts, case.open) == (calls(reads=1), 1)


@pytest.mark.parametrize("changes", [{"seconds_ago": 120.0}, {"seen": True}])
def test_read_of_what_was_there_is_gone_by_two_witnesses(tmp_path: Path, changes: dict[str, Any]) -> None:
    case = fresh(tmp_path, **changes, progress=[refused(404)], lists=[[]])
    assert case.read() is None
    assert (case.client.counts, case.open) == (calls(reads=2, lists=2), 0)


@pytest.mark.parametrize("status", ["STARTING", ""])
def test_read_of_an_unknown_status_of_what_was_never_ready_is_still_being_created(tmp_path: Path, status: str) -> None:
    live = progress(status)
    case = LaterCase(tmp_path, progress=[live])
    found = case.read({**STATE, "status": "CREATING"})
    assert found is not None
    assert (found.outputs, found.is_pending) == (state(ID, inputs(), live), True)
    [said] = case.op.warnings
    assert said.startswith(f"instance {ID} is still being created ")


@pytest.mark.parametrize("state", [{"status": "RUNNING"}, {"status": "FROZEN", "end_time": 1741263000000}])
def test_read_of_an_unknown_status_of_what_was_ready_is_an_output(tmp_path: Path, state: dict[str, Any]) -> None:
    case = LaterCase(tmp_path, progress=[progress("STARTING")])
    found = case.read({**STATE, **state})
    assert isinstance(found, Reading)
    assert found.outputs["status"] == "STARTING"
    assert case.op.warnings == [f"instance {ID} has the status STARTING"]


CREATING = state(ID, inputs(), None)


def test_update_of_what_was_ordered_a_moment_ago_is_patient(tmp_path: Path) -> None:
    case = fresh(tmp_path, progress=[refused(404), refused(404), progress(), RUNNING], lists=[[]])
    assert case.update(CREATING) == STATE
    assert case.client.counts == calls(reads=4, lists=1)
    assert [entry.stage in SEEN for entry in case.host.journal.entries()] == [True]
    name_it(case, "diff")
    assert case.open == 0


@pytest.mark.parametrize("changes", [{"seconds_ago": 120.0}, {"seen": True}])
def test_update_of_what_was_there_and_is_gone(tmp_path: Path, changes: dict[str, Any]) -> None:
    case = fresh(tmp_path, **changes, progress=[refused(404)], lists=[[]])
    with pytest.raises(InstanceGone):
        case.update(CREATING)
    assert case.client.counts == calls(reads=2, lists=2)


# --- deleting it


def test_delete_of_what_was_ordered_a_moment_ago_is_sent_all_the_same(tmp_path: Path) -> None:
    case = fresh(tmp_path, progress=[refused(404)], deletes=[None], lists=[[]])
    case.delete()
    assert case.client.deleted == [ID]
    assert (case.client.counts, case.open) == (calls(reads=2, lists=3, deletes=1), 0)


@pytest.mark.parametrize("looks", [[refused(404)], [progress()]])
def test_delete_of_what_the_api_does_not_know_yet_is_no_success(tmp_path: Path, looks: list[Any]) -> None:
    case = fresh(tmp_path, seconds_ago=119.0, progress=looks, deletes=[refused(404)], lists=[[]])
    with pytest.raises(RomaError) as caught:
        case.delete()
    assert type(caught.value) is RomaError
    assert str(caught.value) == (
        f"instance {ID} was ordered a moment ago, and the API does not know it yet; run the command again "
        "in two minutes"
    )
    assert (case.client.counts, case.open) == (calls(reads=1, deletes=1), 1)


@pytest.mark.parametrize("changes", [{"seconds_ago": 120.0}, {"seen": True}])
def test_delete_of_what_was_there_and_is_gone_is_done(tmp_path: Path, changes: dict[str, Any]) -> None:
    case = fresh(tmp_path, **changes, progress=[refused(404)], lists=[[]])
    case.delete()
    assert (case.client.counts, case.open) == (calls(reads=2, lists=2), 0)


def test_delete_of_what_delete_does_not_know_but_the_list_shows_waits_for_its_end(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[refused(404)], lists=[[summary()], [summary()], []])
    case.delete()
    assert (case.client.counts, case.open) == (calls(reads=2, lists=5, deletes=1), 0)


@pytest.mark.parametrize("ready", [True, False])
@pytest.mark.parametrize("adopt_id", [None, ID])
def test_what_a_create_of_this_process_answered_with_is_not_deleted(
    tmp_path: Path, ready: bool, adopt_id: str | None
) -> None:
    """A replacement whose new resource resumed or adopted the very instance of the old one."""
    case = Case(tmp_path, creates=[ID], progress=[RUNNING])
    case.create(adopt_id=adopt_id)
    case.op.answer(ready=ready)
    before = case.client.counts
    op = FakeOperation()
    case.host.owned.delete(op, ID, STATE)
    assert op.warnings == [f"instance {ID} is the replacement's own by now, so it is not deleted"]
    assert case.client.counts == before


def test_what_was_made_but_never_answered_is_deleted(tmp_path: Path) -> None:
    case = Case(tmp_path, creates=[ID], progress=[RUNNING], deletes=[None], lists=[[]])
    case.create()
    case.host.owned.delete(FakeOperation(), ID, STATE)
    assert case.client.deleted == [ID]


def test_a_forced_replacement_does_not_delete_what_it_is_to_adopt(tmp_path: Path) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None])
    news = inputs(adopt_id=ID)
    # The engine checks the new resource of a replacement with no olds.
    assert case.host.owned.check(case.op, {}, news).failures == []
    with pytest.raises(InputError) as caught:
        case.delete()
    assert (caught.value.key, caught.value.reason) == (
        "adopt_id",
        f"this replacement would delete {ID}, the instance to adopt; remove adopt_id first",
    )
    assert (sum(case.client.counts.values()), case.open) == (0, 1)


@pytest.mark.parametrize(
    ("urn", "olds", "adopt_id"),
    [(URN, {}, OTHER_ID), (URN + "-2", {}, ID), (None, {}, ID), (URN, inputs(adopt_id=ID), ID), (URN, {}, None)],
)
def test_any_other_instance_is_deleted(
    tmp_path: Path, urn: str | None, olds: dict[str, Any], adopt_id: str | None
) -> None:
    case = LaterCase(tmp_path, progress=[RUNNING], deletes=[None])
    case.host.owned.check(FakeOperation(urn=urn), olds, inputs(adopt_id=adopt_id))
    case.delete()
    assert (case.client.deleted, case.open) == ([ID], 0)
