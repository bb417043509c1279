"""Who is let in, and how the gateway refuses the others."""

from collections.abc import Mapping
from typing import Final

from . import refusals
from .defaults import TOKEN
from .store import Store, User

EMULATOR_USER: Final = User("9167977213674566b8d89570083e2ba0", "zhangyue")
"""The caller behind the fixed token: the seed example's user."""

PASSWORD_REFUSED: Final = "wrong"  # noqa: S105 - the one password that IAM refuses here
"""Any user name goes with any password but this one."""


def authenticate(headers: Mapping[str, str], store: Store, now: int) -> User:
    """The caller of a request (header names in lower case). Signed requests (AK/SK) are not known yet, so
    they have no token.

    Raises:
        Refusal: 401 APIGW.0301 without a token or with one that is not known, 401 APIGW.0307 with one that
            has expired.
    """
    token = headers.get("x-auth-token")
    if not token:
        raise refusals.no_authentication("x-auth-token not found")
    if token == TOKEN:
        return EMULATOR_USER
    known = store.token(token)
    if known is None:
        raise refusals.no_authentication("decrypt token fail")
    user, expires_at = known
    if now >= expires_at:
        raise refusals.expired_token()
    return user
