"""What each operation refuses beyond the gateway: pages, project ids, instances of others, sign-ins."""

from __future__ import annotations

import pytest

from roma_provider.emulator import Emulator
from tests.support.emulator import Api


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
    "query",
    [{"limit": "101"}, {"limit": "-1"}, {"limit": "x"}, {"offset": "101"}, {"offset": "9" * 5000}, {"status": "XY"}],
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
