"""The arguments of an instance: what each may be, said in a user's words, and what it becomes.

``check`` is the engine's Check: it runs in preview, finds every problem at once, each under its own
property, and returns the inputs as they go into the state: defaults filled in, one spelling for each value,
region and project id resolved. Values that are not known yet (outputs of resources still to be made) pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from . import settings as keys
from .errors import InputError, RomaApiError, RomaError
from .settings import Settings

Rule: TypeAlias = Callable[[Any], Any]
"""From a known value to its normal form; ValueError says what to write instead."""

CPU_ARCHITECTURES = ("x86_64", "aarch64")
ENGINE_VERSIONS = ("2.7", "2.3.0", "1.1.0")
RETENTION_POLICIES = ("produce_reject", "time_base")
# Four-hour windows (ShowDetailsOfInstanceV2: xx:00:00, xx of 02, 06, 10, 14, 18, 22; the end is 4 h later).
WINDOWS = {f"{hour:02}:00:00": f"{(hour + 4) % 24:02}:00:00" for hour in (2, 6, 10, 14, 18, 22)}


@dataclass
class Checked:
    """The inputs as they go into the state, the problems found, and what to warn of."""

    inputs: dict[str, Any]
    failures: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"write text, not {value!r}")
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"write a text that is not empty, not {value!r}")
    if not value.isprintable():
        raise ValueError("write it without control characters or line breaks")
    if value != value.strip():
        raise ValueError(f"write {value.strip()!r}, without space around it")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"write true or false, not {value!r}")
    return value


def _count(value: Any) -> int:
    # Every number arrives as a float from the engine.
    whole = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    if not whole or not 0 <= value <= 1_000_000:
        raise ValueError(f"write a whole number of Mbit/s from 0 to 1000000, such as 5, not {value!r}")
    return int(value)


def _zones(value: Any) -> list[str]:
    if not isinstance(value, list) or not value:
        raise ValueError(f'write a list of at least one zone id, such as ["az0.dc0"], not {value!r}')
    zones = [_word(zone) for zone in value]
    if len(set(zones)) != len(zones):
        raise ValueError("write each zone once")
    return zones


def one_of(*words: str) -> Rule:
    """A rule: one of these words."""

    def rule(value: Any) -> str:
        if value not in words:
            raise ValueError(f"write one of {', '.join(map(repr, words))}, not {value!r}")
        return str(value)

    return rule


def time_of_day(value: Any) -> str:
    """``22:00`` and ``22:00:00`` as ``22:00:00``."""
    match = re.fullmatch(r"(\d{2}):(\d{2})(?::(\d{2}))?", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"write a time as HH:MM:SS, such as 22:00:00, not {value!r}")
    return f"{match[1]}:{match[2]}:{match[3] or '00'}"


def _window(value: Any) -> str:
    time = time_of_day(value)
    if time not in WINDOWS:
        raise ValueError(f"write one of {', '.join(WINDOWS)} (UTC), not {value!r}")
    return time


def _project(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9A-Za-z_-]{16,128}", value):
        raise ValueError(f"write a project id, such as {keys.PROJECT.example}, not {value!r}")
    return value


def _region(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError(f"write a region id, such as cn-north-4, not {value!r}")
    return value


def _instance_id(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9A-Za-z-]{8,64}", value):
        raise ValueError(f"write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23, not {value!r}")
    return value


MQS_RULES: Mapping[str, Rule] = {
    "engine_version": one_of(*ENGINE_VERSIONS),
    "rocketmq_enable": _flag,
    "enable_publicip": _flag,
    "enable_acl": _flag,
    "ssl_enable": _flag,
    "retention_policy": one_of(*RETENTION_POLICIES),
    "trace_enable": _flag,
    "vpc_client_plain": _flag,
    "connector_enable": _flag,
}

RULES: Mapping[str, Rule] = {
    "name": _word,
    "description": _text,
    "product_id": _word,
    "edition": _word,
    "available_zones": _zones,
    "vpc_id": _word,
    "subnet_id": _word,
    "security_group_id": _word,
    "enterprise_project_id": _word,
    "cpu_architecture": one_of(*CPU_ARCHITECTURES),
    "ipv6_enable": _flag,
    "enable_all": _flag,
    "eip_id": _word,
    "ingress_bandwidth_size": _count,
    "maintain_begin": _window,
    "maintain_end": _window,
    "mqs": lambda value: value,  # its entries are checked one by one
    "region": _region,
    "project_id": _project,
    "adopt_id": _instance_id,
}

REQUIRED = ("name", "available_zones", "vpc_id", "subnet_id", "security_group_id")
DEFAULTS: Mapping[str, Any] = {"cpu_architecture": "x86_64", "ipv6_enable": False, "enable_all": True}


def check(
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    settings: Settings,
    is_unknown: Callable[[Any], bool],
) -> Checked:
    """Check the arguments ``news``; ``olds`` are the inputs of the state, empty for a new instance."""
    given = {key: value for key, value in news.items() if value is not None and key != "__provider"}
    checked = Checked({**DEFAULTS, **given})
    inputs, failures = checked.inputs, checked.failures

    _resolve_place(olds, checked, settings, is_unknown)
    for key, value in list(inputs.items()):
        if key not in RULES:
            known = ", ".join(sorted(RULES))
            failures.append((key, f"an instance has no such argument; the arguments are: {known}"))
        elif not has_unknown(value, is_unknown):
            try:
                inputs[key] = RULES[key](value)
            except ValueError as error:
                failures.append((key, str(error)))
    for key in REQUIRED:
        if key not in inputs:
            failures.append((key, "is missing; every instance needs it"))

    _check_product(checked, settings, is_unknown)
    _check_window(checked)
    _check_mqs(checked, is_unknown)
    return checked


def has_unknown(value: Any, is_unknown: Callable[[Any], bool]) -> bool:
    """Whether a value, or anything in it, is not known yet."""
    if isinstance(value, dict):
        return any(has_unknown(entry, is_unknown) for entry in value.values())
    if isinstance(value, list):
        return any(has_unknown(entry, is_unknown) for entry in value)
    return is_unknown(value)


def _resolve_place(
    olds: Mapping[str, Any], checked: Checked, settings: Settings, is_unknown: Callable[[Any], bool]
) -> None:
    """Where an instance lives is part of it: write region and project id into its inputs.

    An argument or the stack config says where it shall live. The environment, and the project of the
    credentials, only say where a *new* one shall: a colleague's variable must not move, which is to say destroy,
    an instance that exists.
    """
    for name, key in (("region", keys.REGION), ("project_id", keys.PROJECT)):
        if name in checked.inputs:
            continue
        value = settings.from_config(key)
        if value is None:
            value, source = settings.surrounding(key)
            old = olds.get(name)
            region = checked.inputs.get("region")
            if name == "project_id" and not is_unknown(region) and region != olds.get("region"):
                old = None  # a project is of one region, and the instance moves to another
            if isinstance(old, str) and old != value:
                if value is not None:
                    checked.warnings.append(
                        f"{source} is {value}, but this instance lives in {old} and stays there; "
                        f"`pulumi config set {key.config} {value}` would replace it"
                    )
                value = old
        if value is not None:
            checked.inputs[name] = value
        elif name == "region":
            checked.failures.append((name, key.missing(name)))
        else:
            _look_up_project(checked, settings, is_unknown)


def _look_up_project(checked: Checked, settings: Settings, is_unknown: Callable[[Any], bool]) -> None:
    """The region's own project, by IAM."""
    region = checked.inputs.get("region")
    missing = keys.PROJECT.missing("project_id")
    if is_unknown(region):
        return  # looked up when the region is known
    try:
        region = _region(region)
        settings.credentials(region)
    except (ValueError, InputError):
        # Told as a problem of its own; without it there is nobody to ask.
        checked.failures.append(("project_id", missing))
        return
    try:
        checked.inputs["project_id"] = settings.find_project(region)
    except InputError as error:
        checked.failures.append(("project_id", error.reason))
    except RomaError as error:
        said = [str(error)]
        if isinstance(error, RomaApiError) and error.refuses_sign_in:
            said += settings.sign_in_hints(error, settings.clock.epoch())
        checked.failures.append(("project_id", f"{missing}; it could not be looked up: {'; '.join(said)}"))


