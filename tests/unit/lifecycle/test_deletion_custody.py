"""Custody of a deletion: what an interrupted one leaves, and what the next hooks make of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import CreationCancelled, InstanceGone, RomaApiError, RomaError
from roma_provider.lifecycle.journal import Stage
from roma_provider.schema.details import Detail, Edit
from roma_provider.schema.diff import Difference
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
    progress,
    refused,
    summary,
)
from tests.support.lifecycle import RUNNING, STATE, LaterCase

GONE = refused(404, "APIC.7302")
DELETING = progress("DELETING")
WARNING = f"an earlier run began to delete instance {ID}; `pulumi up` looks what has become of it"


class Killed(BaseException):
    """The process ends here."""


class Case(LaterCase):
    """Calls of a run whose journal holds what earlier ones left there, and nothing else."""

    def write(self, **changes: Any) -> Any:
        return super().write(**changes) if changes else None

    @property
    def stages(self) -> list[tuple[str | None, Stage]]:
        return [(entry.instance_id, entry.stage) for entry in self.host.journal.entries()]

    def diff(self, olds: dict[str, Any] | None = None, **changes: Any) -> Difference:
        """The diff of an `up`, which has checked first."""
        self.host.owned.check(self.op, inputs(), inputs(**changes))
        return self.host.owned.diff(self.op, ID, olds or STATE, inputs(**changes))


def killed(folder: Path) -> Case:
    """A deletion whose process ended in DELETE."""
    case = Case(folder, progress=[RUNNING], deletes=[Killed()], lists=[[summary()]])
    with pytest.raises(Killed):
        case.delete()
    assert case.stages == [(ID, Stage.DELETING)]
    return case


def test_the_intent_is_on_disk_before_delete_and_says_whose_it_is(tmp_path: Path) -> None:
    [entry] = killed(tmp_path).host.journal.entries()
    assert (entry.urn, entry.region, entry.project_id, entry.host) == (URN, REGION, PROJECT, HOST)
    assert (entry.name, entry.folder, entry.instance_id) == ("roma-2222", "/programs/shop", ID)
    assert entry.is_deletion
    assert not entry.is_answered


def test_a_deletion_is_no_order(tmp_path: Path) -> None:
    killed(tmp_path)
    case = Case(tmp_path)
    assert (case.host.session.custody.orders(), case.host.session.custody.of_instance(ID)) == ([], [])
    assert not case.host.session.custody.is_fresh(ID)


def test_after_a_kill_the_diff_is_a_difference_until_an_update_has_looked(tmp_path: Path) -> None:
    killed(tmp_path)
    case = Case(tmp_path, progress=[RUNNING])
    assert case.diff() == Difference(resumes=True)
    assert case.op.warnings == [WARNING]
    assert case.update() == STATE
    assert case.stages == []
    again = Case(tmp_path)
    assert again.diff() == Difference()
    assert again.op.warnings == []


def test_the_diff_of_a_refresh_says_nothing(tmp_path: Path) -> None:
    killed(tmp_path)
    case = Case(tmp_path)
    assert case.host.owned.diff(case.op, ID, STATE, inputs()) == Difference()
    assert case.op.warnings == []


def test_a_change_that_replaces_is_one_all_the_same(tmp_path: Path) -> None:
    killed(tmp_path)
    case = Case(tmp_path)
    assert case.diff(vpc_id="other").replaces == ["vpc_id"]


def test_a_change_to_be_made_is_looked_for_too(tmp_path: Path) -> None:
    killed(tmp_path)
    assert Case(tmp_path).diff(name="other") == Difference(
        [], ["name"], resumes=True, lines={"name": Detail(Edit.UPDATE)}
    )


def test_after_a_kill_of_a_delete_that_took_effect_the_hooks_tell_the_truth(tmp_path: Path) -> None:
    killed(tmp_path)
    case = Case(tmp_path, progress=[DELETING])
    assert case.diff() == Difference(resumes=True)
    assert case.update()["status"] == "DELETING"
    assert case.op.warnings[-1] == f"instance {ID} has the status DELETING"
    assert case.stages == [(ID, Stage.DELETING)]
    reading = Case(tmp_path, progress=[DELETING])
    found = reading.read()
    assert found is not None
    assert found.outputs["status"] == "DELETING"
    # Its state says DELETING by now, and it is a difference for as long as it lasts.
    later = Case(tmp_path, progress=[GONE])
    assert later.diff({**STATE, "status": "DELETING"}) == Difference(resumes=True)
    with pytest.raises(InstanceGone) as caught:
        later.update({**STATE, "status": "DELETING"})
    assert caught.value.reasons == [f"instance {ID} does not exist any more; the next `pulumi up` creates another"]
    assert later.op.kept == [(ID, {**STATE, "status": "DELETING"})]
    assert Case(tmp_path, progress=[GONE]).read() is None


@pytest.mark.parametrize("lists", [[[]], [[summary(status="DELETING")], []]])
def test_a_destroy_that_is_run_again_ends_the_deletion(tmp_path: Path, lists: list[Any]) -> None:
    killed(tmp_path)
    case = Case(tmp_path, progress=[GONE] if len(lists) == 1 else [DELETING], deletes=[None], lists=lists)
    case.delete()
    assert case.stages == [(ID, Stage.DELETED)]
    assert len(case.client.deleted) == len(lists) - 1


@pytest.mark.parametrize("answer", [refused(400), refused(401), refused(403, "ROMA.1"), refused(409)])
def test_a_delete_that_is_refused_closes_its_entry(tmp_path: Path, answer: RomaError) -> None:
    case = Case(tmp_path, progress=[RUNNING], deletes=[answer])
    with pytest.raises(RomaApiError):
        case.delete()
    assert case.stages == []
    assert Case(tmp_path).diff() == Difference()


@pytest.mark.parametrize("answer", [refused(500), refused(504), lost()])
def test_a_delete_without_a_clear_answer_leaves_it_open(tmp_path: Path, answer: RomaError) -> None:
    case = Case(tmp_path, progress=[RUNNING], deletes=[answer])
    with pytest.raises(type(answer)):
        case.delete()
    assert case.stages == [(ID, Stage.DELETING)]
    assert Case(tmp_path).diff() == Difference(resumes=True)


def test_a_delete_that_the_api_does_not_know_yet_closes_its_entry(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress()], deletes=[refused(404)], lists=[[]])
    case.write(posted_at=case.host.clock.epoch())
    with pytest.raises(RomaError, match="ordered a moment ago, and the API does not know it yet"):
        case.delete()
    assert case.stages == [(ID, Stage.TOLD)]


def test_a_prepaid_instance_leaves_no_entry(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress("RUNNING", prePay=True, orderId="CS1")])
    with pytest.raises(RomaError, match="is prepaid"):
        case.delete()
    assert case.stages == []


def test_a_deletion_that_is_stopped_stays_in_custody(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[RUNNING], deletes=[None], lists=[[summary(status="DELETING")]])
    case.host.clock.at(3.0, case.op.stop.set)
    with pytest.raises(CreationCancelled):
        case.delete()
    assert case.stages == [(ID, Stage.DELETING)]


def failed_late(folder: Path) -> Case:
    """A deletion that fails after the list has lacked the instance once."""
    lists = [[summary(status="DELETING")], [], [], [summary(status="DELETE_FAILED")]]
    case = Case(folder, progress=[RUNNING, progress("DELETE_FAILED")], deletes=[None], lists=lists)
    with pytest.raises(RomaError) as caught:
        case.delete()
    assert str(caught.value) == (
        f"instance {ID} could not be deleted (DELETE_FAILED); look at it in the console, then run the command again"
    )
    return case


def test_a_deletion_that_fails_after_the_instance_left_the_list_once_is_seen(tmp_path: Path) -> None:
    assert failed_late(tmp_path).stages == [(ID, Stage.DELETING)]
    case = Case(tmp_path, progress=[progress("DELETE_FAILED")])
    assert case.diff() == Difference(resumes=True)
    found = case.read()
    assert found is not None
    assert found.outputs["status"] == "DELETE_FAILED"
    assert case.update()["status"] == "DELETE_FAILED"
    assert case.stages == []
    assert case.op.warnings[-1] == f"instance {ID} has the status DELETE_FAILED"


def test_a_deletion_that_ends_takes_the_order_with_it_and_stays_a_witness(tmp_path: Path) -> None:
    """Until the engine has let go of the id: that it was told does not mean that it could save it."""
    case = Case(tmp_path, progress=[RUNNING], deletes=[None], lists=[[]])
    case.write(posted_at=1.0, seen=True)
    case.delete()
    assert case.stages == [(ID, Stage.DELETED)]
    unsaved = Case(tmp_path, progress=[GONE])
    assert unsaved.diff() == Difference(resumes=True)
    with pytest.raises(InstanceGone):
        unsaved.update()
    assert unsaved.stages == [(ID, Stage.DELETED)]
    other = Case(tmp_path)
    other.host.owned.diff(FakeOperation(urn=URN + "-2"), OTHER_ID, STATE, inputs())
    assert other.stages == [(ID, Stage.DELETED)]
    other.host.owned.diff(other.op, OTHER_ID, STATE, inputs())
    assert other.stages == []


def test_another_creation_after_a_deletion_is_not_in_its_way(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[RUNNING], deletes=[None], lists=[[]])
    case.delete()
    again = Case(tmp_path, progress=[RUNNING], creates=[OTHER_ID], lists=[[]])
    assert again.host.owned.create(again.op, inputs())[0] == OTHER_ID
    assert [entry.backend for entry in again.host.journal.entries()] == [BACKEND]
    assert again.stages == [(OTHER_ID, Stage.SEEN)]


def test_a_creation_that_is_refused_has_nothing_left_to_say_of_the_deletion_before_it(tmp_path: Path) -> None:
    """The engine asks for another only when it has let go of the first."""
    Case(tmp_path, progress=[RUNNING], deletes=[None], lists=[[]]).delete()
    again = Case(tmp_path, creates=[refused(403)], lists=[[]])
    with pytest.raises(RomaApiError):
        again.host.owned.create(again.op, inputs())
    assert again.stages == []


def test_a_stack_of_the_same_name_in_another_backend_lets_go_of_its_own_alone(tmp_path: Path) -> None:
    case = Case(tmp_path)
    posted_at = case.host.clock.epoch()
    case.write(stage=Stage.DELETED, answered=False, posted_at=posted_at, backend="fedcba9876543210")
    case.host.owned.diff(case.op, OTHER_ID, STATE, inputs())
    case.host.session.custody.let_go(URN)
    assert case.stages == [(ID, Stage.DELETED)]


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_what_nobody_asks_for_is_remembered_for_a_month(tmp_path: Path, days: int, left: int) -> None:
    """After a destroy the engine calls for the resource no more, or a folder of entries would grow for ever."""
    case = Case(tmp_path)
    posted_at = case.host.clock.epoch() - days * 86400.0
    case.write(stage=Stage.DELETED, answered=False, posted_at=posted_at)
    case.write(stage=Stage.DELETING, answered=False, posted_at=1.0, key="two")
    case.host.owned.diff(FakeOperation(urn=URN + "-2"), OTHER_ID, STATE, inputs())
    assert case.stages.count((ID, Stage.DELETED)) == left
    assert case.stages.count((ID, Stage.DELETING)) == 1


def test_a_stop_between_the_two_looks_sends_no_delete(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[GONE, GONE], lists=[[]])
    case.host.clock.at(1.0, case.op.stop.set)
    with pytest.raises(CreationCancelled) as caught:
        case.delete()
    assert caught.value.reasons == [f"stopped before instance {ID} was deleted: it was not seen to be gone"]
    assert (case.client.deleted, case.stages) == ([], [])


def test_what_was_gone_before_delete_is_in_custody_too(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[GONE], lists=[[]])
    case.delete()
    assert (case.client.deleted, case.stages) == ([], [(ID, Stage.DELETED)])


def test_a_deletion_of_what_is_not_ready_yet_is_waited_for_again(tmp_path: Path) -> None:
    """It did not come to DELETE, and the creation goes on: an update that ended here would call it done."""
    killed(tmp_path)
    creating = {**STATE, "status": "CREATING"}
    case = Case(tmp_path, progress=[progress(), progress(), RUNNING])
    assert case.diff(creating) == Difference(resumes=True)
    assert case.update(creating) == STATE
    assert case.stages == []


def test_without_a_journal_a_deletion_goes_on(tmp_path: Path) -> None:
    """Only a crash would have needed the entry."""
    (tmp_path / "taken").write_text("a file")
    case = Case(tmp_path / "taken", progress=[RUNNING], deletes=[None], lists=[[]])
    case.delete()
    assert case.client.deleted == [ID]
