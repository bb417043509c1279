"""The control endpoints are out of a web page's reach, and the API is where a client looks for it."""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.emulator import PROJECT_ID, Control, Emulator
from roma_provider.emulator.control.guard import is_loopback
from tests.support.emulator import Api

FAULT = {"operation": "*", "status": 500}
FOREIGN_ORIGINS = ["null", "http://evil.example", "https://127.0.0.1.evil.example", "http://127.0.0.1@evil.example"]


@pytest.mark.parametrize("origin", [*FOREIGN_ORIGINS, "http://127.999.999.999", "http://[::1", "file://", "", "x"])
def test_a_foreign_page_changes_nothing(api: Api, control: Control, origin: str) -> None:
    answer = api.call("POST", "/_emulator/faults", json=FAULT, headers={"Origin": origin})
    assert (answer.status_code, list(answer.json())) == (403, ["error"])
    answer = api.call("GET", "/_emulator/calls", headers={"Origin": origin})
    assert answer.status_code == 403
    answer = api.call("DELETE", "/_emulator/faults", headers={"Origin": origin})
    assert (answer.status_code, control.faults()) == (403, [])


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "text/json", "application"])
def test_what_a_form_can_send_changes_nothing(api: Api, control: Control, kind: str | None) -> None:
    body = b'{"operation": "*", "status": 500}'
    for method, path in (("POST", "/faults"), ("PATCH", "/settings"), ("DELETE", "/calls")):
        headers = {} if kind is None else {"Content-Type": kind}
        answer = api.call(method, "/_emulator" + path, data=body, headers=headers)
        assert (answer.status_code, list(answer.json())) == (415, ["error"])
    assert control.faults() == []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil:1", ""])
def test_a_name_that_was_bound_to_loopback_reaches_no_control(api: Api, control: Control, host: str) -> None:
    answer = api.call("POST", "/_emulator/faults", json=FAULT, headers={"Host": host})
    assert (answer.status_code, list(answer.json())) == (403, ["error"])
    for path in ("/_emulator", "/_emulator/instances", "/%5Femulator/settings", "/_emulator/nothing"):
        assert api.call("GET", path, headers={"Host": host}).status_code == 403
    assert control.faults() == []


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.9.9.9:65535", "[::1]:8080"])
def test_a_page_of_this_machine_may(api: Api, host: str) -> None:
    headers = {"Host": host, "Origin": f"https://{host}", "Content-Type": "Application/JSON; charset=utf-8"}
    answer = api.call("PATCH", "/_emulator/settings", data=b'{"projects": 2}', headers=headers)
    assert (answer.status_code, answer.json()["projects"]) == (200, 2)


def test_the_api_takes_any_host_but_no_foreign_page(api: Api, emulator: Emulator, control: Control) -> None:
    # A client signs the name it calls, which may be a proxy's or a container's.
    assert api.call("GET", f"/v2/{PROJECT_ID}/instances", headers={"Host": "roma.example.com"}).status_code == 200
    instance_id = api.create()
    headers = {"Host": "evil.example", "Origin": "http://evil.example"}
    answer = api.call("DELETE", f"/v1/{PROJECT_ID}/roma/instances/{instance_id}", headers=headers)
    assert (answer.status_code, answer.json()["error_code"]) == (403, "APIGW.0302")
    assert control.instances()[0].status == "CREATING"


@pytest.mark.parametrize(
    "host",
    ["", ":80", "::1", "[::1", "[127.0.0.1]", "[localhost]", "127.1", "2130706433", "0.0.0.0", "localhost:x"],
)
def test_what_is_no_loopback(host: Any) -> None:
    assert not is_loopback(host)
