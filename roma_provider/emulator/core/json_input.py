"""JSON that comes in: only what can be kept, shown and sent again, so that no input makes later answers fail."""

import json
import math
from typing import Any, NoReturn

DEEPEST = 64
"""How many arrays and objects may lie in one another; a body of the API has four."""

_GREATEST = 2**63 - 1


class UnreadableJSONError(ValueError):
    """What came is no JSON that is taken; the message says why."""


def parsed_json(text: bytes | str) -> Any:
    """The value of a JSON text.

    Guesses: that the real API refuses, too, what RFC 8259 calls unpredictable: other encodings than UTF-8, half a
    surrogate pair, NaN and Infinity, numbers beyond 64 bits, deep nesting.

    Raises:
        UnreadableJSONError: it is none of these.
    """
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8")
        value = json.loads(decoded, parse_constant=_no_constant, parse_float=_float, parse_int=_whole)
    except UnreadableJSONError:
        raise
    except (ValueError, RecursionError) as error:
        raise UnreadableJSONError(f"{error}") from error
    _check(value)
    return value


def _no_constant(name: str) -> NoReturn:
    raise UnreadableJSONError(f"{name} is no number of JSON")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise UnreadableJSONError("a number is too large")
    return value


def _whole(text: str) -> int:
    # By its length first: Python refuses to read thousands of digits, and takes long over hundreds.
    if len(text) > len(str(-_GREATEST)) or not -_GREATEST <= int(text) <= _GREATEST:
        raise UnreadableJSONError("a number is too large")
    return int(text)


def _check(value: Any) -> None:
    """Depth and texts; level by level, since what is deep would be too deep for a recursion."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise UnreadableJSONError(f"it is nested more than {DEEPEST} deep")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise UnreadableJSONError("a text has half a surrogate pair")
    return value if isinstance(value, list) else []
