"""The arguments that a program writes. Nested parts are plain dicts, typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from pulumi import Input


class MqsArgs(TypedDict, total=False):
    """The message queue service (MQS) of an instance: Kafka, unless ``rocketmq_enable``."""

    engine_version: Input[str]
    """Kafka's version: 2.7 (default), 2.3.0 or 1.1.0. Not with ``rocketmq_enable``."""
    rocketmq_enable: Input[bool]
    """RocketMQ in place of Kafka. Edition only."""
    enable_publicip: Input[bool]
    """Public access to the queues. Edition only."""
    enable_acl: Input[bool]
    """Access control lists. Edition only."""
    ssl_enable: Input[bool]
    """SASL_SSL; it cannot be changed later."""
    retention_policy: Input[str]
    """When the disk is full: produce_reject (default) refuses messages, time_base drops the oldest."""
    trace_enable: Input[bool]
    """Message tracing."""
    vpc_client_plain: Input[bool]
    """Clients inside the VPC may connect without SSL."""
    connector_enable: Input[bool]
    """Connectors. Edition only."""


class RcuIndicatorArgs(TypedDict):
    """A capability that RCUs are given to, such as composite application flows or API management."""

    id: Input[str]
    """Id of the RCU indicator."""


class RcuShareArgs(TypedDict):
    """The RCUs of one capability."""

    indicator: Input[RcuIndicatorArgs]
    """The capability, such as composite application flows or API management."""
    value: Input[int]
    """Number of RCUs, within the indicator's own range."""


class RcuArgs(TypedDict, total=False):
    """ROMA compute units: ``total``, ``distribution``, or both."""

    total: Input[int]
    """Sum of the RCUs; 5, 20, 40 and 80 are recommended."""
    distribution: Input[Sequence[Input[RcuShareArgs]]]
    """How they are distributed."""


@dataclass(kw_only=True)
class InstanceArgs:
    """The arguments of an ``Instance``. One of ``product_id``, ``edition`` and ``rcu`` tells its kind.

    Which of them replace it when changed: docs/changes.md.
    """

    available_zones: Input[Sequence[Input[str]]]
    """Zone ids, such as ``["az0.dc0"]``; their order means nothing. Replaces."""
    vpc_id: Input[str]
    """Id of the VPC. Replaces."""
    subnet_id: Input[str]
    """Id of the subnet. Replaces."""
    name: Input[str] | None = None
    """Name of the instance. Default: the resource's own name."""
    description: Input[str] | None = None
    """What the instance is for, in your words."""
    product_id: Input[str] | None = None
    """Product id, such as ``00300-30101-0--0``. Default: that of ``edition``. Edition only. Replaces."""
    edition: Input[str] | None = None
    """basic, professional, enterprise, platinum or platinumXB; stands for a product id. Edition only. Replaces."""
    security_group_id: Input[str] | None = None
    """Id of the security group. Edition only, and needed there. Replaces."""
    enterprise_project_id: Input[str] | None = None
    """Id of the enterprise project, "0" for the default one; needed where the account has enterprise projects."""
    cpu_architecture: Input[str] | None = None
    """x86_64 or aarch64. Default: x86_64. Replaces."""
    ipv6_enable: Input[bool] | None = None
    """Whether the instance has an IPv6 address too. Default: False. Edition only."""
    enable_all: Input[bool] | None = None
    """True: all sub-services; False: message queues alone. Default: True. Edition only."""
    eip_id: Input[str] | None = None
    """Id of an elastic IP, for public access. Edition only."""
    ingress_bandwidth_size: Input[int] | None = None
    """Public ingress bandwidth in Mbit/s."""
    maintain_begin: Input[str] | None = None
    """Begin of the maintenance window, UTC: 02, 06, 10, 14, 18 or 22 o'clock, as ``22:00:00``. Edition only."""
    maintain_end: Input[str] | None = None
    """End of the maintenance window, UTC: four hours later, as ``02:00:00``. Edition only."""
    mqs: Input[MqsArgs] | None = None
    """The message queue service."""
    rcu: Input[RcuArgs] | None = None
    """ROMA compute units, in place of an edition (experimental). RCU only, and needed there."""
    charge_type: Input[str] | None = None
    """postPaid, or prePaid, which can only be unsubscribed, not deleted. Default: postPaid. RCU only."""
    publicip_enable: Input[bool] | None = None
    """Public access. Default: False. RCU only."""
    scope: Input[str] | None = None
    """center, or edge for an IES edge instance. RCU only."""
    region: Input[str] | None = None
    """Region that the instance lives in. Default: ``roma:region`` or HW_REGION_NAME. Replaces."""
    project_id: Input[str] | None = None
    """Huawei Cloud project id. Default: ``roma:projectId``, HW_PROJECT_ID, or the region's own project. Replaces."""
    adopt_id: Input[str] | None = None
    """Id of an instance that exists, to be taken over in place of creating one."""
    wait: Input[bool] | None = None
    """False: the instance is ordered, and not waited for; an ``ExistingInstance`` of its id waits. Default: True."""


# The same arguments as keywords, by kind, for the overloads of ``Instance``. Their words are those of ``InstanceArgs``.


class _Needed(TypedDict):
    available_zones: Input[Sequence[Input[str]]]
    vpc_id: Input[str]
    subnet_id: Input[str]


class _Common(TypedDict, total=False):
    name: Input[str] | None
    description: Input[str] | None
    enterprise_project_id: Input[str] | None
    cpu_architecture: Input[str] | None
    ingress_bandwidth_size: Input[int] | None
    mqs: Input[MqsArgs] | None
    region: Input[str] | None
    project_id: Input[str] | None
    adopt_id: Input[str] | None
    wait: Input[bool] | None


class _EditionNeeded(_Needed):
    security_group_id: Input[str]


class _RcuNeeded(_Needed):
    rcu: Input[RcuArgs]


class EditionArguments(_EditionNeeded, _Common, total=False):
    """What an instance of an edition takes."""

    product_id: Input[str] | None
    edition: Input[str] | None
    ipv6_enable: Input[bool] | None
    enable_all: Input[bool] | None
    eip_id: Input[str] | None
    maintain_begin: Input[str] | None
    maintain_end: Input[str] | None


class RcuArguments(_RcuNeeded, _Common, total=False):
    """What an RCU instance takes."""

    charge_type: Input[str] | None
    publicip_enable: Input[bool] | None
    scope: Input[str] | None
