"""What is sent to and received from ROMA Connect, as pydantic models with snake_case names.

Sources: the seed page (GetCreateInstanceProcessV2), CheckRomaInstanceListV2, and for what has no public
page the requests of Huawei's own Terraform provider for Cloud Stack. Received models are tolerant: nulls
anywhere, numbers as text, unknown fields left aside. A value of the wrong type becomes ``None`` instead of
ending a 40-minute wait; only the status decides anything, and it is kept as it was written.
What may be in a field, and how much of it, is in ``kinds``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from .kinds import Code, Flag, Id, Listed, Millis, Name, Names, Number, Object, Services, Text
from .status import word


class _Received(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class InstanceDetail(_Received):
    """The ``instance`` object of /process: every field of the seed page, in its order.

    ``created_at`` and ``updated_at`` are epoch milliseconds. ``error_code`` holds the provisioning job's id
    ("JOB-…") while all is well. Fields that begin with ``res_`` are masked with "#" by the API.
    """

    model_config = ConfigDict(
        extra="ignore", frozen=True, populate_by_name=True, alias_generator=to_camel, protected_namespaces=()
    )

    instance_id: Id = None
    name: Name = None
    status: Code = None
    connect_address: Text = None
    connect_address_with_pp: Text = Field(default=None, alias="connectAddressWithPP")
    mgmt_connect_address: Text = None
    mgmt_extra_connect_address: Text = None
    port: Name = None
    con_amount: Name = None
    type: Name = None
    location: Name = None
    product_id: Name = None
    engine: Name = None
    engine_version: Name = None
    charging_mode: Number = None
    description: Text = None
    error_code: Code = None
    error_message: Text = None
    res_tenant_id: Name = None
    res_domain_id: Name = None
    res_vpc_id: Name = None
    res_subnet_id: Name = None
    res_security_group_id: Name = None
    tenant_id: Name = None
    tenant_vpc_id: Name = None
    tenant_subnet_id: Name = None
    tenant_security_group_id: Name = None
    user_id: Name = None
    user_name: Name = None
    domain_id: Name = None
    virtual_router_id: Name = None
    order_id: Name = None
    created_at: Millis = None
    updated_at: Millis = None
    deleted_at: Name = None
    available_zones: Names = None
    maintain_begin: Name = None
    maintain_end: Name = None
    task_status: Code = None
    no_password_access: Flag = None
    access_user: Name = None
    publicip_id: Name = None
    publicip_addr: Text = None
    publicip_bounded: Flag = None
    out_zones: Text = None
    resource_list: Text = None
    name_like: Name = None
    instance_id_like: Name = None
    spec_code: Name = None
    status_included: Name = None
    ep_id: Name = None
    res_leak_status: Name = None
    tag_entries: Text = None
    ep_ids: Text = None
    type_excluded: Name = None
    ipv6_enable: Flag = Field(default=None, alias="ipv6Enable")
    ipv6_connect_address: Text = Field(default=None, alias="ipv6ConnectAddress")
    bandwidths: Number = None
    ingress_bandwidth_size: Name = None
    res_instance_cluster_id: Name = None
    scope: Name = None
    cpu_arch: Name = None
    crypto_type: Name = None
    rocketmq_enable: Flag = None
    external_elb_enable: Flag = None
    lts_log_group_id: Name = None
    demond_pay: Flag = None
    pre_pay: Flag = None
    ep_id_or_default: Name = None


class SubService(_Received):
    """An entry of ``item[]``: one part of the instance. Times are epoch milliseconds, None for "not yet"."""

    name: Name = None
    start_time: Millis = None
    end_time: Millis = None
    status: Code = None
    taken_time: Number = None
    progress: Number = None
    error_msg: Text = None
    error_code: Code = None


class CreationProgress(_Received):
    """The answer of GetCreateInstanceProcessV2. ``progress`` is 0–100, ``taken_time`` minutes rounded up."""

    instance: Annotated[InstanceDetail | None, Object] = None
    current_time: Millis = Field(default=None, alias="currentTime")
    instance_id: Id = None
    name: Name = None
    start_time: Millis = None
    taken_time: Number = None
    end_time: Millis = None
    progress: Number = None
    status: Code = None
    services: Annotated[list[SubService], Services] = Field(
        default_factory=list, validation_alias=AliasChoices("item", "services")
    )

    @property
    def decisive_status(self) -> str:
        """The status that decides, in upper case: the instance's, else the top-level one, else ""."""
        if self.instance is not None:
            return word(self.instance.status)
        return word(self.status)

    def another(self, instance_id: str) -> str | None:
        """The id of another instance than this one, if the answer names one."""
        named = (self.instance.instance_id if self.instance is not None else None, self.instance_id)
        return next((found for found in named if found and found.lower() != instance_id.lower()), None)


