"""What can be ordered, and what `/process` shows of it."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.emulator.core.identifiers import Identifiers
from roma_provider.emulator.core.orders import EDITION_BODY, RCU_BODY, BodyField, category_of, is_made_of_all, ordered
from roma_provider.emulator.core.store import InstanceRecord
from roma_provider.emulator.service.answers import instance_of
from tests.support.emulator import order
from tests.support.rcu import rcu_order


def test_the_kind_is_told_by_the_body() -> None:
    assert (category_of(order()), category_of(rcu_order())) == ("roma", "rcu")


def test_an_rcu_instance_is_made_of_all_sub_services() -> None:
    assert [is_made_of_all(body) for body in (order(), order(enable_all=True), rcu_order())] == [False, True, True]


@pytest.mark.parametrize(
    ("product", "shown"),
    [
        ("30101", ("basic", "roma.basic.001", "25")),
        ("30104", ("platinum", "roma.platinum.001", "800")),
        ("30105", ("platinum", "roma.platinumxb.001", "800")),
    ],
)
def test_a_product_is_shown_with_its_edition(product: str, shown: tuple[str, str, str]) -> None:
    keys = ordered(order(product_id=f"00300-{product}-0--0"))
    assert (keys["type"], keys["specCode"], keys["conAmount"]) == shown


def test_a_bandwidth_shows_with_public_access_only_where_it_is_an_rcu_instances() -> None:
    assert ordered(order(entrance_bandwidth_size=5))["ingressBandwidthSize"] == "5"
    assert "ingressBandwidthSize" not in ordered(rcu_order(ingress_bandwidth_size=5))
    assert ordered(rcu_order(ingress_bandwidth_size=5, publicip_enable=True))["ingressBandwidthSize"] == "5"


def test_a_field_of_an_object_is_shown_too() -> None:
    assert ordered(order(mqs={"rocketmq_enable": True}))["rocketmqEnable"] is True


@pytest.mark.parametrize(
    "body",
    [
        order(ep_id="e", eip_id="e", entrance_bandwidth_size=1, maintain_begin="22:00:00", maintain_end="02:00:00"),
        rcu_order(
            description="d", enterprise_project_id="e", ingress_bandwidth_size=1, publicip_enable=True, scope="edge"
        ),
    ],
    ids=["edition", "rcu"],
)
def test_every_key_that_an_order_decides_is_one_of_the_published_ones(body: dict[str, Any], seed_example: Any) -> None:
    identifiers = Identifiers()
    record = InstanceRecord(
        instance_id=identifiers.instance_id(),
        project_id="project",
        job_id="JOB-1",
        order_id="1",
        user_id="user",
        user_name="name",
        request={**body, "name": "an order"},
        created_at=0,
        creation_seconds=1,
        scenario="ready",
        deleted_at=None,
        gone_at=None,
        status=None,
        fields={},
    )
    shown = instance_of(record, 10_000)
    assert ordered(record.request).keys() <= seed_example["instance"].keys()
    assert ordered(record.request).items() <= shown.items()


@pytest.mark.parametrize(("body", "fields"), [(order(), EDITION_BODY), (rcu_order(), RCU_BODY)], ids=["edition", "rcu"])
def test_what_is_required_is_what_the_least_body_has(body: dict[str, Any], fields: dict[str, BodyField]) -> None:
    assert {name for name, field in fields.items() if field.required} == set(body)
