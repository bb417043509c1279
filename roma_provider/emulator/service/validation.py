"""The bodies of the two POSTs, checked against the tables of `core.orders`.

Fields that are not known are refused: on the real API they would be ignored in silence, and a typing error with them.
Guesses: that an `rcu` without anything in it, or whose `total` is not the sum of its distribution, is refused.
"""

from collections.abc import Mapping
from typing import Any

from ..core.orders import EDITION_BODY, RCU_BODY, SHARE, Fields
from ..core.refusals import invalid_parameter


def check_create_body(body: Any) -> dict[str, Any]:
    """The body of the edition POST, if the API would take it.

    Raises:
        RefusedCall: 400 ROMA.13000, which names the first parameter that is missing, unknown or wrong.
    """
    checked = _checked_object(body, EDITION_BODY)
    mqs = checked["mqs"]
    _check(mqs, EDITION_BODY["mqs"].fields, prefix="mqs.")
    if mqs.get("rocketmq_enable") and "engine_version" in mqs:
        raise invalid_parameter("mqs.engine_version", "It is Kafka's; leave it out with rocketmq_enable.")
    if ("maintain_begin" in checked) != ("maintain_end" in checked):
        missing = "maintain_end" if "maintain_begin" in checked else "maintain_begin"
        raise invalid_parameter(missing, "maintain_begin and maintain_end go together.")
    return checked


def check_rcu_body(body: Any) -> dict[str, Any]:
    """The body of the RCU POST, if the API would take it.

    Raises:
        RefusedCall: 400 ROMA.13000, as above; an entry is named as in `rcu.distribution[0].indicator.id`.
    """
    checked = _checked_object(body, RCU_BODY)
    _check_rcu(checked["rcu"])
    config, fields = checked.get("config", {}), RCU_BODY["config"].fields
    _check(config, fields, prefix="config.")
    _check(config.get("mqs", {}), fields["mqs"].fields, prefix="config.mqs.")
    return checked


def _checked_object(body: Any, fields: Fields) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise invalid_parameter("body", "It must be a JSON object.")
    _check(body, fields)
    return body


def _check(values: Mapping[str, Any], fields: Fields, prefix: str = "") -> None:
    for name, field in fields.items():
        if field.required and name not in values:
            raise invalid_parameter(prefix + name, "It is required.")
    for name, value in values.items():
        if name not in fields:
            raise invalid_parameter(prefix + name, "There is no such parameter.")
        is_valid, words = fields[name].rule
        if not is_valid(value):
            raise invalid_parameter(prefix + name, words)


def _check_rcu(rcu: Mapping[str, Any]) -> None:
    _check(rcu, RCU_BODY["rcu"].fields, prefix="rcu.")
    if not rcu:
        raise invalid_parameter("rcu", "It must have total, distribution, or both.")
    shares = rcu.get("distribution", [])
    for number, share in enumerate(shares):
        name = f"rcu.distribution[{number}]"
        if not isinstance(share, dict):
            raise invalid_parameter(name, "It must be an object.")
        _check(share, SHARE, prefix=f"{name}.")
        _check(share["indicator"], SHARE["indicator"].fields, prefix=f"{name}.indicator.")
    if shares and "total" in rcu and rcu["total"] != sum(share["value"] for share in shares):
        raise invalid_parameter("rcu.total", "It must be the sum of the distribution's values.")