class InstanceSummary(_Received):
    """An entry of the V2 list, as far as anything reads it; ``roma doctor`` compares all of it.

    ``create_time`` is ISO 8601 text as the API writes it.
    """

    id: Id = Field(default=None, validation_alias=AliasChoices("id", "instance_id", "instanceId"))
    name: Name = None
    status: Code = None
    create_time: Name = None
    flavor_id: Name = None
    flavor_type: Name = None
    available_zone_ids: Names = None
    vpc_id: Name = None
    subnet_id: Name = None
    charge_type: Name = None


class RomaInstanceSummary(InstanceSummary):
    """An entry of the V3 list. ``category`` is ``roma`` for an instance of an edition, another word for one of RCUs;
    None for what only the V2 list shows."""

    category: Name = None


class InstancePage(_Received):
    """A page of the V2 list. ``total`` counts all instances, ``size`` those on this page."""

    total: Number = None
    size: Number = None
    instances: Annotated[list[InstanceSummary], Listed]


class RomaInstancePage(_Received):
    """The V3 list, which has no pages. ``total`` counts all instances, ``size`` those in it."""

    total: Number = None
    size: Number = None
    instances: Annotated[list[RomaInstanceSummary], Listed]


class CreatedInstance(_Received):
    """An answer to POST. No source gives its shape for certain: id is taken under either name."""

    id: Id = Field(default=None, validation_alias=AliasChoices("instance_id", "id", "instanceId"))


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MqsRequest(_Sent):
    """``mqs`` of a create request: the message queue service. Kafka unless ``rocketmq_enable``."""

    engine_version: Literal["2.7", "2.3.0", "1.1.0"] | None = None
    rocketmq_enable: bool | None = None
    enable_publicip: bool = False
    enable_acl: bool | None = None
    ssl_enable: bool = False
    retention_policy: Literal["produce_reject", "time_base"] = "produce_reject"
    trace_enable: bool = False
    vpc_client_plain: bool = False
    connector_enable: bool = False


class CreateInstanceRequest(_Sent):
    """The body of POST /v1/{project_id}/instances (an edition-based instance)."""

    name: str = Field(min_length=1)
    description: str = ""
    product_id: str = Field(min_length=1)
    available_zones: list[str] = Field(min_length=1)
    ep_id: str | None = None
    vpc_id: str = Field(min_length=1)
    subnet_id: str = Field(min_length=1)
    security_group_id: str = Field(min_length=1)
    ipv6_enable: bool = False
    enable_all: bool = True
    eip_id: str | None = None
    entrance_bandwidth_size: int | None = None
    mqs: MqsRequest = MqsRequest(engine_version="2.7")
    maintain_begin: str | None = None
    maintain_end: str | None = None
    cpu_architecture: Literal["x86", "arm"]


class RcuIndicator(_Sent):
    """A capability that RCUs are given to; the ids are not published."""

    id: str = Field(min_length=1)


class RcuShare(_Sent):
    """The RCUs of one capability."""

    indicator: RcuIndicator
    value: int = Field(ge=0)


class RcuRequest(_Sent):
    """``rcu`` of a V3 create request: how many ROMA compute units, and how they are distributed."""

    total: int | None = Field(default=None, ge=0)
    distribution: list[RcuShare] | None = None


class MqsConfig(_Sent):
    """``config.mqs`` of a V3 create request. (The page is cut after ``ssl_enable``; the last two are v1's.)"""

    engine_version: Literal["2.7", "2.3.0", "1.1.0"] | None = None
    retention_policy: Literal["produce_reject", "time_base"] | None = None
    ssl_enable: bool | None = None
    trace_enable: bool | None = None
    vpc_client_plain: bool | None = None


class ConfigRequest(_Sent):
    """``config`` of a V3 create request."""

    mqs: MqsConfig | None = None


class CreateRcuInstanceRequest(_Sent):
    """The body of POST /v3/{project_id}/roma/instances (CreateRomaInstanceV3): an RCU instance."""

    name: str = Field(min_length=1)
    description: str | None = None
    charge_type: Literal["prePaid", "postPaid"]
    available_zone_ids: list[str] = Field(min_length=1)
    cpu_arch: Literal["x86_64", "aarch64"]
    enterprise_project_id: str | None = None
    rcu: RcuRequest
    vpc_id: str = Field(min_length=1)
    subnet_id: str = Field(min_length=1)
    ingress_bandwidth_size: int | None = None
    publicip_enable: bool | None = None
    config: ConfigRequest | None = None
    scope: Literal["center", "edge"] | None = None
