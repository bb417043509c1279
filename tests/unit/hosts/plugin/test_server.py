"""What the plugin answers about itself, its configuration, and a call that fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from roma_provider.config.keys import SECRETS
from roma_provider.hosts.plugin import wire
from roma_provider.hosts.plugin.schema import schema
from roma_provider.hosts.plugin.server import Server
from tests.support.fakes import ID, lost
from tests.support.lifecycle import STATE
from tests.support.plugin_host import URN, Plugin, Refused, plain, struct, wired

Serve = Callable[..., Plugin]
NEWS = {"region": "cn-north-4", "version": "1.2.3"}


def test_about_itself(serve: Serve) -> None:
    plugin = serve(configure=False)
    assert plugin.stub.GetPluginInfo(empty_pb2.Empty()).version == "1.2.3"
    answer = plugin.stub.GetSchema(provider_pb2.GetSchemaRequest())
    assert json.loads(answer.schema) == schema("1.2.3")
    with pytest.raises(grpc.RpcError, match="there is no schema of version 5"):
        plugin.stub.GetSchema(provider_pb2.GetSchemaRequest(version=5))


def test_a_version_that_is_none_is_one_that_engines_can_read() -> None:
    server = Server("(not installed)", lambda _config, _address: None, None)  # type: ignore[arg-type,return-value]
    assert server.GetPluginInfo(None, None).version == "0.0.0"


def test_secrets_in_clear_are_wrapped_and_all_else_stays(serve: Serve) -> None:
    given = {**NEWS, **{key.name.removeprefix("roma:"): f"canary-{key.name}" for key in SECRETS}}
    answer = plain(serve().stub.CheckConfig(provider_pb2.CheckRequest(news=struct(given))).inputs)
    assert {key: answer.pop(key) for key in NEWS} == NEWS
    assert len(answer) == 5
    assert all(value == wire.secret(given[key]) for key, value in answer.items())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("regoin", "a provider resource has no such property; the properties are: accessKey, adopt, "),
        ("project_id", "write projectId"),
        ("roma:region", "write region"),
        ("roma:project_id", "write projectId"),
    ],
)
def test_what_is_no_setting_is_refused_of_a_programs_provider(serve: Serve, name: str, said: str) -> None:
    plugin = serve(configure=False)
    news = struct({**NEWS, "pluginDownloadURL": "u", "__internal": {}, "pollSeconds": 5, name: "x"})
    urn = "urn:pulumi:dev::shop::pulumi:providers:roma::far"
    [failure] = plugin.stub.CheckConfig(provider_pb2.CheckRequest(urn=urn, news=news)).failures
    assert failure.property == name
    assert failure.reason.startswith(said)
    # Of stack config the engine gives all that begins with "roma:", which may be the keys of a project of this name.
    for default in ("default", "default_0_1_0"):
        urn = f"urn:pulumi:dev::shop::pulumi:providers:roma::{default}"
        assert list(plugin.stub.CheckConfig(provider_pb2.CheckRequest(urn=urn, news=news)).failures) == []


def test_a_secret_that_is_not_known_yet_stays(serve: Serve) -> None:
    answer = serve().stub.CheckConfig(provider_pb2.CheckRequest(news=struct({"token": wire.UNKNOWN})))
    assert plain(answer.inputs) == {"token": wire.UNKNOWN}


@pytest.mark.parametrize(
    ("news", "changes"),
    [(NEWS, "DIFF_NONE"), ({**NEWS, "region": "eu-west-101"}, "DIFF_SOME"), ({"version": "1.2.3"}, "DIFF_SOME")],
)
def test_any_other_setting_is_a_change_that_replaces_nothing(serve: Serve, news: dict[str, Any], changes: str) -> None:
    plugin = serve()
    for request in (
        provider_pb2.DiffRequest(olds=struct(NEWS), news=struct(news)),
        provider_pb2.DiffRequest(old_inputs=struct(NEWS), olds=struct({}), news=struct(news)),
    ):
        answer = plugin.stub.DiffConfig(request)
        assert provider_pb2.DiffResponse.DiffChanges.Name(answer.changes) == changes
        assert list(answer.replaces) == []


def test_settings_come_as_arguments_whatever_their_form(serve: Serve) -> None:
    plugin = serve(configure=False)
    args = {"region": 5, "token": wire.secret("t"), "adopt": {"one": ID}}
    answer = plugin.stub.Configure(provider_pb2.ConfigureRequest(args=struct(args)))
    assert plugin.configured == [
        {"roma:region": "5", "roma:token": "t", "roma:adopt": f'{{"one": "{ID}"}}', "address": None}
    ]
    assert (answer.supportsPreview, answer.acceptSecrets) == (True, False)


def test_each_configuration_has_a_session_of_its_own(serve: Serve) -> None:
    plugin = serve()
    plugin.stub.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "eu-west-101"})))
    assert [made["roma:region"] for made in plugin.configured] == [None, "eu-west-101"]


def test_who_asks_too_early_is_told_so(serve: Serve) -> None:
    with pytest.raises(Refused, match=r"^the plugin was asked before it was configured$"):
        serve(configure=False).ask("Check", news={})


def test_cancel_ends_waits_until_an_engine_attaches_anew(serve: Serve) -> None:
    plugin = serve()
    plugin.stub.Cancel(empty_pb2.Empty())
    stop = threading.Event()
    with plugin.server._link.running(stop):
        assert stop.is_set()
    plugin.stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:4711"))
    later = threading.Event()
    with plugin.server._link.running(later):
        assert not later.is_set()
    plugin.stub.Configure(provider_pb2.ConfigureRequest())
    assert [made["address"] for made in plugin.configured] == [None, "127.0.0.1:4711"]


def test_a_type_or_a_function_that_is_not_there(serve: Serve) -> None:
    plugin = serve()
    with pytest.raises(Refused, match=r"^there is no resource roma:index:Topic; there are roma:index:Instance and "):
        plugin.ask("Check", "urn:pulumi:dev::shop::roma:index:Topic::x", news={})
    with pytest.raises(Refused, match=r"^there is no function roma:index:get; there is roma:index:getInstance$"):
        plugin.ask("Invoke", tok="roma:index:get")


def test_a_failure_is_one_clean_message_without_a_log_of_grpc_s(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    plugin = serve(progress=[lost()])
    with pytest.raises(Refused, match=r"^operation got no answer: the connection was reset$") as caught:
        plugin.ask("Read", id=ID, properties=wired(STATE), inputs={"vpcId": "v"})
    assert caught.value.kept is None
    assert caplog.records == []


def test_a_bug_is_a_clean_message(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise KeyError("surprise")

    plugin = serve()
    monkeypatch.setattr(plugin.server._resources, "check", fail)
    with pytest.raises(Refused, match=r"^internal error of roma_provider: KeyError: 'surprise'; please report it$"):
        plugin.ask("Check", URN)
