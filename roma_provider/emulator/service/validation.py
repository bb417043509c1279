"""The bodies of the two POSTs, checked.

An edition's (v1): fields and rules are those of the only published client of this endpoint; what that client always
sends is required here. An RCU instance's (v3): those of the page CreateRomaInstanceV3. Fields that are not known are
refused: on the real API they would be ignored in silence, and a typing error with them.

Guesses: the length of a name (the sibling API's 64), the number of zones (the V2 list's 9). For v3, which says little
about values: those of `cpu_arch` (the lists'), of `config.mqs` (v1's, as are the fields after `ssl_enable`, where the
page was cut), of `scope` ("edge", else the default "center"); that numbers are not negative; that an `rcu` without
anything in it, or whose `total` is not the sum of its distribution, is refused. The indicators' ids and ranges are not
published, so any are taken; `enterprise_project_id` is not required, as for an account without enterprise projects.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..core.orders import PRODUCT_PARTS
from ..core.refusals import invalid_parameter

_NAME_LENGTH = 64
_ZONES = 9
_ENGINE_VERSIONS = ("2.7", "2.3.0", "1.1.0")
_RETENTION_POLICIES = ("produce_reject", "time_base")
_ARCHITECTURES = ("x86", "arm")
_CHARGE_TYPES = ("prePaid", "postPaid")
_RCU_ARCHITECTURES = ("x86_64", "aarch64")
_SCOPES = ("center", "edge")
_PRODUCT = re.compile(rf"\d{{5}}-({'|'.join(PRODUCT_PARTS)})-0--0")
_WINDOW = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d")

Rule = tuple[Callable[[Any], bool], str]


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _one_of(*values: str) -> Rule:
    return lambda value: value in values, f"It must be one of {', '.join(values)}."


_TEXT: Rule = (_text, "It must be a string that is not empty.")
_ANY_TEXT: Rule = (lambda value: isinstance(value, str), "It must be a string.")
_BOOLEAN: Rule = (lambda value: isinstance(value, bool), "It must be true or false.")
_WINDOW_TIME: Rule = (
    lambda value: isinstance(value, str) and bool(_WINDOW.fullmatch(value)),
    "It must be a time of the form 22:00:00.",
)

_OBJECT: Rule = (lambda value: isinstance(value, dict), "It must be an object.")
_NUMBER: Rule = (
    lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    "It must be a whole number, 0 or more.",
)
_NAME: Rule = (
    lambda value: _text(value) and len(value) <= _NAME_LENGTH,
    f"It must be a string of 1 to {_NAME_LENGTH} characters.",
)
_ZONE_LIST: Rule = (
    lambda value: isinstance(value, list) and 1 <= len(value) <= _ZONES and all(map(_text, value)),
    f"It must be an array of 1 to {_ZONES} zones.",
)

_REQUIRED: dict[str, Rule] = {
    "name": _NAME,
    "description": _ANY_TEXT,
    "product_id": (
        lambda value: isinstance(value, str) and bool(_PRODUCT.fullmatch(value)),
        "It must be a product id such as 00300-30101-0--0.",
    ),
    "available_zones": _ZONE_LIST,
    "vpc_id": _TEXT,
    "subnet_id": _TEXT,
    "security_group_id": _TEXT,
    "ipv6_enable": _BOOLEAN,
    "enable_all": _BOOLEAN,
    "mqs": _OBJECT,
    "cpu_architecture": _one_of(*_ARCHITECTURES),
}
_OPTIONAL: dict[str, Rule] = {
    "ep_id": _ANY_TEXT,
    "eip_id": _ANY_TEXT,
    "entrance_bandwidth_size": _NUMBER,
    "maintain_begin": _WINDOW_TIME,
    "maintain_end": _WINDOW_TIME,
}
_MQS: dict[str, Rule] = {
    "engine_version": _one_of(*_ENGINE_VERSIONS),
    "retention_policy": _one_of(*_RETENTION_POLICIES),
    "rocketmq_enable": _BOOLEAN,
    "enable_publicip": _BOOLEAN,
    "enable_acl": _BOOLEAN,
    "ssl_enable": _BOOLEAN,
    "trace_enable": _BOOLEAN,
    "vpc_client_plain": _BOOLEAN,
    "connector_enable": _BOOLEAN,
}

_RCU_REQUIRED: dict[str, Rule] = {
    "name": _NAME,
    "charge_type": _one_of(*_CHARGE_TYPES),
    "available_zone_ids": _ZONE_LIST,
    "cpu_arch": _one_of(*_RCU_ARCHITECTURES),
    "rcu": _OBJECT,
    "vpc_id": _TEXT,
    "subnet_id": _TEXT,
}
_RCU_OPTIONAL: dict[str, Rule] = {
    "description": _ANY_TEXT,
    "enterprise_project_id": _ANY_TEXT,
    "ingress_bandwidth_size": _NUMBER,
    "publicip_enable": _BOOLEAN,
    "config": _OBJECT,
    "scope": _one_of(*_SCOPES),
}
_RCU: dict[str, Rule] = {
    "total": _NUMBER,
    "distribution": (lambda value: isinstance(value, list), "It must be an array."),
}
_SHARE: dict[str, Rule] = {"indicator": _OBJECT, "value": _NUMBER}
_INDICATOR: dict[str, Rule] = {"id": _TEXT}
_CONFIG: dict[str, Rule] = {"mqs": _OBJECT}
_CONFIG_MQS: dict[str, Rule] = {
    name: _MQS[name]
    for name in ("engine_version", "retention_policy", "ssl_enable", "trace_enable", "vpc_client_plain")
}


def _check(
    values: Mapping[str, Any], rules: Mapping[str, Rule], prefix: str = "", required: Iterable[str] = ()
) -> None:
    for name in required:
        if name not in values:
            raise invalid_parameter(prefix + name, "It is required.")
    for name, value in values.items():
        if name not in rules:
            raise invalid_parameter(prefix + name, "There is no such parameter.")
        is_valid, rule = rules[name]
        if not is_valid(value):
            raise invalid_parameter(prefix + name, rule)


def check_create_body(body: Any) -> dict[str, Any]:
    """The body of the edition POST, if the API would take it.

    Raises:
        Refusal: 400 ROMA.13000, which names the first parameter that is missing, unknown or wrong.
    """
    if not isinstance(body, dict):
        raise invalid_parameter("body", "It must be a JSON object.")
    _check(body, _REQUIRED | _OPTIONAL, required=_REQUIRED)
    mqs = body["mqs"]
    _check(mqs, _MQS, prefix="mqs.")
    if mqs.get("rocketmq_enable") and "engine_version" in mqs:
        raise invalid_parameter("mqs.engine_version", "It is Kafka's; leave it out with rocketmq_enable.")
    if ("maintain_begin" in body) != ("maintain_end" in body):
        missing = "maintain_end" if "maintain_begin" in body else "maintain_begin"
        raise invalid_parameter(missing, "maintain_begin and maintain_end go together.")
    return body


def check_rcu_body(body: Any) -> dict[str, Any]:
    """The body of the RCU POST, if the API would take it.

    Raises:
        Refusal: 400 ROMA.13000, as above; an entry is named as in `rcu.distribution[0].indicator.id`.
    """
    if not isinstance(body, dict):
        raise invalid_parameter("body", "It must be a JSON object.")
    _check(body, _RCU_REQUIRED | _RCU_OPTIONAL, required=_RCU_REQUIRED)
    _check_rcu(body["rcu"])
    config = body.get("config", {})
    _check(config, _CONFIG, prefix="config.")
    _check(config.get("mqs", {}), _CONFIG_MQS, prefix="config.mqs.")
    return body


def _check_rcu(rcu: Mapping[str, Any]) -> None:
    _check(rcu, _RCU, prefix="rcu.")
    if not rcu:
        raise invalid_parameter("rcu", "It must have total, distribution, or both.")
    shares = rcu.get("distribution", [])
    for number, share in enumerate(shares):
        name = f"rcu.distribution[{number}]"
        if not isinstance(share, dict):
            raise invalid_parameter(name, _OBJECT[1])
        _check(share, _SHARE, prefix=f"{name}.", required=_SHARE)
        _check(share["indicator"], _INDICATOR, prefix=f"{name}.indicator.", required=_INDICATOR)
    if shares and "total" in rcu and rcu["total"] != sum(share["value"] for share in shares):
        raise invalid_parameter("rcu.total", "It must be the sum of the distribution's values.")
