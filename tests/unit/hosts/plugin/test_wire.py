"""Values as the engine sends and reads them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from google.protobuf import struct_pb2
from pulumi.output import Unknown

from roma_provider.hosts.plugin import wire


def struct(**values: Any) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(values)
    return made


def test_values_there_and_back() -> None:
    given = {"name": "a", "flag": False, "number": 1741262473785, "list": ["x", {"y": 2.5}], "__host": "h"}
    assert wire.read(wire.write(given)) == given


def test_null_is_what_is_not_there() -> None:
    assert wire.read(struct(a=None, b={"c": None, "d": 1})) == {"b": {"d": 1}}
    assert wire.read(wire.write({"a": None, "b": 1})) == {"b": 1}


def test_what_is_not_known_is_unknown_wherever_it_stands() -> None:
    boolean = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"
    found = wire.read(struct(a=wire.UNKNOWN, b=boolean, c=[wire.UNKNOWN], d={"e": wire.UNKNOWN}))
    assert all(isinstance(value, Unknown) for value in (found["a"], found["b"], found["c"][0], found["d"]["e"]))
    assert wire.write(found)["d"]["e"] == wire.UNKNOWN


def test_a_secret_is_read_as_what_it_hides() -> None:
    made = wire.write({"token": wire.secret("t-1")})
    assert made["token"]["4dabf18193072939515e22adb298388d"] == "1b47061264138c4ac30d75fd1eb44270"
    assert wire.read(made) == {"token": "t-1"}


def test_it_needs_no_event_loop_and_takes_any_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(24, "Too many open files")

    for name in ("new_event_loop", "get_event_loop", "get_running_loop", "run"):
        monkeypatch.setattr(asyncio, name, refuse)
    assert wire.read(wire.write({"a": "a\ud83db", "b": "öß 中文"})) == {"a": "a?b", "b": "öß 中文"}
