"""HTTP to one endpoint: sessions, time-outs, and what an error body says.

Every call is one attempt. Retrying belongs to whoever knows what a repetition costs: the wait loop asks
again by itself, and a POST is never repeated.
"""

from __future__ import annotations

import email.utils
import html
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, overload
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from pydantic import BaseModel, ValidationError
from requests.auth import AuthBase

from ..errors import InputError, RomaApiError, RomaConnectionError

CONNECT_SECONDS = 5.0
# Inside a wait a GET is given up after 5 s, so that Ctrl-C is never held up longer. The API's own backend
# answers within 30 s or not at all (roma-api.md §1.4); a POST must outlast it, since its answer is the id.
READ_SECONDS: Mapping[str, float] = {"GET": 5.0, "POST": 60.0, "DELETE": 35.0}
MAX_BYTES = 8 * 1024 * 1024

Model = TypeVar("Model", bound=BaseModel)


def is_loopback(host: str | None) -> bool:
    """Whether a URL's host is this machine, by its name alone."""
    return host in ("localhost", "::1") or bool(re.fullmatch(r"127(\.\d{1,3}){3}", host or ""))


def checked_endpoint(endpoint: str, key: str = "roma:endpoint") -> str:
    """The endpoint without a trailing slash; InputError unless it is https, or http to loopback."""
    # Without the value itself, which may hold a password.
    shape = "write https://HOST[:PORT], such as https://roma.cn-north-4.myhuaweicloud.com"
    try:
        parts = urlsplit(endpoint.strip())
        parts.port  # noqa: B018 - a bad port shows only when it is asked for
    except ValueError:
        raise InputError(key, shape) from None
    if re.search(r"[\s\x00-\x1f]", endpoint.strip()):
        raise InputError(key, shape)
    if "@" in endpoint:
        raise InputError(key, "write it without a user name and password; credentials have keys of their own")
    host = parts.hostname or ""
    named = re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", host) or ":" in host
    if parts.scheme not in ("http", "https") or not named or parts.query or parts.fragment:
        raise InputError(key, shape)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise InputError(key, f"http would send credentials in the clear to {host}; write https://{parts.netloc}")
    return endpoint.strip().rstrip("/")


