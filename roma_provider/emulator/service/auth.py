"""Who is let in, by token or by signature, and how the gateway refuses the others.

Guesses: that only a signature that does not fit counts towards the lock of its key (not one that is too old, nor a key
that there is not); the words for an Authorization header that cannot be read, for an X-Sdk-Date that is not signed, and
for a security token that is wrong; that a temporary key without its security token looks like one that does not exist.
The form of the two times in "signature expired" is one too. The rest of the words is published.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..core import refusals
from ..core.calls import ApiRequest
from ..core.defaults import ACCESS_KEY, SECRET_KEY, SECURITY_TOKEN, TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, TOKEN
from ..core.store import Store, User
from . import signing

EMULATOR_USER: Final = User("9167977213674566b8d89570083e2ba0", "zhangyue")
"""The caller behind the fixed token and the fixed keys: the seed example's user."""

PASSWORD_REFUSED: Final = "wrong"  # noqa: S105 - the one password that IAM refuses here
"""Any user name goes with any password but this one."""

AGENCY_REFUSED: Final = "wrong"
"""Any agency can be assumed but the one of this name."""

SIGNATURE_SECONDS: Final = 15 * 60
"""How far X-Sdk-Date may be from the emulator's clock, either way."""

FAILURES_UNTIL_LOCK: Final = 5
LOCK_SECONDS: Final = 5 * 60
"""So many bad signatures in a row lock a key for so long, counted from the last of them."""


@dataclass(frozen=True, slots=True)
class _Key:
    secret_key: str
    security_token: str | None = None


_KEYS: Mapping[str, _Key] = {
    ACCESS_KEY: _Key(SECRET_KEY),
    TEMPORARY_ACCESS_KEY: _Key(TEMPORARY_SECRET_KEY, SECURITY_TOKEN),
}


def authenticate(request: ApiRequest, store: Store, now: int) -> User:
    """The caller of a request. Where it is signed, the signature alone decides.

    Raises:
        RefusedCall: 401 APIGW.0301 without a token or signature, or with one that does not open; 401 APIGW.0307 with a
            token that has expired, or that was issued for another project (one that was named by id).
    """
    authorization = request.headers.get("authorization")
    token = request.headers.get("x-auth-token")
    # Beside a token, any other Authorization is none of the gateway's: some clients add one from a .netrc.
    if authorization is not None and (not token or authorization.startswith(signing.ALGORITHM)):
        return _signed(request, authorization, store, now)
    if not token:
        raise refusals.no_authentication("x-auth-token not found")
    if token == TOKEN:
        return EMULATOR_USER
    known = store.token(token)
    if known is None:
        raise refusals.no_authentication("decrypt token fail")
    if now >= known.expires_at or (request.project_id and known.project_id not in (None, request.project_id)):
        raise refusals.outdated_token()
    return known.user


def _signed(request: ApiRequest, value: str, store: Store, now: int) -> User:
    authorization = signing.parse_authorization(value)
    if authorization is None:
        raise refusals.no_authentication("Authorization format is incorrect")
    key = _KEYS.get(authorization.access_key)
    if key is None:
        raise refusals.no_authentication(f"ak {authorization.access_key} not exist")
    if store.locked_until(authorization.access_key) > now:
        raise refusals.no_authentication("AK access failed to reach the limit,forbidden")
    security_token = request.headers.get("x-security-token")
    if key.security_token is not None and security_token is None:
        raise refusals.no_authentication(f"Get secretKey failed,ak:{authorization.access_key},err:ak not exist")
    if key.security_token is not None and security_token != key.security_token:
        raise refusals.no_authentication("decrypt token fail")
    _check_date(request, authorization, now)
    _check_signature(request, authorization, key, store, now)
    return EMULATOR_USER


def _check_date(request: ApiRequest, authorization: signing.Authorization, now: int) -> None:
    date = request.headers.get("x-sdk-date", "")
    seconds = signing.parse_date(date)
    if seconds is None or "x-sdk-date" not in authorization.signed_headers:
        raise refusals.no_authentication("x-sdk-date not found in the signed headers")
    if abs(seconds - now / 1000) > SIGNATURE_SECONDS:
        server_time = signing.date_of(now / 1000)
        raise refusals.no_authentication(f"signature expired, signature time:{date},server time:{server_time}")


def _check_signature(
    request: ApiRequest, authorization: signing.Authorization, key: _Key, store: Store, now: int
) -> None:
    canonical = signing.canonical_request(
        request.method,
        request.raw_path,
        request.raw_query,
        request.headers,
        authorization.signed_headers,
        request.body,
    )
    expected = signing.signature(key.secret_key, request.headers["x-sdk-date"], canonical)
    if hmac.compare_digest(expected, authorization.signature):
        store.forgive(authorization.access_key)
        return
    store.count_failure(authorization.access_key, FAILURES_UNTIL_LOCK, now + 1000 * LOCK_SECONDS)
    reason = f"verify aksk signature fail, canonicalRequest:{signing.echoed(canonical)}"
    raise refusals.no_authentication(reason)
