"""The kinds of values that answers are made of: what is received becomes one of these, or counts as absent.

The edge: each id has the shape of one, and each text, number and list has a bound. What is behind need not ask again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from ..texts import cut

MOST_TEXT, MOST_NAME, MOST_CODE = 2000, 200, 100
# Of an instance's zones nine are documented.
MOST_SERVICES, MOST_NAMES = 200, 50
# More than a project can have: the documented lists count 100.
MOST_LISTED = 10_000
# What a float, and so JSON elsewhere, holds exactly.
MOST_NUMBER = 2**53
# Ids that are known are dashed UUIDs or 32 hexadecimal digits. One stands in paths and in commands for people to copy.
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}", re.ASCII)


def is_id(text: str) -> bool:
    """Whether a text has the shape of an instance's id."""
    return _ID.fullmatch(text) is not None


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        # JSON can hold half a surrogate pair, which no output can.
        return value.encode("utf-8", "replace").decode()
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else json.dumps(value)


def _bounded(most: int) -> Callable[[Any], str | None]:
    def bounded(value: Any) -> str | None:
        text = _text(value[: most + 1] if isinstance(value, str) else value)
        return None if text is None else cut(text, most)

    return bounded


def _id(value: Any) -> str | None:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    text = value if isinstance(value, str) else str(value)
    return text if is_id(text) else None


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        found = int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return found if abs(found) <= MOST_NUMBER else None


def _millis(value: Any) -> int | None:
    """Epoch milliseconds; the API writes 0 for "not yet"."""
    return _number(value) or None


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False, "1": True, "0": False}.get(str(value).lower())


def _names(value: Any) -> list[str] | None:
    """A list of names. /process sends it as JSON text, the APIC part as ``"[a, b]"``, the lists as a list."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = [part.strip(" \"'") for part in value.strip(" []").split(",")]
    if isinstance(value, str | int | float):
        value = [value]
    if not isinstance(value, list):
        return None
    texts = (_text(entry) for entry in value[:MOST_NAMES] if entry not in (None, ""))
    return [cut(text, MOST_CODE) for text in texts if text is not None]


def _object(value: Any) -> Any:
    return value if isinstance(value, dict | BaseModel) else None


def _services(value: Any) -> list[Any]:
    if not isinstance(value, list):
        return []
    return [entry for entry in value if isinstance(entry, dict | BaseModel)][:MOST_SERVICES]


def _listed(value: Any) -> list[Any]:
    """Strict, unlike the rest: a list that cannot be read must not pass for an empty one, since an instance
    that it lacks counts as gone, and a name as free."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ValueError("not a list of objects")
    if len(value) > MOST_LISTED:
        raise ValueError("too long")
    return value


Text = Annotated[str | None, BeforeValidator(_bounded(MOST_TEXT))]
Name = Annotated[str | None, BeforeValidator(_bounded(MOST_NAME))]
Code = Annotated[str | None, BeforeValidator(_bounded(MOST_CODE))]
Id = Annotated[str | None, BeforeValidator(_id)]
Number = Annotated[int | None, BeforeValidator(_number)]
Millis = Annotated[int | None, BeforeValidator(_millis)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
Names = Annotated[list[str] | None, BeforeValidator(_names)]
Object = BeforeValidator(_object)
Services = BeforeValidator(_services)
Listed = BeforeValidator(_listed)
