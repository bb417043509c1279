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
    status: str | None
    """As the API writes it, such as ``creating``."""
    progress: int | None
    """0–100."""
    start_time: int | None
    """Epoch milliseconds; None if it has not begun."""
    start_time_rfc3339: str | None
    end_time: int | None
    """Epoch milliseconds; None if it has not ended."""
    end_time_rfc3339: str | None
    error_code: str | None
    error_msg: str | None


@pulumi.output_type
class Mqs(dict[str, Any]):
    """The message queue service, as declared; what was left out is None."""

    engine_version: str | None
    rocketmq_enable: bool | None
    enable_publicip: bool | None
    enable_acl: bool | None
    ssl_enable: bool | None
    retention_policy: str | None
    trace_enable: bool | None
    vpc_client_plain: bool | None
    connector_enable: bool | None


@pulumi.output_type
class RcuIndicator(dict[str, Any]):
    """A capability that RCUs are given to."""

    id: str


@pulumi.output_type
class RcuShare(dict[str, Any]):
    """The RCUs of one capability."""

    indicator: RcuIndicator
    value: int


@pulumi.output_type
class Rcu(dict[str, Any]):
    """ROMA compute units, as declared."""

    total: int | None
    distribution: Sequence[RcuShare] | None


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
    description: Output[str | None]
    product_id: Output[str | None]
    """None for an RCU instance."""
    edition: Output[str | None]
    """basic, professional, … (type)"""
    available_zones: Output[Sequence[str]]
    """(availableZones, which is JSON text)"""
    vpc_id: Output[str]
    """(tenantVpcId)"""
    subnet_id: Output[str]
    """(tenantSubnetId)"""
    security_group_id: Output[str | None]
    """(tenantSecurityGroupId)"""
    enterprise_project_id: Output[str | None]
    """(epId); "0" is the default enterprise project"""
    cpu_architecture: Output[str]
    """x86_64 or aarch64 (cpuArch)"""
    ipv6_enable: Output[bool]
    eip_id: Output[str | None]
    """(publicipId)"""
    ingress_bandwidth_size: Output[int | None]
    """Mbit/s (ingressBandwidthSize)"""
    maintain_begin: Output[str | None]
    """HH:MM:SS, UTC"""
    maintain_end: Output[str | None]
    """HH:MM:SS, UTC"""
    region: Output[str]
    project_id: Output[str]
    """The Huawei Cloud project (tenantId)"""
    charge_type: Output[str | None]
    """postPaid or prePaid (demondPay, prePay)"""
    scope: Output[str | None]
    """center or edge."""

    # What the API alone knows.
    instance_id: Output[str]
    """The same as ``id``."""
    status: Output[str]
    """Upper case: RUNNING, CREATING, CREATE_FAILED, FROZEN, …"""
    connect_address: Output[str | None]
    """Private address."""
    connect_address_with_pp: Output[str | None]
    """(connectAddressWithPP)"""
    mgmt_connect_address: Output[str | None]
    mgmt_extra_connect_address: Output[str | None]
    con_amount: Output[str | None]
    """Number of connections, as text."""
    charging_mode: Output[int | None]
    """1: pay per use."""
    error_code: Output[str | None]
    """The provisioning job's id while all is well; an error code after a failure."""
    error_message: Output[str | None]
    user_id: Output[str | None]
    user_name: Output[str | None]
    domain_id: Output[str | None]
    virtual_router_id: Output[str | None]
    order_id: Output[str | None]
    created_at: Output[int | None]
    """Epoch milliseconds."""
    created_at_rfc3339: Output[str | None]
    """The same, as ``2025-03-06T12:01:13.785Z``."""
    updated_at: Output[int | None]
    """Epoch milliseconds."""
    updated_at_rfc3339: Output[str | None]
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
    end_time: Output[int | None]
    """End of the creation, epoch milliseconds."""
    end_time_rfc3339: Output[str | None]
    progress: Output[int | None]
    """0–100."""
    services: Output[Sequence[Service]]
    """The sub-services (item)."""
