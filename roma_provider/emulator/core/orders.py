"""What can be ordered: each field of the two POSTs' bodies, its rule, and what `/process` shows of it.

A new field is one row here: `service.validation` checks bodies by these tables, `service.answers` shows what was
ordered by them.

Sources (docs/api-notes.md): of an edition's POST (v1) the only published client; what that client always sends is
required. Of an RCU instance's (v3) the page CreateRomaInstanceV3.

Guesses about values: the length of a name (the sibling API's 64), the number of zones (the V2 list's 9). For v3, which
says little about values: those of `cpu_arch` (the lists'), of `config.mqs` (v1's, as are the fields after
`ssl_enable`, where the page was cut), of `scope` ("edge", else the default "center"); that numbers are not negative.
The indicators' ids and ranges are not published, so any are taken; `enterprise_project_id` is not required, as for an
account without enterprise projects.

Guesses about what is shown, since the V3 page describes the request only: that an RCU instance has neither product nor
edition, no limit of its own for the systems that can be connected, no security group (the V3 list fills it for
category roma only), no IPv6 and no maintenance window but the default; that it is made of all five sub-services,
however its RCUs are distributed; that its bandwidth shows with public access only, where it "takes effect"; that a
prepaid one is paid for at once.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from .body_rules import ANY_TEXT, ARRAY, BOOLEAN, NAME, NUMBER, OBJECT, TEXT, WINDOW_TIME, ZONES, BodyRule, one_of

Category: TypeAlias = Literal["roma", "rcu"]
"""The V3 list's words for the two kinds. (The page names roma; "rcu" for the others is how its text calls them.)"""


