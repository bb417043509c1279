"""The outputs of an instance, and the types of their parts."""

import inspect
from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import Output


@pulumi.output_type
class Service(dict[str, Any]):
    """A sub-service of an instance, such as mqs, lvs, apic, fdi or link (``item[]`` of the seed page)."""

    name: str
    """Such as mqs, lvs, apic, fdi or link."""
    status: str | None
    """As the API writes it, such as ``creating``."""
    progress: int | None
    """0–100."""
    start_time: int | None
    """Epoch milliseconds; None if it has not begun."""
    start_time_rfc3339: str | None
    """``start_time`` as RFC 3339 text, such as 2025-03-06T12:01:13.785Z."""
    end_time: int | None
    """Epoch milliseconds; None if it has not ended."""
    end_time_rfc3339: str | None
    """``end_time`` as RFC 3339 text, such as 2025-03-06T12:01:13.785Z."""
    error_code: str | None
    error_msg: str | None


@pulumi.output_type
class Mqs(dict[str, Any]):
    """The message queue service, as declared; what was left out is None."""

    engine_version: str | None
    """Kafka's version: 2.7 (default), 2.3.0 or 1.1.0. Not with ``rocketmq_enable``."""
    rocketmq_enable: bool | None
    """RocketMQ in place of Kafka. Edition only."""
    enable_publicip: bool | None
    """Public access to the queues. Edition only."""
    enable_acl: bool | None
    """Access control lists. Edition only."""
    ssl_enable: bool | None
    """SASL_SSL; it cannot be changed later."""
    retention_policy: str | None
    """When the disk is full: produce_reject (default) refuses messages, time_base drops the oldest."""
    trace_enable: bool | None
    """Message tracing."""
    vpc_client_plain: bool | None
    """Clients inside the VPC may connect without SSL."""
    connector_enable: bool | None
    """Connectors. Edition only."""


@pulumi.output_type
class RcuIndicator(dict[str, Any]):
    """A capability that RCUs are given to."""

    id: str
    """Id of the RCU indicator."""


@pulumi.output_type
class RcuShare(dict[str, Any]):
    """The RCUs of one capability."""

    indicator: RcuIndicator
    """The capability, such as composite application flows or API management."""
    value: int
    """Number of RCUs, within the indicator's own range."""


@pulumi.output_type
class Rcu(dict[str, Any]):
    """ROMA compute units, as declared."""

    total: int | None
    """Sum of the RCUs; 5, 20, 40 and 80 are recommended."""
    distribution: Sequence[RcuShare] | None
    """How they are distributed."""


