"""From what the API says about an instance to the outputs of the resource, and back to its inputs.

An output that is also an argument has the argument's name and spelling (``vpc_id`` is the seed page's
tenantVpcId; ``22:00`` becomes ``22:00:00``; ``arm`` becomes ``aarch64``); any other has the seed field's name
in snake_case. What changes by itself at every call (currentTime, taken_time) is no output.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from .rules import RULES, Refusal, time_of_day

if TYPE_CHECKING:
    from ..api.models import CreationProgress, InstanceDetail, SubService

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
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
    except Refusal:
        return value


def _bandwidth(value: str | None) -> int | None:
    return int(value) if value is not None and value.isascii() and value.isdigit() else None


def _charge_type(live: InstanceDetail) -> str | None:
    # chargingMode's numbers mean the opposite in a sibling API (roma-api.md §1.5), so the two flags tell.
    if live.pre_pay:
        return "prePaid"
    return "postPaid" if live.demond_pay else None


def rfc3339(millis: int | None) -> str | None:
    """Epoch milliseconds as RFC 3339 text: ``2025-03-06T12:01:13.785Z``; None where no date has that number."""
    if millis is None:
        return None
    try:
        moment = _EPOCH + timedelta(milliseconds=millis)
    except OverflowError:
        return None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
    "charge_type": lambda live: _charge_type(live),
    "scope": lambda live: live.scope,
}

# Keys of the state alone, which the engine shows nowhere. An instance that is only looked up, not owned:
LOOKED_UP = "__looked_up"
# An instance of somebody else that has been ready once, after which any status is an output:
WAS_READY = "__was_ready"

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
    "crypto_type",
    "rocketmq_enable",
    "external_elb_enable",
    "lts_log_group_id",
    "demond_pay",
    "pre_pay",
)

# Times: epoch milliseconds under the field's own name, and RFC 3339 text beside them.
DETAIL_TIMES = ("created_at", "updated_at")
CREATION_TIMES = ("start_time", "end_time")
TEXTS = tuple(f"{key}_rfc3339" for key in (*DETAIL_TIMES, *CREATION_TIMES))

# All outputs that are no arguments.
COMPUTED = ("instance_id", "status", *PLAIN, *DETAIL_TIMES, *CREATION_TIMES, *TEXTS, "progress", "services")


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
    found["services"] = [_service(service) for service in progress.services]
    if live is not None:
        found |= _times(live, DETAIL_TIMES)
    found |= _times(progress, CREATION_TIMES)
    if progress.progress is not None:
        found["progress"] = progress.progress
    return found


def _service(service: SubService) -> dict[str, Any]:
    shown = service.model_dump(exclude={"taken_time"}, exclude_none=True)
    return shown | _times(service, CREATION_TIMES)


def _times(source: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    """The times of ``source``, each as a number and as text."""
    found: dict[str, Any] = {}
    for key in keys:
        if (millis := getattr(source, key)) is not None:
            found[key] = millis
            if (text := rfc3339(millis)) is not None:
                found[f"{key}_rfc3339"] = text
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
