"""The status of a failed call: what the engine shows of it, and what it shall keep, within what can be sent.

It goes into the trailing metadata of an aborted call, as base64, and what is too much there ends the call without any
status ("peer header list size exceeded"): no error for the user, nothing in the state. So it has a bound, and what
matters least gives way first: the sub-services, the last ones first, then outputs that are no arguments.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf import any_pb2, json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, status_pb2

from ..schema.catalogue import INSTANCE
from ..texts import for_people

MOST_BYTES = 64_000
# Of these, for the reasons (which are sent twice: as the message, and for the state).
MESSAGE_BYTES = 8_000
SERVICES = "services"
# Outputs by which a later call knows how far the instance was.
ESSENTIAL = frozenset({"instance_id", "status", "end_time"})
# Room for the frame of a message and its type's name.
_FRAME = 400


def _as_it_is(properties: struct_pb2.Struct) -> struct_pb2.Struct:
    return properties


@dataclass(frozen=True)
class Partial:
    """What a state is to hold of an instance that is not ready. ``spell`` makes of its outputs what the engine reads,
    which is no longer; ``inputs`` are those of the state, for an engine that would lose them (None: it does not)."""

    instance_id: str
    outputs: Mapping[str, Any]
    spell: Callable[[struct_pb2.Struct], struct_pb2.Struct] = _as_it_is
    inputs: struct_pb2.Struct | None = None


def reasons(said: Sequence[str]) -> list[str]:
    """What a user reads, a line each; as many as have room."""
    left = MESSAGE_BYTES
    found: list[str] = []
    for reason in said:
        # A character has four bytes at most.
        text = for_people(reason, MESSAGE_BYTES // 4)
        left -= len(text.encode("utf-8", "replace")) + 4
        if left < 0:
            found.append(f"… and {len(said) - len(found)} more")
            break
        found.append(text)
    return found


def status(said: Sequence[str], kept: Partial | None) -> tuple[bytes, bool]:
    """A google.rpc.Status, and whether it holds ``kept``.

    Its code has to be UNKNOWN, with which a host aborts, or grpc-go does not take it.
    """
    found = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message="\n".join(said))
    if kept is None:
        return found.SerializeToString(), False
    detail = provider_pb2.ErrorResourceInitFailed(
        id=kept.instance_id, reasons=said, refresh_before_update=True, inputs=kept.inputs
    )
    room = MOST_BYTES - found.ByteSize() - detail.ByteSize() - _FRAME
    properties = _fitted(kept.outputs, room)
    if properties is None:
        return found.SerializeToString(), False
    detail.properties.CopyFrom(kept.spell(properties))
    packed = any_pb2.Any()
    packed.Pack(detail)
    found.details.append(packed)
    return found.SerializeToString(), True


def _fitted(outputs: Mapping[str, Any], room: int) -> struct_pb2.Struct | None:
    """As much of the outputs as has room; None if that is not even what they cannot do without."""
    whole = _struct(outputs)
    if whole.ByteSize() <= room:
        return whole
    found = struct_pb2.Struct()
    for key in sorted((key for key in outputs if key in whole.fields), key=_order):
        if key == SERVICES:
            continue
        value = whole.fields[key]
        size = _entry_size(key, value)
        if size > room:
            if _order(key) == 0:
                return None
            continue
        room -= size
        found.fields[key].CopyFrom(value)
    services = whole.fields[SERVICES].list_value.values if SERVICES in whole.fields else []
    kept = found.fields[SERVICES].list_value
    room -= len(SERVICES) + 16
    for service in services:
        room -= service.ByteSize() + 8
        if room < 0:
            break
        kept.values.append(service)
    return found


def _order(key: str) -> int:
    """0 for what a state cannot do without: arguments, and what tells how to go on with them."""
    return 0 if key in INSTANCE or key.startswith("__") or key in ESSENTIAL else 1


def _entry_size(key: str, value: struct_pb2.Value) -> int:
    return len(key.encode()) + int(value.ByteSize()) + 16


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Outputs as the engine reads them. They are plain JSON, so the SDK's serializer, which needs an event loop
    (and so file descriptors, of which many waits may leave none), is not."""
    text = json.dumps({key: value for key, value in properties.items() if value is not None}, ensure_ascii=False)
    struct = struct_pb2.Struct()
    json_format.Parse(text.encode("utf-8", "replace"), struct)
    return struct