def _not_shown(value: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class BodyField:
    """A field of a body. `shown` makes of its value what `/process` shows, by the keys there; `fields` are those of an
    object."""

    rule: BodyRule
    shown: Callable[[Any], dict[str, Any]] = _not_shown
    required: bool = False
    fields: Mapping[str, "BodyField"] = field(default_factory=dict)


Fields: TypeAlias = Mapping[str, BodyField]


def category_of(request: Mapping[str, Any]) -> Category:
    """Which POST took this body: `rcu` is required by one, and unknown to the other."""
    return "rcu" if "rcu" in request else "roma"


def is_made_of_all(request: Mapping[str, Any]) -> bool:
    """Whether the instance has all five sub-services, rather than the two that every instance has."""
    return category_of(request) == "rcu" or bool(request["enable_all"])


def ordered(request: Mapping[str, Any]) -> dict[str, Any]:
    """What `/process` shows of the body of a POST that was taken: its keys that the order decides, where it does.

    `publicipBounded` is whether public access was ordered.
    """
    rcu = category_of(request) == "rcu"
    shown = _shown(request, RCU_BODY if rcu else EDITION_BODY)
    if rcu and not shown.get("publicipBounded"):
        shown.pop("ingressBandwidthSize", None)
    return shown


def _shown(values: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in values.items():
        shown |= fields[name].shown(value)
        if fields[name].fields:
            shown |= _shown(value, fields[name].fields)
    return shown


def _as(key: str, made: Callable[[Any], Any] = lambda value: value) -> Callable[[Any], dict[str, Any]]:
    return lambda value: {key: made(value)}


# product id's middle part -> type, specCode, conAmount (systems that can be connected, product description)
_EDITIONS = {
    "30101": ("basic", "roma.basic.001", "25"),
    "30102": ("professional", "roma.professional.001", "80"),
    "30103": ("enterprise", "roma.enterprise.001", "200"),
    "30104": ("platinum", "roma.platinum.001", "800"),
    "30105": ("platinum", "roma.platinumxb.001", "800"),
}
_PRODUCT = re.compile(rf"\d{{5}}-({'|'.join(_EDITIONS)})-0--0")
_PRODUCT_ID: BodyRule = (
    lambda value: isinstance(value, str) and bool(_PRODUCT.fullmatch(value)),
    "It must be a product id such as 00300-30101-0--0.",
)

# The page's text says "arm and x86", its example x86_64; the lists document x86_64 and aarch64, so that is
# what is used throughout.
_ARCHITECTURES = {"x86": "x86_64", "arm": "aarch64"}


def _product(product_id: str) -> dict[str, Any]:
    edition, spec_code, connections = _EDITIONS[product_id.split("-")[1]]
    return {"productId": product_id, "type": edition, "specCode": spec_code, "conAmount": connections}


def _enterprise_project(ep_id: str) -> dict[str, Any]:
    return {"epId": ep_id or "0", "epIdOrDefault": ep_id or "0"}


def _public_address(eip_id: str) -> dict[str, Any]:
    return {"publicipId": eip_id or None, "publicipBounded": bool(eip_id)}


def _charging(charge_type: str) -> dict[str, Any]:
    prepaid = charge_type == "prePaid"
    return {"chargingMode": 0 if prepaid else 1, "demondPay": not prepaid, "prePay": prepaid}


def _zones(zones: list[str]) -> str:
    return json.dumps(zones, separators=(",", ":"))


def _short(time: str) -> str:
    return time[: len("22:00")]


_description = _as("description", lambda text: text or None)
_bandwidth = _as("ingressBandwidthSize", str)

_MQS: Fields = {
    "engine_version": BodyField(one_of("2.7", "2.3.0", "1.1.0")),
    "retention_policy": BodyField(one_of("produce_reject", "time_base")),
    "rocketmq_enable": BodyField(BOOLEAN, _as("rocketmqEnable")),
    "enable_publicip": BodyField(BOOLEAN),
    "enable_acl": BodyField(BOOLEAN),
    "ssl_enable": BodyField(BOOLEAN),
    "trace_enable": BodyField(BOOLEAN),
    "vpc_client_plain": BodyField(BOOLEAN),
    "connector_enable": BodyField(BOOLEAN),
}
_RCU_MQS: Fields = {
    name: _MQS[name]
    for name in ("engine_version", "retention_policy", "ssl_enable", "trace_enable", "vpc_client_plain")
}

EDITION_BODY: Fields = {
    "name": BodyField(NAME, _as("name"), required=True),
    "description": BodyField(ANY_TEXT, _description, required=True),
    "product_id": BodyField(_PRODUCT_ID, _product, required=True),
    "available_zones": BodyField(ZONES, _as("availableZones", _zones), required=True),
    "vpc_id": BodyField(TEXT, _as("tenantVpcId"), required=True),
    "subnet_id": BodyField(TEXT, _as("tenantSubnetId"), required=True),
    "security_group_id": BodyField(TEXT, _as("tenantSecurityGroupId"), required=True),
    "ipv6_enable": BodyField(BOOLEAN, _as("ipv6Enable"), required=True),
    "enable_all": BodyField(BOOLEAN, required=True),
    "mqs": BodyField(OBJECT, required=True, fields=_MQS),
    "cpu_architecture": BodyField(one_of(*_ARCHITECTURES), _as("cpuArch", _ARCHITECTURES.get), required=True),
    "ep_id": BodyField(ANY_TEXT, _enterprise_project),
    "eip_id": BodyField(ANY_TEXT, _public_address),
    "entrance_bandwidth_size": BodyField(NUMBER, _bandwidth),
    "maintain_begin": BodyField(WINDOW_TIME, _as("maintainBegin", _short)),
    "maintain_end": BodyField(WINDOW_TIME, _as("maintainEnd", _short)),
}
"""The POST of an edition's instance (v1)."""

RCU_BODY: Fields = {
    "name": BodyField(NAME, _as("name"), required=True),
    "charge_type": BodyField(one_of("prePaid", "postPaid"), _charging, required=True),
    "available_zone_ids": BodyField(ZONES, _as("availableZones", _zones), required=True),
    "cpu_arch": BodyField(one_of("x86_64", "aarch64"), _as("cpuArch"), required=True),
    "rcu": BodyField(OBJECT, required=True, fields={"total": BodyField(NUMBER), "distribution": BodyField(ARRAY)}),
    "vpc_id": BodyField(TEXT, _as("tenantVpcId"), required=True),
    "subnet_id": BodyField(TEXT, _as("tenantSubnetId"), required=True),
    "description": BodyField(ANY_TEXT, _description),
    "enterprise_project_id": BodyField(ANY_TEXT, _enterprise_project),
    "ingress_bandwidth_size": BodyField(NUMBER, _bandwidth),
    "publicip_enable": BodyField(BOOLEAN, _as("publicipBounded")),
    "config": BodyField(OBJECT, fields={"mqs": BodyField(OBJECT, fields=_RCU_MQS)}),
    "scope": BodyField(one_of("center", "edge"), _as("scope")),
}
"""The POST of an RCU instance (v3)."""

SHARE: Fields = {
    "indicator": BodyField(OBJECT, required=True, fields={"id": BodyField(TEXT, required=True)}),
    "value": BodyField(NUMBER, required=True),
}
"""An entry of `rcu.distribution`."""