def _check_product(checked: Checked, settings: Settings, is_unknown: Callable[[Any], bool]) -> None:
    """product_id or edition, exactly one; an edition becomes its product id."""
    inputs, failures = checked.inputs, checked.failures
    try:
        table = settings.product_ids()
    except InputError as error:
        failures.append((error.key, error.reason))
        table = dict(keys.PRODUCT_IDS)
    edition, product = inputs.get("edition"), inputs.get("product_id")
    if edition is not None and product is not None:
        failures.append(("edition", "write edition or product_id, not both: the one implies the other"))
    if edition is None and product is None:
        failures.append(("product_id", f"is missing; write it, or edition as one of {', '.join(table)}"))
    if edition is None or product is not None or is_unknown(edition) or not isinstance(edition, str):
        return
    if edition in table:
        inputs["product_id"] = table[edition]
    elif edition.strip():
        failures.append(("edition", f"{edition!r} is not known; write one of {', '.join(table)}"))


def _check_window(checked: Checked) -> None:
    begin, end = checked.inputs.get("maintain_begin"), checked.inputs.get("maintain_end")
    if (begin is None) != (end is None):
        missing = "maintain_end" if end is None else "maintain_begin"
        checked.failures.append((missing, "write both maintain_begin and maintain_end, or neither"))
    elif isinstance(begin, str) and begin in WINDOWS and end in WINDOWS.values() and WINDOWS[begin] != end:
        checked.failures.append(("maintain_end", f"a window is 4 hours long; write {WINDOWS[begin]}"))


def _check_mqs(checked: Checked, is_unknown: Callable[[Any], bool]) -> None:
    mqs = checked.inputs.get("mqs")
    if mqs is None or is_unknown(mqs):
        return
    if not isinstance(mqs, dict):
        checked.failures.append(("mqs", f"write an object, such as {{'engine_version': '2.7'}}, not {mqs!r}"))
        return
    kept = {key: value for key, value in mqs.items() if value is not None}
    for key, value in kept.items():
        if key not in MQS_RULES:
            checked.failures.append((f"mqs.{key}", f"mqs has no such field; it has {', '.join(MQS_RULES)}"))
        elif not is_unknown(value):
            try:
                kept[key] = MQS_RULES[key](value)
            except ValueError as error:
                checked.failures.append((f"mqs.{key}", str(error)))
    if kept.get("rocketmq_enable") is True and "engine_version" in kept:
        checked.failures.append(("mqs.engine_version", "is Kafka's; leave it out where rocketmq_enable is true"))
    checked.inputs["mqs"] = kept
