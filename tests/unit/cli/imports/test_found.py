"""An instance that is to be imported: read once, and left out where `pulumi up` would not take it over."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from roma_provider.api.client import RomaClient
from roma_provider.cli.imports.found import LeftOut, Owners, Wanted, look
from roma_provider.cli.imports.program import Declared
from roma_provider.errors import RomaApiError
from roma_provider.lifecycle.access import Target
from tests.support.fakes import (
    GROUP,
    ID,
    OTHER_ID,
    PROJECT,
    REGION,
    SUBNET,
    VPC,
    FakeClient,
    Host,
    progress,
    refused,
)

PLACE = {"region": REGION, "project_id": PROJECT}
NETWORK = {"vpc_id": VPC, "subnet_id": SUBNET, "security_group_id": GROUP}


def target(host: Host, instance_id: str = ID) -> Target:
    return Target(REGION, PROJECT, cast(RomaClient, host.client), instance_id)


def looked(folder: Path, answer: Any, *, existing: bool = False, **wanted: Any) -> Declared:
    host = Host(FakeClient(progress=[answer]), folder)
    found = look(host.session, Wanted(target(host), **wanted), existing=existing)
    assert host.client.counts == {"POST": 0, "progress": 1, "list": 0, "DELETE": 0}
    return found


def test_one_to_own(tmp_path: Path) -> None:
    found = looked(tmp_path, progress("RUNNING"))
    arguments = {"instance_id": ID, "name": "roma-2222", "edition": "basic", "available_zones": ["az0.dc0"], **NETWORK}
    assert found == Declared("roma-2222", {**arguments, **PLACE}, "roma-2222 is RUNNING")


def test_one_to_refer_to(tmp_path: Path) -> None:
    found = looked(tmp_path, progress("RUNNING", productId=None, name=None), existing=True)
    assert found == Declared("instance", {"instance_id": ID, **PLACE}, " is RUNNING")


def test_one_that_is_being_created_and_of_terraform(tmp_path: Path) -> None:
    found = looked(tmp_path, progress("creating"), label="orders", address="a.b")
    assert found.label == "orders"
    assert found.comment == "roma-2222 is creating, which `pulumi up` waits for; in Terraform a.b"


def test_the_enterprise_project_of_new_instances_is_not_that_of_one_that_exists(tmp_path: Path) -> None:
    environment = {"HW_AUTH_TOKEN": "t", "HW_ENTERPRISE_PROJECT_ID": "of-new-ones"}
    host = Host(FakeClient(progress=[progress("RUNNING")]), tmp_path, environment=environment)
    assert "enterprise_project_id" not in look(host.session, Wanted(target(host)), existing=False).arguments


@pytest.mark.parametrize("existing", [False, True])
@pytest.mark.parametrize("status", ["FROZEN", "ERROR", "CREATE_FAILED", "DELETING", "DELETED", "SULKING", None])
def test_a_status_that_no_wait_ends_well_with(tmp_path: Path, status: str | None, existing: bool) -> None:
    with pytest.raises(LeftOut, match=f"^its status is {status or 'without a status'}, and `pulumi up` would wait"):
        looked(tmp_path, progress(status), existing=existing)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"productId": None}, "it shows no product, so .* With --existing it is referred to, not owned"),
        ({"cpuArch": "riscv"}, "no declaration says what it is in cpu_architecture"),
        ({"tenantVpcId": "v "}, "its vpc_id is 'v '"),
    ],
)
def test_what_cannot_be_declared_as_it_is(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(LeftOut, match=f"^{said}"):
        looked(tmp_path, progress("RUNNING", **changes))


def test_one_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(LeftOut, match=f"^it does not exist in project {PROJECT} of {REGION} "):
        looked(tmp_path, refused(404, "APIC.7302", "no such instance"))


@pytest.mark.parametrize("error", [refused(404, "APIGW.0101"), refused(403), refused(500)])
def test_an_answer_that_says_nothing_of_it(tmp_path: Path, error: RomaApiError) -> None:
    with pytest.raises(RomaApiError):
        looked(tmp_path, error)


def test_an_answer_without_the_instance(tmp_path: Path) -> None:
    with pytest.raises(LeftOut, match="says nothing of it but how far its creation is"):
        looked(tmp_path, progress("RUNNING").model_copy(update={"instance": None}))


def test_what_up_would_refuse_is_left_out_with_its_words(tmp_path: Path) -> None:
    host = Host(FakeClient(progress=[progress("RUNNING")]), tmp_path)
    odd = Target("A B", PROJECT, cast(RomaClient, host.client), ID)
    with pytest.raises(LeftOut, match=r"^`pulumi up` would refuse its declaration: region: write a region id"):
        look(host.session, Wanted(odd), existing=False)


def test_two_of_one_name_have_one_owner(tmp_path: Path) -> None:
    owners, host = Owners(), Host(FakeClient(), tmp_path)
    one, other = target(host), target(host, OTHER_ID)
    owners.add(one, "orders")
    owners.add(one, "orders")
    owners.add(other, "stock")
    owners.add(other, None)
    owners.add(Target("elsewhere", PROJECT, one.client, OTHER_ID), "orders")
    with pytest.raises(LeftOut, match=f"^instance {ID} is named 'orders' too, and one program cannot own both"):
        owners.add(other, "orders")
