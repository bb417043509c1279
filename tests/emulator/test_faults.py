"""Faults: each of them as a client on a socket sees it, and what it leaves behind."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import requests

from roma_provider.emulator import PROJECT_ID, TOKEN, Control, ControlError, Emulator
from tests.support.emulator import Api, SettableClock, order, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def raw(emulator: Emulator, method: str = "GET", path: str | None = None) -> socket.socket:
    """A request on a plain socket, for what a client library hides."""
    address = emulator.url.removeprefix("http://").split(":")
    connection = socket.create_connection((address[0], int(address[1])), timeout=20)
    path = path or f"/v2/{PROJECT_ID}/instances"
    connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: {TOKEN}\r\n\r\n".encode())
    return connection


def everything(connection: socket.socket) -> bytes:
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    return received


def test_a_status_so_many_times(api: Api, control: Control) -> None:
    control.add_fault("list_instances", times=2, status=502)
    answers = [api.get_list() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [502, 502, 200]
    assert answers[0].json() == {
        "error_code": "APIGW.0201",
        "error_msg": "Backend unavailable",
        "request_id": answers[0].headers["X-Request-Id"],
    }
    assert [(fault.left, fault.hits) for fault in control.faults()] == [(0, 2)]
    assert [call.status for call in control.calls()] == [502, 502, 200]


def test_throttling_with_retry_after(api: Api, control: Control) -> None:
    control.add_fault("*", status=429, headers={"Retry-After": "60"})
    answer = api.get_list()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert answer.json()["error_code"] == "APIGW.0308"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("<html>busy</html>", "text/html;charset=utf-8", "<html>busy</html>"),
        ("upstream gone", "text/plain;charset=utf-8", "upstream gone"),
        ({"code": 1}, "application/json;charset=utf-8", '{"code":1}'),
        ([], "application/json;charset=utf-8", "[]"),
    ],
)
def test_a_body_of_ones_own(api: Api, control: Control, body: Any, content_type: str, text: str) -> None:
    control.add_fault("list_instances", status=503, body=body)
    answer = api.get_list()
    assert (answer.status_code, answer.headers["Content-Type"], answer.text) == (503, content_type, text)


def test_headers_of_ones_own_replace_the_gateways(api: Api, control: Control) -> None:
    control.add_fault("list_instances", status=200, headers={"date": "yesterday", "X-Request-Id": "mine"})
    answer = api.get_list()
    assert (answer.headers["Date"], answer.headers["X-Request-Id"]) == ("yesterday", "mine")
    assert answer.json() == {}


def test_a_rule_picks_project_instance_and_name(api: Api, emulator: Emulator, control: Control) -> None:
    first, second = api.create(), api.create()
    control.add_fault("creation_progress", times=None, instance_id=second, status=500)
    assert [api.get_process(one).status_code for one in (first, second, second)] == [200, 500, 500]
    assert [(fault.left, fault.hits) for fault in control.faults()] == [(None, 2)]
    control.add_fault("list_instances", instance_id=first, status=500)
    assert [api.get_list().status_code, api.get_list(id=first).status_code] == [200, 500]
    control.add_fault("create_instance", name="victim", status=500)
    assert [api.post(name=name).status_code for name in ("other", "victim", "victim")] == [200, 500, 200]
    control.add_fault("list_instances", project_id="another-project-id", status=500)
    other = Api(emulator.url, project_id="another-project-id")
    assert [api.get_list().status_code, other.get_list().status_code] == [200, 500]


def test_the_oldest_rule_with_calls_left_is_used(api: Api, control: Control) -> None:
    control.add_fault("list_instances", status=500)
    control.add_fault("list_instances", status=502)
    assert [api.get_list().status_code for _ in range(3)] == [500, 502, 200]


@pytest.mark.parametrize(("when", "made"), [("instead", 0), ("after", 1)])
@pytest.mark.parametrize("fault", [{"status": 504}, {"reset": True}, {"cut": 10}])
def test_a_post_takes_effect_only_after(
    api: Api, control: Control, when: Any, made: int, fault: dict[str, Any]
) -> None:
    control.add_fault("create_instance", when=when, **fault)
    with suppress(requests.exceptions.RequestException):
        assert api.post().status_code == 504
    assert len(control.instances()) == made
    (call,) = control.calls()
    assert call.status == fault.get("status")
    assert (call.instance_id is not None) == bool(made)


def test_a_reset_is_a_reset(emulator: Emulator, control: Control) -> None:
    control.add_fault("list_instances", reset=True)
    with raw(emulator) as connection, pytest.raises(ConnectionResetError):
        everything(connection)
    assert [call.status for call in control.calls()] == [None]


@pytest.mark.parametrize("size", [0, 7, 30])
def test_a_cut_body_is_shorter_than_its_headers_say(emulator: Emulator, control: Control, size: int) -> None:
    control.add_fault("list_instances", cut=size)
    with raw(emulator) as connection:
        head, _, body = everything(connection).partition(b"\r\n\r\n")
    whole = b'{"total":0,"size":0,"instances":[]}'
    assert body == whole[:size]
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert [call.status for call in control.calls()] == [None]


def test_a_cut_beyond_the_end_still_promises_more(api: Api, control: Control) -> None:
    control.add_fault("list_instances", cut=1000)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        api.get_list()


def test_a_dripping_body_comes_whole(emulator: Emulator, api: Api, control: Control) -> None:
    control.add_fault("list_instances", drip_seconds=0.001)
    assert api.get_list().json() == {"total": 0, "size": 0, "instances": []}
    control.add_fault("list_instances", drip_seconds=60)
    with raw(emulator) as connection:
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
    assert received.endswith(b"\r\n\r\n")


def test_a_delay_ends_when_its_rule_does(api: Api, control: Control, threads: ThreadPoolExecutor) -> None:
    control.add_fault("list_instances", delay_seconds=0.01)
    assert api.get_list().status_code == 200
    rule = control.add_fault("list_instances", delay_seconds=3600)
    answer = threads.submit(api.get_list)
    wait_until(lambda: len(control.calls()) == 2, "the delayed call")
    control.clear_fault(rule)
    assert answer.result(20).status_code == 200


@pytest.mark.parametrize(("when", "made"), [("instead", 0), ("after", 1)])
def test_a_held_post(api: Api, control: Control, threads: ThreadPoolExecutor, when: Any, made: int) -> None:
    control.add_fault("create_instance", when=when, hold=True)
    answer = threads.submit(api.post)
    wait_until(lambda: len(control.calls()) == 1, "the held call")
    assert control.calls()[0].status is None
    assert len(control.instances()) == made
    assert not answer.done()
    control.clear_faults()
    assert answer.result(20).status_code == 200
    assert [call.status for call in control.calls()] == [200]
    assert len(control.instances()) == 1


@pytest.mark.parametrize(("when", "made"), [("instead", 0), ("after", 1)])
def test_a_client_that_leaves_a_held_post(emulator: Emulator, api: Api, control: Control, when: Any, made: int) -> None:
    rule = control.add_fault("create_instance", when=when, hold=True)
    with pytest.raises(requests.exceptions.ReadTimeout):
        api.call("POST", f"/v1/{PROJECT_ID}/instances", json=order(), timeout=0.2)
    control.clear_fault(rule)
    assert api.get_list().status_code == 200
    assert len(control.instances()) == made


def test_a_held_call_with_a_status(api: Api, control: Control, threads: ThreadPoolExecutor) -> None:
    control.add_fault("list_instances", status=504, hold=True)
    answer = threads.submit(api.get_list)
    wait_until(lambda: len(control.calls()) == 1, "the held call")
    control.clear_faults()
    assert answer.result(20).status_code == 504


def test_tokens_expire_on_demand(api: Api, emulator: Emulator, control: Control) -> None:
    theirs = Api(emulator.url, token=api.sign_in().headers["X-Subject-Token"])
    control.add_fault("list_instances", expire_tokens=True, when="after")
    assert [theirs.get_list().status_code for _ in range(2)] == [200, 401]
    theirs.token = api.sign_in().headers["X-Subject-Token"]
    control.add_fault("list_instances", expire_tokens=True)
    answer = theirs.get_list()
    assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0307")
    assert api.get_list().status_code == 200


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"operation": "reboot", "status": 500}, "operation is 'reboot'; write one of create_instance, "),
        ({"operation": "*"}, "there is no fault in the rule; write one of status, reset, "),
        ({"operation": "*", "status": 99}, "status is 99"),
        ({"operation": "*", "status": 600}, "status is 600; write one from 200 to 599"),
        ({"operation": "*", "status": 500, "times": 0}, "times is 0; write a whole number, 1 or more"),
        ({"operation": "*", "status": 500, "when": "never"}, "when is 'never'; write 'instead' or 'after'"),
        ({"operation": "*", "body": "x", "reset": True}, "headers and body go with a status"),
        ({"operation": "*", "reset": True, "cut": 1}, "reset, cut and drip_seconds exclude each other"),
        ({"operation": "*", "reset": "yes"}, "reset is 'yes'; write true, or leave it out"),
        ({"operation": "*", "delay_seconds": -1}, "delay_seconds is -1; write a number of seconds"),
        ({"operation": "*", "status": 500, "headers": {"A": 1}}, "headers must be an object of strings"),
        ({"operation": "*", "status": 500, "name": 1}, "name is 1; write a string, or leave it out"),
    ],
)
def test_a_bad_rule_names_its_key(control: Control, rule: dict[str, Any], message: str) -> None:
    with pytest.raises(ControlError) as error:
        control.add_fault(**rule)
    assert str(error.value).startswith(message)
    assert control.faults() == []


def test_a_rule_over_http_has_its_own_defaults(api: Api, control: Control) -> None:
    answer = api.call("POST", "/_emulator/faults", json={"operation": "list_instances", "status": 500})
    assert answer.status_code == 200
    assert [(fault.id, fault.left) for fault in control.faults()] == [(answer.json()["id"], 1)]
    answer = api.call("POST", "/_emulator/faults", json={"operation": "list_instances", "statuss": 500})
    assert (answer.status_code, answer.json()["error"].split(";")[0]) == (400, "unknown key 'statuss'")
    for body in (b"{", b"[]"):
        assert api.call("POST", "/_emulator/faults", data=body).status_code == 400


def test_an_emulator_stops_with_answers_under_way(clock: SettableClock, threads: ThreadPoolExecutor) -> None:
    running: list[Future[requests.Response]] = []
    with Emulator(clock=clock) as emulator:
        api, control = Api(emulator.url), emulator.control
        control.add_fault("list_instances", hold=True)
        control.add_fault("list_instances", drip_seconds=3600)
        control.add_fault("list_instances", delay_seconds=3600)
        running += [threads.submit(api.get_list) for _ in range(3)]
        wait_until(lambda: len(control.calls()) == 3, "three calls under way")
    for answer in running:
        assert isinstance(answer.exception(20), requests.exceptions.RequestException)
    assert [thread.name for thread in threading.enumerate() if thread.name == "roma-emulator"] == []
