"""From checked arguments to the body of POST, in the endpoint's own names and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .kinds import is_rcu

if TYPE_CHECKING:
    from ..api.models import CreateInstanceRequest, CreateRcuInstanceRequest


def request_of(inputs: Mapping[str, Any]) -> CreateInstanceRequest | CreateRcuInstanceRequest:
    """The body for an instance of either kind."""
    return _rcu(inputs) if is_rcu(inputs) else _edition(inputs)


def _edition(inputs: Mapping[str, Any]) -> CreateInstanceRequest:
    from ..api.models import CreateInstanceRequest, MqsRequest

    mqs = dict(inputs.get("mqs") or {})
    if not mqs.get("rocketmq_enable"):
        mqs.setdefault("engine_version", "2.7")
    return CreateInstanceRequest(
        name=inputs["name"],
        description=inputs.get("description") or "",
        product_id=inputs["product_id"],
        available_zones=inputs["available_zones"],
        ep_id=inputs.get("enterprise_project_id"),
        vpc_id=inputs["vpc_id"],
        subnet_id=inputs["subnet_id"],
        security_group_id=inputs["security_group_id"],
        ipv6_enable=inputs["ipv6_enable"],
        enable_all=inputs["enable_all"],
        eip_id=inputs.get("eip_id"),
        entrance_bandwidth_size=inputs.get("ingress_bandwidth_size"),
        mqs=MqsRequest(**mqs),
        maintain_begin=inputs.get("maintain_begin"),
        maintain_end=inputs.get("maintain_end"),
        cpu_architecture="arm" if inputs["cpu_architecture"] == "aarch64" else "x86",
    )


def _rcu(inputs: Mapping[str, Any]) -> CreateRcuInstanceRequest:
    from ..api.models import ConfigRequest, CreateRcuInstanceRequest, MqsConfig, RcuRequest

    mqs = inputs.get("mqs")
    return CreateRcuInstanceRequest(
        name=inputs["name"],
        description=inputs.get("description"),
        charge_type=inputs["charge_type"],
        available_zone_ids=inputs["available_zones"],
        cpu_arch=inputs["cpu_architecture"],
        enterprise_project_id=inputs.get("enterprise_project_id"),
        rcu=RcuRequest.model_validate(inputs["rcu"]),
        vpc_id=inputs["vpc_id"],
        subnet_id=inputs["subnet_id"],
        ingress_bandwidth_size=inputs.get("ingress_bandwidth_size"),
        publicip_enable=inputs["publicip_enable"],
        config=ConfigRequest(mqs=MqsConfig.model_validate(mqs)) if mqs else None,
        scope=inputs.get("scope"),
    )
