"""AK/SK signatures: the published vectors, and the vendor's own signer over random requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import given, settings
from hypothesis import strategies as st
from requests import PreparedRequest, Request, Session

from roma_provider.api.signing import AkSkAuth, authorization
from tests.support.fakes import ID, PROJECT, FakeClock

# The published example's keys.
ACCESS_KEY = "QTWAOYTTINDUT2QVKYUC"
SECRET_KEY = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"
HOST = "roma.cn-north-4.myhuaweicloud.com"
MOMENT = 1741262503.0  # 2025-03-06 12:01:43 UTC
JSON = {"Content-Type": "application/json"}


def prepared(method: str, url: str, auth: AkSkAuth, **more: Any) -> PreparedRequest:
    with Session() as session:
        session.trust_env = False
        return session.prepare_request(Request(method, url, auth=auth, **more))


def signature(request: PreparedRequest) -> str:
    return request.headers["Authorization"].rpartition("Signature=")[2]


def signed_headers(request: PreparedRequest) -> str:
    return request.headers["Authorization"].partition("SignedHeaders=")[2].partition(",")[0]


def test_the_published_vector() -> None:
    url = (
        "https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs"
        "?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
    )
    signed = prepared("GET", url, AkSkAuth(ACCESS_KEY, SECRET_KEY, clock=FakeClock(1573789015.0)), headers=JSON)
    assert signed.headers["X-Sdk-Date"] == "20191115T033655Z"
    assert signed.headers["Authorization"] == (
        f"SDK-HMAC-SHA256 Access={ACCESS_KEY}, SignedHeaders=content-type;host;x-sdk-date, "
        "Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
    )


PROCESS = f"/v2/{PROJECT}/instances/{ID}/process"


@pytest.mark.parametrize(
    ("method", "path", "security_token", "more", "names", "wanted"),
    [
        (
            "GET",
            PROCESS,
            None,
            {},
            "host;x-project-id;x-sdk-date",
            "8f878dc2912753d359e664348bfe54dbd0104722df38f94c0ea29ade1b1e6d82",
        ),
        (
            "GET",
            PROCESS,
            "tmp-token",
            {},
            "host;x-project-id;x-sdk-date;x-security-token",
            "ae71f64188fc9b156e7bbb66c370d9034f32033520c0ec7bd88e3c12a9364026",
        ),
        (
            "GET",
            f"/v2/{PROJECT}/instances?status=CREATING&offset=0&limit=10",
            None,
            {"headers": JSON},
            "content-type;host;x-project-id;x-sdk-date",
            "d2a1a9ef727ee8235491dbfa35fd63eefa571814215a543004b88bec624b99f3",
        ),
        (
            "POST",
            f"/v3/{PROJECT}/roma/instances",
            None,
            {"headers": JSON, "data": '{"name":"roma-2222"}'},
            "content-type;host;x-project-id;x-sdk-date",
            "4408244fb12ed48dda45f5cbe00a6b18f27949de476b451795937a0cc6a1c0b1",
        ),
    ],
)
def test_the_vectors_of_the_vendor_s_sdk(
    method: str, path: str, security_token: str | None, more: dict[str, Any], names: str, wanted: str
) -> None:
    auth = AkSkAuth(ACCESS_KEY, SECRET_KEY, security_token, PROJECT, clock=FakeClock(MOMENT))
    signed = prepared(method, f"https://{HOST}{path}", auth, **more)
    assert signed_headers(signed) == names
    assert signature(signed) == wanted
    assert signed.headers["X-Project-Id"] == PROJECT
    assert signed.headers.get("X-Security-Token") == security_token


def test_what_is_sent_is_what_is_signed() -> None:
    auth = AkSkAuth(ACCESS_KEY, SECRET_KEY, clock=FakeClock(MOMENT))
    for netloc in ("h.example:443", "h.example", "127.0.0.1:8080", "[::1]:8080"):
        assert prepared("GET", f"https://{netloc}/x", auth).headers["Host"] == netloc
    plain = prepared("GET", "https://h/x", auth)
    assert "X-Project-Id" not in plain.headers
    assert "X-Security-Token" not in plain.headers
    # What proxies may rewrite is not signed, and names with an underscore, which gateways drop, neither.
    more = {"User-Agent": "me", "Accept": "*/*", "Connection": "close", "X_Under": "1", "X-Trace": "2"}
    assert signed_headers(prepared("GET", "https://h/x", auth, headers=more)) == "host;x-sdk-date;x-trace"


def test_each_request_has_the_time_of_its_own() -> None:
    clock = FakeClock(MOMENT)
    auth = AkSkAuth(ACCESS_KEY, SECRET_KEY, clock=clock)
    first = prepared("GET", "https://h/x", auth)
    clock.now = 61.0
    second = prepared("GET", "https://h/x", auth)
    assert (first.headers["X-Sdk-Date"], second.headers["X-Sdk-Date"]) == ("20250306T120143Z", "20250306T120244Z")
    assert signature(first) != signature(second)


def test_keys_are_not_shown() -> None:
    auth = AkSkAuth(ACCESS_KEY, SECRET_KEY, "tmp-token", PROJECT)
    assert auth.secrets == (SECRET_KEY, "tmp-token", ACCESS_KEY)
    assert AkSkAuth(ACCESS_KEY, SECRET_KEY).secrets == (SECRET_KEY, ACCESS_KEY)
    assert f"{auth!r} {auth}" == "AkSkAuth(…) AkSkAuth(…)"
    assert auth.renew(PreparedRequest()) is False


# --- held against huaweicloudsdkcore -----------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
# "." and ".." are resolved by requests before anything is signed, as by every other client.
SEGMENT = TEXT.filter(lambda text: text not in (".", ".."))
NAME = st.from_regex(r"X-[A-Za-z0-9-]{1,12}", fullmatch=True)
VALUE = st.from_regex(r"[!-~]([ -~]{0,20}[!-~])? {0,2}", fullmatch=True)
KEYS = st.from_regex(r"[!-+\--~]{1,40}", fullmatch=True)
RESERVED = {"x-sdk-date", "x-project-id", "x-security-token"}


def vendor_s(
    method: str, segments: list[str], query: list[tuple[str, str]], headers: Mapping[str, str], body: bytes, keys: Any
) -> str:
    """What the vendor's signer writes into Authorization."""
    access_key, secret_key = keys
    path = "/" + "/".join(quote(segment, safe="~") for segment in segments)
    request = SdkRequest(
        method=method,
        schema="https",
        host=HOST,
        resource_path=path,
        query_params=list(query),
        header_params=dict(headers),
        body=body,
    )
    Signer(BasicCredentials(access_key, secret_key, PROJECT)).sign(request)
    return str(request.header_params["Authorization"])


