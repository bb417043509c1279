"""The two kinds of instance, and what the endpoint of each takes.

An *edition* instance is made by POST /v1/{project}/instances, an *RCU* one by POST /v3/{project}/roma/instances
(CreateRomaInstanceV3; experimental here, since the answers of that page are not published).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind of instance. ``own`` are the arguments that the other kind's endpoint does not take; ``mqs`` the
    fields of mqs that its own does."""

    name: str
    own: frozenset[str]
    required: tuple[str, ...]
    defaults: Mapping[str, Any]
    mqs: tuple[str, ...]


_MQS = ("engine_version", "ssl_enable", "retention_policy", "trace_enable", "vpc_client_plain")

EDITION = Kind(
    "an instance of an edition",
    frozenset(
        {
            "product_id",
            "edition",
            "security_group_id",
            "ipv6_enable",
            "enable_all",
            "eip_id",
            "maintain_begin",
            "maintain_end",
        }
    ),
    ("name", "available_zones", "vpc_id", "subnet_id", "security_group_id"),
    {"cpu_architecture": "x86_64", "ipv6_enable": False, "enable_all": True},
    ("engine_version", "rocketmq_enable", "enable_publicip", "enable_acl", *_MQS[1:], "connector_enable"),
)

RCU = Kind(
    "an RCU instance",
    frozenset({"rcu", "charge_type", "publicip_enable", "scope"}),
    ("name", "available_zones", "vpc_id", "subnet_id"),
    {"cpu_architecture": "x86_64", "charge_type": "postPaid", "publicip_enable": False},
    _MQS,
)


def is_rcu(props: Mapping[str, Any]) -> bool:
    """Whether these inputs or outputs are of an RCU instance."""
    return props.get("rcu") is not None


def kind_of(props: Mapping[str, Any]) -> Kind:
    """The kind that these inputs or outputs are of."""
    return RCU if is_rcu(props) else EDITION
