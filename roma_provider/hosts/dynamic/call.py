"""A call of the SDK's host: properties are Python's, and each state has the host's own ``__provider`` in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from .. import status
from ..call import EngineCall
from ..link import Link

PROVIDER = "__provider"
# Among the outputs of an instance that is only looked up, not owned: this host is told nothing else of it.
LOOKED_UP = "__looked_up"


class Call(EngineCall):
    """``stamp`` is what the host itself has in every state; without it (None) no partial state can be kept."""

    def __init__(self, request: Any, context: Any, link: Link, stamp: Mapping[str, Any] | None = None) -> None:
        super().__init__(request, context, link)
        self._stamp = stamp

    def properties(self, struct: struct_pb2.Struct) -> dict[str, Any]:
        found: dict[str, Any] = rpc.deserialize_properties(struct, True)
        found.pop(PROVIDER, None)
        return found

    def partial(self, instance_id: str, outputs: Mapping[str, Any]) -> status.Partial | None:
        return None if self._stamp is None else status.Partial(instance_id, {**outputs, **self._stamp})
