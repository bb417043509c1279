"""From what the API says about an instance to the outputs of the resource, and back to its inputs.

An output that is also an argument has the argument's name and spelling (``vpc_id`` is the seed page's
tenantVpcId; ``22:00`` becomes ``22:00:00``; ``arm`` becomes ``aarch64``); any other has the seed field's name
in snake_case. What changes by itself at every call (currentTime, taken_time) is no output.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .arguments import RULES, time_of_day

if TYPE_CHECKING:
    from .api.models import CreationProgress, InstanceDetail

_ARCHITECTURES = {
    "x86": "x86_64",
    "x86_64": "x86_64",
    "arm": "aarch64",
    "arm64": "aarch64",
    "aarch64": "aarch64",
}


def _architecture(value: str | None) -> str | None:
    return None if value is None else _ARCHITECTURES.get(value.lower(), value)


def _time(value: str | None) -> str | None:
    try:
        return time_of_day(value)
    except ValueError:
        return value


def _bandwidth(value: str | None) -> int | None:
    return int(value) if value is not None and value.isascii() and value.isdigit() else None


# Arguments that the API shows again: from argument name to how its live value is read.
LIVE: Mapping[str, Callable[[InstanceDetail], Any]] = {
    "name": lambda live: live.name,
    "description": lambda live: live.description or "",
    "product_id": lambda live: live.product_id,
    "edition": lambda live: live.type,
    "available_zones": lambda live: live.available_zones,
    "vpc_id": lambda live: live.tenant_vpc_id,
    "subnet_id": lambda live: live.tenant_subnet_id,
    "security_group_id": lambda live: live.tenant_security_group_id,
    "enterprise_project_id": lambda live: live.ep_id,
    "cpu_architecture": lambda live: _architecture(live.cpu_arch),
    "ipv6_enable": lambda live: live.ipv6_enable,
    "eip_id": lambda live: live.publicip_id,
    "ingress_bandwidth_size": lambda live: _bandwidth(live.ingress_bandwidth_size),
    "maintain_begin": lambda live: _time(live.maintain_begin),
    "maintain_end": lambda live: _time(live.maintain_end),
}

# Seed fields that are outputs under their own name. Those left out, with the reason: docs/fields.md.
PLAIN = (
    "connect_address",
    "connect_address_with_pp",
    "mgmt_connect_address",
    "mgmt_extra_connect_address",
    "con_amount",
    "charging_mode",
    "error_code",
    "error_message",
    "user_id",
    "user_name",
    "domain_id",
    "virtual_router_id",
    "order_id",
    "created_at",
    "updated_at",
    "task_status",
    "no_password_access",
    "access_user",
    "publicip_addr",
    "publicip_bounded",
    "resource_list",
    "spec_code",
    "tag_entries",
    "ep_ids",
    "ipv6_connect_address",
    "bandwidths",
    "scope",
    "crypto_type",
    "rocketmq_enable",
    "external_elb_enable",
    "lts_log_group_id",
    "demond_pay",
    "pre_pay",
)

# All outputs that are no arguments.
COMPUTED = ("instance_id", "status", *PLAIN, "start_time", "end_time", "progress", "services")


def outputs(instance_id: str, inputs: Mapping[str, Any], progress: CreationProgress | None) -> dict[str, Any]:
    """The outputs of an instance: live values where the API shows them, else what was declared.

    ``progress`` is None right after POST, before the first answer about the instance.
    """
    found = {key: value for key, value in inputs.items() if key in RULES}
    found["instance_id"] = instance_id
    if progress is None:
        return {**found, "status": "CREATING"}
    live = progress.instance
    if live is not None:
        found |= live_arguments(live)
        found |= {key: value for key in PLAIN if (value := getattr(live, key)) is not None}
    found["status"] = progress.decisive_status
    found["services"] = [service.model_dump(exclude={"taken_time"}, exclude_none=True) for service in progress.services]
    for key in ("start_time", "end_time", "progress"):
        if (value := getattr(progress, key)) is not None:
            found[key] = value
    return found


def live_arguments(live: InstanceDetail) -> dict[str, Any]:
    """The live values of the arguments, as far as the API shows them."""
    return {key: value for key, read in LIVE.items() if (value := read(live)) is not None}


def live_inputs(inputs: Mapping[str, Any], progress: CreationProgress) -> dict[str, Any]:
    """The inputs of the state with live values, so that a change made elsewhere shows as drift.

    Only what the program set is in them: an argument that was left out has nothing to drift from.
    """
    if progress.instance is None:
        return dict(inputs)
    live = live_arguments(progress.instance)
    return {
        key: live[key] if key in live and not same(key, value, live[key]) else value for key, value in inputs.items()
    }


def same(key: str, one: Any, other: Any) -> bool:
    """Whether two values of an argument mean the same: zones have no order, editions no case."""
    if one is None or other is None:
        return not (other if one is None else one)
    if key == "available_zones" and isinstance(one, list) and isinstance(other, list):
        return sorted(one) == sorted(other)
    if key == "edition":
        return str(one).lower() == str(other).lower()
    return bool(one == other)