@dataclass(frozen=True)
class Drawn:
    """A request, and what it is signed with."""

    method: str
    segments: list[str]
    query: list[tuple[str, str]]
    headers: dict[str, str]
    content_type: str | None
    body: bytes
    keys: tuple[str, str]
    security_token: str | None
    project_id: str | None
    seconds: int

    @property
    def url(self) -> str:
        # Name and value both may be empty; requests itself leaves such pairs out, so the address is written here.
        path = "/" + "/".join(quote(segment, safe="~") for segment in self.segments)
        return f"https://{HOST}{path}" + (f"?{urlencode(self.query)}" if self.query else "")


DRAWN = st.builds(
    Drawn,
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]),
    segments=st.lists(SEGMENT, max_size=5),
    query=st.lists(st.tuples(TEXT, TEXT), max_size=6).flatmap(
        lambda pairs: st.permutations(pairs + pairs[:2] + [(name, "") for name, _ in pairs[:1]])
    ),
    headers=st.dictionaries(NAME, VALUE, max_size=5),
    content_type=st.sampled_from([None, "application/json", "application/json;charset=utf8", "application/bson"]),
    body=st.one_of(
        st.binary(max_size=200),
        st.dictionaries(TEXT, TEXT, max_size=3).map(lambda value: json.dumps(value).encode()),
    ),
    keys=st.tuples(KEYS, KEYS),
    security_token=st.one_of(st.none(), KEYS),
    project_id=st.one_of(st.none(), st.just(PROJECT)),
    seconds=st.integers(0, 4_000_000_000),
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(drawn=DRAWN)
def test_the_vendor_s_signer_agrees(drawn: Drawn) -> None:
    # requests holds one header of a name, whatever its case.
    own = {name.lower(): value for name, value in drawn.headers.items() if name.lower() not in RESERVED}
    if drawn.content_type:
        own["Content-Type"] = drawn.content_type
    clock = FakeClock(float(drawn.seconds))
    auth = AkSkAuth(*drawn.keys, drawn.security_token, drawn.project_id, clock=clock)
    signed = prepared(drawn.method, drawn.url, auth, headers=own, data=drawn.body)

    sent = {"Host": HOST, "X-Sdk-Date": signed.headers["X-Sdk-Date"], **own}
    if drawn.project_id:
        sent["X-Project-Id"] = drawn.project_id
    if drawn.security_token:
        sent["X-Security-Token"] = drawn.security_token
    wanted = vendor_s(drawn.method, drawn.segments, drawn.query, sent, drawn.body, drawn.keys)
    assert signed.headers["Authorization"] == wanted


def test_a_body_that_is_not_signed_is_said_to_be() -> None:
    headers = {"Host": HOST, "X-Sdk-Date": "20250306T120143Z", "X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"}
    for body in (b"x", b""):
        ours = authorization(ACCESS_KEY, SECRET_KEY, "POST", f"https://{HOST}/a", headers, body)
        assert ours == vendor_s("POST", ["a"], [], headers, body, (ACCESS_KEY, SECRET_KEY))
