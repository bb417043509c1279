"""The programs of the golden previews, as a user writes them."""

from __future__ import annotations

import json
from typing import Any

from tests.engine.programs import VPC, Code

PLACE: dict[str, Any] = {
    "available_zones": ["az0.dc0"],
    "vpc_id": VPC,
    "subnet_id": "f65009c8-7009-403c-abdf-3100f9817762",
}
EMPTY = "import pulumi\n"
EDITION: dict[str, Any] = {
    "name": "roma-2222",
    "description": "integration platform",
    "edition": "basic",
    **PLACE,
    "security_group_id": "272338c9-b3ee-41ae-a2b6-3942f31030da",
}
COMPUTE: dict[str, Any] = {"name": "roma-2222", "rcu": {"total": 5}, **PLACE}

TIMED = Code('pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="1s"))')

# Dynamic resources as a user may have: a network that a change replaces, and a note that needs the instance.
NETWORK = """
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider


class NetworkProvider(ResourceProvider):
    def create(self, props):
        return CreateResult("network-1", {**props, "vpc_id": "vpc-of-" + props["range"]})

    def diff(self, _id, olds, news):
        return DiffResult(olds["range"] != news["range"], ["range"] if olds["range"] != news["range"] else [])


class Network(Resource, module="shop", name="Network"):
    vpc_id: pulumi.Output[str]

    def __init__(self, name, range):
        super().__init__(NetworkProvider(), name, {"range": range, "vpc_id": None})


"""
NOTE = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider, UpdateResult


class NoteProvider(ResourceProvider):
    def create(self, props):
        return CreateResult("note-1", props)

    def update(self, _id, _olds, news):
        return UpdateResult(news)


class Note(Resource, module="shop", name="Note"):
    def __init__(self, name, text, address):
        super().__init__(NoteProvider(), name, {"text": text, "address": address})


"""


def literal(value: Any) -> str:
    """A value as source text, with the quotes that formatters write."""
    if isinstance(value, str) and not isinstance(value, Code):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(entry)}" for key, entry in value.items()) + "}"
    return repr(value)


def resource(kind: str, **arguments: Any) -> str:
    """A statement that declares `instance`; an argument of None is left out."""
    lines = [f"    {key}={literal(value)},\n" for key, value in arguments.items() if value is not None]
    return f'instance = {kind}(\n    "integration",\n{"".join(lines)})\n'


def program(before: str = "", after: str = "", *, kind: str = "roma.Instance", **arguments: Any) -> str:
    """A program of one resource, with source text before and after it."""
    return f"import pulumi\n\nimport roma_provider as roma\n{before or chr(10)}{resource(kind, **arguments)}{after}"


def edition(**changes: Any) -> str:
    """A program with an instance of an edition."""
    return program(**{**EDITION, **changes})


def compute(**changes: Any) -> str:
    """A program with an RCU instance."""
    return program(**{**COMPUTE, **changes})


def network(range_: str) -> str:
    """A statement that declares `network`."""
    return f'network = Network("network", range={literal(range_)})\n'


def note(text: str, name: str = "note") -> str:
    """A statement that declares a note of where the instance is."""
    return f"Note({literal(name)}, {literal(text)}, instance.connect_address)\n"
