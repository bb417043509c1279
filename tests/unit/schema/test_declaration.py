"""From an instance that exists to the arguments that declare it."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.api.models import InstanceDetail
from roma_provider.schema.check import check
from roma_provider.schema.declaration import declaration
from roma_provider.schema.rules import Refusal
from tests.support.fakes import GROUP, PROJECT, REGION, SUBNET, VPC, body, is_unknown, plain_sign_in

SEED = {
    "name": "roma-2222",
    "edition": "basic",
    "available_zones": ["az0.dc0"],
    "vpc_id": VPC,
    "subnet_id": SUBNET,
    "security_group_id": GROUP,
}


def live(**changes: Any) -> InstanceDetail:
    """The seed page's instance, RUNNING, with changes by the page's names."""
    return InstanceDetail.model_validate(body("RUNNING", **changes)["instance"])


def test_the_seeds_instance_without_what_counts_anyway() -> None:
    assert declaration(live()) == SEED


def test_everything_that_is_shown_and_no_default() -> None:
    found = declaration(
        live(
            description="d",
            productId="00300-30102-0--0",
            type="professional",
            epId="ep",
            cpuArch="arm64",
            ipv6Enable=True,
            publicipId="eip",
            ingressBandwidthSize="5",
            maintainBegin="22:00",
            maintainEnd="02:00",
        )
    )
    assert found == SEED | {
        "description": "d",
        "edition": "professional",
        "enterprise_project_id": "ep",
        "cpu_architecture": "aarch64",
        "ipv6_enable": True,
        "eip_id": "eip",
        "ingress_bandwidth_size": 5,
        "maintain_begin": "22:00:00",
        "maintain_end": "02:00:00",
    }
    assert list(found)[:3] == ["name", "description", "edition"]


@pytest.mark.parametrize(
    "changes",
    [
        {"productId": "00400-30101-0--0"},
        {"type": "platinum"},
        {"type": None},
        {"type": "Basic"},
        {"productId": "00300-30105-0--0", "type": "platinum"},
    ],
)
def test_an_edition_that_stands_for_another_product_is_not_declared(changes: dict[str, Any]) -> None:
    found = declaration(live(**changes))
    assert (found.get("edition"), found["product_id"]) == (None, changes.get("productId", "00300-30101-0--0"))


@pytest.mark.parametrize(
    "changes",
    [
        {"maintainBegin": "12:01:13", "maintainEnd": "12:01:13"},
        {"maintainBegin": "22:00", "maintainEnd": "06:00"},
        {"maintainBegin": "22:00", "maintainEnd": None},
        {"maintainBegin": None, "maintainEnd": "02:00"},
        {"epId": "0"},
        {"epId": None},
        {"ingressBandwidthSize": "0"},
        {"ingressBandwidthSize": "many"},
        {"description": ""},
        {"publicipId": "with\nbreak"},
    ],
)
def test_what_nobody_ordered_or_no_program_can_declare_is_left_out(changes: dict[str, Any]) -> None:
    assert declaration(live(**changes)) == SEED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"productId": None}, "it shows no product, so it is made of RCUs, and the API does not show how many"),
        ({"productId": " x"}, "its product is ' x', which no program can declare"),
        ({"tenantVpcId": None}, "the API does not show its vpc_id"),
        ({"availableZones": "[]"}, "the API does not show its available_zones"),
        ({"tenantSecurityGroupId": ""}, "the API does not show its security_group_id"),
        (
            {"name": "a\x1b[2J"},
            r"its name is 'a\\x1b\[2J', which no program can declare \(write it without control characters or",
        ),
        ({"name": "a "}, r"its name is 'a ', which no program can declare \(write 'a', without space around it\)"),
    ],
)
def test_what_cannot_be_declared(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=f"^{said}"):
        declaration(live(**changes))


def test_a_name_that_is_not_shown_is_the_resources_own() -> None:
    assert "name" not in declaration(live(name=None))


def test_check_takes_it_as_it_is() -> None:
    place = {"region": REGION, "project_id": PROJECT}
    found = declaration(live(description="d", cpuArch="arm", maintainBegin="22:00", maintainEnd="02:00"))
    checked = check({}, {**found, **place}, plain_sign_in(), is_unknown)
    assert checked.failures == []
    assert {key: checked.inputs[key] for key in found} == found
