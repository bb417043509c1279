"""Values as the engine sends and reads them: a Struct of protobuf, in which a value that is not known is a text.

The SDK's own serializer needs an event loop, and so file descriptors, of which many waits may leave none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import struct_pb2
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


class _Unknown(Unknown):
    """With words, since a message may show what it stands in."""

    def __repr__(self) -> str:
        return "(not known yet)"


UNKNOWN_VALUE = _Unknown()  # type: ignore[no-untyped-call]
"""A value that is not known, as the lifecycle meets it."""
# By this key the engine tells that an object is a value of another kind, and which (sdk/go/common/resource: SigKey).
_SIGNATURE, _SECRET, _OUTPUT = (
    "4dabf18193072939515e22adb298388d",
    "1b47061264138c4ac30d75fd1eb44270",
    "d0e6a833031e9bbcd3f4e8bde6ca49a4",
)
_OTHERS = {
    "c44067f5952c0a294b673a41bacd8c17": "an asset",
    "0def7320c3a5731c473e5ecbe6d01bc7": "an archive",
    "5cf8f73096256a8f31e491e813e4eb8e": "a resource",
}


@dataclass(frozen=True, repr=False)
class Other:
    """What no property takes. It is refused by the property's own rule, in whose message it is ``what``."""

    what: str
    sent: struct_pb2.Value

    def __repr__(self) -> str:
        return self.what


def read(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Properties as Python values; those that are null are left out, those that are not known are `Unknown`."""
    return {key: read_value(value) for key, value in struct.fields.items() if value.WhichOneof("kind") != "null_value"}


def read_value(value: struct_pb2.Value) -> Any:
    """One value. A secret is read as what it hides: the engine itself knows what is to be hidden.

    What stands for no plain value is `Other`, and never passes for nothing.
    """
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if _SIGNATURE not in fields:
            return read(value.struct_value)
        signature = fields[_SIGNATURE].string_value
        if signature in (_SECRET, _OUTPUT) and "value" in fields:
            return read_value(fields["value"])
        if signature == _OUTPUT:
            return UNKNOWN_VALUE
        return Other(_OTHERS.get(signature, "an object of Pulumi's own"), value)
    if kind == "list_value":
        return [read_value(entry) for entry in value.list_value.values]
    if kind in (None, "null_value"):
        return None
    found = getattr(value, kind)
    return UNKNOWN_VALUE if kind == "string_value" and found in _UNKNOWNS else found


def write(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """A Struct of Python values. None is left out, at the top."""
    struct = struct_pb2.Struct()
    _fill(struct, {key: value for key, value in properties.items() if value is not None})
    return struct


def secret(value: Any) -> dict[str, Any]:
    """A value that the engine keeps encrypted."""
    return {_SIGNATURE: _SECRET, "value": value}


def _fill(struct: struct_pb2.Struct, properties: Mapping[str, Any]) -> None:
    for key, value in properties.items():
        _set(struct.fields[_unicode(key)], value)


def _set(target: struct_pb2.Value, value: Any) -> None:
    """Any number of a program's is one, which JSON's would not be."""
    if value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        target.number_value = value
    elif isinstance(value, str):
        target.string_value = _unicode(value)
    elif isinstance(value, Unknown):
        target.string_value = UNKNOWN
    elif isinstance(value, Other):
        target.CopyFrom(value.sent)
    elif isinstance(value, Mapping):
        target.struct_value.SetInParent()
        _fill(target.struct_value, value)
    else:
        target.list_value.SetInParent()
        for entry in value:
            _set(target.list_value.values.add(), entry)


def _unicode(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
