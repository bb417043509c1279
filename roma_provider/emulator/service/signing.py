"""Signed requests (AK/SK, SDK-HMAC-SHA256), from the side that verifies them.

Source: the vendor's API Request Signing Guide (api-sign-algorithm), whose example is one of the tests, and what its
Python and Go SDKs send. Only the headers that SignedHeaders lists count: the Go SDK adds X-Project-Id and
X-Security-Token after it has signed. Everything here is bytes: a signature knows no encoding.
"""

import datetime
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

ALGORITHM: Final = "SDK-HMAC-SHA256"
UNSIGNED_PAYLOAD: Final = "UNSIGNED-PAYLOAD"

_DATE_FORMAT = "%Y%m%dT%H%M%SZ"
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} +Access=(?P<access>[^,\s]+), *SignedHeaders=(?P<headers>[^,\s]+), *"
    r"Signature=(?P<signature>[0-9a-f]+)"
)


@dataclass(frozen=True, slots=True)
class Authorization:
    """An Authorization header, taken apart. `signed_headers` are in lower case and sorted."""

    access_key: str
    signed_headers: tuple[str, ...]
    signature: str


def parse_authorization(value: str) -> Authorization | None:
    """The header's parts; None if it is of another algorithm or shape."""
    parts = _AUTHORIZATION.fullmatch(value.strip())
    if parts is None:
        return None
    names = tuple(sorted(parts["headers"].lower().split(";")))
    return Authorization(parts["access"], names, parts["signature"])


def parse_date(value: str) -> float | None:
    """X-Sdk-Date (20191115T033655Z, UTC) in epoch seconds; None if it is of another shape."""
    try:
        moment = datetime.datetime.strptime(value, _DATE_FORMAT).replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return None
    return moment.timestamp()


def date_of(seconds: float) -> str:
    """Epoch seconds in the form of X-Sdk-Date."""
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.timezone.utc).strftime(_DATE_FORMAT)


def _quoted(value: bytes) -> str:
    return quote_from_bytes(value, safe="~")


def _canonical_path(raw_path: bytes) -> str:
    # Decoded as a whole and only then split, as the vendor's SDKs do.
    path = "/".join(_quoted(segment) for segment in unquote_to_bytes(raw_path).split(b"/"))
    return path if path.endswith("/") else path + "/"


def _canonical_query(raw_query: bytes) -> str:
    pairs = []
    for part in filter(None, raw_query.split(b"&")):
        # On the wire + is a space, in the canonical form a space is %20.
        name, _, value = part.replace(b"+", b" ").partition(b"=")
        pairs.append((unquote_to_bytes(name), unquote_to_bytes(value)))
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(pairs))


def _payload_hash(headers: Mapping[str, str], body: bytes) -> str:
    # Without a body there is nothing that could go unsigned. A hash that the client names is not believed.
    if body and headers.get("x-sdk-content-sha256") == UNSIGNED_PAYLOAD:
        return UNSIGNED_PAYLOAD
    return sha256(body).hexdigest()


def canonical_request(
    method: str,
    raw_path: bytes,
    raw_query: bytes,
    headers: Mapping[str, str],
    signed_headers: tuple[str, ...],
    body: bytes,
) -> bytes:
    """What the signature is about. `headers` have names in lower case, and values decoded as Latin-1 (which keeps every
    byte); a signed header that did not come counts as empty."""
    lines = [
        method.upper().encode(),
        _canonical_path(raw_path).encode(),
        _canonical_query(raw_query).encode(),
        # Trimmed as bytes: to text, the end of an "à" in UTF-8 is a space.
        *(f"{name}:".encode("latin-1") + headers.get(name, "").encode("latin-1").strip() for name in signed_headers),
        b"",
        ";".join(signed_headers).encode("latin-1"),
        _payload_hash(headers, body).encode(),
    ]
    return b"\n".join(lines)


def signature(secret_key: str, date: str, canonical: bytes) -> str:
    """The signature of a canonical request. The secret key is the key as it is, nothing is derived from it."""
    to_sign = f"{ALGORITHM}\n{date}\n{sha256(canonical).hexdigest()}"
    return hmac.new(secret_key.encode(), to_sign.encode(), sha256).hexdigest()


def echoed(canonical: bytes) -> str:
    """A canonical request as the gateway repeats it in its refusal."""
    return canonical.decode("utf-8", "replace").replace("\n", "|")
