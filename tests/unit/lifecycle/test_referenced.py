"""References to instances that somebody else makes, on a fake client and a fake clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider import provider
from roma_provider.errors import (
    CreationCancelled,
    CreationEnded,
    CreationError,
    CreationFailed,
    CreationTimedOut,
    InputError,
    InstanceGone,
    RomaApiError,
)
from roma_provider.lifecycle.journal import Journal
from roma_provider.lifecycle.referenced import Referenced
from roma_provider.lifecycle.remedies import REFERENCED
from roma_provider.schema.diff import Difference
from roma_provider.schema.outputs import WAS_READY
from tests.support.fakes import (
    ID,
    OTHER_ID,
    PROJECT,
    REGION,
    TOKEN,
    URN,
    FakeClient,
    FakeClock,
    FakeOperation,
    Unknown,
    fake_session,
    progress,
    refused,
    summary,
)
from tests.support.journal import entry
from tests.support.lifecycle import state

WAY_ON = REFERENCED.way_on(None)
INPUTS = {"instance_id": ID, "region": REGION, "project_id": PROJECT}
STATE = {**state(ID, INPUTS, progress("RUNNING")), WAS_READY: True}
HALF_MADE = state(ID, INPUTS, progress())
GATEWAY = refused(404, "APIGW.0101")


class Case:
    def __init__(
        self,
        op: FakeOperation | None = None,
        config: dict[str, str] | None = None,
        environment: dict[str, str] | None = None,
        **scripts: Any,
    ) -> None:
        self.client = FakeClient(**scripts)
        self.clock = FakeClock()
        self.session = fake_session(
            self.client, self.clock, config, {"HW_AUTH_TOKEN": TOKEN, "ROMA_POLL_SECONDS": "5", **(environment or {})}
        )
        self.existing = Referenced(self.session)
        self.op = op or FakeOperation(urn=URN, old_inputs=dict(INPUTS))

    def create(self) -> tuple[str, dict[str, Any]]:
        return self.existing.create(self.op, INPUTS)


def test_check_resolves_the_place_and_refuses_what_is_none() -> None:
    case = Case()
    assert case.existing.check(case.op, {}, {"instance_id": ID}).inputs == INPUTS
    assert [key for key, _ in case.existing.check(case.op, {}, {}).failures] == ["instance_id"]
    found = case.existing.check(case.op, {}, {"instance_id": "a b", "vpc_id": "v"})
    assert [key for key, _ in found.failures] == ["instance_id", "vpc_id"]
    assert case.existing.check(case.op, {}, {"instance_id": Unknown()}).failures == []
    assert sum(case.client.counts.values()) == 0


def test_another_instance_or_place_is_another_reference_and_a_status_never_is() -> None:
    case = Case()

    def diff(**news: Any) -> Difference:
        return case.existing.diff(case.op, STATE, {**INPUTS, **news})

    assert diff() == Difference()
    assert diff(instance_id=OTHER_ID, region="eu-west-101") == Difference(["instance_id", "region"])
    assert diff(instance_id=Unknown()) == Difference([], ["instance_id"], ["instance_id"])
    failed = {**STATE, "status": "CREATE_FAILED"}
    assert case.existing.diff(case.op, failed, INPUTS) == Difference()


def test_create_waits_until_the_instance_is_ready() -> None:
    case = Case(progress=[refused(404), progress(), progress("RUNNING")])
    assert case.create() == (ID, STATE)
    assert case.client.counts == {"POST": 0, "progress": 3, "list": 0, "DELETE": 0}
    assert [outputs["status"] for _, outputs in case.op.kept] == ["CREATING", "RUNNING"]


def test_an_instance_that_nobody_makes() -> None:
    case = Case(progress=[refused(404)], lists=[[]])
    with pytest.raises(InputError) as caught:
        case.create()
    assert caught.value.key == "instance_id"
    assert caught.value.reason == (
        f"there is no instance {ID} in project {PROJECT} of {REGION}; write the id of one that exists, or that is "
        "being created"
    )
    assert case.clock.now == 65.0  # gone needs its witnesses twice
    assert case.op.kept == []


def test_one_that_vanishes_in_the_middle() -> None:
    case = Case(progress=[progress()] + [refused(404)] * 20, lists=[[]])
    with pytest.raises(InstanceGone, match="does not exist any more"):
        case.create()
    assert case.client.counts["DELETE"] == 0


def test_a_failed_creation_is_an_error_that_the_state_keeps() -> None:
    case = Case(progress=[progress("CREATE_FAILED", errorMessage="no capacity")])
    with pytest.raises(CreationFailed) as caught:
        case.create()
    assert caught.value.reasons[-1] == WAY_ON
    assert "deletes it and creates another" not in " ".join(caught.value.reasons)
    assert [(id_, kept["status"]) for id_, kept in case.op.kept] == [(ID, "CREATE_FAILED")]


def test_time_out_and_ctrl_c_keep_it_and_the_next_run_goes_on() -> None:
    case = Case(FakeOperation(timeout=12), progress=[progress()])
    with pytest.raises(CreationTimedOut):
        case.create()
    assert case.op.kept[-1] == (ID, HALF_MADE)
    stopped = Case(progress=[progress()])
    stopped.op.stop.set()
    with pytest.raises(CreationCancelled):
        stopped.create()
    resumed = Case(progress=[progress(), progress("RUNNING")])
    assert resumed.existing.update(resumed.op, ID, HALF_MADE, HALF_MADE) == STATE
    assert resumed.client.counts == {"POST": 0, "progress": 2, "list": 0, "DELETE": 0}


@pytest.mark.parametrize("status", ["RUNNING", "FROZEN", "ERROR", "DELETING"])
def test_read_shows_any_status_of_one_that_was_ready(status: str) -> None:
    case = Case(progress=[progress(status)])
    found = case.existing.read(case.op, ID, STATE)
    assert found is not None
    assert found.outputs["status"] == status
    assert found.inputs == dict(INPUTS)
    assert case.op.warnings == ([] if status == "RUNNING" else [f"instance {ID} has the status {status}"])


def test_read_of_one_that_is_not_ready_keeps_the_reasons() -> None:
    case = Case(progress=[progress()])
    with pytest.raises(CreationError, match="is still being created") as caught:
        case.existing.read(case.op, ID, HALF_MADE)
    assert case.op.kept == [(ID, HALF_MADE)]
    failed = Case(progress=[progress("CREATE_FAILED")])
    with pytest.raises(CreationFailed) as failure:
        failed.existing.read(failed.op, ID, HALF_MADE)
    assert failure.value.reasons[-1] == WAY_ON
    assert caught.value.instance_id == ID


@pytest.mark.parametrize("status", ["FROZEN", "ERROR", "DELETING"])
def test_one_that_never_was_ready_is_an_error_until_it_is(status: str) -> None:
    case = Case(progress=[progress(status)])
    with pytest.raises(CreationEnded) as caught:
        case.create()
    assert caught.value.reasons[-1] == WAY_ON
    state = case.op.kept[-1][1]
    with pytest.raises(CreationEnded) as again:
        case.existing.read(case.op, ID, state)
    assert again.value.reasons[-1] == WAY_ON
    healed = Case(progress=[progress("RUNNING")])
    found = healed.existing.read(healed.op, ID, state)
    assert found is not None
    assert healed.existing.update(healed.op, ID, state, state)[WAS_READY] is True


def test_another_id_is_looked_for_where_the_first_one_lives() -> None:
    """The engine checks the new one of a replacement without the old inputs."""
    case = Case(config={}, environment={"HW_REGION_NAME": "eu-west-101", "HW_PROJECT_ID": "f" * 32})
    first = case.existing.check(case.op, INPUTS, {"instance_id": OTHER_ID})
    second = case.existing.check(case.op, {}, {"instance_id": OTHER_ID})
    assert first.inputs == second.inputs == {**INPUTS, "instance_id": OTHER_ID}
    assert len(case.op.warnings) == 2
    assert "would look for it there" in case.op.warnings[0]


def test_read_of_one_that_is_gone_needs_two_witnesses() -> None:
    gone = Case(progress=[refused(404)], lists=[[]])
    assert gone.existing.read(gone.op, ID, STATE) is None
    assert gone.client.counts == {"POST": 0, "progress": 2, "list": 2, "DELETE": 0}
    listed = Case(progress=[refused(404)], lists=[[summary(ID)]])
    with pytest.raises(RomaApiError):
        listed.existing.read(listed.op, ID, STATE)
    deleted = Case(progress=[progress("DELETED")])
    assert deleted.existing.read(deleted.op, ID, STATE) is None
    elsewhere = Case(progress=[GATEWAY], lists=[[]])
    with pytest.raises(RomaApiError) as caught:
        elsewhere.existing.read(elsewhere.op, ID, STATE)
    assert caught.value.reasons[-1].startswith("this address is not ROMA Connect's")
    assert elsewhere.client.counts["list"] == 0


def test_the_state_says_where_it_lives() -> None:
    case = Case(config={"roma:region": "eu-west-101", "roma:projectId": "f" * 32}, progress=[progress("RUNNING")])
    case.existing.read(case.op, ID, STATE)
    assert case.session.places == [(REGION, PROJECT)]


def test_there_is_no_call_in_it_that_deletes() -> None:
    assert "delete" not in vars(provider.ExistingInstanceProvider)
    assert not [name for name in vars(Referenced) if "delet" in name]


def test_an_id_that_has_no_value_is_refused_by_create_and_update() -> None:
    case = Case()
    lost = {**INPUTS, "__absent": ["instance_id"]}
    assert case.existing.diff(case.op, STATE, lost).any
    with pytest.raises(InputError, match=r"^instance_id: what the program gives .* nothing is waited for"):
        case.existing.create(case.op, lost)
    with pytest.raises(InputError, match=r"the reference to instance .* stays as it is"):
        case.existing.update(case.op, ID, STATE, lost)
    assert case.client.counts == {"POST": 0, "progress": 0, "list": 0, "DELETE": 0}


def test_one_that_was_ordered_from_here_a_moment_ago_is_not_gone(tmp_path: Path) -> None:
    case = Case(progress=[refused(404)], lists=[[]])
    session = case.session
    session.journal = session.custody.journal = Journal(tmp_path, case.clock)
    session.custody.named(session.custody.begin(entry(posted_at=case.clock.epoch())), ID)
    with pytest.raises(CreationError) as caught:
        case.existing.read(case.op, ID, HALF_MADE)
    assert str(caught.value).endswith("the API does not show it yet; `pulumi up` waits for it")
    assert [instance_id for instance_id, _ in case.op.kept] == [ID]
    assert case.client.counts["list"] == 0
