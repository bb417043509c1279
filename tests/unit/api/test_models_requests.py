"""What is created, listed and sent, as models."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from roma_provider.api.models import CreatedInstance, CreateInstanceRequest, InstancePage, MqsRequest
from tests.support.fakes import GROUP, ID, SEED, SUBNET, VPC, body


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ({"instance_id": ID}, ID),
        ({"id": ID}, ID),
        ({"instanceId": ID}, ID),
        ({"instance_id": ID, "job_id": "JOB-1"}, ID),
        ({"instance_id": "one", "id": "two"}, "one"),
        ({"instance_id": 7}, "7"),
        ({"instance_id": None}, None),
        ({}, None),
    ],
)
def test_the_id_of_what_was_created(answer: dict[str, Any], read: str | None) -> None:
    assert CreatedInstance.model_validate(answer).id == read


def test_a_page_of_the_list() -> None:
    page = InstancePage.model_validate(
        {
            "total": "2",
            "size": 2,
            "instances": [{"id": "a", "name": "x", "status": "RUNNING", "rcu": {}}, {"instance_id": "b"}],
        }
    )
    assert (page.total, page.size) == (2, 2)
    assert [(entry.id, entry.name, entry.status) for entry in page.instances] == [
        ("a", "x", "RUNNING"),
        ("b", None, None),
    ]


@pytest.mark.parametrize("instances", [None, {}, "x", 5, [None], ["x"], [{"id": "a"}, None], [[]]])
def test_a_list_that_cannot_be_read_is_no_empty_list(instances: object) -> None:
    with pytest.raises(ValidationError, match="not a list of objects"):
        InstancePage.model_validate({"total": 0, "instances": instances})


@pytest.mark.parametrize("answer", [{}, {"error_code": "APIGW.1", "error_msg": "x"}, {"total": 0}])
def test_an_answer_without_a_list_is_no_empty_list(answer: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="Field required"):
        InstancePage.model_validate(answer)


def test_the_body_of_a_create_request_in_full() -> None:
    request = CreateInstanceRequest(
        name="roma-2222",
        product_id="00300-30101-0--0",
        available_zones=["az0.dc0"],
        vpc_id=VPC,
        subnet_id=SUBNET,
        security_group_id=GROUP,
        maintain_begin="22:00:00",
        maintain_end="02:00:00",
        mqs=MqsRequest(rocketmq_enable=True),
        cpu_architecture="arm",
    )
    assert json.loads(request.model_dump_json(exclude_none=True)) == {
        "name": "roma-2222",
        "description": "",
        "product_id": "00300-30101-0--0",
        "available_zones": ["az0.dc0"],
        "vpc_id": VPC,
        "subnet_id": SUBNET,
        "security_group_id": GROUP,
        "ipv6_enable": False,
        "enable_all": True,
        "mqs": {
            "rocketmq_enable": True,
            "enable_publicip": False,
            "ssl_enable": False,
            "retention_policy": "produce_reject",
            "trace_enable": False,
            "vpc_client_plain": False,
            "connector_enable": False,
        },
        "maintain_begin": "22:00:00",
        "maintain_end": "02:00:00",
        "cpu_architecture": "arm",
    }


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("name", ""),
        ("product_id", ""),
        ("available_zones", []),
        ("vpc_id", ""),
        ("subnet_id", ""),
        ("security_group_id", ""),
        ("cpu_architecture", "x86_64"),
        ("rcu", {"total": 5}),
    ],
)
def test_a_create_request_that_would_be_refused_is_never_built(field: str, bad: object) -> None:
    good: dict[str, Any] = {
        "name": "n",
        "product_id": "p",
        "available_zones": ["z"],
        "vpc_id": "v",
        "subnet_id": "s",
        "security_group_id": "g",
        "cpu_architecture": "x86",
    }
    CreateInstanceRequest(**good)
    with pytest.raises(ValidationError, match=field):
        CreateInstanceRequest(**{**good, field: bad})


def test_body_of_the_fakes_changes_the_instance_alone() -> None:
    assert body("RUNNING")["instance"]["status"] == "RUNNING"
    assert SEED["instance"]["status"] == "CREATING"
