"""Creations that fail, and an API that says no, on the real engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.hosts import DYNAMIC, PLUGIN, Host
from tests.engine.programs import program
from tests.engine.seen import operations

QUICK = {"ROMA_POLL_SECONDS": "0.1"}


@pytest.fixture
def emulator(make_emulator: Callable[..., Emulator]) -> Emulator:
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=0)
    emulator.control.settings(deletion_seconds=0.2)
    return emulator


@pytest.mark.parametrize(
    ("host", "scenario"),
    [
        (DYNAMIC, "create-failed"),
        pytest.param(DYNAMIC, "create-failed-silent", marks=pytest.mark.thorough),
        (PLUGIN, "create-failed"),
    ],
    indirect=["host"],
)
def test_a_failed_creation_is_told_kept_and_replaced_by_the_next_up(
    stack_for: StackFor, emulator: Emulator, host: Host, scenario: str
) -> None:
    emulator.control.settings(scenario=scenario)
    stack = stack_for(emulator, program(), environment=QUICK)
    failed = stack.up(expect=None)
    assert failed.code > 0
    (first,) = emulator.control.instances()
    assert first.status == "CREATE_FAILED"
    assert f"instance {first.id} could not be created (CREATE_FAILED)" in failed.text
    assert "the next `pulumi up` deletes it and creates another" in failed.text
    assert f"`pulumi state unprotect '{host.urn('integration')}'`" in failed.text
    said = "ROMA.10010 create task failed: sub-service link could not be created."
    why = "sub-service link failed: LINK.00500001 Insufficient resources in the availability zone."
    assert (said in failed.text) == (why in failed.text) == (scenario == "create-failed")

    (kept,) = stack.resources()
    assert (kept["id"], kept["outputs"]["status"]) == (first.id, "CREATE_FAILED")
    assert kept["inputs"]["vpc_id"] == kept["outputs"]["vpc_id"]
    reasons = kept["initErrors"]
    assert first.id in reasons[0]
    assert len(reasons) == (3 if scenario == "create-failed" else 2)
    assert all(reason in failed.text for reason in reasons)
    assert stack.pending_operations() == []

    refreshed = stack.refresh()
    assert all(reason in refreshed.text for reason in reasons)
    assert stack.resources()[0]["initErrors"] == reasons
    operations(emulator)

    emulator.control.settings(scenario="ready")
    recovered = stack.up(preview=True)
    assert "1 replaced" in recovered.text
    assert "deletes it with everything inside it" not in recovered.text
    seen = operations(emulator)
    assert (seen.count("delete_instance"), seen.count("create_instance")) == (1, 1)
    assert seen.index("delete_instance") < seen.index("create_instance")
    (second,) = emulator.control.instances()
    assert (second.id != first.id, second.status) == (True, "RUNNING")
    (kept,) = stack.resources()
    assert (kept["id"], kept["outputs"]["status"], "initErrors" in kept) == (second.id, "RUNNING", False)
    for run in (failed, refreshed, recovered):
        assert "Traceback" not in run.text


def test_a_failed_creation_can_be_destroyed(stack_for: StackFor, emulator: Emulator) -> None:
    emulator.control.settings(scenario="create-failed")
    stack = stack_for(emulator, program(), environment=QUICK)
    assert stack.up(expect=None).code > 0
    operations(emulator)
    assert "2 deleted" in stack.destroy().text
    assert operations(emulator).count("delete_instance") == 1
    assert emulator.control.instances() == []


def test_an_order_that_is_refused_makes_nothing_and_keeps_nothing(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(), environment=QUICK)
    message = "The instance quota is exceeded"
    emulator.control.add_fault("create_instance", status=400, body={"error_code": "ROMA.4711", "error_msg": message})
    refused = stack.up(expect=None)
    assert refused.code > 0
    assert f"create_instance was answered with HTTP 400: ROMA.4711: {message}" in refused.text
    assert "Traceback" not in refused.text
    assert stack.resources() == []
    assert stack.pending_operations() == []
    assert emulator.control.instances() == []
    assert list((stack.state_home / "roma-provider" / "journal").iterdir()) == []
    stack.up()
    assert [made.status for made in emulator.control.instances()] == ["RUNNING"]


def test_an_endpoint_where_nothing_listens(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(), environment={**QUICK, "HW_MAX_RETRIES": "1"})
    emulator.stop()
    refused = stack.up(expect=None)
    assert refused.code > 0
    assert "list_instances got no answer: the connection was refused; nothing listens there" in refused.text
    assert "Traceback" not in refused.text
    assert stack.resources() == []


def test_other_statuses_are_outputs_and_a_prepaid_instance_is_explained(
    stack_for: StackFor, emulator: Emulator
) -> None:
    stack = stack_for(emulator, program(), environment=QUICK)
    stack.up()
    (made,) = emulator.control.instances()
    emulator.control.patch_instance(made.id, status="FROZEN")
    # The drift job of docs/teams.md: a status is an output, no difference. `roma list --expect` is for that.
    drift = stack.preview("--refresh", "--expect-no-changes")
    assert f"instance {made.id} has the status FROZEN" in drift.text
    assert f"warning: instance {made.id} has the status FROZEN" in stack.refresh().text
    assert stack.resources()[0]["outputs"]["status"] == "FROZEN"

    emulator.control.patch_instance(made.id, fields={"prePay": True, "orderId": "CS20110"})
    operations(emulator)
    refused = stack.destroy(expect=None)
    assert refused.code > 0
    assert f"instance {made.id} is prepaid (yearly/monthly, order CS20110)" in refused.text
    assert "Unsubscribe it in the Billing Center" in refused.text
    assert "Traceback" not in refused.text
    assert operations(emulator) == ["creation_progress"]
    assert [resource["id"] for resource in stack.resources()] == [made.id]

    emulator.control.patch_instance(made.id, fields=None)
    assert "2 deleted" in stack.destroy().text
    assert emulator.control.instances() == []
