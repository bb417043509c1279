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
    """RocketMQ in place of Kafka."""
    enable_publicip: Input[bool]
    """Public access to the queues."""
    enable_acl: Input[bool]
    """Access control lists."""
    ssl_enable: Input[bool]
    """SASL_SSL; it cannot be changed later."""
    retention_policy: Input[str]
    """When the disk is full: produce_reject (default) refuses messages, time_base drops the oldest."""
    trace_enable: Input[bool]
    """Message tracing."""
    vpc_client_plain: Input[bool]
    """Clients inside the VPC may connect without SSL."""
    connector_enable: Input[bool]
    """Connectors."""


class RcuIndicatorArgs(TypedDict):
    """A capability that RCUs are given to, such as composite application flows or API management."""

    id: Input[str]
    """Id of the RCU indicator."""


class RcuShareArgs(TypedDict):
    """The RCUs of one capability."""

    indicator: Input[RcuIndicatorArgs]
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

    Which of them replace it when changed: the README's table.
    """

    available_zones: Input[Sequence[Input[str]]]
    """Zone ids, such as ``["az0.dc0"]``. Replaces."""
    vpc_id: Input[str]
    """Replaces."""
    subnet_id: Input[str]
    """Replaces."""
    security_group_id: Input[str] | None = None
    """Every instance of an edition needs it; an RCU instance does not take it. Replaces."""
    name: Input[str] | None = None
    """Name of the instance; left out, the resource's own."""
    description: Input[str] | None = None
    product_id: Input[str] | None = None
    """Product id, such as ``00300-30101-0--0``; or write ``edition``. Replaces."""
    edition: Input[str] | None = None
    """basic, professional, enterprise, platinum or platinumXB; stands for a product id. Replaces."""
    rcu: Input[RcuArgs] | None = None
    """ROMA compute units, for an RCU instance (experimental)."""
    enterprise_project_id: Input[str] | None = None
    """Id of the enterprise project; needed where the account has enterprise projects."""
    cpu_architecture: Input[str] | None = None
    """x86_64 (default) or aarch64. Replaces."""
    ipv6_enable: Input[bool] | None = None
    """Default False. Edition only."""
    enable_all: Input[bool] | None = None
    """True (default): all sub-services; False: message queues alone. Edition only."""
    eip_id: Input[str] | None = None
    """Id of an elastic IP, for public access. Edition only."""
    publicip_enable: Input[bool] | None = None
    """Public access; default False. RCU only."""
    ingress_bandwidth_size: Input[int] | None = None
    """Public ingress bandwidth in Mbit/s."""
    maintain_begin: Input[str] | None = None
    """Begin of the maintenance window, UTC: 02, 06, 10, 14, 18 or 22 o'clock, as ``22:00:00``. Edition only."""
    maintain_end: Input[str] | None = None
    """End of the window, four hours later, as ``02:00:00``. Edition only."""
    charge_type: Input[str] | None = None
    """postPaid (default) or prePaid, which can only be unsubscribed, not deleted. RCU only."""
    scope: Input[str] | None = None
    """center, or edge for an IES edge instance. RCU only."""
    mqs: Input[MqsArgs] | None = None
    """The message queue service."""
    region: Input[str] | None = None
    """Region; left out, ``roma:region`` or HW_REGION_NAME. Replaces."""
    project_id: Input[str] | None = None
    """Huawei Cloud project id; left out, ``roma:projectId`` or HW_PROJECT_ID. Replaces."""
    adopt_id: Input[str] | None = None
    """Id of an instance that exists, to be taken over in place of creating one."""
