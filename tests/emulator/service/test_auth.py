"""Who is let in by a token or a signature, and in which words the others are refused."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import requests

from roma_provider.emulator import (
    ACCESS_KEY,
    PROJECT_ID,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    Emulator,
)
from tests.support.emulator import Api, SettableClock, order
from tests.support.signed import SigningCaller, send


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


LIST = f"/v2/{PROJECT_ID}/instances"


LIMIT = "Incorrect IAM authentication information: AK access failed to reach the limit,forbidden"


@pytest.fixture
def caller(emulator: Emulator, clock: SettableClock) -> SigningCaller:
    return SigningCaller(emulator.url, clock)


def refusal(answer: requests.Response) -> str:
    """What follows the gateway's fixed words."""
    assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0301"), answer.text
    head, _, reason = answer.json()["error_msg"].partition(": ")
    assert head == "Incorrect IAM authentication information"
    return str(reason)


def test_a_signature_opens_every_operation(caller: SigningCaller, api: Api) -> None:
    body = json.dumps(order(name="集成 + signed")).encode()
    json_type = {"Content-Type": "application/json"}
    made = caller.call("POST", f"/v1/{PROJECT_ID}/instances", body=body, headers=json_type)
    assert made.status_code == 200, made.text
    instance_id = made.json()["instance_id"]
    process = caller.call("GET", f"/v2/{PROJECT_ID}/instances/{instance_id}/process")
    assert process.json()["instance"]["userName"] == "zhangyue"
    query = [("status", "CREATING"), ("limit", "10"), ("x", "ä b+c&=%/~*'"), ("x", ""), ("", "y")]
    assert caller.call("GET", LIST, query=query).json()["total"] == 1
    assert caller.call("GET", LIST + "/", query=[("id", instance_id)]).json()["total"] == 1
    assert caller.call("GET", f"/v3/{PROJECT_ID}/roma/instances").json()["total"] == 1
    projects = caller.call("GET", "/v3/projects", query=[("name", "cn-north-4")])
    assert [project["id"] for project in projects.json()["projects"]] == [PROJECT_ID]
    assert caller.call("DELETE", f"/v1/{PROJECT_ID}/roma/instances/{instance_id}").status_code == 202


def test_only_the_headers_that_are_listed_count(caller: SigningCaller) -> None:
    request = caller.prepared("GET", LIST, headers={"X-Listed": "yes"})
    request.headers["X-Project-Id"] = PROJECT_ID
    assert send(request).status_code == 200
    request.headers["X-Listed"] = "no"
    assert refusal(send(request)).startswith("verify aksk signature fail, ")


