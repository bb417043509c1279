"""Programs that a type checker has to take as they are, and the types that it sees in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import Output
from typing_extensions import assert_type

import roma_provider as roma

# Keywords; nested parts as plain dicts.

by_edition = roma.Instance(
    "by-edition",
    name="roma-2222",
    description="integration",
    edition="basic",
    available_zones=["az0.dc0"],
    vpc_id="vpc-1",
    subnet_id="subnet-1",
    security_group_id="group-1",
    enterprise_project_id="0",
    cpu_architecture="aarch64",
    ipv6_enable=False,
    enable_all=True,
    eip_id="eip-1",
    ingress_bandwidth_size=5,
    maintain_begin="22:00:00",
    maintain_end="02:00:00",
    mqs={"engine_version": "2.7", "ssl_enable": True, "retention_policy": "time_base"},
    region="cn-north-4",
    project_id="c29445cce74b445682de4fcf3102cec4",
    opts=pulumi.ResourceOptions(protect=True, custom_timeouts=pulumi.CustomTimeouts(create="90m")),
)
by_product = roma.Instance(
    "by-product",
    product_id="00300-30101-0--0",
    available_zones=("az0.dc0", "az1.dc1"),
    vpc_id="vpc-1",
    subnet_id="subnet-1",
    security_group_id="group-1",
    adopt_id="b037d389-62a4-464a-8461-c88797ad4f23",
)
of_rcu = roma.Instance(
    "of-rcu",
    rcu={"total": 5, "distribution": [{"indicator": {"id": "apic"}, "value": 5}]},
    charge_type="postPaid",
    publicip_enable=True,
    scope="center",
    available_zones=["az0.dc0"],
    vpc_id="vpc-1",
    subnet_id="subnet-1",
)

# One object of arguments, made elsewhere.


def arguments(zones: list[str], queues: roma.MqsArgs) -> roma.InstanceArgs:
    return roma.InstanceArgs(
        edition="basic",
        available_zones=zones,
        vpc_id="vpc-1",
        subnet_id="subnet-1",
        security_group_id="group-1",
        mqs=queues,
    )


queues: roma.MqsArgs = {"rocketmq_enable": True}
compute: roma.RcuArgs = {"total": 20}
by_object = roma.Instance("by-object", arguments(["az0.dc0"], queues), pulumi.ResourceOptions(protect=True))
of_rcu_by_object = roma.Instance(
    "of-rcu-by-object",
    roma.InstanceArgs(rcu=compute, available_zones=["az0.dc0"], vpc_id="vpc-1", subnet_id="subnet-1"),
)


# Values that other resources give, at any depth.


def fed(vpc_id: Output[str], zones: Output[list[str]], zone: Output[str], flag: Output[bool]) -> list[roma.Instance]:
    return [
        roma.Instance(
            "fed",
            edition=pulumi.Config().require("edition"),
            available_zones=zones,
            vpc_id=vpc_id,
            subnet_id=by_edition.subnet_id,
            security_group_id=Output.concat("group-", vpc_id),
            ipv6_enable=flag,
            mqs={"ssl_enable": flag},
        ),
        roma.Instance(
            "fed-compute",
            available_zones=[zone, "az1.dc1"],
            vpc_id=vpc_id,
            subnet_id=vpc_id.apply(lambda vpc: f"{vpc}-subnet"),
            rcu={"distribution": [{"indicator": {"id": zone}, "value": zone.apply(len)}]},
            publicip_enable=flag,
        ),
    ]


# The other ways in.

made_elsewhere = roma.ExistingInstance(
    "made-elsewhere",
    instance_id="b037d389-62a4-464a-8461-c88797ad4f23",
    region="cn-north-4",
    project_id="c29445cce74b445682de4fcf3102cec4",
    opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="2h")),
)
chained = roma.ExistingInstance("chained", instance_id=by_edition.id)
by_name = roma.ExistingInstance("by-name", name="roma-2222", region="cn-north-4")
assert_type(roma.Instance.get("by-its-name", name=by_edition.name), roma.Instance)
looked_up = roma.Instance.get("looked-up", "b037d389-62a4-464a-8461-c88797ad4f23", region="cn-north-4")
assert_type(looked_up, roma.Instance)
assert_type(roma.Instance.get("by-output", by_edition.instance_id), roma.Instance)

# Outputs.

assert_type(by_edition.id, Output[str])
assert_type(by_edition.status, Output[str])
assert_type(by_edition.name, Output[str])
assert_type(by_edition.available_zones, Output[Sequence[str]])
assert_type(by_edition.ipv6_enable, Output[bool])
assert_type(by_edition.connect_address, Output[str | None])
assert_type(by_edition.ingress_bandwidth_size, Output[int | None])
assert_type(by_edition.created_at, Output[int | None])
assert_type(by_edition.created_at_rfc3339, Output[str | None])
assert_type(by_edition.progress, Output[int | None])
assert_type(by_edition.publicip_bounded, Output[bool | None])
assert_type(by_edition.charge_type, Output[str | None])
assert_type(by_edition.mqs, Output[roma.Mqs | None])
assert_type(of_rcu.rcu, Output[roma.Rcu | None])
assert_type(made_elsewhere.status, Output[str])
assert_type(made_elsewhere.created_at, Output[int | None])
assert_type(made_elsewhere.services, Output[Sequence[roma.Service]])

assert_type(by_edition.services, Output[Sequence[roma.Service]])
assert_type(by_edition.services[0].name, Output[Any])  # the SDK's Output lifts every attribute as Any
assert_type(by_edition.services.apply(lambda services: services[0].progress), Output[int | None])
assert_type(by_edition.services.apply(lambda services: [service.name for service in services]), Output[list[str]])


def slowest(services: Sequence[roma.Service]) -> str:
    took = {service.name: (service.end_time or 0) - (service.start_time or 0) for service in services}
    return max(took, key=lambda name: took[name], default="none")


def kafka(queues: roma.Mqs | None) -> str:
    return queues.engine_version or "2.7" if queues is not None else "none"


def compute_units(rcu: roma.Rcu | None) -> int:
    shares = rcu.distribution if rcu is not None else None
    return sum(share.value for share in shares or ())


assert_type(by_edition.services.apply(slowest), Output[str])
assert_type(by_edition.mqs.apply(kafka), Output[str])
assert_type(of_rcu.rcu.apply(compute_units), Output[int])

pulumi.export("address", by_edition.connect_address.apply(lambda address: f"https://{address}"))
pulumi.export("created", by_edition.created_at.apply(lambda millis: (millis or 0) // 1000))
pulumi.export("services", by_edition.services)
