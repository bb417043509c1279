"""How a request is signed: one ``requests`` auth class for each way to sign in.

AK/SK is in ``signing``, user and password in ``iam``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from requests import PreparedRequest
from requests.auth import AuthBase


class Auth(AuthBase, ABC):
    """A way to sign in. Safe to share between threads."""

    @property
    @abstractmethod
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""

    @property
    def sent(self) -> tuple[str, ...]:
        """Those of the secrets that the other side is sent, and so may repeat."""
        return self.secrets

    def renew(self, used: PreparedRequest) -> bool:
        """The answer to ``used`` was 401: whether the request may be sent once more."""
        return False

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class TokenAuth(Auth):
    """An IAM token, sent as X-Auth-Token (X-AUTH-TOKEN on the seed page; header names have no case)."""

    def __init__(self, token: str) -> None:
        self._token = token

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self._token,)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["X-Auth-Token"] = self._token
        return request
