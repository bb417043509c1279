"""What a program writes: :class:`Instance`, its arguments, and the types of its outputs."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypedDict, overload

import pulumi
from pulumi import Input, Output
from pulumi.dynamic import Resource

from .outputs import COMPUTED
from .provider import InstanceProvider
from .secret_config import warn_of_plain_secrets


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


@dataclass(kw_only=True)
class InstanceArgs:
    """The arguments of an :class:`Instance`. Which of them replace it when changed: the README's table."""

    available_zones: Input[Sequence[Input[str]]]
    """Zone ids, such as ``["az0.dc0"]``. Replaces."""
    vpc_id: Input[str]
    """Replaces."""
    subnet_id: Input[str]
    """Replaces."""
    security_group_id: Input[str]
    """Replaces."""
    name: Input[str] | None = None
    """Name of the instance; left out, the resource's own."""
    description: Input[str] | None = None
    product_id: Input[str] | None = None
    """Product id, such as ``00300-30101-0--0``; or write ``edition``. Replaces."""
    edition: Input[str] | None = None
    """basic, professional, enterprise, platinum or platinumXB; stands for a product id. Replaces."""
    enterprise_project_id: Input[str] | None = None
    """Id of the enterprise project; needed where the account has enterprise projects."""
    cpu_architecture: Input[str] | None = None
    """x86_64 (default) or aarch64. Replaces."""
    ipv6_enable: Input[bool] | None = None
    """Default False."""
    enable_all: Input[bool] | None = None
    """True (default): all sub-services; False: message queues alone."""
    eip_id: Input[str] | None = None
    """Id of an elastic IP, for public access."""
    ingress_bandwidth_size: Input[int] | None = None
    """Public ingress bandwidth in Mbit/s."""
    maintain_begin: Input[str] | None = None
    """Begin of the maintenance window, UTC: 02, 06, 10, 14, 18 or 22 o'clock, as ``22:00:00``."""
    maintain_end: Input[str] | None = None
    """End of the window, four hours later, as ``02:00:00``."""
    mqs: Input[MqsArgs] | None = None
    """The message queue service."""
    region: Input[str] | None = None
    """Region; left out, ``roma:region`` or HW_REGION_NAME. Replaces."""
    project_id: Input[str] | None = None
    """Huawei Cloud project id; left out, ``roma:projectId`` or HW_PROJECT_ID. Replaces."""
    adopt_id: Input[str] | None = None
    """Id of an instance that exists, to be taken over in place of creating one."""


@pulumi.output_type
class Service(dict):  # type: ignore[type-arg]
    """A sub-service of an instance, such as mqs, lvs, apic, fdi or link (``item[]`` of the seed page)."""

    def __init__(
        self,
        *,
        name: str,
        status: str | None = None,
        progress: int | None = None,
        start_time: int | None = None,
        end_time: int | None = None,
        error_code: str | None = None,
        error_msg: str | None = None,
    ) -> None:
        given = {"name": name, "status": status, "progress": progress, "start_time": start_time}
        given |= {"end_time": end_time, "error_code": error_code, "error_msg": error_msg}
        for key, value in given.items():
            pulumi.set(self, key, value)

    @property
    @pulumi.getter
    def name(self) -> str:
        return pulumi.get(self, "name")

    @property
    @pulumi.getter
    def status(self) -> str | None:
        """As the API writes it, such as ``creating``."""
        return pulumi.get(self, "status")

    @property
    @pulumi.getter
    def progress(self) -> int | None:
        """0–100."""
        return pulumi.get(self, "progress")

    @property
    @pulumi.getter
    def start_time(self) -> int | None:
        """Epoch milliseconds; None if it has not begun."""
        return pulumi.get(self, "start_time")

    @property
    @pulumi.getter
    def end_time(self) -> int | None:
        """Epoch milliseconds; None if it has not ended."""
        return pulumi.get(self, "end_time")

    @property
    @pulumi.getter
    def error_code(self) -> str | None:
        return pulumi.get(self, "error_code")

    @property
    @pulumi.getter
    def error_msg(self) -> str | None:
        return pulumi.get(self, "error_msg")


