"""A served emulator whose clock stands still until a test moves it, and a caller of its API."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from roma_provider.emulator import PROJECT_ID, REGION, TOKEN, Control, Emulator

SEED_CREATED = 1741262473.785
SEED_ASKED = 1741262503.894


class SettableClock:
    """Epoch seconds that only a test moves."""

    def __init__(self, now: float = SEED_CREATED) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += seconds


def order(**changes: Any) -> dict[str, Any]:
    """The body of a POST for an instance such as the seed's; a change to None takes the key out."""
    body: dict[str, Any] = {
        "name": "roma-2222",
        "description": "",
        "product_id": "00300-30101-0--0",
        "available_zones": ["az0.dc0"],
        "vpc_id": "f33728c1-e774-4a9b-a0bb-30b840645628",
        "subnet_id": "f65009c8-7009-403c-abdf-3100f9817762",
        "security_group_id": "272338c9-b3ee-41ae-a2b6-3942f31030da",
        "ipv6_enable": False,
        "enable_all": False,
        "mqs": {},
        "cpu_architecture": "x86",
    } | changes
    return {name: value for name, value in body.items() if value is not None}


def token_variables(url: str) -> dict[str, str | None]:
    """The variables with which `roma` reaches the API at an address, with a token, and without retries."""
    return {
        "ROMA_ENDPOINT": url,
        "HW_AUTH_URL": url,
        "HW_REGION_NAME": REGION,
        "HW_PROJECT_ID": PROJECT_ID,
        "HW_AUTH_TOKEN": TOKEN,
        "HW_MAX_RETRIES": "0",
    }


class Api:
    """Calls of the API as a client makes them, one connection each."""

    def __init__(self, url: str, project_id: str = PROJECT_ID, token: str | None = TOKEN) -> None:
        self.url = url
        self.project_id = project_id
        self.token = token

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = options.pop("headers", {})
        if self.token is not None:
            headers = {"X-Auth-Token": self.token} | headers
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                method, self.url + path, headers=headers, timeout=options.pop("timeout", 20), **options
            )

    def post(self, **changes: Any) -> requests.Response:
        return self.call("POST", f"/v1/{self.project_id}/instances", json=order(**changes))

    def create(self, **changes: Any) -> str:
        answer = self.post(**changes)
        assert answer.status_code == 200, answer.text
        assert list(answer.json()) == ["instance_id"]
        return str(answer.json()["instance_id"])

    def get_process(self, instance_id: str, **options: Any) -> requests.Response:
        return self.call("GET", f"/v2/{self.project_id}/instances/{instance_id}/process", **options)

    def process(self, instance_id: str) -> dict[str, Any]:
        answer = self.get_process(instance_id)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def get_list(self, **query: Any) -> requests.Response:
        return self.call("GET", f"/v2/{self.project_id}/instances", params=query)

    def listed(self, **query: Any) -> dict[str, Any]:
        answer = self.get_list(**query)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def delete(self, instance_id: str) -> requests.Response:
        return self.call("DELETE", f"/v1/{self.project_id}/roma/instances/{instance_id}")

    def sign_in(
        self,
        user: str = "somebody",
        *,
        password: str = "right",  # noqa: S107
        project: dict[str, str] | None = None,
    ) -> requests.Response:
        identity = {"user": {"name": user, "password": password, "domain": {"name": "an-account"}}}
        auth = {
            "identity": {"methods": ["password"], "password": identity},
            "scope": {"project": project or {"name": "cn-north-4"}},
        }
        return self.call("POST", "/v3/auth/tokens", json={"auth": auth})

    def projects(self, **query: str) -> requests.Response:
        return self.call("GET", "/v3/projects", params=query)


def send_raw(
    emulator: Emulator, method: str = "GET", path: str = f"/v2/{PROJECT_ID}/instances", body: bytes = b""
) -> socket.socket:
    """A request on a plain socket, for what a client library hides."""
    host, port = emulator.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=20)
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)
    return connection


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def emulator(clock: SettableClock) -> Iterator[Emulator]:
    """In memory, creations of 1000 s, no lag of the lists."""
    with Emulator(creation_seconds=1000, list_lag_seconds=0, clock=clock) as running:
        yield running


@pytest.fixture
def control(emulator: Emulator) -> Control:
    return emulator.control


@pytest.fixture
def api(emulator: Emulator) -> Api:
    return Api(emulator.url)


@pytest.fixture(scope="session")
def seed_example() -> Any:
    """The example of the page that the project was created from."""
    return json.loads((Path(__file__).parent.parent / "data" / "seed_example.json").read_text())
