"""Keeps web pages out: a page in the developer's browser can send to loopback, and can take a name of its own there.

This is the emulator's own, no behaviour of the vendor's gateway. `Origin` counts everywhere: a browser sends it with
what changes something, and no client of an API does. `Host` counts under the control's prefix only. The API takes any:
a client signs the name that it calls, and such names (of a proxy, a container, a hosts file) may well lead here.
"""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_PORT = re.compile(r":\d{0,5}")
_WITH_BODY = ("POST", "PATCH", "PUT")


class Guard:
    """An application that answers only what no foreign web page can have sent.

    Args:
        app: What is guarded.
        control_prefix: The path that the control endpoints begin with.
    """

    def __init__(self, app: ASGIApp, control_prefix: str) -> None:
        self._app = app
        self._prefix = control_prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        control = scope["path"] == self._prefix or scope["path"].startswith(f"{self._prefix}/")
        if not all(map(_is_loopback_origin, headers.getlist("origin"))):
            words = "the Origin of this request is not of this machine"
            # To a client of the API, in the form of its gateway's errors.
            error = {"error": words} if control else {"error_code": "APIGW.0302", "error_msg": words, "request_id": "0"}
            return JSONResponse(error, 403)
        if not control:
            return None
        if not _is_one_loopback(headers.getlist("host")):
            return JSONResponse({"error": "the Host of this request must be 127.0.0.1, localhost or [::1]"}, 403)
        if _has_body(scope, headers) and not _is_json(headers.getlist("content-type")):
            return JSONResponse({"error": "the Content-Type of this request must be application/json"}, 415)
        return None


def is_loopback(host: str) -> bool:
    """Whether a Host (a name or an address, with or without a port) can mean this machine only."""
    if host.startswith("["):
        name, bracket, port = host[1:].partition("]")
    else:
        name, bracket, port = host, "]", ""
        if ":" in host:
            name, _, digits = host.partition(":")
            port = f":{digits}"
    if not bracket or (port and not _PORT.fullmatch(port)):
        return False
    if name.lower() == "localhost":
        return not host.startswith("[")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback and (address.version == 6) == host.startswith("[")


def _is_one_loopback(hosts: list[str]) -> bool:
    return len(hosts) == 1 and is_loopback(hosts[0])


def _is_loopback_origin(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    # An Origin is scheme://host:port and nothing else; "null" is any page that hides where it is from.
    return parts.scheme in ("http", "https") and origin.endswith(f"//{parts.netloc}") and is_loopback(parts.netloc)


def _has_body(scope: Scope, headers: Headers) -> bool:
    sized = headers.get("content-length", "0").strip("0") != ""
    return sized or "transfer-encoding" in headers or scope["method"] in _WITH_BODY


def _is_json(types: Iterable[str]) -> bool:
    return [one.partition(";")[0].strip().lower() for one in types] == ["application/json"]
