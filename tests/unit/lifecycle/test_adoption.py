"""Taking over an instance that exists, in place of an order."""

from __future__ import annotations

from pathlib import Path

import pytest

from roma_provider.errors import (
    InputError,
    RomaError,
)
from tests.support.fakes import (
    ID,
    PROJECT,
    REGION,
    URN,
    inputs,
    lost,
    progress,
    rcu_inputs,
    refused,
)
from tests.support.lifecycle import Case, state

WAY_ON = (
    "the next `pulumi up` deletes it and creates another, once the cause is dealt with; if the resource is protected, "
    f"run `pulumi state unprotect '{URN}'` first"
)


def test_adopt(tmp_path: Path) -> None:
    running = progress("RUNNING")
    case = Case(tmp_path, progress=[running])
    instance_id, found = case.create(adopt_id=ID)
    assert (instance_id, found) == (ID, state(ID, inputs(adopt_id=ID), running))
    assert case.client.counts == {"POST": 0, "progress": 2, "list": 1, "DELETE": 0}
    assert case.op.kept[0] == (ID, state(ID, inputs(adopt_id=ID), running))
    assert case.op.said[0] == f"looking at instance {ID}"
    assert case.op.notes == [f"adopted instance {ID}; nothing is created"]


def test_adopt_what_is_still_being_created(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress(), progress(), progress("RUNNING")])
    assert case.create(adopt_id=ID)[1]["status"] == "RUNNING"
    assert case.client.counts["POST"] == 0


def test_adopt_what_is_spelled_otherwise(tmp_path: Path) -> None:
    case = Case(
        tmp_path, progress=[progress("RUNNING", maintainBegin="22:00", cpuArch="arm", availableZones='["b","a"]')]
    )
    case.create(adopt_id=ID, maintain_begin="22:00:00", cpu_architecture="aarch64", available_zones=["a", "b"])
    assert case.client.counts["POST"] == 0


def test_adopt_what_is_not_what_is_declared(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress("RUNNING", name="other", tenantVpcId="v")])
    error = case.create_fails(InputError, adopt_id=ID, description="mine")
    assert error.key == "adopt_id"
    assert error.reason == (
        f"instance {ID} is not what is declared: description differs; name is 'other' there; "
        "vpc_id is 'v' there. Declare it as it is, then adopt it"
    )
    assert (case.client.counts["POST"], case.op.kept, case.op.notes) == (0, [], [])


def test_adopt_what_is_of_another_kind(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[progress("RUNNING")])
    with pytest.raises(InputError, match="it is an instance of product '00300-30101-0--0', not of RCUs"):
        case.host.owned.create(case.op, rcu_inputs(adopt_id=ID))
    assert case.op.kept == []
    rcu = Case(tmp_path, progress=[progress("RUNNING", productId=None, type=None)])
    instance_id, found = rcu.host.owned.create(rcu.op, rcu_inputs(adopt_id=ID))
    assert (instance_id, found["rcu"]) == (ID, {"total": 5})
    assert rcu.client.rcu


def test_adopt_what_does_not_exist(tmp_path: Path) -> None:
    case = Case(tmp_path, progress=[refused(404, "APIC.7302")])
    error = case.create_fails(InputError, adopt_id=ID)
    assert error.reason.startswith(f"there is no instance {ID} in project {PROJECT} of {REGION} (")
    assert (case.client.counts["POST"], case.op.kept) == (0, [])


@pytest.mark.parametrize("trouble", [refused(500), refused(404, "APIGW.0101"), refused(401), lost()])
def test_adopt_what_cannot_be_looked_at(tmp_path: Path, trouble: RomaError) -> None:
    case = Case(tmp_path, progress=[trouble])
    case.create_fails(type(trouble), adopt_id=ID)
    assert case.client.counts["POST"] == 0


def test_an_edition_of_another_product_id_is_adopted_and_no_difference(tmp_path: Path) -> None:
    live = progress("RUNNING", productId="00400-30101-0--0")
    case = Case(tmp_path, progress=[live])
    news = inputs(edition="basic", adopt_id=ID)
    _, found = case.create(edition="basic", adopt_id=ID)
    assert found["product_id"] == "00400-30101-0--0"
    assert not case.host.owned.diff(case.op, ID, found, news).any
    assert case.client.counts["POST"] == 0


def test_an_adopted_instance_was_not_created_here(tmp_path: Path) -> None:
    ready = progress("RUNNING", createdAt=1741262473785).model_copy(update={"end_time": 1741262503000})
    case = Case(tmp_path, progress=[ready, refused(502), ready])
    case.create(adopt_id=ID)
    assert case.op.notes == [f"adopted instance {ID}; nothing is created"]
    # The trouble is off its row, though no note follows.
    assert case.op.said[-2:] == ["0:00 502, trying again", "ready"]
