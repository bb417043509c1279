"""Programs that a type checker must not take: each statement is wrong in one way, named above it."""

from __future__ import annotations

from typing import TypedDict

import pulumi
from pulumi import Output

import roma_provider as roma


class Place(TypedDict):
    """What every instance needs."""

    available_zones: list[str]
    vpc_id: str
    subnet_id: str


PLACE: Place = {"available_zones": ["az0.dc0"], "vpc_id": "vpc-1", "subnet_id": "subnet-1"}
ZONES = PLACE["available_zones"]
# These two are right, so that what follows is not wrong for its form.
instance = roma.Instance("right", **PLACE, security_group_id="group-1", edition="basic")
of_rcu = roma.Instance("right-too", **PLACE, rcu={"total": 5})
count = Output.from_input(5)

# An argument that does not exist.
roma.Instance("a", **PLACE, security_group_id="group-1", edition="basic", colour="red")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
roma.InstanceArgs(**PLACE, security_group_id="group-1", edition="basic", colour="red")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
# One that is missing.
roma.Instance("b", vpc_id="vpc-1", subnet_id="subnet-1", security_group_id="group-1", edition="basic")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
roma.InstanceArgs(vpc_id="vpc-1", subnet_id="subnet-1", security_group_id="group-1", edition="basic")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
# No security group, which an instance of an edition needs.
roma.Instance("c", **PLACE, edition="basic")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
# What only the other kind of instance takes.
roma.Instance("d", **PLACE, rcu={"total": 5}, security_group_id="group-1")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
roma.Instance("e", **PLACE, rcu={"total": 5}, edition="basic")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
roma.Instance("f", **PLACE, security_group_id="group-1", edition="basic", publicip_enable=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
# Zones that are no list, or no list of texts.
roma.Instance("g", available_zones=5, vpc_id="vpc-1", subnet_id="subnet-1", security_group_id="group-1")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
roma.InstanceArgs(available_zones=[5], vpc_id="vpc-1", subnet_id="subnet-1")  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
# A number in place of text, text in place of a number, text in place of a truth value.
roma.Instance("h", **PLACE, security_group_id="group-1", edition=5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
roma.InstanceArgs(**PLACE, edition=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
roma.InstanceArgs(**PLACE, ingress_bandwidth_size="5 Mbit/s")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
roma.InstanceArgs(**PLACE, ipv6_enable="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
# An output of another type.
roma.InstanceArgs(available_zones=ZONES, vpc_id=count, subnet_id="subnet-1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
roma.InstanceArgs(available_zones=instance.vpc_id.apply(len), vpc_id="vpc-1", subnet_id="subnet-1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
# Nested parts: a field that does not exist, a value of another type, at every depth.
roma.Instance("i", **PLACE, security_group_id="group-1", edition="basic", mqs={"engine": "2.7"})  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
roma.InstanceArgs(**PLACE, mqs={"engine": "2.7"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
roma.InstanceArgs(**PLACE, mqs={"ssl_enable": "yes"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
roma.InstanceArgs(**PLACE, rcu={"totals": 5})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
roma.InstanceArgs(**PLACE, rcu={"distribution": [{"indicator": "apic", "value": 5}]})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
roma.InstanceArgs(**PLACE, rcu={"distribution": [{"indicator": {"id": "apic"}}]})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
# Arguments by position.
roma.Instance("j", "basic", ["az0.dc0"], "vpc-1", "subnet-1", "group-1")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
roma.InstanceArgs(ZONES, "vpc-1", "subnet-1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
# Both forms of arguments at once.
roma.Instance("k", roma.InstanceArgs(**PLACE), name="roma-2222")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
# Options of another type.
roma.Instance("l", roma.InstanceArgs(**PLACE), {"protect": True})  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]

# An existing instance has an id, and takes nothing else that is an instance's own.
roma.ExistingInstance("m")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
roma.ExistingInstance("n", instance_id=5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
roma.ExistingInstance("o", instance_id="b037d389", name="roma-2222")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
roma.Instance.get("p")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
roma.Instance.get("q", 5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
roma.Instance.get("r", "b037d389", name="roma-2222")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]

# Outputs: one that does not exist, and values taken for another type.
pulumi.export("fine", instance.state)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
instance.services.apply(lambda services: services[0].percent)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownLambdaType, reportUnknownMemberType]
instance.mqs.apply(lambda queues: queues.engine_version)  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
instance.connect_address.apply(lambda address: address.upper())  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
instance.created_at.apply(lambda millis: millis / 1000)  # type: ignore[operator]  # pyright: ignore[reportOptionalOperand, reportUnknownLambdaType]
Output.concat("https://", instance.connect_address)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
roma.InstanceArgs(available_zones=ZONES, vpc_id="vpc-1", subnet_id="subnet-1", eip_id=instance.created_at)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
status: str = instance.status  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
existing = roma.ExistingInstance("s", instance_id="b037d389-62a4-464a-8461-c88797ad4f23")
existing.adopt_id.apply(str)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
