"""The text of a program that declares instances. What a server or a state says is in it as literals alone.

Names of variables and resources are made of harmless characters and are never the same twice; texts are Python's own
literals; comments are one line, without what a terminal or a CI system obeys (``texts``).
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...texts import for_people

MOST_NAME = 100
_HEAD = {
    False: '''"""ROMA Connect instances, as `roma import` found them. `pulumi up` takes them over, and creates nothing.

When it has, take out the lines with adopt_id; nothing changes by that. No instance is deleted while it is protected.
"""

import pulumi
import roma_provider as roma
''',
    True: '''"""ROMA Connect instances, as `roma import` found them. Nothing here deletes them."""

import roma_provider as roma
''',
}
_TAKEN = frozenset((*keyword.kwlist, *dir(builtins), "pulumi", "roma"))


@dataclass(frozen=True)
class Declared:
    """An instance to declare: what it is to be called, if that can be, its arguments in their order, and a comment."""

    label: str
    arguments: Mapping[str, Any]
    comment: str


@dataclass
class Names:
    """Names that were given, none twice."""

    taken: set[str] = field(default_factory=set)

    def resource(self, label: str) -> str:
        """The name of a resource: the label, as far as it is letters, digits, dots, dashes and underscores."""
        tame = re.sub(r"[^\w.-]+", "-", label[:MOST_NAME]).strip("-.")
        return self._given(tame or "instance", "-", self.taken)

    def variable(self, resource: str) -> str:
        """The name of a variable for a resource: ASCII, since Python takes some other letters for the same."""
        tame = re.sub(r"[^0-9a-z]+", "_", resource.lower()).strip("_")
        if not tame or tame[0].isdigit():
            tame = f"instance_{tame}".rstrip("_")
        return self._given(tame, "_", self.taken | _TAKEN)

    def _given(self, name: str, joint: str, taken: Collection[str]) -> str:
        found, number = name, 1
        while found in taken:
            number += 1
            found = f"{name}{joint}{number}"
        self.taken.add(found)
        return found


def program(declared: Iterable[Declared], left_out: Sequence[str], *, existing: bool, is_ascii: bool) -> str:
    """The program, without a line break at its end. ``left_out``: a comment for each instance that is not in it."""
    resources, variables = Names(), Names()
    parts = [_HEAD[existing]]
    for one in declared:
        resource = resources.resource(one.label)
        parts.append(_statement(variables.variable(resource), resource, one, existing=existing, is_ascii=is_ascii))
    parts += ["".join(f"# Not in here: {_comment(reason, is_ascii)}\n" for reason in left_out)]
    return "\n".join(parts).rstrip("\n")


def literal(value: Any, *, is_ascii: bool = False) -> str:
    """A value as Python writes it, in one line that holds nothing a terminal or a CI system obeys."""
    if isinstance(value, list):
        return f"[{', '.join(literal(entry, is_ascii=is_ascii) for entry in value)}]"
    if not isinstance(value, str):
        return repr(value)
    text = ascii(value) if is_ascii else repr(value)
    if text == f"'{value}'" and '"' not in value:
        text = f'"{value}"'  # as formatters have it
    return text.replace("##", "#\\x23")


def _statement(variable: str, resource: str, one: Declared, *, existing: bool, is_ascii: bool) -> str:
    written = {
        "adopt_id" if key == "instance_id" and not existing else key: one.arguments[key] for key in one.arguments
    }
    lines = [
        f"# {_comment(one.comment, is_ascii)}",
        f"{variable} = roma.{'ExistingInstance' if existing else 'Instance'}(",
        f"    {literal(resource, is_ascii=is_ascii)},",
        *(f"    {key}={literal(value, is_ascii=is_ascii)}," for key, value in written.items()),
        *([] if existing else ["    opts=pulumi.ResourceOptions(protect=True),"]),
        ")",
        "",
    ]
    return "\n".join(lines)


def _comment(text: str, is_ascii: bool) -> str:
    shown = for_people(text)
    return shown.encode("ascii", "backslashreplace").decode() if is_ascii else shown
