"""The provider classes as the SDK's host calls them: its own code, with gRPC's requests and a lifecycle that notes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2

from roma_provider import provider
from roma_provider.errors import CreationError
from roma_provider.hosts import link
from roma_provider.hosts.dynamic import host
from roma_provider.lifecycle import declared, owned, referenced
from roma_provider.lifecycle.reading import Reading
from roma_provider.schema.checked import Checked
from roma_provider.schema.diff import Difference
from tests.support.dynamic_host import URN, FakeContext, sdk_host

OWNED = serialize_provider(provider.InstanceProvider())
REFERENCED = serialize_provider(provider.ExistingInstanceProvider())


class Life:
    """Either life: notes what it is asked, and answers what it is told to."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.answers: dict[str, Any] = {}

    def __getattr__(self, hook: str) -> Callable[..., Any]:
        def ask(call: Any, *arguments: Any, **named: Any) -> Any:
            self.asked.append((hook, call.urn, *arguments, *named.values()))
            answer = self.answers.get(hook)
            return answer(call) if callable(answer) else answer

        return ask


class Served:
    """The SDK's host with one provider class in it."""

    def __init__(self, reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reference = reference
        self.owned, self.referenced = Life(), Life()
        self.life = self.owned if reference == OWNED else self.referenced
        self.configured: list[Any] = []
        self.context = FakeContext()
        self._servicer = sdk_host()["DynamicResourceProviderServicer"]()
        self._servicer._config = {"roma:region": "cn-north-4"}
        made = link.Link()
        monkeypatch.setattr(link, "resource", None)
        monkeypatch.setattr(host, "link", lambda: made)
        monkeypatch.setattr(host, "sessions", self)
        monkeypatch.setattr(declared, "DeclaredInstance", lambda _session: self.owned)
        monkeypatch.setattr(declared, "DeclaredReference", lambda _session: self.referenced)
        monkeypatch.setattr(owned, "Owned", lambda _session: self.owned)
        monkeypatch.setattr(referenced, "Referenced", lambda _session: self.referenced)

    def configure(self, configured: ResourceProvider, config: Any) -> None:
        self.configured.append((type(configured), config.get("roma:region")))

    def of(self, _provider: ResourceProvider) -> Any:
        return SimpleNamespace(load=lambda: None)

    def call(self, method: str, **fields: Any) -> Any:
        """The answer of a method. In a thread of its own, whose settings of the SDK end with it."""
        kind = getattr(provider_pb2, f"{method}Request")
        given = {name: self._struct(value) if isinstance(value, dict) else value for name, value in fields.items()}
        request = kind(urn=URN, **given)
        answers: list[Any] = []
        thread = threading.Thread(target=lambda: answers.append(getattr(self._servicer, method)(request, self.context)))
        thread.start()
        thread.join()
        return answers[0]

    def _struct(self, properties: dict[str, Any]) -> struct_pb2.Struct:
        struct = struct_pb2.Struct()
        struct.update({**properties, "__provider": self.reference})
        return struct


@pytest.fixture(params=[OWNED, REFERENCED], ids=["Instance", "ExistingInstance"])
def served(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Served:
    return Served(request.param, monkeypatch)


def properties(struct: Any) -> dict[str, Any]:
    found: dict[str, Any] = json_format.MessageToDict(struct)
    return found


def test_an_object_is_configured_once_before_its_first_hook(served: Served) -> None:
    served.life.answers = {"create": ("i-1", {})}
    for _ in range(2):
        served.call("Create", properties={"name": "a"})
    kind = provider.InstanceProvider if served.reference == OWNED else provider.ExistingInstanceProvider
    assert served.configured == [(kind, "cn-north-4")]


def test_check(served: Served) -> None:
    served.life.answers = {"check": Checked({"name": "b"}, [("name", "too short")])}
    answer = served.call("Check", olds={"name": "a"}, news={"name": "b"})
    assert served.life.asked == [("check", URN, {"name": "a"}, {"name": "b"})]
    assert properties(answer.inputs) == {"name": "b", "__provider": served.reference}
    assert [(failure.property, failure.reason) for failure in answer.failures] == [("name", "too short")]


@pytest.mark.parametrize(
    ("found", "changes", "replaces"),
    [
        (Difference(), "DIFF_NONE", []),
        (Difference(updates=["description"]), "DIFF_SOME", []),
        (Difference(["name"]), "DIFF_SOME", ["name"]),
    ],
)
def test_diff(served: Served, found: Difference, changes: str, replaces: list[str]) -> None:
    served.life.answers = {"diff": found}
    answer = served.call("Diff", id="i-1", olds={"name": "a"}, news={"name": "b"})
    owned = served.reference == OWNED
    assert served.life.asked == [("diff", URN, *(["i-1"] if owned else []), {"name": "a"}, {"name": "b"})]
    assert provider_pb2.DiffResponse.DiffChanges.Name(answer.changes) == changes
    assert list(answer.replaces) == replaces
    assert answer.deleteBeforeReplace is owned


def test_create(served: Served) -> None:
    served.life.answers = {"create": ("i-1", {"status": "RUNNING"})}
    answer = served.call("Create", properties={"name": "a"})
    assert served.life.asked == [("create", URN, {"name": "a"})]
    assert (answer.id, properties(answer.properties)) == (
        "i-1",
        {"status": "RUNNING", "__provider": served.reference},
    )


@pytest.mark.parametrize("inputs", [None, {"name": "a"}])
def test_read(served: Served, inputs: dict[str, Any] | None) -> None:
    served.life.answers = {"read": Reading("i-1", {"status": "RUNNING"}, inputs)}
    state = {"status": "CREATING", "instance_id": "i-1"}
    answer = served.call("Read", id="i-1", properties=state)
    assert served.life.asked == [("read", URN, "i-1", state, *([True] if served.life is served.owned else []))]
    assert (answer.id, properties(answer.properties)) == (
        "i-1",
        {"status": "RUNNING", "__provider": served.reference},
    )
    assert properties(answer.inputs) == ({} if inputs is None else {**inputs, "__provider": served.reference})


def test_what_is_only_looked_up_is_marked_and_never_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(OWNED, monkeypatch)
    served.life.answers = {"read": lambda _call: Reading("i-1", {"status": "RUNNING"}, None)}
    first = properties(served.call("Read", id="i-1", properties={"region": "cn-north-4"}).properties)
    assert first == {"status": "RUNNING", "__looked_up": True, "__provider": OWNED}
    state = {"instance_id": "i-1", "__looked_up": True}
    assert properties(served.call("Read", id="i-1", properties=state).properties) == first
    assert [asked[-1] for asked in served.life.asked] == [False, False]
    assert served.call("Diff", id="i-1", olds=state, news={"name": "b"}).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_an_instance_that_is_gone_has_no_id(served: Served) -> None:
    assert served.call("Read", id="i-1", properties={"status": "RUNNING"}).id == ""


def test_update(served: Served) -> None:
    served.life.answers = {"update": {"status": "RUNNING"}}
    answer = served.call("Update", id="i-1", olds={"name": "a"}, news={"name": "b"})
    assert served.life.asked == [("update", URN, "i-1", {"name": "a"}, {"name": "b"})]
    assert properties(answer.properties) == {"status": "RUNNING", "__provider": served.reference}


def test_delete_is_the_owners_alone(served: Served) -> None:
    served.call("Delete", id="i-1", properties={"name": "a"})
    assert served.owned.asked == ([("delete", URN, "i-1", {"name": "a"})] if served.reference == OWNED else [])
    assert served.referenced.asked == []
    assert provider.ExistingInstanceProvider.delete is ResourceProvider.delete


@pytest.mark.parametrize(
    ("method", "hook", "fields"),
    [
        ("Create", "create", {"properties": {"name": "a"}}),
        ("Read", "read", {"id": "i-1", "properties": {"name": "a"}}),
        ("Update", "update", {"id": "i-1", "olds": {"name": "a"}, "news": {"name": "b"}}),
    ],
)
def test_a_half_made_instance_stays_in_the_state_with_its_provider(
    served: Served, method: str, hook: str, fields: dict[str, Any]
) -> None:
    def fail(call: Any) -> None:
        call.keep("i-1", {"status": "CREATING"})
        raise CreationError("i-1", ["one", "two"])

    served.life.answers = {hook: fail}
    assert served.call(method, **fields) is None
    assert served.context.status.message == "one\ntwo"
    detail = provider_pb2.ErrorResourceInitFailed()
    assert served.context.status.details[0].Unpack(detail)
    assert (detail.id, list(detail.reasons)) == ("i-1", ["one", "two"])
    assert properties(detail.properties) == {"status": "CREATING", "__provider": served.reference}


@pytest.mark.parametrize(
    ("method", "hook", "fields"),
    [
        ("Check", "check", {"olds": {}, "news": {"name": "a"}}),
        ("Diff", "diff", {"id": "i-1", "olds": {"name": "a"}, "news": {"name": "b"}}),
        ("Create", "create", {"properties": {"name": "a"}}),
        ("Read", "read", {"id": "i-1", "properties": {"name": "a"}}),
        ("Update", "update", {"id": "i-1", "olds": {"name": "a"}, "news": {"name": "b"}}),
    ],
)
def test_a_bug_in_a_hook_is_a_clean_message(served: Served, method: str, hook: str, fields: dict[str, Any]) -> None:
    def fail(_call: Any) -> None:
        raise KeyError("surprise")

    served.life.answers = {hook: fail}
    assert served.call(method, **fields) is None
    words = "internal error of roma_provider: KeyError: 'surprise'; please report it"
    assert (served.context.status.message, list(served.context.status.details)) == (words, [])
