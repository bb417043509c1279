"""Values as the engine sends and reads them: a Struct of protobuf, in which a value that is not known is a text.

The SDK's own serializer needs an event loop, and so file descriptors, of which many waits may leave none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.output import Unknown

# What stands for a value that is not known yet, by its type; programs send the first (sdk/go/common/resource/plugin).
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS = frozenset(
    (
        UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    )
)
UNKNOWN_VALUE = Unknown()  # type: ignore[no-untyped-call]
"""A value that is not known, as the lifecycle meets it."""
# By this key the engine tells that an object is a secret (sdk/go/common/resource: SigKey, SecretSig).
_SIGNATURE, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


def read(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Properties as Python values; those that are null are left out, those that are not known are `Unknown`."""
    return {key: read_value(value) for key, value in struct.fields.items() if value.WhichOneof("kind") != "null_value"}


def read_value(value: struct_pb2.Value) -> Any:
    """One value. A secret is read as what it hides: the engine itself knows what is to be hidden."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        if _SIGNATURE in value.struct_value.fields:
            return read_value(value.struct_value.fields["value"])
        return read(value.struct_value)
    if kind == "list_value":
        return [read_value(entry) for entry in value.list_value.values]
    if kind in (None, "null_value"):
        return None
    found = getattr(value, kind)
    return UNKNOWN_VALUE if kind == "string_value" and found in _UNKNOWNS else found


def write(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """A Struct of Python values. None is left out, at the top."""
    plain = _plain({key: value for key, value in properties.items() if value is not None})
    struct = struct_pb2.Struct()
    json_format.Parse(json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace"), struct)
    return struct


def secret(value: str) -> dict[str, str]:
    """A value that the engine keeps encrypted."""
    return {_SIGNATURE: _SECRET, "value": value}


def _plain(value: Any) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value