class InstanceOutputs:
    """What the API shows of an instance: live values, of GET /v2/{project}/instances/{id}/process.

    The seed field of each stands in brackets where its name is another.
    """

    _token = dict[str, Any]()  # noqa: RUF012 - annotated as a ClassVar it would be an output

    def __init_subclass__(cls, **token: Any) -> None:
        """Have a resource class inherit what the SDK takes from the class itself alone: its type token, given
        as ``module`` and ``name``, and the annotations of its outputs."""
        cls._token = {**cls._token, **token}
        super().__init_subclass__(**cls._token)
        found: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            if issubclass(base, InstanceOutputs):
                found |= inspect.get_annotations(base)
        cls.__annotations__ = found

    # What an argument declares.
    name: Output[str]
    """Name of the instance."""
    description: Output[str | None]
    """What the instance is for, in your words."""
    product_id: Output[str | None]
    """Product id, such as ``00300-30101-0--0``."""
    edition: Output[str | None]
    """basic, professional, enterprise, platinum or platinumXB; stands for a product id. (type)"""
    available_zones: Output[Sequence[str]]
    """Zone ids, such as ``["az0.dc0"]``; their order means nothing."""
    vpc_id: Output[str]
    """Id of the VPC. (tenantVpcId)"""
    subnet_id: Output[str]
    """Id of the subnet. (tenantSubnetId)"""
    security_group_id: Output[str | None]
    """Id of the security group. (tenantSecurityGroupId)"""
    enterprise_project_id: Output[str | None]
    """Id of the enterprise project, "0" for the default one; needed where the account has enterprise projects.
    (epId)"""
    cpu_architecture: Output[str]
    """x86_64 or aarch64. (cpuArch)"""
    ipv6_enable: Output[bool]
    """Whether the instance has an IPv6 address too."""
    eip_id: Output[str | None]
    """Id of an elastic IP, for public access. (publicipId)"""
    ingress_bandwidth_size: Output[int | None]
    """Public ingress bandwidth in Mbit/s."""
    maintain_begin: Output[str | None]
    """Begin of the maintenance window, UTC: 02, 06, 10, 14, 18 or 22 o'clock, as ``22:00:00``."""
    maintain_end: Output[str | None]
    """End of the maintenance window, UTC: four hours later, as ``02:00:00``."""
    charge_type: Output[str | None]
    """postPaid, or prePaid, which can only be unsubscribed, not deleted. (prePay, demondPay)"""
    scope: Output[str | None]
    """center, or edge for an IES edge instance."""
    region: Output[str]
    """Region that the instance lives in. As resolved when the instance was declared."""
    project_id: Output[str]
    """Huawei Cloud project id. As resolved when the instance was declared."""

    # What the API alone knows.
    instance_id: Output[str]
    """The same as ``id``."""
    status: Output[str]
    """Upper case: RUNNING, CREATING, CREATE_FAILED, FROZEN, … It alone says whether an instance is ready."""
    connect_address: Output[str | None]
    """Private address."""
    connect_address_with_pp: Output[str | None]
    mgmt_connect_address: Output[str | None]
    mgmt_extra_connect_address: Output[str | None]
    con_amount: Output[str | None]
    """Number of connections, as text."""
    charging_mode: Output[int | None]
    """1: pay per use."""
    error_code: Output[str | None]
    """The code of the error, after a failure."""
    job_id: Output[str | None]
    """Id of the provisioning job, where ``errorCode`` holds it."""
    error_message: Output[str | None]
    user_id: Output[str | None]
    user_name: Output[str | None]
    domain_id: Output[str | None]
    virtual_router_id: Output[str | None]
    order_id: Output[str | None]
    created_at: Output[int | None]
    """Epoch milliseconds."""
    created_at_rfc3339: Output[str | None]
    """``created_at`` as RFC 3339 text, such as 2025-03-06T12:01:13.785Z."""
    updated_at: Output[int | None]
    """Epoch milliseconds."""
    updated_at_rfc3339: Output[str | None]
    """``updated_at`` as RFC 3339 text, such as 2025-03-06T12:01:13.785Z."""
    task_status: Output[str | None]
    no_password_access: Output[bool | None]
    access_user: Output[str | None]
    publicip_addr: Output[str | None]
    """Public address."""
    publicip_bounded: Output[bool | None]
    resource_list: Output[str | None]
    spec_code: Output[str | None]
    """Such as roma.basic.001."""
    tag_entries: Output[str | None]
    ep_ids: Output[str | None]
    ipv6_connect_address: Output[str | None]
    bandwidths: Output[int | None]
    """Egress, Mbit/s."""
    crypto_type: Output[str | None]
    rocketmq_enable: Output[bool | None]
    external_elb_enable: Output[bool | None]
    lts_log_group_id: Output[str | None]
    demond_pay: Output[bool | None]
    """Pay per use (spelled as the API does)."""
    pre_pay: Output[bool | None]
    """Prepaid: can only be unsubscribed, not deleted."""
    start_time: Output[int | None]
    """Begin of the creation, epoch milliseconds."""
    start_time_rfc3339: Output[str | None]
    """``start_time`` as RFC 3339 text, such as 2025-03-06T12:01:13.785Z."""
    end_time: Output[int | None]
    """End of the creation, epoch milliseconds."""
    end_time_rfc3339: Output[str | None]
    """``end_time`` as RFC 3339 text, such as 2025-03-06T12:01:13.785Z."""
    progress: Output[int | None]
    """0–100."""
    services: Output[Sequence[Service]]
    """The sub-services."""
