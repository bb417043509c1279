"""Which addresses are taken, and that nothing of a password in one is ever shown."""

from __future__ import annotations

import pytest

from roma_provider.api.auth import TokenAuth
from roma_provider.api.endpoint import checked_endpoint, is_loopback
from roma_provider.api.transport import Transport
from roma_provider.errors import InputError
from tests.support.fakes import TOKEN


@pytest.mark.parametrize(
    ("endpoint", "kept"),
    [
        ("https://roma.cn-north-4.myhuaweicloud.com", None),
        ("https://roma.example.com:8443/", "https://roma.example.com:8443"),
        (" https://roma.example.com// ", "https://roma.example.com"),
        ("https://gateway.example.com/roma/", "https://gateway.example.com/roma"),
        ("http://localhost:8080", None),
        ("HTTP://LOCALHOST:8080", None),
        ("http://127.0.0.1:1", None),
        ("http://127.3.2.1", None),
        ("http://[::1]:9", None),
    ],
)
def test_endpoints_that_are_taken(endpoint: str, kept: str | None) -> None:
    assert checked_endpoint(endpoint, "roma:endpoint") == (kept or endpoint)


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("https://roma.cn-north-4.myhuaweicloud.com", "roma.cn-north-4.myhuaweicloud.com"),
        ("https://ROMA.example.com:8443/x", "roma.example.com"),
        ("http://127.0.0.1:4711", "127.0.0.1"),
        ("http://127.0.0.1:4712", "127.0.0.1"),
        ("http://[::1]:9", "::1"),
    ],
)
def test_the_host_of_an_endpoint_has_no_port(endpoint: str, host: str) -> None:
    assert Transport(endpoint, TokenAuth(TOKEN)).host == host


SHAPE = "write https://HOST[:PORT], such as https://roma.cn-north-4.myhuaweicloud.com"
USER = "write it without a user name and password; credentials have keys of their own"
CLEAR = "http would send credentials in the clear to {}; write https://{}"


@pytest.mark.parametrize(
    ("endpoint", "reason"),
    [
        ("http://roma.example.com", CLEAR.format("roma.example.com", "roma.example.com")),
        ("http://roma.example.com:81/x", CLEAR.format("roma.example.com", "roma.example.com:81")),
        ("http://localhost.example.com", CLEAR.format("localhost.example.com", "localhost.example.com")),
        ("http://127.0.0.1.example.com", CLEAR.format("127.0.0.1.example.com", "127.0.0.1.example.com")),
        ("http://10.0.0.1", CLEAR.format("10.0.0.1", "10.0.0.1")),
        *((bad, SHAPE) for bad in ("", "roma.example.com", "ftp://roma.example.com", "https://")),
        *((bad, SHAPE) for bad in ("https://h:port", "https://h:99999", f"https://h?q={TOKEN}", f"https://h#{TOKEN}")),
        *((bad, SHAPE) for bad in ("https://ro ma.com", "https://.", "https://a..b", "https://.com", "https://h%41")),
        *((f"https://user:{TOKEN}@{rest}", USER) for rest in ("h", "h:80/x", "h?x=1")),
        (f"user:{TOKEN}@roma.example.com", USER),
        # Beyond reading, so that what is in front of the host is not known for a password.
        *((f"https://user:{TOKEN}@{rest}", SHAPE) for rest in ("h:99999", "[h", "h:port")),
    ],
)
def test_endpoints_that_are_refused(endpoint: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        checked_endpoint(endpoint, "roma:endpoint")
    assert (caught.value.key, caught.value.reason) == ("roma:endpoint", reason)
    assert TOKEN not in str(caught.value)
    with pytest.raises(InputError):
        Transport(endpoint, TokenAuth(TOKEN))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("::1", True),
        ("127.0.0.1", True),
        ("0.0.0.0", False),
        ("", False),
        (None, False),
        ("128.0.0.1", False),
        ("x127.0.0.1", False),
        ("127.0.0.1x", False),
    ],
)
def test_what_is_loopback(host: str | None, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize("endpoint", ["https://x/#", "https://x/?", "https://x#", "https://x?", "https://x/a?#"])
def test_an_empty_query_or_fragment(endpoint: str) -> None:
    with pytest.raises(InputError, match="write https://HOST"):
        checked_endpoint(endpoint, "endpoint")


@pytest.mark.parametrize(
    "host", ["127.999.999.999", "127.0.0.256", "127.0.0.01", "127.1", "127.0.0.1.", "127.0.0.1.nip.io", "128.0.0.1"]
)
def test_what_only_looks_like_loopback(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(InputError, match="in the clear"):
        checked_endpoint(f"http://{host}", "endpoint")
