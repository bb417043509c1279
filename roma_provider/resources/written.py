"""What the constructors tell the plugin of the arguments that they were given; see `schema.written`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from ..hosts.dynamic.known import is_preview
from ..schema.written import PREVIEW, WRITTEN


def written(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What stands beside the arguments: which of them were given, and that this is a preview, if it is."""
    given = {key: value for key, value in arguments.items() if value is not None}
    told = {key: {"known": True if _is_plain(value) else _known(value)} for key, value in given.items()}
    return {WRITTEN: told, **({PREVIEW: True} if is_preview() else {})}


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_plain, value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return all(map(_is_plain, value))
    return isinstance(value, str | bool | int | float | None)


def _known(value: Any) -> pulumi.Output[bool]:
    """Whether a value is one, not None; unknown where any part of it is."""
    return pulumi.Output.from_input(value).apply(lambda found: found is not None)
