"""What a preview shows of a difference: one property, or part of one, a line.

In a form that no host has a word in: a host turns it into what its engine reads. Pulumi's takes the old value of a line
from the inputs of the state or from its outputs, and the new one from the program's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from .catalogue import INSTANCE
from .diff import Difference
from .kinds import is_rcu
from .outputs import same
from .rules import has_unknown


class Edit(Enum):
    """What happens to a value."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True)
class Detail:
    """One line. ``replaces``: it is a reason for the replacement. ``of_inputs``: the old value is that of the state's
    inputs, else that of its outputs."""

    edit: Edit
    replaces: bool = False
    of_inputs: bool = True


@dataclass(frozen=True)
class States:
    """What is compared: the state's outputs and inputs, the checked arguments, and what tells an unknown value."""

    outputs: Mapping[str, Any]
    inputs: Mapping[str, Any]
    news: Mapping[str, Any]
    is_unknown: Callable[[Any], bool]


def detailed(found: Difference, states: States) -> Difference:
    """A difference with its lines."""
    return replace(found, lines=details(found, states))


def details(found: Difference, states: States) -> dict[str, Detail]:
    """The lines of a difference, by path, such as ``mqs.ssl_enable`` or ``available_zones[0]``.

    An argument that was taken away stays as it is, and so has no line; but for a replacement, which is made without it.
    The replacement of what failed shows the status that is the reason. An update that only has to look has no line: for
    an engine whose option ``replace_on_changes`` says "*", any line would be a reason to replace what is half-made.
    """
    lines: dict[str, Detail] = {}
    for key in _keys(found, states):
        old, of_inputs = _old(key, states)
        for path, edit in _edits(key, old, states.news.get(key), states.is_unknown):
            lines[path] = Detail(edit, key in found.replaces, of_inputs)
    if "status" in found.replaces:
        lines["status"] = Detail(Edit.UPDATE, replaces=True, of_inputs=False)
    return lines


def _keys(found: Difference, states: States) -> list[str]:
    """The arguments that have lines."""
    keys = {key for key in (*found.replaces, *found.updates) if key in INSTANCE or key in states.news}
    if found.replaces:
        inputs, news = states.inputs, states.news
        keys |= {key for key in inputs if key not in news}
        if is_rcu(states.outputs) != is_rcu(news):
            keys |= {key for key in news if key not in inputs or not same(key, news[key], inputs[key])}
    # The edition stands for its product.
    implied = {"product_id"} if "edition" in states.news or "product_id" not in states.news else set()
    return sorted(key for key in keys - implied if not key.startswith("__") and not _means_nothing(key))


def _means_nothing(key: str) -> bool:
    return key in INSTANCE and not INSTANCE[key].change.is_difference


def _old(key: str, states: States) -> tuple[Any, bool]:
    """The value that a line of an argument begins with, and whether it is that of the inputs. The program may declare
    for the first time what the instance has, or what the state's inputs say may not be what it has."""
    old, new, shown = states.inputs.get(key), states.news.get(key), states.outputs.get(key)
    settled = new is None or has_unknown(new, states.is_unknown)
    if shown is None or (old is not None and (settled or not same(key, new, old))):
        return old, True
    return shown, False


def _edits(path: str, old: Any, new: Any, is_unknown: Callable[[Any], bool]) -> Iterator[tuple[str, Edit]]:
    """The paths of what differs between two values of an argument, inside of them where both have parts."""
    if old is None or new is None:
        if old is not None or new is not None:
            yield path, Edit.ADD if old is None else Edit.DELETE
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from _edits(f"{path}.{key}", old.get(key), new.get(key), is_unknown)
    elif isinstance(old, list) and isinstance(new, list):
        for number in range(max(len(old), len(new))):
            was, will = (values[number] if number < len(values) else None for values in (old, new))
            yield from _edits(f"{path}[{number}]", was, will, is_unknown)
    elif is_unknown(new) or old != new:
        yield path, Edit.UPDATE
