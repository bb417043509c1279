"""AK/SK: requests signed with SDK-HMAC-SHA256 (Huawei Cloud's "API request signing guide").

The vendor's own signer is in an SDK that brings a database driver with it; this one is held against it in
the tests.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from requests import PreparedRequest

from ..clock import Clock
from .auth import Auth

ALGORITHM = "SDK-HMAC-SHA256"
_BODY_HASH = "x-sdk-content-sha256"


class AkSkAuth(Auth):
    """An access key (AK) with its secret key (SK); temporary ones have a security token too.

    Signed are Host, Content-Type and every X- header: what a proxy on the way may rewrite is not. X-Project-Id
    says which project is meant, and goes along where ``project_id`` is given (IAM itself needs none).
    """

    def __init__(
        self,
        access_key: str,
        secret_key: str,
        security_token: str | None = None,
        project_id: str | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        self._clock = clock or Clock()
        self._more = {"X-Project-Id": project_id, "X-Security-Token": security_token}
        self._secrets = (secret_key, *filter(None, [security_token]), access_key)

    @property
    def secrets(self) -> tuple[str, ...]:
        return self._secrets

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        url, headers = str(request.url), request.headers
        headers.update({name: value for name, value in self._more.items() if value})
        headers["X-Sdk-Date"] = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock.epoch()))
        # Written out, so that what is sent is what is signed (a default port would be left out of it).
        headers["Host"] = urlsplit(url).netloc.rpartition("@")[2]
        signed = {name: _text(value) for name, value in headers.items() if _is_signed(name)}
        body = request.body or b""
        headers["Authorization"] = authorization(
            self._access_key,
            self._secret_key,
            str(request.method),
            url,
            signed,
            body.encode() if isinstance(body, str) else body,
        )
        return request


def authorization(
    access_key: str, secret_key: str, method: str, url: str, headers: Mapping[str, str], body: bytes
) -> str:
    """The Authorization header of a request; all of ``headers`` are signed, X-Sdk-Date and Host among them."""
    lower = {name.lower(): value.strip() for name, value in headers.items()}
    names = ";".join(sorted(lower))
    canonical = "\n".join(
        [
            method.upper(),
            _canonical_path(url),
            _canonical_query(url),
            *(f"{name}:{lower[name]}" for name in sorted(lower)),
            "",
            names,
            _sha256(body) if not body else lower.get(_BODY_HASH) or _sha256(body),
        ]
    )
    to_sign = f"{ALGORITHM}\n{lower['x-sdk-date']}\n{_sha256(canonical.encode())}"
    # The secret key signs as it is: no key is derived from it, and there is no scope.
    signature = hmac.new(secret_key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}"


def _is_signed(name: str) -> bool:
    name = name.lower()
    return (name in ("host", "content-type") or name.startswith("x-")) and "_" not in name


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _canonical_path(url: str) -> str:
    # It ends with a slash in the canonical form alone.
    path = quote(unquote(urlsplit(url).path), safe="/~")
    return path if path.endswith("/") else path + "/"


def _canonical_query(url: str) -> str:
    pairs = sorted(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
