"""What the API refuses, and in which words."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from roma_provider.emulator import PROJECT_ID, Control, Emulator
from tests.support.emulator import Api, SettableClock


def test_every_answer_has_a_request_id_and_errors_repeat_it(api: Api) -> None:
    good, bad = api.get_list(), api.get_process("unknown")
    assert len(good.headers["X-Request-Id"]) == 32
    assert bad.json()["request_id"] == bad.headers["X-Request-Id"]
    assert good.headers["X-Request-Id"] != bad.headers["X-Request-Id"]


def test_the_date_is_the_clocks(api: Api) -> None:
    assert api.get_list().headers["Date"] == "Thu, 06 Mar 2025 12:01:13 GMT"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", f"/v1/{PROJECT_ID}/instances"),
        ("GET", f"/v2/{PROJECT_ID}/instances/some-id"),
        ("DELETE", f"/v2/{PROJECT_ID}/instances/some-id"),
        ("DELETE", f"/v3/{PROJECT_ID}/roma/instances"),
    ],
)
def test_what_there_is_not_is_refused_by_the_gateway(api: Api, method: str, path: str) -> None:
    answer = api.call(method, path)
    assert answer.status_code == 404
    assert answer.json() == {
        "error_code": "APIGW.0101",
        "error_msg": "The API does not exist or has not been published in the environment",
        "request_id": answer.headers["X-Request-Id"],
    }


@pytest.mark.parametrize(("token", "reason"), [(None, "x-auth-token not found"), ("made-up", "decrypt token fail")])
def test_no_token_and_a_foreign_one_are_refused(emulator: Emulator, token: str | None, reason: str) -> None:
    api = Api(emulator.url, token=token)
    answers = [
        api.post(),
        api.get_process("x"),
        api.get_list(),
        api.delete("x"),
        api.call("GET", f"/v3/{PROJECT_ID}/roma/instances"),
    ]
    for answer in answers:
        assert answer.status_code == 401
        assert answer.json() == {
            "error_code": "APIGW.0301",
            "error_msg": f"Incorrect IAM authentication information: {reason}",
            "request_id": answer.headers["X-Request-Id"],
        }
    assert emulator.control.instances() == []


def test_an_issued_token_opens_until_it_expires(api: Api, emulator: Emulator, clock: SettableClock) -> None:
    answer = api.sign_in(user="somebody")
    assert answer.status_code == 201
    assert 1000 <= len(answer.headers["X-Subject-Token"]) <= 65536
    body = answer.json()["token"]
    assert body["issued_at"] == "2025-03-06T12:01:13.785000Z"
    assert body["expires_at"] == "2025-03-07T12:01:13.785000Z"
    assert (body["methods"], body["user"]["name"], body["project"]["name"]) == (
        ["password"],
        "somebody",
        "cn-north-4",
    )
    theirs = Api(emulator.url, token=answer.headers["X-Subject-Token"])
    instance_id = theirs.create()
    assert theirs.process(instance_id)["instance"]["userName"] == "somebody"
    assert theirs.process(instance_id)["instance"]["userId"] == body["user"]["id"]
    clock.tick(datetime.timedelta(hours=24).total_seconds())
    expired = theirs.get_list()
    assert (expired.status_code, expired.json()["error_code"]) == (401, "APIGW.0307")
    assert expired.json()["error_msg"] == "The token must be updated"
    assert api.get_list().status_code == 200


def test_a_shorter_life_of_tokens_can_be_set(api: Api, control: Control) -> None:
    control.settings(token_seconds=60)
    assert api.sign_in().json()["token"]["expires_at"] == "2025-03-06T12:02:13.785000Z"


def test_a_wrong_password_and_a_body_that_is_none(api: Api) -> None:
    wrong = api.sign_in(password="wrong")
    assert wrong.status_code == 401
    assert wrong.json() == {
        "error": {"code": 401, "message": "The username or password is wrong.", "title": "Unauthorized"}
    }
    assert wrong.headers["X-IAM-Trace-Id"]
    for body in (b"", b"[]", b'{"auth": 1}', b'{"auth": {"identity": {"password": {"user": {}}}}}'):
        answer = api.call("POST", "/v3/auth/tokens", data=body)
        assert (answer.status_code, answer.json()["error"]["title"]) == (400, "Bad Request")


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"name": ""}, "name"),
        ({"name": "n" * 65}, "name"),
        ({"name": None}, "name"),
        ({"description": 1}, "description"),
        ({"description": None}, "description"),
        ({"product_id": "basic"}, "product_id"),
        ({"product_id": "00300-30199-0--0"}, "product_id"),
        ({"available_zones": "az0.dc0"}, "available_zones"),
        ({"available_zones": []}, "available_zones"),
        ({"available_zones": [""]}, "available_zones"),
        ({"vpc_id": ""}, "vpc_id"),
        ({"subnet_id": None}, "subnet_id"),
        ({"security_group_id": 7}, "security_group_id"),
        ({"ipv6_enable": "true"}, "ipv6_enable"),
        ({"enable_all": 1}, "enable_all"),
        ({"cpu_architecture": "x86_64"}, "cpu_architecture"),
        ({"entrance_bandwidth_size": -1}, "entrance_bandwidth_size"),
        ({"entrance_bandwidth_size": True}, "entrance_bandwidth_size"),
        ({"maintain_begin": "22:00", "maintain_end": "02:00:00"}, "maintain_begin"),
        ({"maintain_begin": "24:00:00", "maintain_end": "02:00:00"}, "maintain_begin"),
        ({"maintain_begin": "22:00:00"}, "maintain_end"),
        ({"maintain_end": "22:00:00"}, "maintain_begin"),
        ({"mqs": []}, "mqs"),
        ({"mqs": {"engine_version": "9"}}, "mqs.engine_version"),
        ({"mqs": {"engine_version": "2.7", "rocketmq_enable": True}}, "mqs.engine_version"),
        ({"mqs": {"retention_policy": "never"}}, "mqs.retention_policy"),
        ({"mqs": {"ssl_enable": "yes"}}, "mqs.ssl_enable"),
        ({"mqs": {"ssl": True}}, "mqs.ssl"),
        ({"availability_zones": ["az0"]}, "availability_zones"),
    ],
)
def test_a_post_that_is_wrong_is_refused_by_name(
    api: Api, control: Control, changes: dict[str, Any], parameter: str
) -> None:
    answer = api.post(**changes)
    assert answer.status_code == 400
    body = answer.json()
    assert body["error_code"] == "ROMA.13000"
    assert body["error_msg"].startswith(f"Invalid parameter value,parameterName:{parameter}. ")
    assert control.instances() == []


def test_a_full_post_is_taken(api: Api) -> None:
    mqs = {
        "engine_version": "2.7",
        "retention_policy": "time_base",
        "ssl_enable": True,
        "enable_publicip": False,
        "enable_acl": False,
        "trace_enable": False,
        "vpc_client_plain": False,
        "connector_enable": False,
        "rocketmq_enable": False,
    }
    api.create(
        ep_id="0",
        eip_id="e",
        entrance_bandwidth_size=0,
        maintain_begin="22:00:00",
        maintain_end="02:00:00",
        cpu_architecture="arm",
        mqs=mqs,
    )


@pytest.mark.parametrize(("body", "code"), [(b"", "ROMA.13001"), (b"{", "ROMA.13000"), (b"[]", "ROMA.13000")])
def test_a_post_without_an_object(api: Api, body: bytes, code: str) -> None:
    answer = api.call("POST", f"/v1/{PROJECT_ID}/instances", data=body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, code)


@pytest.mark.parametrize(
    "query", [{"limit": "101"}, {"limit": "-1"}, {"limit": "x"}, {"offset": "9" * 5000}, {"status": "XY"}]
)
def test_a_list_out_of_bounds(api: Api, query: dict[str, str]) -> None:
    answer = api.get_list(**query)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "ROMA.00013000")
    assert f"parameterName:{next(iter(query))}." in answer.json()["error_msg"]
    assert "error_details" in answer.json()


@pytest.mark.parametrize(("length", "status"), [(15, 400), (16, 200), (128, 200), (129, 400)])
def test_any_project_id_of_16_to_128_characters(emulator: Emulator, length: int, status: int) -> None:
    assert Api(emulator.url, project_id="p" * length).get_list().status_code == status


def test_an_instance_is_known_in_its_own_project_only(api: Api, emulator: Emulator) -> None:
    instance_id = api.create()
    other = Api(emulator.url, project_id="another-project-id")
    for answer in (other.get_process(instance_id), other.delete(instance_id), api.get_process("no-such-id")):
        assert answer.status_code == 404
        assert (answer.json()["error_code"], answer.json()["error_msg"]) == (
            "APIC.7302",
            "Instance not found",
        )
    assert other.listed()["total"] == 0
    assert api.listed()["total"] == 1


def test_any_name_comes_back_as_it_was(api: Api) -> None:
    for name in ("集成", 'a "b" \\', "half a pair \ud800"):
        assert api.process(api.create(name=name))["name"] == name
