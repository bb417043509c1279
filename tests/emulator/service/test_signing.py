"""Signatures against the published vector and the vendor's signer."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roma_provider.emulator import (
    ACCESS_KEY,
    PROJECT_ID,
    SECRET_KEY,
)
from roma_provider.emulator.service import signing
from tests.support.emulator import SEED_CREATED
from tests.support.signed import vendor_signed

LIST = f"/v2/{PROJECT_ID}/instances"


# The keys of the vendor's own example.
EXAMPLE_KEY = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"


ROMA = "roma.cn-north-4.myhuaweicloud.com"


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
CONTENT_TYPE = st.sampled_from(["application/json", "application/json;charset=utf8", "text/plain"]).flatmap(
    lambda value: st.sampled_from([{}, {"Content-Type": value}])
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "put"]),
    segments=st.lists(TEXT, max_size=4),
    query=st.lists(st.tuples(TEXT, TEXT), max_size=5),
    plus=st.booleans(),
    headers=st.tuples(st.dictionaries(HEADER_NAME, HEADER_VALUE, max_size=4), CONTENT_TYPE).map(
        lambda parts: parts[0] | parts[1]
    ),
    body=st.binary(max_size=40),
)
def test_whatever_the_vendors_signer_signs_is_verified(
    method: str,
    segments: list[str],
    query: list[tuple[str, str]],
    plus: bool,
    headers: dict[str, str],
    body: bytes,
) -> None:
    path = quote("/" + "/".join(segments), safe="/:@!$&'()*+,;=~")
    given_headers = {name.lower() if name.startswith("X-A") else name: value for name, value in headers.items()}
    given_headers["X-Sdk-Date"] = "20250306T120143Z"
    request = vendor_signed(method, ROMA + path, query=query, headers=given_headers, body=body)
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


def test_dates_go_to_and_fro() -> None:
    assert signing.date_of(SEED_CREATED) == "20250306T120113Z"
    assert signing.parse_date("20250306T120113Z") == 1741262473.0
    assert [signing.parse_date(text) for text in ("2025-03-06T12:01:13Z", "20251306T120113Z", "")] == [None] * 3
