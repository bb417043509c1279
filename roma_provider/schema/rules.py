"""The rules that values are held to: from a known value to its normal form, or what to write instead.

Which argument has which rule: ``catalogue``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from ..config import keys
from ..errors import InputError

Rule: TypeAlias = Callable[[Any], Any]
"""From a known value to its normal form; Refusal says what to write instead."""


class Refusal(ValueError):
    """What to write instead. ``advice`` is that without the value that was written, which may be a secret."""

    def __init__(self, advice: str, *written: Any) -> None:
        super().__init__(f"{advice}, not {written[0]!r}" if written else advice)
        self.advice = advice


# Four-hour windows (ShowDetailsOfInstanceV2: xx:00:00, xx of 02, 06, 10, 14, 18, 22; the end is 4 h later).
WINDOWS = {f"{hour:02}:00:00": f"{(hour + 4) % 24:02}:00:00" for hour in (2, 6, 10, 14, 18, 22)}


def anything(value: Any) -> Any:
    """For what a rule of its own checks, field by field."""
    return value


def text(value: Any) -> str:
    """Any text, the empty one too."""
    if not isinstance(value, str):
        raise Refusal("write text", value)
    return value


def word(value: Any) -> str:
    """A text of one line that is not empty, without space around it."""
    if not isinstance(value, str) or not value.strip():
        raise Refusal("write a text that is not empty", value)
    if not value.isprintable():
        raise Refusal("write it without control characters or line breaks")
    if value != value.strip():
        raise Refusal(f"write {value.strip()!r}, without space around it")
    return value


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Refusal("write true or false", value)
    return value


def whole(of: str, least: int = 0) -> Rule:
    """A rule: a whole number. Every number arrives as a float from the engine."""

    def rule(value: Any) -> int:
        number = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
        if not number or not least <= value <= 1_000_000:
            raise Refusal(f"write a whole number of {of} from {least} to 1000000, such as 5", value)
        return int(value)

    return rule


def zones(value: Any) -> list[str]:
    """At least one zone, each once."""
    if not isinstance(value, list) or not value:
        raise Refusal('write a list of at least one zone id, such as ["az0.dc0"]', value)
    found = [word(zone) for zone in value]
    if len(set(found)) != len(found):
        raise Refusal("write each zone once")
    return found


def one_of(*words: str) -> Rule:
    """A rule: one of these words."""

    def rule(value: Any) -> str:
        if value not in words:
            raise Refusal(f"write one of {', '.join(map(repr, words))}", value)
        return str(value)

    return rule


def time_of_day(value: Any) -> str:
    """``22:00`` and ``22:00:00`` as ``22:00:00``."""
    match = re.fullmatch(r"(\d{2}):(\d{2})(?::(\d{2}))?", value) if isinstance(value, str) else None
    if match is None:
        raise Refusal("write a time as HH:MM:SS, such as 22:00:00", value)
    return f"{match[1]}:{match[2]}:{match[3] or '00'}"


def window(value: Any) -> str:
    """The begin of a maintenance window, or its end, which is the begin of the next."""
    time = time_of_day(value)
    if time not in WINDOWS:
        raise Refusal(f"write one of {', '.join(WINDOWS)} (UTC)", value)
    return time


def project_id(value: Any) -> str:
    """A project's id; not whether it exists."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9A-Za-z_-]{16,128}", value):
        raise Refusal(f"write a project id, such as {keys.PROJECT.example}", value)
    return value


def region_id(value: Any) -> str:
    """A region's id; not whether it exists."""
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise Refusal("write a region id, such as cn-north-4", value)
    return value


def instance_id(value: Any) -> str:
    """An instance's id; not whether it exists."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9A-Za-z-]{8,64}", value):
        raise Refusal("write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23", value)
    return value


def require(value: Any, rule: Rule, name: str) -> None:
    """InputError, by the name under which it was given, for a value that the rule refuses."""
    try:
        rule(value)
    except Refusal as error:
        raise InputError(name, str(error)) from error


def has_unknown(value: Any, is_unknown: Callable[[Any], bool]) -> bool:
    """Whether a value, or anything in it, is not known yet."""
    if isinstance(value, dict):
        return any(has_unknown(entry, is_unknown) for entry in value.values())
    if isinstance(value, list):
        return any(has_unknown(entry, is_unknown) for entry in value)
    return is_unknown(value)