class Instance(Resource, module="roma", name="Instance"):
    """A ROMA Connect instance that this stack owns: created with it, deleted with it.

    Outputs are live values, of GET /v2/{project}/instances/{id}/process; the seed field of each stands in
    brackets where its name is another.
    """

    # What was declared; live, where the API shows it.
    name: Output[str]
    description: Output[str | None]
    product_id: Output[str]
    edition: Output[str | None]
    """basic, professional, … (type)"""
    available_zones: Output[Sequence[str]]
    """(availableZones, which is JSON text)"""
    vpc_id: Output[str]
    """(tenantVpcId)"""
    subnet_id: Output[str]
    """(tenantSubnetId)"""
    security_group_id: Output[str]
    """(tenantSecurityGroupId)"""
    enterprise_project_id: Output[str | None]
    """(epId); "0" is the default enterprise project"""
    cpu_architecture: Output[str]
    """x86_64 or aarch64 (cpuArch)"""
    ipv6_enable: Output[bool]
    enable_all: Output[bool]
    eip_id: Output[str | None]
    """(publicipId)"""
    ingress_bandwidth_size: Output[int | None]
    """Mbit/s (ingressBandwidthSize)"""
    maintain_begin: Output[str | None]
    """HH:MM:SS, UTC"""
    maintain_end: Output[str | None]
    """HH:MM:SS, UTC"""
    mqs: Output[Mapping[str, Any] | None]
    region: Output[str]
    project_id: Output[str]
    """The Huawei Cloud project (tenantId)"""
    adopt_id: Output[str | None]

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
    updated_at: Output[int | None]
    """Epoch milliseconds."""
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
    scope: Output[str | None]
    """center or edge."""
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
    end_time: Output[int | None]
    """End of the creation, epoch milliseconds."""
    progress: Output[int | None]
    """0–100."""
    services: Output[Sequence[Service]]
    """The sub-services (item)."""

    @overload
    def __init__(self, resource_name: str, args: InstanceArgs, opts: pulumi.ResourceOptions | None = None) -> None: ...

    @overload
    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        available_zones: Input[Sequence[Input[str]]],
        vpc_id: Input[str],
        subnet_id: Input[str],
        security_group_id: Input[str],
        name: Input[str] | None = None,
        description: Input[str] | None = None,
        product_id: Input[str] | None = None,
        edition: Input[str] | None = None,
        enterprise_project_id: Input[str] | None = None,
        cpu_architecture: Input[str] | None = None,
        ipv6_enable: Input[bool] | None = None,
        enable_all: Input[bool] | None = None,
        eip_id: Input[str] | None = None,
        ingress_bandwidth_size: Input[int] | None = None,
        maintain_begin: Input[str] | None = None,
        maintain_end: Input[str] | None = None,
        mqs: Input[MqsArgs] | None = None,
        region: Input[str] | None = None,
        project_id: Input[str] | None = None,
        adopt_id: Input[str] | None = None,
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: InstanceArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **arguments: object,
    ) -> None:
        """
        :param resource_name: the resource's name in the program; also the instance's, if ``name`` is left out.
        :param args: the arguments, in place of keywords.
        :param opts: resource options. ``delete_before_replace`` is set unless you set it, since two instances
            of one name cannot be told apart; ``custom_timeouts.create`` (default 60 minutes) counts for a
            resumed wait too, unless ``update`` is given.
        """
        if args is not None and arguments:
            raise TypeError("write the arguments as InstanceArgs or as keywords, not both")
        if args is not None and not isinstance(args, InstanceArgs):
            raise TypeError(f"write the arguments as keywords or as one InstanceArgs, not as {type(args).__name__}")
        if args is None:
            args = InstanceArgs(**arguments)  # type: ignore[arg-type]
        props: dict[str, object] = dict.fromkeys(COMPUTED)
        props |= {field.name: getattr(args, field.name) for field in fields(args)}
        if props["name"] is None:
            props["name"] = resource_name
        warn_of_plain_secrets()
        super().__init__(InstanceProvider(), resource_name, props, _options(opts))


def _options(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """The options with what an instance needs; the user's own are left as they are."""
    mine = copy.copy(opts) if opts is not None else pulumi.ResourceOptions()
    if mine.delete_before_replace is None:
        mine.delete_before_replace = True
    times = mine.custom_timeouts
    if times is not None and times.create and not times.update:
        # A resumed wait runs as an update, which the engine would otherwise give no time-out.
        mine.custom_timeouts = pulumi.CustomTimeouts(
            create=times.create, update=times.create, delete=times.delete, read=times.read
        )
    return mine
