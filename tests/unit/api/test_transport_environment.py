"""Proxies and certificates of the environment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from roma_provider.api.auth import TokenAuth
from roma_provider.api.deadline import DeadlineAdapter
from roma_provider.api.models import CreatedInstance
from roma_provider.api.retry import Limits
from roma_provider.api.transport import Request, Transport
from roma_provider.errors import InputError, RomaConnectionError
from tests.support.fakes import TOKEN, FakeClock
from tests.support.server import Server

AWAY = "https://roma.example.com"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    found = Server()
    yield found
    found.close()


def transport(endpoint: str) -> Transport:
    return Transport(endpoint, TokenAuth(TOKEN), Limits(max_retries=0), FakeClock())


def test_a_proxy_of_the_environment_is_used_and_one_that_refuses_is_named(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://someone:hunter2@127.0.0.1:{server.port}")
    server.answers(407)
    with pytest.raises(RomaConnectionError) as caught:
        transport(AWAY).call(Request("create_instance", "POST", "/x", json={}), CreatedInstance)
    assert caught.value.reason == "the proxy did not let it through; check HTTPS_PROXY and NO_PROXY"
    assert not caught.value.sent
    assert "hunter2" not in f"{caught.value} {caught.value!r}"
    assert [entry[:2] for entry in server.requests] == [("CONNECT", "roma.example.com:443")]
    monkeypatch.setenv("NO_PROXY", "roma.example.com")
    assert proxies_used(monkeypatch, AWAY) == {}


@pytest.mark.parametrize(
    "address",
    ["http:///nowhere", "http://u:hunter2@[bad", "http://u:hunter2@host:port", "http://u:hunter2@127.0.0.1:99999"],
)
def test_a_proxy_whose_address_cannot_be_one(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    with pytest.raises(RomaConnectionError) as caught:
        transport(AWAY).call(Request("o", "GET", "/x"))
    assert caught.value.reason.startswith("the proxy's address cannot be used; check HTTPS_PROXY")
    assert not caught.value.sent
    assert "hunter2" not in f"{caught.value} {caught.value!r}"


def test_this_machine_is_reached_without_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.answers(200, "{}")
    transport(server.endpoint).call(Request("o", "GET", "/x"))
    assert [entry[:2] for entry in server.requests] == [("GET", "/x")]


def proxies_used(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> Any:
    return options_used(monkeypatch, endpoint)["proxies"]


def options_used(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> dict[str, Any]:
    seen: list[dict[str, Any]] = []

    def send(_self: object, _request: requests.PreparedRequest, **options: Any) -> Any:
        seen.append(options)
        raise requests.ConnectionError

    monkeypatch.setattr(DeadlineAdapter, "send", send)
    with pytest.raises(RomaConnectionError):
        transport(endpoint).call(Request("o", "GET", "/x"))
    [options] = seen
    return options


@pytest.mark.parametrize("endpoint", [AWAY, "https://localhost:8443"])
def test_a_ca_bundle_of_the_environment_is_used(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, endpoint: str
) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.touch()
    assert options_used(monkeypatch, endpoint)["verify"] is True
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    assert options_used(monkeypatch, endpoint)["verify"] == str(bundle)


def test_a_ca_bundle_that_is_not_there_is_named(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "nowhere.pem")
    with pytest.raises(InputError) as caught:
        transport(AWAY).call(Request("o", "GET", "/x"))
    assert str(caught.value) == "REQUESTS_CA_BUNDLE: write the path of a file or folder that exists"
