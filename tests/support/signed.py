"""Requests that the vendor's SDK signs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import requests

from roma_provider.emulator import ACCESS_KEY, SECRET_KEY
from roma_provider.emulator.service.signing import date_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.sdk_request import SdkRequest
    from huaweicloudsdkcore.signer.signer import Signer


def vendor_signed(
    method: str,
    target: str,
    *,
    query: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    keys: tuple[str, str] = (ACCESS_KEY, SECRET_KEY),
) -> Any:
    """The SDK's request to ``target`` (host and path), signed with ``keys`` (access key, secret key).

    Its `uri` and `header_params` are what goes over the wire. X-Sdk-Date is the time now where `headers` has none.
    """
    host, slash, path = target.partition("/")
    request = SdkRequest(
        method=method,
        schema="http",
        host=host,
        resource_path=slash + path,
        query_params=list(query),
        header_params=dict(headers or {}),
        body=body,
    )
    return Signer(BasicCredentials(*keys, "p")).sign(request)


class SigningCaller:
    """Calls of an emulator, signed at the emulator's own time unless a test says otherwise."""

    def __init__(
        self, url: str, clock: Callable[[], float], access_key: str = ACCESS_KEY, secret_key: str = SECRET_KEY
    ) -> None:
        self.url = url
        self._clock = clock
        self._keys = access_key, secret_key

    def prepared(
        self,
        method: str,
        path: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        late: float = 0,
    ) -> requests.PreparedRequest:
        """A signed request that a test may still spoil; `late` are the seconds that its signature is old."""
        host = self.url.removeprefix("http://")
        dated = {"X-Sdk-Date": date_of(self._clock() - late), **(headers or {})}
        signed = vendor_signed(method, host + path, query=query, headers=dated, body=body, keys=self._keys)
        return requests.Request(method, self.url + signed.uri, headers=signed.header_params, data=body).prepare()

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return send(self.prepared(method, path, **options))


def send(request: requests.PreparedRequest) -> requests.Response:
    with requests.Session() as session:
        return session.send(request, timeout=20)
