"""A call of the engine to the plugin: Pulumi's spelling of properties and messages on one side, ours on the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

from .. import status
from ..call import EngineCall
from . import names, wire
from .words import spelled

PROVIDER = "__provider"
"""In each state of the dynamic provider; a stack that has moved over has it until its first update."""


class Call(EngineCall):
    """One call, by its request and gRPC context."""

    def properties(self, struct: struct_pb2.Struct) -> dict[str, Any]:
        found = names.from_wire(wire.read(struct))
        found.pop(PROVIDER, None)
        return found

    def spelled(self, text: str) -> str:
        return spelled(text)

    def partial(self, instance_id: str, outputs: Mapping[str, Any]) -> status.Partial:
        return status.Partial(instance_id, outputs, self._on_the_wire, self._inputs())

    def _on_the_wire(self, properties: struct_pb2.Struct) -> struct_pb2.Struct:
        return wire.write(names.to_wire(self.properties(properties)))

    def _inputs(self) -> struct_pb2.Struct | None:
        """The inputs of the state, which the engine would lose else: those of this call, by what it is."""
        for field in ("news", "inputs", "properties"):  # of an update, a read, a create
            if hasattr(self._request, field):
                struct: struct_pb2.Struct = getattr(self._request, field)
                return self._on_the_wire(struct)
        return None
