"""What the constructors tell the plugin of the arguments that they were given; see `schema.written`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from ..schema.written import WRITTEN


def written(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The property, beside the arguments, that says which of them were given."""
    given = {key: value for key, value in arguments.items() if value is not None}
    return {WRITTEN: {key: {"known": True if _is_plain(value) else _known(value)} for key, value in given.items()}}


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_plain, value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return all(map(_is_plain, value))
    return isinstance(value, str | bool | int | float | None)


def _known(value: Any) -> pulumi.Output[bool]:
    """Whether a value is one, not None; unknown where any part of it is."""
    return pulumi.Output.from_input(value).apply(lambda found: found is not None)
