"""Which addresses are taken for an endpoint: https, or http to this machine."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from ..errors import InputError

EXAMPLE = "https://roma.cn-north-4.myhuaweicloud.com"


def checked_endpoint(endpoint: str, name: str) -> str:
    """The endpoint without a trailing slash; InputError unless it is https, or http to loopback.

    ``name`` is that of the setting or argument that holds it.
    """
    # Without the value itself, which may hold a password.
    shape = f"write https://HOST[:PORT], such as {EXAMPLE}"
    try:
        parts = urlsplit(endpoint.strip())
        parts.port  # noqa: B018 - a bad port shows only when it is asked for
    except ValueError:
        raise InputError(name, shape) from None
    if re.search(r"[\s\x00-\x1f]", endpoint.strip()):
        raise InputError(name, shape)
    if "@" in endpoint:
        raise InputError(name, "write it without a user name and password; credentials have keys of their own")
    host = parts.hostname or ""
    named = re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", host) or ":" in host
    # An empty query or fragment too: what is appended would become part of it.
    if parts.scheme not in ("http", "https") or not named or re.search("[?#]", endpoint):
        raise InputError(name, shape)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise InputError(name, f"http would send credentials in the clear to {host}; write https://{parts.netloc}")
    return endpoint.strip().rstrip("/")


def is_loopback(host: str | None) -> bool:
    """Whether a URL's host is this machine, by its name alone."""
    if host in ("localhost", "::1"):
        return True
    try:
        return ipaddress.IPv4Address(host or "").is_loopback
    except ValueError:
        return False
