"""Instances that no state is known to hold, and second ones of a name: said, never touched."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from roma_provider.lifecycle.journal import Entry, Stage
from roma_provider.lifecycle.strays import say_left_open, say_other_owner
from roma_provider.lifecycle.urns import stack_of
from tests.support.fakes import ID, OTHER_ID, PROJECT, REGION, URN, FakeOperation, inputs, progress, refused
from tests.support.fakes import summary as listed
from tests.support.journal import entry
from tests.support.lifecycle import RUNNING, STATE, Case
from tests.support.orders import POSTED

LEFT = URN.rsplit("::", 1)[0] + "::left"
GONE = refused(404, "APIC.7302")
SAID = (
    "an earlier run ordered {} (named 'old') for resource 'left' of this stack and was interrupted. No state is known "
    "to hold it, and it is billed"
)
WAYS = (
    ". To take it over, run `pulumi up` with that resource in the program. If nobody needs it, delete it in the ROMA "
    "Connect console and run `roma forget {}`"
)


class Left(Case):
    """A run after one that was killed in a creation of the resource 'left'."""

    def __init__(self, folder: Path, scripts: dict[str, Any] | None = None, **changes: Any) -> None:
        super().__init__(folder, **(scripts or {"progress": [RUNNING]}))
        self.entry: Entry = self.host.journal.write(
            entry(**{"urn": LEFT, "name": "old", "instance_id": OTHER_ID, "posted_at": POSTED, "seen": True, **changes})
        )

    def say(self) -> list[str]:
        say_left_open(self.host.session, self.op, ID)
        return self.op.warnings

    @property
    def left(self) -> bool:
        return self.entry.key in [found.key for found in self.host.journal.entries()]


def intent(folder: Path, seconds_ago: float = 0.0, **scripts: Any) -> Left:
    return Left(folder, scripts, instance_id=None, seen=False, posted_at=POSTED - seconds_ago)


@pytest.mark.parametrize(
    ("urn", "stack"),
    [(URN, "urn:pulumi:dev::shop"), ("", ""), ("name:x", ""), ("a::b", ""), ("a::b::c", "a::b")],
)
def test_the_stack_of_a_urn(urn: str, stack: str) -> None:
    assert stack_of(urn) == stack


# --- what was left open


def test_an_order_that_was_left_open_is_said_with_its_id_and_the_ways_on(tmp_path: Path) -> None:
    case = Left(tmp_path)
    assert case.say() == [SAID.format(f"instance {OTHER_ID}") + WAYS.format(OTHER_ID)]
    assert case.left
    assert case.client.counts == {"POST": 0, "progress": 1, "list": 0, "DELETE": 0}


def test_once_a_session(tmp_path: Path) -> None:
    case = Left(tmp_path)
    assert len(case.say()) == 1
    assert len(case.say()) == 1
    assert case.host.session.once("else")
    assert not case.host.session.once("else")


def test_an_order_whose_instance_is_gone_is_closed(tmp_path: Path) -> None:
    case = Left(tmp_path, {"progress": [GONE], "lists": [[]]})
    assert (case.say(), case.left) == ([], False)
    assert case.client.counts["list"] == 2


def test_one_that_was_ordered_a_moment_ago_is_not_gone(tmp_path: Path) -> None:
    case = Left(tmp_path, {"progress": [GONE], "lists": [[]]}, seen=False)
    assert (len(case.say()), case.left) == (1, True)


def test_an_intent_is_said_by_the_id_that_the_list_shows(tmp_path: Path) -> None:
    case = intent(tmp_path, 1000.0, lists=[[listed(ID), listed("gone", "old", "DELETED"), listed(OTHER_ID, "old")]])
    assert case.say() == [SAID.format(f"instance {OTHER_ID}") + WAYS.format(OTHER_ID)]
    assert case.left


def test_an_intent_of_15_minutes_is_said_by_its_key_and_an_older_one_closed(tmp_path: Path) -> None:
    case = intent(tmp_path / "a", 899.0)
    assert case.say() == [SAID.format("an instance") + WAYS.format(case.entry.key)]
    assert case.left
    old = intent(tmp_path / "b", 900.0)
    assert (old.say(), old.left) == ([], False)


@pytest.mark.parametrize(
    "changes",
    [
        {"answered": True},
        {"instance_id": ID},
        {"urn": LEFT.replace(":dev::", ":prod::")},
        {"urn": LEFT.replace("::shop::", "::else::")},
        {"urn": "name:old"},
        {"backend": "another"},
        {"host": "localhost"},
        {"stage": Stage.DELETING},
    ],
)
def test_what_is_not_left_open_or_not_ours_to_say(tmp_path: Path, changes: dict[str, Any]) -> None:
    case = Left(tmp_path, **changes)
    assert (case.say(), case.left) == ([], True)
    assert sum(case.client.counts.values()) == 0


def test_what_another_run_or_this_one_works_on(tmp_path: Path) -> None:
    held = Left(tmp_path / "a")
    with held.host.journal.hold(held.entry, threading.Event()):
        assert held.say() == []
    mine = Left(tmp_path / "b")
    mine.host.session.custody.taken_over(mine.entry)
    assert mine.say() == []
    assert held.host.clock.now == 0.0


@pytest.mark.parametrize("trouble", [refused(500), refused(401)])
def test_trouble_is_said_and_ends_no_hook(tmp_path: Path, trouble: Exception) -> None:
    case = Left(tmp_path, {"progress": [trouble]})
    assert case.say() == [f"{SAID.format(f'instance {OTHER_ID}')}. It could not be looked at: {trouble}"]
    assert case.left


def test_locks_that_cannot_be_made_end_no_hook(tmp_path: Path) -> None:
    case = Left(tmp_path)
    (tmp_path / "locks").write_text("a file")
    assert len(case.say()) <= 1
    assert case.left


def test_a_call_without_a_urn_says_nothing(tmp_path: Path) -> None:
    case = Left(tmp_path)
    case.op = FakeOperation(urn=None)
    assert case.say() == []


@pytest.mark.parametrize("hook", ["read", "delete"])
def test_the_hooks_that_say_it(tmp_path: Path, hook: str) -> None:
    case = Left(tmp_path, {"progress": [RUNNING], "deletes": [None], "lists": [[]]})
    getattr(case.host.owned, hook)(case.op, ID, STATE, **({"owned": True} if hook == "read" else {}))
    assert case.op.warnings == [SAID.format(f"instance {OTHER_ID}") + WAYS.format(OTHER_ID)]


def test_an_unclear_replacement_is_not_taken_for_the_instance_that_the_state_holds(tmp_path: Path) -> None:
    lists = [[listed(ID, "old"), listed(OTHER_ID, "old")]]
    case = Left(tmp_path, {"lists": lists}, urn=URN, instance_id=None, seen=False)
    assert case.say() == [
        SAID.format(f"instance {OTHER_ID}").replace("'left'", "'integration'") + WAYS.format(OTHER_ID)
    ]
    alone = Left(tmp_path / "b", {"lists": [[listed(ID, "old")]]}, instance_id=None, seen=False, posted_at=1.0)
    assert (alone.say(), alone.left) == ([], False)


def test_a_replacement_that_was_killed_is_said_by_the_hooks_of_its_own_resource(tmp_path: Path) -> None:
    """The state has the old instance; the new one, of the same URN, is known to the journal alone."""
    case = Left(tmp_path, {"progress": [RUNNING], "deletes": [None], "lists": [[]]}, urn=URN)
    case.host.owned.delete(case.op, ID, STATE)
    assert [OTHER_ID in warning for warning in case.op.warnings] == [True]


# --- second ones of a name

TWO = [listed(OTHER_ID, " ROMA-2222", "RUNNING", create_time="2025-03-06T11:56:13Z"), listed(status="RUNNING")]
DOUBLES = (
    f"2 instances have the name 'roma-2222' in project {PROJECT} of {REGION}: {ID} (RUNNING; this resource's); "
    f"{OTHER_ID} (RUNNING, created 5 min ago; {{}}). Each is billed. Find out whose they are, and delete what is not "
    "needed"
)
UNKNOWN = "not ordered from here, as far as is known"


def test_two_of_a_name_are_said_after_each_wait(tmp_path: Path) -> None:
    made = Case(tmp_path / "a", creates=[ID], progress=[RUNNING], lists=[[], [listed()], TWO])
    made.create()
    assert made.op.warnings == [DOUBLES.format(UNKNOWN)]
    updated = Case(tmp_path / "b", progress=[RUNNING], lists=[[], TWO])
    for _ in range(2):
        updated.host.owned.update(updated.op, ID, {**STATE, "status": "CREATING"}, inputs())
        updated.host.clock.sleep(4.0, updated.op.stop)  # a list of a moment ago would do
    assert updated.op.warnings == [DOUBLES.format(UNKNOWN).replace("5 min", "5 min 4 s")]
    adopted = Case(tmp_path / "c", progress=[RUNNING], lists=[TWO])
    adopted.create(adopt_id=ID)
    assert adopted.op.warnings == [DOUBLES.format(UNKNOWN)]


def test_in_a_refresh_the_list_is_read_once_a_session_and_place(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[RUNNING], lists=[TWO, []])
    for _ in range(2):
        case.host.owned.read(case.op, ID, STATE, owned=True)
    assert case.client.counts["list"] == 1
    assert case.op.warnings == [DOUBLES.format(UNKNOWN)] * 2
    case.host.owned.read(case.op, ID, {**STATE, "region": "eu-west-101"}, owned=True)
    assert case.client.counts["list"] == 2


def test_whose_they_are_as_far_as_this_machine_knows(tmp_path: Path) -> None:
    case = Left(tmp_path, {"progress": [RUNNING], "lists": [TWO]}, answered=True)
    case.host.owned.read(case.op, ID, STATE, owned=True)
    assert case.op.warnings == [DOUBLES.format(f"ordered from this machine for {LEFT}")]


@pytest.mark.parametrize(
    "lists",
    [[[]], [[listed()]], [[listed(), listed(OTHER_ID, status="DELETED")]], [[listed(), listed(OTHER_ID, "x")]]],
)
def test_one_alone_is_not_said(tmp_path: Path, lists: list[Any]) -> None:
    case = Case(tmp_path, progress=[RUNNING], lists=lists)
    case.host.owned.read(case.op, ID, STATE, owned=True)
    assert case.op.warnings == []


def test_lists_in_trouble_and_an_instance_without_a_name(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[RUNNING], lists=[refused(500)])
    assert case.host.owned.read(case.op, ID, STATE, owned=True) is not None
    nameless = Case(tmp_path, progress=[progress("RUNNING", name=None).model_copy(update={"name": None})], lists=[])
    nameless.host.owned.read(nameless.op, ID, STATE, owned=True)
    assert (case.op.warnings, nameless.op.warnings) == ([], [])


# --- one instance, two owners


def test_an_adoption_of_what_this_machine_ordered_for_another_resource_is_warned_of(tmp_path: Path) -> None:
    case = Left(tmp_path, {"progress": [RUNNING]}, instance_id=ID, answered=True, posted_at=POSTED - 3600.0)
    case.create(adopt_id=ID)
    assert case.op.warnings == [
        f"instance {ID} was ordered from this machine 1 h ago for {LEFT}. Two resources that hold one instance would "
        "each delete it. Take it out of one of the two states with `pulumi state delete`. If it is out already, run "
        f"`roma forget {ID}`"
    ]


def test_two_stacks_that_adopt_one_instance_are_told(tmp_path: Path) -> None:
    """The first one's order, if there was one, has left the journal long ago; its adoption has not."""
    for _ in range(2):  # a resource that adopts once more is no second owner
        first = Case(tmp_path, op=FakeOperation(old_inputs=inputs()), progress=[RUNNING])
        first.create(adopt_id=ID)
        first.host.owned.diff(first.op, ID, STATE, inputs())
        assert (first.op.warnings, len(first.host.journal.entries())) == ([], 1)
    second = Case(tmp_path, op=FakeOperation(urn=LEFT), progress=[RUNNING])
    second.create(adopt_id=ID)
    assert [warning.split(". ")[0] for warning in second.op.warnings] == [
        f"instance {ID} was adopted from this machine 0.0 s ago for {URN}"
    ]
    assert second.open == []
    last = Case(tmp_path, progress=[RUNNING], deletes=[None], lists=[[]])
    last.host.owned.delete(last.op, ID, STATE)
    assert [entry.stage for entry in last.host.journal.entries()] == [Stage.DELETED]


def test_a_stack_of_the_same_name_in_another_backend_is_another_owner(tmp_path: Path) -> None:
    case = Left(tmp_path, {}, instance_id=ID, urn=URN, stage=Stage.ADOPTED, backend="fedcba9876543210")
    say_other_owner(case.host.session, case.op, ID)
    assert len(case.op.warnings) == 1


def test_an_adoption_of_what_the_same_resource_of_another_backend_ordered_is_warned_of(tmp_path: Path) -> None:
    case = Left(tmp_path, {"progress": [RUNNING]}, instance_id=ID, answered=True, urn=URN, backend="another")
    case.create(adopt_id=ID)
    assert [f"for {URN}. Two resources that hold one instance" in warning for warning in case.op.warnings] == [True]


@pytest.mark.parametrize("changes", [{"urn": URN}, {"instance_id": OTHER_ID}])
def test_an_adoption_of_its_own_or_of_what_nobody_knows_is_not(tmp_path: Path, changes: dict[str, Any]) -> None:
    case = Left(tmp_path, {"progress": [RUNNING]}, **{"instance_id": ID, **changes})
    say_other_owner(case.host.session, case.op, ID)
    assert case.op.warnings == []
