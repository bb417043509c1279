"""A gRPC context, the system's limits, a hook call and the SDK's host itself, for the tests of the dynamic host."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pulumi.dynamic
from pulumi.runtime.proto import provider_pb2, status_pb2

from roma_provider.hosts.dynamic import host
from roma_provider.hosts.dynamic.call import Call
from roma_provider.hosts.link import Link

URN = "urn:pulumi:dev::shop::pulumi-python:dynamic/roma:Instance::one"


class FakeContext(grpc.ServicerContext):  # type: ignore[misc]
    """The part of a gRPC context that a call uses."""

    def __init__(self) -> None:
        self.active = True
        self.callbacks: list[Callable[[], None]] = []
        self.metadata: tuple[tuple[str, bytes], ...] = ()
        self._state = SimpleNamespace(client="open")

    def is_active(self) -> bool:
        return self.active

    def add_callback(self, callback: Callable[[], None]) -> bool:
        self.callbacks.append(callback)
        return self.active

    def set_trailing_metadata(self, metadata: tuple[tuple[str, bytes], ...]) -> None:
        self.metadata = metadata

    def end(self, client: str) -> None:
        self.active = False
        self._state.client = client
        for callback in self.callbacks:
            callback()

    @property
    def status(self) -> status_pb2.Status:
        [(key, value)] = self.metadata
        assert key == "grpc-status-details-bin"
        status = status_pb2.Status()
        status.ParseFromString(value)
        return status


for _method in grpc.ServicerContext.__abstractmethods__ - set(vars(FakeContext)):
    setattr(FakeContext, _method, lambda *_arguments: None)
FakeContext.__abstractmethods__ = frozenset()


UNLIMITED = -1


class Limits:
    """The part of the module ``resource`` that the link uses; the limit is macOS's."""

    RLIMIT_NOFILE = 8
    RLIM_INFINITY = UNLIMITED

    def __init__(self) -> None:
        self.now = (256, UNLIMITED)
        self.set: list[tuple[int, int]] = []
        self.trouble: Exception | None = None

    def getrlimit(self, which: int) -> tuple[int, int]:
        assert which == self.RLIMIT_NOFILE
        return self.now

    def setrlimit(self, which: int, limits: tuple[int, int]) -> None:
        assert which == self.RLIMIT_NOFILE
        self.set.append(limits)
        if self.trouble is not None:
            raise self.trouble


def hook(link: Link, context: FakeContext, body: Callable[[Call], None], provider: str | None = "p") -> None:
    """A hook as the SDK's host calls it: with `request` and `context` in the frame above."""
    request = provider_pb2.CreateRequest(urn=URN, timeout=90)
    with host.current_call(link, {} if provider is None else {"__provider": provider}).answering() as call:
        body(call)
    assert request is not None


def sdk_host() -> dict[str, Any]:
    """The names of the SDK's host module, whose import serves for ever: all of it but its last statement, `main()`."""
    [folder] = pulumi.dynamic.__path__
    module = ast.parse(Path(folder, "__main__.py").read_text(encoding="utf-8"))
    assert ast.unparse(module.body.pop()) == "main()"
    names: dict[str, Any] = {"__name__": "sdk_host"}
    exec(compile(module, "sdk_host", "exec"), names)  # noqa: S102
    return names
