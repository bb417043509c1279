"""Rules for faults: which calls they take, how often, and which rules there cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from roma_provider.emulator import Control, ControlError, Emulator
from tests.support.emulator import Api

if TYPE_CHECKING:
    pass


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
    headers = {"Content-Type": "application/json"}
    for body in (b"{", b"[]"):
        assert api.call("POST", "/_emulator/faults", data=body, headers=headers).status_code == 400
