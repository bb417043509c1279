"""What every way to sign in has in common, and the plainest of them."""

from __future__ import annotations

import requests

from roma_provider.api.auth import TokenAuth
from tests.support.fakes import TOKEN


def test_a_token_is_sent_and_cannot_be_renewed() -> None:
    auth = TokenAuth(TOKEN)
    signed = requests.Request("GET", "https://h/x", auth=auth).prepare()
    assert dict(signed.headers) == {"X-Auth-Token": TOKEN}
    assert auth.renew(signed) is False
    assert auth.secrets == (TOKEN,)


def test_no_credential_in_a_repr() -> None:
    auth = TokenAuth(TOKEN)
    assert (repr(auth), str(auth)) == ("TokenAuth(…)", "TokenAuth(…)")
