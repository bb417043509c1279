"""Rules for the values of a POST's body, each with the words that refuse what breaks it."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

BodyRule: TypeAlias = tuple[Callable[[Any], bool], str]
"""Whether a value can be, and what to say where it cannot."""

_NAME_LENGTH = 64
_ZONES = 9
_WINDOW = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d")


def one_of(*values: str) -> BodyRule:
    return lambda value: value in values, f"It must be one of {', '.join(values)}."


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


TEXT: BodyRule = (_is_text, "It must be a string that is not empty.")
ANY_TEXT: BodyRule = (lambda value: isinstance(value, str), "It must be a string.")
BOOLEAN: BodyRule = (lambda value: isinstance(value, bool), "It must be true or false.")
OBJECT: BodyRule = (lambda value: isinstance(value, dict), "It must be an object.")
ARRAY: BodyRule = (lambda value: isinstance(value, list), "It must be an array.")
NUMBER: BodyRule = (
    lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    "It must be a whole number, 0 or more.",
)
NAME: BodyRule = (
    lambda value: _is_text(value) and len(value) <= _NAME_LENGTH,
    f"It must be a string of 1 to {_NAME_LENGTH} characters.",
)
ZONES: BodyRule = (
    lambda value: isinstance(value, list) and 1 <= len(value) <= _ZONES and all(map(_is_text, value)),
    f"It must be an array of 1 to {_ZONES} zones.",
)
WINDOW_TIME: BodyRule = (
    lambda value: isinstance(value, str) and bool(_WINDOW.fullmatch(value)),
    "It must be a time of the form 22:00:00.",
)
