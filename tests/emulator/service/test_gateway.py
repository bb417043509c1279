"""Calls on their way through the gateway: its headers, and what faults do before and after an operation."""

from __future__ import annotations

import json
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import requests

from roma_provider.emulator import PROJECT_ID, Control, Emulator
from tests.support.emulator import Api, SettableClock, order, send_raw
from tests.support.until import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_every_answer_has_a_request_id_and_errors_repeat_it(api: Api) -> None:
    good, bad = api.get_list(), api.get_process("unknown")
    assert len(good.headers["X-Request-Id"]) == 32
    assert bad.json()["request_id"] == bad.headers["X-Request-Id"]
    assert good.headers["X-Request-Id"] != bad.headers["X-Request-Id"]


def test_the_date_is_the_clocks(api: Api) -> None:
    assert api.get_list().headers["Date"] == "Thu, 06 Mar 2025 12:01:13 GMT"


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def test_headers_of_ones_own_replace_the_gateways(api: Api, control: Control) -> None:
    control.add_fault("list_instances", status=200, headers={"date": "yesterday", "X-Request-Id": "mine"})
    answer = api.get_list()
    assert (answer.headers["Date"], answer.headers["X-Request-Id"]) == ("yesterday", "mine")
    assert answer.json() == {}


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
    body = json.dumps(order()).encode()
    with send_raw(emulator, "POST", f"/v1/{PROJECT_ID}/instances", body):
        wait_until(lambda: len(control.calls()) == 1, "the held call")
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
