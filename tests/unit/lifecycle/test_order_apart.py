"""`wait=False`: what an order that is not waited for does in each hook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.schema.written import PREVIEW
from tests.support.fakes import ID, FakeClient, FakeOperation, Host, inputs, lost, progress

NEWS = inputs(wait=False)


def ordered(folder: Path, *answers: Any) -> tuple[Host, FakeOperation, dict[str, Any]]:
    """A host that has ordered an instance, whose API then gives these answers; and the outputs of the order."""
    host = Host(FakeClient(creates=[ID], progress=answers), folder)
    op = FakeOperation(old_inputs=NEWS)
    instance_id, outputs = host.owned.create(op, NEWS)
    assert (instance_id, outputs["status"], outputs["wait"]) == (ID, "CREATING", False)
    assert host.client.counts["progress"] == 0
    host.owned.check(op, NEWS, NEWS)
    assert PREVIEW not in NEWS
    return host, op, outputs


@pytest.mark.parametrize("answer", [progress(), progress("RUNNING"), lost()])
def test_an_order_that_goes_on_is_no_difference_and_is_looked_at_once(tmp_path: Path, answer: Any) -> None:
    host, op, outputs = ordered(tmp_path, answer)
    assert not host.owned.diff(op, ID, outputs, NEWS).any
    assert host.client.counts == {"POST": 1, "progress": 1, "list": host.client.counts["list"], "DELETE": 0}
    assert host.client.asked_once == [True]


def test_one_that_failed_is_replaced(tmp_path: Path) -> None:
    host, op, outputs = ordered(tmp_path, progress("CREATE_FAILED"))
    assert host.owned.diff(op, ID, outputs, NEWS).replaces == ["status"]


def test_without_the_argument_the_wait_is_resumed(tmp_path: Path) -> None:
    host, op, outputs = ordered(tmp_path, progress("RUNNING"))
    assert host.owned.diff(op, ID, outputs, inputs()).resumes
    assert host.owned.update(op, ID, outputs, inputs())["status"] == "RUNNING"


def test_a_refresh_of_one_that_goes_on_warns_of_nothing(tmp_path: Path) -> None:
    host, op, outputs = ordered(tmp_path, progress())
    op.warnings.clear()
    reading = host.owned.read(op, ID, outputs, owned=True)
    assert reading is not None
    assert (reading.outputs["status"], op.warnings) == ("CREATING", [])
