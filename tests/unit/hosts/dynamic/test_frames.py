"""What is dug out of the frames of the SDK's host, and what is found where its layout is another."""

from __future__ import annotations

import inspect
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from roma_provider.hosts.dynamic import frames
from tests.support.dynamic_host import FakeContext, sdk_host


def test_the_request_and_the_context_are_those_of_the_method_that_calls_the_hook() -> None:
    def create(request: Any, context: Any) -> tuple[Any, Any]:
        assert request is not context
        return hook()

    def hook() -> tuple[Any, Any]:
        return frames.current_call()

    request, context = provider_pb2.CreateRequest(), FakeContext()
    assert create(request, context) == (request, context)


@pytest.mark.parametrize("other", ["context", 1, None])
def test_another_thing_of_that_name_is_no_call(other: object) -> None:
    def create(request: Any, context: Any) -> tuple[Any, Any]:
        assert (request, context) == (None, other)
        return frames.current_call()

    assert create(None, other) == (None, None)


def test_a_context_without_a_request_is_no_call() -> None:
    def create(context: Any) -> tuple[Any, Any]:
        assert context is not None
        return frames.current_call()

    assert create(FakeContext()) == (None, None)


def test_the_sdks_host_has_the_names_that_this_rests_on() -> None:
    names = sdk_host()
    servicer = names["DynamicResourceProviderServicer"]
    for hook in ("Check", "Diff", "Create", "Read", "Update", "Delete"):
        method = inspect.unwrap(getattr(servicer, hook))
        assert {"request", "context"} <= set(method.__code__.co_varnames), hook
    assert "server" in names["main"].__code__.co_varnames


def test_the_server_is_a_local_of_the_main_thread() -> None:
    assert threading.current_thread() is threading.main_thread()
    found: list[Any] = []

    def main() -> grpc.Server:
        server = grpc.server(ThreadPoolExecutor(max_workers=1))
        worker = threading.Thread(target=lambda: found.append(frames.server()))
        worker.start()
        worker.join()
        return server

    assert main() is found[0]


def test_without_a_server_none_is_found() -> None:
    server = "another thing of that name"
    assert frames.server() is None
    assert server


@pytest.mark.parametrize(
    ("last", "address"),
    [
        ("127.0.0.1:4711", "127.0.0.1:4711"),
        ("[::1]:4711", "[::1]:4711"),
        ("/a/program.py", None),
        ("example.com:80", None),
        ("127.0.0.1:", None),
    ],
)
def test_the_engines_address(last: str, address: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["dynamic", last])
    assert frames.engine_address() == address
