"""How properties are spelled: snake_case within this package, Pulumi's camelCase in its schema and on the wire.

Names that begin with ``__`` are marks of the state, and the same on both sides. What no table knows stays as it is, so
that a message names what was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from ...schema.catalogue import EXISTING, INSTANCE
from ...schema.columns import Field
from ...schema.fields import COMPUTED, Part, outputs_of

_Tree: TypeAlias = "Mapping[str, _Tree]"
"""The names below a property, each with those below it."""


def camel(name: str) -> str:
    """``vpc_id`` as ``vpcId``."""
    if name.startswith("__"):
        return name
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _fields(fields: tuple[Field, ...]) -> _Tree:
    return {field.name: _fields(field.fields) for field in fields}


_SERVICE: _Tree = {name: {} for row in outputs_of(Part.SERVICE) for name in row.names}
TREE: _Tree = {
    **{name: {} for name in COMPUTED},
    **{name: _fields(row.fields) for rows in (EXISTING, INSTANCE) for name, row in rows.items()},
    "services": _SERVICE,
}
"""Every property of the resources."""


def to_wire(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties in Pulumi's spelling."""
    return _renamed(properties, TREE, camel)


def from_wire(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties in this package's spelling. What has it already, as in a state of the dynamic provider, keeps it."""
    return _renamed(properties, TREE, None)


def misspelled(properties: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a program has written in this package's spelling: the path, and the name to write instead."""
    return list(_misspelled(properties, TREE, ""))


def path_to_wire(path: str) -> str:
    """A path such as ``mqs.ssl_enable`` or ``available_zones[0]`` in Pulumi's spelling."""
    return _WORD.sub(lambda match: _CAMEL.get(match[0], match[0]), path)


def _all(tree: _Tree) -> Iterator[str]:
    for name, below in tree.items():
        yield name
        yield from _all(below)


_CAMEL = {name: camel(name) for name in _all(TREE)}
WORDS = {name: spelled for name, spelled in _CAMEL.items() if name != spelled}
"""Each name that has another spelling on the wire, and that."""
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _renamed(properties: Mapping[str, Any], tree: _Tree, spell: Callable[[str], str] | None) -> dict[str, Any]:
    known = {camel(name): name for name in tree}
    found = {}
    for key, value in properties.items():
        name = known.get(key, key)
        written = name if spell is None or name not in tree else spell(name)
        found[written] = _below(value, tree.get(name, {}), spell)
    return found


def _below(value: Any, tree: _Tree, spell: Callable[[str], str] | None) -> Any:
    if isinstance(value, Mapping):
        return _renamed(value, tree, spell)
    if isinstance(value, list):
        return [_below(entry, tree, spell) for entry in value]
    return value


def _misspelled(value: Any, tree: _Tree, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _misspelled(entry, tree, f"{path}[{number}]")
    elif isinstance(value, Mapping):
        known = {camel(name): name for name in tree}
        for key, entry in value.items():
            at = f"{path}.{key}" if path else key
            if key in tree and camel(key) != key:
                yield at, camel(key)
            yield from _misspelled(entry, tree.get(known.get(key, str(key)), {}), at)