def test_the_gateway_repeats_its_canonical_request(emulator: Emulator, clock: SettableClock) -> None:
    caller = SigningCaller(emulator.url, clock, secret_key="another")
    headers = {"X-Project-Id": PROJECT_ID, "Content-Type": "application/json"}
    answer = caller.call(
        "POST", f"/v1/{PROJECT_ID}/instances", query=[("b", "ä"), ("a", "")], headers=headers, body=b"{}"
    )
    host = emulator.url.removeprefix("http://")
    assert refusal(answer) == (
        f"verify aksk signature fail, canonicalRequest:POST|/v1/{PROJECT_ID}/instances/|a=&b=%C3%A4|"
        f"content-type:application/json|host:{host}|x-project-id:{PROJECT_ID}|x-sdk-date:20250306T120113Z||"
        "content-type;host;x-project-id;x-sdk-date|44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )
    assert emulator.control.instances() == []
    assert [call.status for call in emulator.control.calls()] == [401]


def spoil_query(request: requests.PreparedRequest) -> None:
    assert request.url is not None
    request.url = request.url.replace("limit=1", "limit=2")


def spoil_body(request: requests.PreparedRequest) -> None:
    request.body = b"{ }"
    request.headers["Content-Length"] = "3"


def spoil_date(request: requests.PreparedRequest) -> None:
    request.headers["X-Sdk-Date"] = "20250306T120114Z"


def spoil_signature(request: requests.PreparedRequest) -> None:
    request.headers["Authorization"] = request.headers["Authorization"][:-4] + "0000"


def no_spoiling(request: requests.PreparedRequest) -> None:
    pass


@pytest.mark.parametrize(
    ("spoil", "is_taken"),
    [(spoil_query, False), (spoil_body, False), (spoil_date, False), (spoil_signature, False), (no_spoiling, True)],
)
def test_a_request_that_was_changed_is_refused(caller: SigningCaller, spoil: Any, is_taken: bool) -> None:
    request = caller.prepared(
        "GET", LIST, query=[("limit", "1")], body=b"{}", headers={"Content-Type": "application/json"}
    )
    spoil(request)
    answer = send(request)
    if is_taken:
        assert answer.status_code == 200
    else:
        assert refusal(answer).startswith(f"verify aksk signature fail, canonicalRequest:GET|{LIST}/|limit=")


def test_a_body_may_go_unsigned_only_when_the_signature_says_so(caller: SigningCaller) -> None:
    path = f"/v1/{PROJECT_ID}/instances"
    body = json.dumps(order()).encode()
    other = json.dumps(order(name="roma-2223")).encode()
    unsigned = caller.prepared("POST", path, body=body, headers={"Content-Type": "text/plain"})
    assert unsigned.headers["X-Sdk-Content-Sha256"] == "UNSIGNED-PAYLOAD"
    unsigned.body = other
    assert send(unsigned).status_code == 200
    # Said after signing, or a hash that is not the body's: neither helps.
    later = caller.prepared("POST", path, body=body)
    later.headers["X-Sdk-Content-Sha256"] = "UNSIGNED-PAYLOAD"
    assert "verify aksk signature fail" in refusal(send(later))
    assert "verify aksk signature fail" in refusal(
        caller.call("POST", path, body=body, headers={"X-Sdk-Content-Sha256": "0" * 64})
    )


@pytest.mark.parametrize("late", [900, -900])
def test_a_signature_within_fifteen_minutes_is_taken(emulator: Emulator, clock: SettableClock, late: float) -> None:
    clock.now = 1741262473
    assert SigningCaller(emulator.url, clock).call("GET", LIST, late=late).status_code == 200


@pytest.mark.parametrize(("late", "signed_at"), [(901, "20250306T114612Z"), (-901, "20250306T121614Z")])
def test_a_signature_beyond_fifteen_minutes_is_refused(
    emulator: Emulator, clock: SettableClock, late: float, signed_at: str
) -> None:
    clock.now = 1741262473
    answer = SigningCaller(emulator.url, clock).call("GET", LIST, late=late)
    assert refusal(answer) == f"signature expired, signature time:{signed_at},server time:20250306T120113Z"
    assert answer.headers["Date"] == "Thu, 06 Mar 2025 12:01:13 GMT"


def test_signed_headers_are_sorted_whatever_their_order(caller: SigningCaller) -> None:
    request = caller.prepared("GET", LIST)
    request.headers["Authorization"] = request.headers["Authorization"].replace("host;x-sdk-date", "X-Sdk-Date;host")
    assert send(request).status_code == 200


def test_the_date_has_to_be_signed(caller: SigningCaller) -> None:
    request = caller.prepared("GET", LIST)
    request.headers["Authorization"] = request.headers["Authorization"].replace(";x-sdk-date", "")
    assert refusal(send(request)) == "x-sdk-date not found in the signed headers"
    for date in ("yesterday", ""):
        request = caller.prepared("GET", LIST)
        request.headers["X-Sdk-Date"] = date
        assert refusal(send(request)) == "x-sdk-date not found in the signed headers"


def test_a_key_that_there_is_not(emulator: Emulator, clock: SettableClock) -> None:
    for _ in range(6):
        answer = SigningCaller(emulator.url, clock, access_key="NOSUCHKEY").call("GET", LIST)
        assert refusal(answer) == "ak NOSUCHKEY not exist"


@pytest.mark.parametrize(
    "value",
    [
        "Basic dTpw",
        "SDK-HMAC-SHA256",
        f"SDK-HMAC-SHA256 Access={ACCESS_KEY}, SignedHeaders=host",
        f"SDK-HMAC-SHA256, Access={ACCESS_KEY}, SignedHeaders=host, Signature=00",
        f"SDK-HMAC-SHA256 Access={ACCESS_KEY}, SignedHeaders=host, Signature=xyz",
        f"V11-HMAC-SHA256 Credential={ACCESS_KEY}/20250306/cn-north-4/roma, SignedHeaders=host, Signature=00",
    ],
)
def test_an_authorization_that_cannot_be_read(emulator: Emulator, value: str) -> None:
    answer = Api(emulator.url, token=None).call("GET", LIST, headers={"Authorization": value})
    assert refusal(answer) == "Authorization format is incorrect"


def test_beside_a_token_only_a_signature_counts(api: Api) -> None:
    assert api.call("GET", LIST, headers={"Authorization": "Basic dTpw"}).status_code == 200
    assert "format" in refusal(api.call("GET", LIST, headers={"Authorization": "SDK-HMAC-SHA256 Access=x"}))


def test_a_temporary_key_needs_its_security_token(emulator: Emulator, clock: SettableClock) -> None:
    caller = SigningCaller(emulator.url, clock, TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY)
    assert caller.call("GET", LIST, headers={"X-Security-Token": SECURITY_TOKEN}).status_code == 200
    added_later = caller.prepared("GET", LIST)
    added_later.headers["X-Security-Token"] = SECURITY_TOKEN
    assert send(added_later).status_code == 200
    reason = refusal(caller.call("GET", LIST))
    assert reason == f"Get secretKey failed,ak:{TEMPORARY_ACCESS_KEY},err:ak not exist"
    assert refusal(caller.call("GET", LIST, headers={"X-Security-Token": "another"})) == "decrypt token fail"


def test_five_bad_signatures_in_a_row_lock_the_key_for_five_minutes(
    emulator: Emulator, caller: SigningCaller, clock: SettableClock
) -> None:
    bad = SigningCaller(emulator.url, clock, secret_key="another")
    temporary = SigningCaller(emulator.url, clock, TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY)

    def fail(times: int) -> None:
        for _ in range(times):
            assert "verify aksk signature fail" in refusal(bad.call("GET", LIST))

    fail(4)
    assert caller.call("GET", LIST).status_code == 200
    fail(4)
    assert "signature expired" in refusal(caller.call("GET", LIST, late=1000))
    fail(1)
    for one in (bad, caller):
        assert one.call("GET", LIST).json()["error_msg"] == LIMIT
    assert temporary.call("GET", LIST, headers={"X-Security-Token": SECURITY_TOKEN}).status_code == 200
    assert Api(emulator.url).get_list().status_code == 200
    clock.tick(299.9)
    assert caller.call("GET", LIST).json()["error_msg"] == LIMIT
    clock.tick(0.1)
    fail(4)
    assert caller.call("GET", LIST).status_code == 200


def test_a_lock_outlives_its_emulator(tmp_path: Path, clock: SettableClock) -> None:
    database = tmp_path / "emulator.db"
    with Emulator(database, clock=clock) as emulator:
        bad = SigningCaller(emulator.url, clock, secret_key="another")
        assert ["verify" in refusal(bad.call("GET", LIST)) for _ in range(5)] == [True] * 5
    with Emulator(database, clock=clock) as emulator:
        assert SigningCaller(emulator.url, clock).call("GET", LIST).json()["error_msg"] == LIMIT
