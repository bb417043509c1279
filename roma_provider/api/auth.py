"""How a request is signed: one ``requests`` auth class for each way in."""

from __future__ import annotations

from requests import PreparedRequest
from requests.auth import AuthBase


class TokenAuth(AuthBase):
    """An IAM token, sent as X-Auth-Token (X-AUTH-TOKEN on the seed page; header names have no case)."""

    def __init__(self, token: str) -> None:
        self._token = token

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return (self._token,)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["X-Auth-Token"] = self._token
        return request

    def __repr__(self) -> str:
        return "TokenAuth(…)"
