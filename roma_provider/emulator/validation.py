"""The body of the edition POST, checked. Fields and rules: the only published client of this endpoint.

What that client always sends is required here. Fields that are not known are refused: on the real API they
would be ignored in silence, and a typing error with them. The length of a name is a guess (the sibling API's
64).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from .answers import PRODUCT_PARTS
from .refusals import invalid_parameter

_NAME_LENGTH = 64
_ZONES = 9
_ENGINE_VERSIONS = ("2.7", "2.3.0", "1.1.0")
_RETENTION_POLICIES = ("produce_reject", "time_base")
_ARCHITECTURES = ("x86", "arm")
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

_REQUIRED: dict[str, Rule] = {
    "name": (
        lambda value: _text(value) and len(value) <= _NAME_LENGTH,
        f"It must be a string of 1 to {_NAME_LENGTH} characters.",
    ),
    "description": _ANY_TEXT,
    "product_id": (
        lambda value: isinstance(value, str) and bool(_PRODUCT.fullmatch(value)),
        "It must be a product id such as 00300-30101-0--0.",
    ),
    "available_zones": (
        lambda value: isinstance(value, list) and 1 <= len(value) <= _ZONES and all(map(_text, value)),
        f"It must be an array of 1 to {_ZONES} zones.",
    ),
    "vpc_id": _TEXT,
    "subnet_id": _TEXT,
    "security_group_id": _TEXT,
    "ipv6_enable": _BOOLEAN,
    "enable_all": _BOOLEAN,
    "mqs": (lambda value: isinstance(value, dict), "It must be an object."),
    "cpu_architecture": _one_of(*_ARCHITECTURES),
}
_OPTIONAL: dict[str, Rule] = {
    "ep_id": _ANY_TEXT,
    "eip_id": _ANY_TEXT,
    "entrance_bandwidth_size": (
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
        "It must be a whole number, 0 or more.",
    ),
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


def _check(values: Mapping[str, Any], rules: Mapping[str, Rule], prefix: str = "") -> None:
    for name, value in values.items():
        if name not in rules:
            raise invalid_parameter(prefix + name, "There is no such parameter.")
        is_valid, rule = rules[name]
        if not is_valid(value):
            raise invalid_parameter(prefix + name, rule)


def check_create_body(body: Any) -> dict[str, Any]:
    """The body, if the API would take it.

    Raises:
        Refusal: 400 ROMA.13000, which names the first parameter that is missing, unknown or wrong.
    """
    if not isinstance(body, dict):
        raise invalid_parameter("body", "It must be a JSON object.")
    for name in _REQUIRED:
        if name not in body:
            raise invalid_parameter(name, "It is required.")
    _check(body, _REQUIRED | _OPTIONAL)
    mqs = body["mqs"]
    _check(mqs, _MQS, prefix="mqs.")
    if mqs.get("rocketmq_enable") and "engine_version" in mqs:
        raise invalid_parameter("mqs.engine_version", "It is Kafka's; leave it out with rocketmq_enable.")
    if ("maintain_begin" in body) != ("maintain_end" in body):
        missing = "maintain_end" if "maintain_begin" in body else "maintain_begin"
        raise invalid_parameter(missing, "maintain_begin and maintain_end go together.")
    return body
