"""AK/SK: signatures against the published vector, the vendor's signer, and over the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from roma_provider.emulator import (
    ACCESS_KEY,
    PROJECT_ID,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    Emulator,
)
from roma_provider.emulator.service import signing
from tests.support.emulator import SEED_CREATED, Api, SettableClock, order
from tests.support.signed import SigningCaller, send, vendor_signed

LIST = f"/v2/{PROJECT_ID}/instances"
LIMIT = "Incorrect IAM authentication information: AK access failed to reach the limit,forbidden"

# The keys of the vendor's own example.
EXAMPLE_KEY = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"
ROMA = "roma.cn-north-4.myhuaweicloud.com"


@pytest.fixture
def caller(emulator: Emulator, clock: SettableClock) -> SigningCaller:
    return SigningCaller(emulator.url, clock)


def refusal(answer: requests.Response) -> str:
    """What follows the gateway's fixed words."""
    assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0301"), answer.text
    head, _, reason = answer.json()["error_msg"].partition(": ")
    assert head == "Incorrect IAM authentication information"
    return str(reason)


def signature_of(
    method: str, path: str, query: str, headers: Mapping[str, str], body: bytes = b""
) -> tuple[str, tuple[str, ...]]:
    names = tuple(sorted(headers))
    canonical = signing.canonical_request(method, path.encode(), query.encode(), headers, names, body)
    return signing.signature(EXAMPLE_KEY, headers["x-sdk-date"], canonical), names


def test_the_published_example() -> None:
    headers = {
        "content-type": "application/json",
        "host": "service.region.example.com",
        "x-sdk-date": "20191115T033655Z",
    }
    path, query = "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs", "limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
    assert signature_of("GET", path, query, headers) == (
        "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe",
        ("content-type", "host", "x-sdk-date"),
    )


@pytest.mark.parametrize(
    ("method", "path", "query", "more", "body", "expected"),
    [
        (
            "GET",
            f"/v2/{PROJECT_ID}/instances/b037d389-62a4-464a-8461-c88797ad4f23/process",
            "",
            {},
            b"",
            "8f878dc2912753d359e664348bfe54dbd0104722df38f94c0ea29ade1b1e6d82",
        ),
        (
            "GET",
            f"/v2/{PROJECT_ID}/instances/b037d389-62a4-464a-8461-c88797ad4f23/process",
            "",
            {"x-security-token": "tmp-token"},
            b"",
            "ae71f64188fc9b156e7bbb66c370d9034f32033520c0ec7bd88e3c12a9364026",
        ),
        (
            "GET",
            LIST,
            "status=CREATING&offset=0&limit=10",
            {"content-type": "application/json"},
            b"",
            "d2a1a9ef727ee8235491dbfa35fd63eefa571814215a543004b88bec624b99f3",
        ),
        (
            "POST",
            f"/v3/{PROJECT_ID}/roma/instances",
            "",
            {"content-type": "application/json"},
            b'{"name":"roma-2222"}',
            "4408244fb12ed48dda45f5cbe00a6b18f27949de476b451795937a0cc6a1c0b1",
        ),
    ],
)
def test_what_the_vendors_signer_made_of_roma_requests(
    method: str, path: str, query: str, more: dict[str, str], body: bytes, expected: str
) -> None:
    headers = {"host": ROMA, "x-project-id": PROJECT_ID, "x-sdk-date": "20250306T120143Z"} | more
    assert signature_of(method, path, query, headers, body)[0] == expected


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
HEADER_NAME = st.text("abcXYZ019-_", min_size=1, max_size=12).map("X-A{}".format)
HEADER_VALUE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).filter(
    # What lies around a value is trimmed; a client whose idea of white space goes beyond HTTP's signs another value.
    lambda value: value.strip() == value.strip(" ")
)


@settings(max_examples=1000, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "put"]),
    segments=st.lists(TEXT, max_size=4),
    query=st.lists(st.tuples(TEXT, TEXT), max_size=5),
    plus=st.booleans(),
    headers=st.dictionaries(HEADER_NAME, HEADER_VALUE, max_size=4),
    content_type=st.sampled_from([None, "application/json", "application/json;charset=utf8", "text/plain"]),
    body=st.binary(max_size=40),
)
def test_whatever_the_vendors_signer_signs_is_verified(
    method: str,
    segments: list[str],
    query: list[tuple[str, str]],
    plus: bool,
    headers: dict[str, str],
    content_type: str | None,
    body: bytes,
) -> None:
    path = quote("/" + "/".join(segments), safe="/:@!$&'()*+,;=~")
    given_headers = {name.lower(): value for name, value in headers.items()} | {"X-Sdk-Date": "20250306T120143Z"}
    if content_type is not None:
        given_headers["Content-Type"] = content_type
    request = vendor_signed(method, ROMA, path, query=query, headers=given_headers, body=body)
    # As HTTP hands them on: each byte a character.
    received = {name.lower(): value for name, value in request.header_params.items()}
    authorization = signing.parse_authorization(received["authorization"])
    assert authorization is not None
    assert authorization.access_key == ACCESS_KEY
    raw_query = urlencode(query) if plus else urlencode(query, quote_via=quote)

    def made(path: str = path, raw_query: str = raw_query, body: bytes = body) -> str:
        names = authorization.signed_headers
        canonical = signing.canonical_request(method, path.encode(), raw_query.encode(), received, names, body)
        return signing.signature(SECRET_KEY, received["x-sdk-date"], canonical)

    assert made() == authorization.signature
    assert made(path=path + "x") != authorization.signature
    assert made(raw_query=raw_query + "&x") != authorization.signature
    unsigned = bool(body) and received.get("x-sdk-content-sha256") == "UNSIGNED-PAYLOAD"
    assert (made(body=body + b"x") == authorization.signature) == unsigned


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


def test_dates_go_to_and_fro() -> None:
    assert signing.date_of(SEED_CREATED) == "20250306T120113Z"
    assert signing.parse_date("20250306T120113Z") == 1741262473.0
    assert [signing.parse_date(text) for text in ("2025-03-06T12:01:13Z", "20251306T120113Z", "")] == [None] * 3
