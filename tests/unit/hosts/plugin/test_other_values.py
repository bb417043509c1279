"""Values that no property takes, whatever kind the engine sends: each is refused under its name, none passes for
nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from roma_provider.hosts.plugin import wire
from roma_provider.schema.catalogue import EXISTING, INSTANCE
from tests.support.fakes import ID, inputs
from tests.support.plugin_host import REFERENCE, Plugin, plain, struct, wired

Serve = Callable[..., Plugin]
SIGNATURE = "4dabf18193072939515e22adb298388d"
ASSET = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "hash": "h", "text": "t"}
ARCHIVE = {SIGNATURE: "0def7320c3a5731c473e5ecbe6d01bc7", "assets": {"a": ASSET}}
RESOURCE = {SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "urn:x", "id": "i"}
NEW = {SIGNATURE: "?"}
OTHERS = {"an asset": ASSET, "an archive": ARCHIVE, "a resource": RESOURCE, "an object of Pulumi's own": NEW}
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def failures(plugin: Plugin, urn: str | None = None, **news: Any) -> dict[str, str]:
    answer = plugin.ask("Check", *([urn] if urn else []), news=news)
    return {failure.property: failure.reason for failure in answer.failures}


@pytest.mark.parametrize("what", OTHERS)
def test_no_argument_takes_one_or_passes_it_over(serve: Serve, what: str) -> None:
    plugin = serve()
    for key in wired(dict.fromkeys(INSTANCE, "")):
        assert key in failures(plugin, **{**wired(inputs()), key: OTHERS[what]})
    for key in wired(dict.fromkeys(EXISTING, "")):
        assert key in failures(plugin, REFERENCE, **{"instanceId": ID, key: OTHERS[what]})


@pytest.mark.parametrize("what", OTHERS)
def test_it_is_named_and_so_is_its_place(serve: Serve, what: str) -> None:
    given = {**wired(inputs()), "description": OTHERS[what], "availableZones": [OTHERS[what]]}
    given["mqs"] = {"engineVersion": OTHERS[what], "sslEnable": OTHERS[what]}
    assert failures(serve(), **given) == {
        "description": f"write text, not {what}",
        "availableZones": f"write a text that is not empty, not {what}",
        "mqs.engineVersion": "write one of '2.7', '2.3.0', '1.1.0'",
        "mqs.sslEnable": "write true or false",
    }


def test_an_output_is_what_it_holds_or_not_known(serve: Serve) -> None:
    held, empty = ({SIGNATURE: OUTPUT, "value": "v"}, {SIGNATURE: OUTPUT})
    assert wire.read(struct({"a": held, "b": empty})) == {"a": "v", "b": wire.UNKNOWN_VALUE}
    answer = serve().ask("Check", news={**wired(inputs()), "vpcId": empty})
    assert (list(answer.failures), plain(answer.inputs)["vpcId"]) == ([], wire.UNKNOWN)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, "true"),
        ([None, False], "[null, false]"),
        (5, "5"),
        ([1.5, 20.0], "[1.5, 20]"),
        ({"a": [wire.UNKNOWN, "None, 1.0"]}, "{'a': [(not known yet), 'None, 1.0']}"),
    ],
)
def test_what_was_written_is_repeated_as_a_program_writes_it(serve: Serve, value: Any, said: str) -> None:
    answer = serve().ask("Invoke", tok="roma:index:getInstance", args={"name": value})
    assert [failure.reason for failure in answer.failures] == [f"write a text that is not empty, not {said}"]


@pytest.mark.parametrize("number", [math.nan, math.inf, 1e300])
def test_no_number_is_too_odd_for_an_answer(serve: Serve, number: float) -> None:
    found = failures(serve(), **{**wired(inputs()), "description": number, "nothing": [number]})
    assert sorted(found) == ["description", "nothing"]
    assert str(wire.read(wire.write({"a": [number]}))["a"][0]) == str(number)


@pytest.mark.parametrize("value", ["", [], {}, 0, False, ASSET])
@pytest.mark.parametrize("key", ["region", "projectId"])
def test_an_empty_place_of_a_look_up_is_not_the_stack_s(serve: Serve, key: str, value: Any) -> None:
    answer = serve().ask("Invoke", tok="roma:index:getInstance", args={"id": ID, key: value})
    assert [failure.property for failure in answer.failures] == [key]


def test_a_look_up_is_not_written_as_in_python(serve: Serve) -> None:
    [failure] = serve().ask("Invoke", tok="roma:index:getInstance", args={"id": ID, "project_id": "p"}).failures
    assert (failure.property, failure.reason) == ("project_id", "write projectId")


class TestSettings:
    def check(self, plugin: Plugin, name: str = "far", **news: Any) -> Any:
        urn = f"urn:pulumi:dev::shop::pulumi:providers:roma::{name}"
        return plugin.stub.CheckConfig(provider_pb2.CheckRequest(urn=urn, news=struct(news)))

    @pytest.mark.parametrize("name", ["token", "secretKey", "securityToken", "userPassword"])
    @pytest.mark.parametrize("value", [12345678, True, {"a": "b"}, ["a"]])
    def test_a_secret_is_one_whatever_its_kind(self, serve: Serve, name: str, value: Any) -> None:
        given = plain(self.check(serve(), **{name: value}).inputs)
        assert given == {name: wired(wire.secret(value))}

    def test_a_misspelled_secret_of_stack_config_is_encrypted_too(self, serve: Serve) -> None:
        answer = self.check(serve(), "default_0_1_0", secret_key="s", secretKey=wire.secret("t"))
        assert plain(answer.inputs) == {"secret_key": wire.secret("s"), "secretKey": wire.secret("t")}

    def test_one_that_is_no_value(self, serve: Serve) -> None:
        answer = self.check(serve(), token=ASSET, region=RESOURCE, nothing=ASSET)
        assert {failure.property: failure.reason.partition(";")[0] for failure in answer.failures} == {
            "nothing": "a provider resource has no such property",
            "token": "write text, not an asset",
            "region": "write text, not a resource",
        }

    def test_what_is_not_known_within_one_is_no_setting_yet(self, serve: Serve) -> None:
        plugin = serve(configure=False)
        args = struct({"region": [wire.UNKNOWN], "token": {"a": wire.UNKNOWN}})
        plugin.stub.Configure(provider_pb2.ConfigureRequest(args=args))
        assert plugin.configured == [{"roma:region": None, "roma:token": None, "roma:adopt": None, "address": None}]
