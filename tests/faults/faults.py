"""What can go wrong with one request, and with what an API says: the rows of the matrix.

A fault of the way (a status, a connection, a body) is tried at each kind of request, once and for ever. What refuses a
request has kept it from its effect; what loses an answer comes after the effect, which is the worse case.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3.exceptions

from tests.support.fakes import OTHER_ID
from tests.support.hostile import Said

MADE_UP = "00000000-aaaa-4bbb-8ccc-dddddddddddd"
EVER = 10**9


@dataclass(frozen=True)
class Fault:
    """``say`` makes an answer of the true one, or raises; ``before``: the request has had no effect. ``times`` it
    happens, and at the requests ``at`` alone. ``headers`` go along."""

    name: str
    say: Callable[[Any], Said]
    before: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    at: tuple[str, ...] = ("POST", "names", "wait", "refresh", "resume", "DELETE", "gone")
    times: int = EVER


def _status(status: int, name: str = "", code: str = "X.1", **headers: str) -> Fault:
    said = {"error_code": code, "error_msg": "said no"}
    sent = {key.replace("_", "-"): value for key, value in headers.items()}
    return Fault(name or str(status), lambda _truth: (status, said), status < 500 and status != 408, sent)


def _raised(name: str, error: Exception, *, before: bool = False) -> Fault:
    def say(_truth: Any) -> Said:
        raise error

    return Fault(name, say, before)


def _body(name: str, data: bytes) -> Fault:
    return Fault(f"200, {name}", lambda _truth: (200, data))


_PROTOCOL = urllib3.exceptions.ProtocolError
WAY = (
    *map(_status, (302, 400, 401, 403)),
    _status(404, "404 of an instance", "APIC.7302"),
    _status(404, "404 of the gateway", "APIGW.0101"),
    *map(_status, (405, 408, 409, 413, 429)),
    _status(429, "429 with Retry-After: 20", Retry_After="20"),
    *map(_status, (500, 501, 502, 503)),
    _status(503, "503 with Retry-After: 20", Retry_After="20"),
    _status(504),
    _raised("no such host", requests.ConnectionError(socket.gaierror(socket.EAI_NONAME, "x")), before=True),
    _raised("connection refused", requests.ConnectionError(ConnectionRefusedError()), before=True),
    _raised(
        "connecting takes too long",
        requests.ConnectTimeout(urllib3.exceptions.ConnectTimeoutError()),
        before=True,
    ),
    _raised("certificate not accepted", requests.exceptions.SSLError(ssl.SSLCertVerificationError()), before=True),
    _raised("TLS breaks", requests.exceptions.SSLError(ssl.SSLError("EOF"))),
    _raised(
        "the proxy refuses",
        requests.exceptions.ProxyError(urllib3.exceptions.ProxyError("x", OSError())),
        before=True,
    ),
    _raised("the answer takes too long", requests.ReadTimeout()),
    _raised("connection reset", requests.ConnectionError(_PROTOCOL("x", ConnectionResetError()))),
    _raised("cut off in the body", requests.exceptions.ChunkedEncodingError(_PROTOCOL("x"))),
    _body("empty", b""),
    _body("not JSON", b"<html>"),
    _body("null", b"null"),
    _body("a list", b"[]"),
    _body("larger than 1 MiB", b'{"x": "' + b"x" * 1_100_000 + b'"}'),
    _body("nested too deep", b"[" * 200_000),
    _body("not UTF-8", b'{"name": "\xff"}'),
)


def _instance(name: str, **changes: Any) -> Fault:
    def say(truth: Any) -> Said:
        return 200, {**truth, "instance": {**truth["instance"], **changes}}

    return Fault(f"/process: {name}", say, at=("wait", "refresh", "resume"))


def _post(name: str, answer: Any) -> Fault:
    return Fault(f"POST: {name}", lambda _truth: (200, answer), at=("POST",))


def _listed(name: str, change: Callable[[list[Any]], Any], **more: Any) -> Fault:
    def say(truth: Any) -> Said:
        listed = change([dict(one) for one in truth["instances"]])
        return 200, {"total": len(listed), "size": len(listed), "instances": listed, **more}

    return Fault(f"lists: {name}", say, at=("names", "gone"))


SAID = (
    _instance("another instance's", instanceId=OTHER_ID),
    _instance("no status", status=None),
    _instance("a status nobody knows", status="POLISHING"),
    _instance("a status of another kind", status={"a": 1}),
    *(_instance(f"status {status}", status=status) for status in ("DELETED", "CREATE_FAILED", "ERROR", "FROZEN")),
    _instance("status DELETING", status="DELETING"),
    _instance("words without end", status="CREATE_FAILED", errorMessage="x\n::error::" * 9000),
    _post("no id", {}),
    _post("an id that is none", {"instance_id": "../x"}),
    _post("the id of an instance that was there", {"instance_id": OTHER_ID}),
    _post("an id that it made up", {"instance_id": MADE_UP}),
    _listed("none of ours", lambda listed: [one for one in listed if one["id"] == OTHER_ID]),
    _listed("counts more than it shows", lambda listed: listed, total=7),
    _listed("an instance without an id", lambda listed: [*listed, {"name": "x"}]),
    _listed("pages without end", lambda _listed: [{"id": f"i{number}"} for number in range(100)], total=10**6),
    _listed("the stranger has our name", lambda listed: [{**one, "name": "roma-2222"} for one in listed]),
)
