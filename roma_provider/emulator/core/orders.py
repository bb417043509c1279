"""What was ordered, in one shape whichever POST it came by: an edition's (v1) or an RCU instance's (v3).

Guesses, since the V3 page describes the request only: that an RCU instance has neither product nor edition, no limit of
its own for the systems that can be connected, no security group (the V3 list fills it for category roma only), no IPv6
and no maintenance window but the default; that it is made of all five sub-services, however its RCUs are distributed
(the ids of the indicators are not published); that its bandwidth shows with public access only, where it "takes
effect"; that a prepaid one is paid for at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

# product id's middle part -> type, specCode, conAmount (systems that can be connected, product description)
_EDITIONS = {
    "30101": ("basic", "roma.basic.001", "25"),
    "30102": ("professional", "roma.professional.001", "80"),
    "30103": ("enterprise", "roma.enterprise.001", "200"),
    "30104": ("platinum", "roma.platinum.001", "800"),
    "30105": ("platinum", "roma.platinumxb.001", "800"),
}
PRODUCT_PARTS = tuple(_EDITIONS)

# The page's text says "arm and x86", its example x86_64; the lists document x86_64 and aarch64, so that is
# what is used throughout.
_ARCHITECTURES = {"x86": "x86_64", "arm": "aarch64"}

Category = Literal["roma", "rcu"]
"""The V3 list's words for the two kinds. (The page names roma; "rcu" for the others is how its text calls them.)"""


@dataclass(frozen=True, slots=True)
class Order:
    """An order; None for what its kind does not have. `public_access` is what was asked for, `bandwidth` Mbit/s."""

    category: Category
    name: str
    description: str
    product_id: str | None
    edition: str | None
    spec_code: str | None
    connections: str | None
    available_zones: list[str]
    vpc_id: str
    subnet_id: str
    security_group_id: str | None
    ep_id: str
    public_access: bool
    eip_id: str | None
    bandwidth: int | None
    ipv6: bool
    enable_all: bool
    rocketmq: bool
    cpu_arch: str
    scope: str
    prepaid: bool
    maintain_begin: str | None
    maintain_end: str | None


def category_of(request: Mapping[str, Any]) -> Category:
    """Which POST took this body: `rcu` is required by one, and unknown to the other."""
    return "rcu" if "rcu" in request else "roma"


def order_of(request: Mapping[str, Any]) -> Order:
    """The order in the body of a POST that was taken."""
    return _rcu(request) if category_of(request) == "rcu" else _edition(request)


def _edition(request: Mapping[str, Any]) -> Order:
    edition, spec_code, connections = _EDITIONS[request["product_id"].split("-")[1]]
    eip_id = request.get("eip_id") or None
    return Order(
        category="roma",
        name=request["name"],
        description=request["description"],
        product_id=request["product_id"],
        edition=edition,
        spec_code=spec_code,
        connections=connections,
        available_zones=request["available_zones"],
        vpc_id=request["vpc_id"],
        subnet_id=request["subnet_id"],
        security_group_id=request["security_group_id"],
        ep_id=request.get("ep_id") or "0",
        public_access=eip_id is not None,
        eip_id=eip_id,
        bandwidth=request.get("entrance_bandwidth_size"),
        ipv6=request["ipv6_enable"],
        enable_all=request["enable_all"],
        rocketmq=request["mqs"].get("rocketmq_enable", False),
        cpu_arch=_ARCHITECTURES[request["cpu_architecture"]],
        scope="center",
        prepaid=False,
        maintain_begin=request.get("maintain_begin"),
        maintain_end=request.get("maintain_end"),
    )


def _rcu(request: Mapping[str, Any]) -> Order:
    public_access = request.get("publicip_enable", False)
    return Order(
        category="rcu",
        name=request["name"],
        description=request.get("description", ""),
        product_id=None,
        edition=None,
        spec_code=None,
        connections=None,
        available_zones=request["available_zone_ids"],
        vpc_id=request["vpc_id"],
        subnet_id=request["subnet_id"],
        security_group_id=None,
        ep_id=request.get("enterprise_project_id") or "0",
        public_access=public_access,
        eip_id=None,
        bandwidth=request.get("ingress_bandwidth_size") if public_access else None,
        ipv6=False,
        enable_all=True,
        rocketmq=False,
        cpu_arch=request["cpu_arch"],
        scope=request.get("scope", "center"),
        prepaid=request["charge_type"] == "prePaid",
        maintain_begin=None,
        maintain_end=None,
    )
