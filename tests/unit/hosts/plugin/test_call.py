"""A call of the engine to the plugin: both spellings are read, one is written, and messages are in Pulumi's words."""

from __future__ import annotations

import pytest
from pulumi.runtime.proto import provider_pb2

from roma_provider.hosts.link import Link
from roma_provider.hosts.plugin.call import Call
from tests.support.plugin_host import URN, plain, struct


def test_both_spellings_are_read_and_the_dynamic_host_s_own_is_not() -> None:
    request = provider_pb2.UpdateRequest(urn=URN, old_inputs=struct({"vpc_id": "v", "__provider": "p"}))
    call = Call(request, None, Link())
    assert call.old_inputs == {"vpc_id": "v"}
    assert call.properties(struct({"vpcId": "v", "__host": "h"})) == {"vpc_id": "v", "__host": "h"}


@pytest.mark.parametrize(
    ("request_", "inputs"),
    [
        (provider_pb2.CreateRequest(properties=struct({"vpcId": "v"})), {"vpcId": "v"}),
        (provider_pb2.UpdateRequest(olds=struct({"vpcId": "o"}), news=struct({"vpcId": "v"})), {"vpcId": "v"}),
        (provider_pb2.ReadRequest(properties=struct({"vpcId": "o"}), inputs=struct({"vpc_id": "v"})), {"vpcId": "v"}),
    ],
)
def test_what_is_kept_is_in_pulumi_s_spelling_with_the_inputs_of_the_call(request_: object, inputs: object) -> None:
    kept = Call(request_, None, Link()).partial("i-1", {"vpc_id": "v"})
    assert kept.inputs is not None
    assert plain(kept.inputs) == inputs
    assert plain(kept.spell(struct({"subnet_id": "s", "__host": "h"}))) == {"subnetId": "s", "__host": "h"}


def test_a_call_without_inputs_has_none_to_keep() -> None:
    assert Call(provider_pb2.InvokeRequest(), None, Link()).partial("i-1", {}).inputs is None


def test_messages_are_in_pulumi_s_words(monkeypatch: pytest.MonkeyPatch) -> None:
    link = Link()
    said: list[str] = []
    monkeypatch.setattr(link, "log", lambda _severity, text, _urn, ephemeral: said.append(text))
    call = Call(None, None, link)
    for tell in (call.note, call.warn, call.say):
        tell("with adopt_id='x'")
    assert said == ["with adoptId: 'x'"] * 3
