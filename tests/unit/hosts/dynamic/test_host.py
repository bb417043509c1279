"""Which session a provider object has, and what is left where the SDK's host is another."""

from __future__ import annotations

import gc
import logging
import weakref
from collections.abc import Mapping

import pytest
from pulumi.dynamic import Config, ConfigureRequest

from roma_provider.api import call_log
from roma_provider.config.keys import REGION
from roma_provider.errors import RomaError
from roma_provider.hosts.call import HookError
from roma_provider.hosts.dynamic import frames, host
from roma_provider.hosts.dynamic.call import Call
from roma_provider.hosts.dynamic.host import Sessions
from roma_provider.hosts.link import Link
from roma_provider.provider import ExistingInstanceProvider, InstanceProvider

SHOP = {"roma:region": "cn-north-4", "roma:token": "t"}


class Slotted:
    """A config of another layout: nothing tells one from another."""

    __slots__ = ("_get",)

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._get = raw.get

    def get(self, key: str) -> object:
        return self._get(key)


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
def link() -> Link:
    return Link()


def test_both_classes_of_one_config_share_what_protects_deletions(sessions: Sessions) -> None:
    """The SDK's host makes a Config of its own for each of them."""
    owner, referrer = InstanceProvider(), ExistingInstanceProvider()
    sessions.configure(owner, Config(dict(SHOP), "shop"))
    sessions.configure(referrer, Config(dict(SHOP), "shop"))
    session = sessions.of(owner)
    assert sessions.of(referrer) is session
    assert session.settings.get(REGION) == "cn-north-4"


@pytest.mark.parametrize("other", [Config({**SHOP, "roma:region": "eu-west-101"}, "shop"), Config(dict(SHOP), "store")])
def test_another_config_is_another_session(sessions: Sessions, other: Config) -> None:
    first, second = InstanceProvider(), InstanceProvider()
    sessions.configure(first, Config(dict(SHOP), "shop"))
    sessions.configure(second, other)
    assert sessions.of(first) is sessions.of(first)
    assert sessions.of(second) is not sessions.of(first)
    assert sessions.of(second).memory is not sessions.of(first).memory
    assert sessions.of(second).settings.get(REGION) == other.get("roma:region")


def test_without_configure_there_is_no_config(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW_REGION_NAME", "eu-west-101")
    configured, bare = InstanceProvider(), InstanceProvider()
    sessions.configure(configured, Config(dict(SHOP), "shop"))
    assert sessions.of(configured).settings.get(REGION) == "cn-north-4"
    assert sessions.of(bare).settings.get(REGION) == "eu-west-101"
    assert sessions.of(ExistingInstanceProvider()) is sessions.of(bare)


def test_configs_that_cannot_be_told_apart_are_one(sessions: Sessions) -> None:
    owner, referrer, bare = InstanceProvider(), ExistingInstanceProvider(), InstanceProvider()
    sessions.configure(owner, Slotted(SHOP))
    sessions.configure(referrer, Slotted(SHOP))
    assert sessions.of(owner) is sessions.of(referrer)
    assert sessions.of(owner).settings.get(REGION) == "cn-north-4"
    assert sessions.of(bare) is not sessions.of(owner)


def test_what_is_no_text_in_a_config_is_read_as_one(sessions: Sessions) -> None:
    provider = InstanceProvider()
    sessions.configure(provider, Config({"roma:pollSeconds": 7, "roma:productIds": None}, "shop"))
    assert sessions.of(provider).settings.poll_seconds() == 7.0
    assert sessions.of(provider).settings.config("roma:productIds") is None


def test_a_provider_object_is_not_kept_alive(sessions: Sessions) -> None:
    provider = InstanceProvider()
    sessions.configure(provider, Config(dict(SHOP), "shop"))
    gone = weakref.ref(provider)
    del provider
    gc.collect()
    assert gone() is None


def test_configure_connects_this_process_and_writes_the_log_of_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    class FakeLink:
        def connect(self, address: str | None) -> None:
            done.append(address)

        def take_over(self, server: object) -> None:
            done.append(server)

    done: list[object] = []
    server = object()
    monkeypatch.setattr(host, "link", FakeLink)
    monkeypatch.setattr(host, "sessions", Sessions())
    monkeypatch.setattr(frames, "engine_address", lambda: "127.0.0.1:4711")
    monkeypatch.setattr(frames, "server", lambda: server)
    monkeypatch.setattr(call_log, "install", lambda wish, setting: done.append((wish, setting)))
    monkeypatch.setenv("ROMA_LOG", "debug")
    InstanceProvider().configure(ConfigureRequest(Config({}, "shop")))
    ExistingInstanceProvider().configure(ConfigureRequest(Config({}, "shop")))
    assert done == ["127.0.0.1:4711", server, ("debug", "ROMA_LOG")] * 2


def test_the_link_is_one_for_the_process() -> None:
    assert host.link() is host.link()


def test_a_call_that_is_not_found_works_on_and_is_said_once(link: Link, caplog: pytest.LogCaptureFixture) -> None:
    def fail(call: Call) -> None:
        with call.answering():
            raise RomaError("failed")

    with caplog.at_level(logging.INFO, "roma_provider"):
        for _ in range(2):
            with host.current_call(link, {"__provider": "p"}).answering() as call:
                assert (call.urn, call.timeout, call.is_alive, call.old_inputs) == (None, None, True, None)
                call.say("status")
        with pytest.raises(HookError, match=r"^failed$"):
            fail(host.current_call(link, {"__provider": "p"}))
    texts = [record.getMessage() for record in caplog.records]
    assert sum("errors are shown with a traceback" in text for text in texts) == 1
    assert texts.count("status") == 2