class Transport:
    """Requests to one endpoint under one way of signing. Safe to share between threads."""

    def __init__(self, endpoint: str, auth: AuthBase) -> None:
        self._endpoint = checked_endpoint(endpoint)
        self._auth = auth
        self._local = threading.local()  # a requests.Session is not safe to share between threads

    @overload
    def call(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        model: type[Model],
        params: Mapping[str, str] | None = None,
        json: object = None,
        read_timeout: float | None = None,
    ) -> Model: ...

    @overload
    def call(self, operation: str, method: str, path: str, *, read_timeout: float | None = None) -> None: ...

    def call(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        model: type[Model] | None = None,
        params: Mapping[str, str] | None = None,
        json: object = None,
        read_timeout: float | None = None,
    ) -> Model | None:
        """One request; its answer as ``model``. ``operation`` names the call in errors."""
        usual = READ_SECONDS[method]
        timeout = (CONNECT_SECONDS, usual if read_timeout is None else max(0.1, min(usual, read_timeout)))
        try:
            with self._session().request(
                method,
                self._endpoint + path,
                params=params,
                json=json,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _read(operation, response)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise RomaConnectionError(operation, _in_words(error), sent=_was_sent(error)) from error
        if response.status_code not in (200, 201, 202, 204):
            raise api_error(operation, response, body, self._redact)
        return None if model is None else _parsed(operation, response, body, model)

    @property
    def host(self) -> str:
        """The endpoint's host name, without its port."""
        return urlsplit(self._endpoint).hostname or ""

    def _redact(self, text: str) -> str:
        """A text of the server's without our own secrets, should it repeat them."""
        for secret in filter(None, getattr(self._auth, "secrets", ())):
            text = text.replace(secret, "[secret]")
        return text

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.auth = self._auth
            # A proxy of the environment cannot reach this machine's loopback.
            session.trust_env = not is_loopback(urlsplit(self._endpoint).hostname)
            session.headers["Accept"] = "application/json"
            self._local.session = session
        return session


def _read(operation: str, response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > MAX_BYTES:
            raise _unreadable(operation, response, f"the answer is larger than {MAX_BYTES >> 20} MiB")
    return bytes(body)


def _parsed(operation: str, response: requests.Response, body: bytes, model: type[Model]) -> Model:
    try:
        return model.model_validate(json.loads(body))
    except ValidationError:
        raise _unreadable(operation, response, "the answer is not the JSON object it should be") from None
    except (ValueError, RecursionError):
        raise _unreadable(operation, response, "the answer is cut off or not JSON") from None


def _unreadable(operation: str, response: requests.Response, message: str) -> RomaApiError:
    return RomaApiError(operation, response.status_code, None, message, _request_id(response, {}))


def api_error(
    operation: str, response: requests.Response, body: bytes, redact: Callable[[str], str] = str
) -> RomaApiError:
    """The error that an answer describes, whichever of the API's shapes its body has (roma-api.md §3)."""
    text = body.decode("utf-8", "replace")
    try:
        fields = _error_fields(json.loads(text))
    except (ValueError, RecursionError):
        fields = {}
    plain = _plain(redact(html.unescape(text)))
    message = fields.get("message") or plain or response.reason or "no explanation was given"
    if response.is_redirect or 300 <= response.status_code < 400:
        target = urlsplit(response.headers.get("Location", "")).hostname or "another address"
        message = f"a redirect to {target}, which is not followed; check the endpoint"
    # Redacted last, when JSON's and HTML's ways to write a character are undone.
    code, request_id = fields.get("code"), _request_id(response, fields)
    return RomaApiError(
        operation,
        response.status_code,
        redact(code) if code else None,
        redact(html.unescape(message))[:1000],
        redact(request_id) if request_id else None,
        retry_after=_retry_after(response),
    )


def _error_fields(body: Any) -> dict[str, str]:
    """code, message and request_id of ``{error_code, error_msg}``, ``{errorCode, errorMsg}``,
    ``{code, message}``, or of an object that holds one of these."""
    if not isinstance(body, dict):
        return {}
    for code, message in (("error_code", "error_msg"), ("errorCode", "errorMsg"), ("code", "message")):
        if body.get(code) is not None or body.get(message) is not None:
            found = {
                "code": body.get(code),
                "message": body.get(message),
                "request_id": body.get("request_id"),
            }
            return {name: str(value) for name, value in found.items() if value not in (None, "")}
    return next((fields for value in body.values() if (fields := _error_fields(value))), {})


def _plain(text: str) -> str:
    """An HTML or text body as one short line."""
    text = text[:4000]  # what follows is quadratic on a hostile text
    text = re.sub(r"(?is)<(script|style)\b.*?</\1>|<[^>]*>?", " ", text)
    return " ".join(text.split())[:200]


def _request_id(response: requests.Response, fields: Mapping[str, str]) -> str | None:
    headers = response.headers
    return fields.get("request_id") or headers.get("X-Request-Id") or headers.get("X-IAM-Trace-Id")


def _retry_after(response: requests.Response) -> float | None:
    """Retry-After in seconds, from either of its forms (a count, or a date held against the answer's own)."""
    value = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    until = email.utils.parsedate_tz(value)
    now = email.utils.parsedate_tz(response.headers.get("Date", ""))
    if until is None or now is None:
        return None
    try:
        return max(0.0, float(email.utils.mktime_tz(until) - email.utils.mktime_tz(now)))
    except (ValueError, OverflowError):
        return None


_NEVER_SENT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    # Of TLS, this one alone: any other error may come up while the answer is read.
    ssl.SSLCertVerificationError,
    urllib3.exceptions.LocationParseError,
    socket.gaierror,
    ConnectionRefusedError,
)


def _causes(error: BaseException) -> list[BaseException]:
    """The error and everything it was made from, the outermost first."""
    found: list[BaseException] = []
    queue: list[object] = [error]
    while queue:
        entry = queue.pop(0)
        if isinstance(entry, BaseException) and entry not in found:
            found.append(entry)
            queue += [entry.__cause__, entry.__context__, getattr(entry, "reason", None), *entry.args]
    return found


def _was_sent(error: Exception) -> bool:
    return not any(isinstance(cause, _NEVER_SENT) for cause in _causes(error))


def _in_words(error: Exception) -> str:
    """What went wrong on the way, without the object addresses and pool names of urllib3's own words."""
    causes = _causes(error)
    for kinds, words in (
        ((socket.gaierror,), "the host name is not known; check region, endpoint and network"),
        ((ConnectionRefusedError,), "the connection was refused; nothing listens there"),
        ((ssl.SSLCertVerificationError,), "the server's certificate was not accepted"),
        ((ssl.SSLError, urllib3.exceptions.SSLError), "TLS failed"),
        ((urllib3.exceptions.ConnectTimeoutError,), "connecting took too long"),
        ((requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError), "the answer took too long"),
        ((ConnectionResetError, BrokenPipeError), "the connection was reset"),
        ((urllib3.exceptions.ProxyError, requests.exceptions.ProxyError), "the proxy did not let it through"),
        ((urllib3.exceptions.ProtocolError,), "the connection ended in the middle of the answer"),
    ):
        if any(isinstance(cause, kinds) for cause in causes):
            return words
    return type(error).__name__
