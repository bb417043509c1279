"""The plugin in this process, asked as an engine does: by gRPC, over a lifecycle whose client is a fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from roma_provider.hosts.plugin import names, wire
from roma_provider.hosts.plugin.server import Server
from roma_provider.lifecycle.session import Session
from tests.support.fakes import FakeClient, Host

TYPE, EXISTING = "roma:index:Instance", "roma:index:ExistingInstance"
URN, REFERENCE = (f"urn:pulumi:dev::shop::{type_}::one" for type_ in (TYPE, EXISTING))


def struct(properties: dict[str, Any]) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(properties)
    return made


def wired(properties: dict[str, Any]) -> dict[str, Any]:
    """Properties as the engine has them: numbers are floats."""
    return plain(wire.write(names.to_wire(properties)))


def plain(properties: struct_pb2.Struct) -> dict[str, Any]:
    found: dict[str, Any] = json_format.MessageToDict(properties)
    return found


class Refused(Exception):
    """What an engine is told of a call that failed: its text, and what it is to keep."""

    def __init__(self, error: Any) -> None:
        super().__init__(error.details())
        status = status_pb2.Status()
        [sent] = [value for key, value in error.trailing_metadata() if key == "grpc-status-details-bin"]
        status.ParseFromString(sent)
        assert (status.code, status.message) == (error.code().value[0], error.details())
        self.kept: Any = None
        if status.details:
            self.kept = provider_pb2.ErrorResourceInitFailed()
            assert status.details[0].Unpack(self.kept)


class Plugin:
    """A configured plugin. ``said`` is what it has told the engine, by kind."""

    def __init__(self, stub: Any, server: Server, host: Host) -> None:
        self.stub = stub
        self.server = server
        self.host = host
        self.configured: list[dict[str, str | None]] = []
        self.said: list[str] = []

    @property
    def client(self) -> FakeClient:
        return self.host.client

    def ask(self, method: str, urn: str = URN, **fields: Any) -> Any:
        """The answer to a call; Refused where it fails. Properties are given as dicts."""
        kind = getattr(provider_pb2, f"{method}Request")
        given = {name: struct(value) if isinstance(value, dict) else value for name, value in fields.items()}
        if method != "Invoke":
            given["urn"] = urn
        try:
            return getattr(self.stub, method)(kind(**given))
        except grpc.RpcError as error:
            raise Refused(error) from None


@contextmanager
def serving(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, configure: bool = True, **scripts: Any
) -> Iterator[Plugin]:
    """A plugin whose client answers by these scripts."""
    host = Host(FakeClient(**scripts), folder)
    keys = ("roma:region", "roma:token", "roma:adopt")

    def make(config: Callable[[str], str | None], address: str | None) -> Session:
        plugin.configured.append({**{key: config(key) for key in keys}, "address": address})
        return host.session

    server = Server("1.2.3", make, None)
    pool = grpc.server(ThreadPoolExecutor(4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(server, pool)
    port = pool.add_insecure_port("127.0.0.1:0")
    pool.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        plugin = Plugin(provider_pb2_grpc.ResourceProviderStub(channel), server, host)

        def log(_severity: int, text: str, _urn: str | None, *, ephemeral: bool) -> None:
            if not ephemeral:
                plugin.said.append(text)

        monkeypatch.setattr(server._link, "log", log)
        if configure:
            plugin.stub.Configure(provider_pb2.ConfigureRequest())
        try:
            yield plugin
        finally:
            pool.stop(0).wait()
