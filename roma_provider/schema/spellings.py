"""One spelling for each value: from the API's to the argument's, and from the argument's to the API's.

``22:00`` becomes ``22:00:00``, ``arm`` becomes ``aarch64``, bandwidth as text a number. A value that nobody expected
stays as it is: an output shows it, and a difference names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from .rules import Refusal, time_of_day

# --- from the API


def architecture(value: str | None) -> str | None:
    """x86_64 or aarch64, however the API writes it."""
    return None if value is None else _ARCHITECTURES.get(value.lower(), value)


def clock_time(value: str | None) -> str | None:
    """``22:00`` as ``22:00:00``."""
    try:
        return time_of_day(value)
    except Refusal:
        return value


def bandwidth(value: str | None) -> int | None:
    """Mbit/s, from text."""
    return int(value) if value is not None and value.isascii() and value.isdigit() else None


def charge_type(prepaid: bool | None, on_demand: bool | None) -> str | None:
    """prePaid or postPaid, from two flags: ``chargingMode``'s numbers mean the opposite in a sibling API."""
    if prepaid:
        return "prePaid"
    return "postPaid" if on_demand else None


def text_or_empty(value: str | None) -> str:
    """None, by which the API says that a text is empty, as the empty text."""
    return value or ""


def rfc3339(millis: int | None) -> str | None:
    """Epoch milliseconds as RFC 3339 text: ``2025-03-06T12:01:13.785Z``; None where no date has that number."""
    if millis is None:
        return None
    try:
        moment = _EPOCH + timedelta(milliseconds=millis)
    except OverflowError:
        return None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- to the API


def v1_architecture(value: str) -> str:
    """The words of the edition's endpoint: arm, x86."""
    return "arm" if value == "aarch64" else "x86"


def v1_mqs(value: Mapping[str, Any]) -> dict[str, Any]:
    """``mqs`` of the edition's endpoint, which wants Kafka's version unless it is to be RocketMQ."""
    version = {} if value.get("rocketmq_enable") else {"engine_version": "2.7"}
    return {**version, **value}


def v3_config(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """``config`` of the RCU endpoint, in which ``mqs`` is; nothing for an empty one."""
    return {"mqs": value} if value else None


# --- two values that mean the same


def without_order(one: Any, other: Any) -> bool:
    """Lists whose order means nothing."""
    return bool(sorted(one) == sorted(other)) if isinstance(one, list) and isinstance(other, list) else one == other


def without_case(one: Any, other: Any) -> bool:
    """Words whose case means nothing."""
    return str(one).lower() == str(other).lower()


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_ARCHITECTURES = {
    "x86": "x86_64",
    "x86_64": "x86_64",
    "arm": "aarch64",
    "arm64": "aarch64",
    "aarch64": "aarch64",
}
