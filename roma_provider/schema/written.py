"""What a program wrote of its arguments, whether or not it has a value by the time it is checked.

In `up` the engine leaves out an argument whose value nobody knows: that of a resource that could not be made, with
``--continue-on-error``. It then looks like one that was never written, or like an Output that came to be None. So
the constructor says beside the arguments, under ``WRITTEN``, what it was given. check takes that out again, and
leaves under ``ABSENT`` what create and update have to refuse (should the engine, which knows what depends on what
failed, call them all the same). None of it is ever in a state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import InputError

# For each argument that was given: {"known": True}, False for an Output that came to be None; without "known" where
# its value, or a part of it, is not known in `up`.
WRITTEN = "__written"
# There where the program runs in a preview, of which the engine tells a check nothing.
PREVIEW = "__preview"
# What the engine's id of an instance begins with that is looked up by its name, which follows.
BY_NAME = "name="
# The names of arguments that were given and have no value.
ABSENT = "__absent"


def absent(news: Mapping[str, Any]) -> list[str]:
    """The arguments that the program gave, and that have no value."""
    written = news.get(WRITTEN)
    if not isinstance(written, Mapping):
        return []
    return sorted(key for key, given in written.items() if isinstance(given, Mapping) and "known" not in given)


def warning(lost: Iterable[str]) -> str:
    """What check says of arguments without a value: the engine then leaves the resource out, and says nothing of it."""
    return f"{_no_value(lost)}. This resource is neither made nor changed in this run: {_WAY_ON}"


def refuse_absent(inputs: Mapping[str, Any], outcome: str) -> None:
    """InputError if checked arguments lack what the program gave; ``outcome`` is what that means."""
    lost = list(inputs.get(ABSENT) or ())
    if lost:
        raise InputError(lost[0], f"{_no_value(lost)}; {outcome}: {_WAY_ON}")


_WAY_ON = "deal with that first, then run `pulumi up` again"


def _no_value(lost: Iterable[str]) -> str:
    names = ", ".join(map(repr, lost))
    return f"what the program gives {names} has no value, since the resource that it comes from could not be made"
