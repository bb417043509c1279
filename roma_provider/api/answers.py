"""What an answer says: its body within bounds, its error in any of the API's shapes, its headers."""

from __future__ import annotations

import email.utils
import html
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from pydantic import BaseModel, ValidationError

from ..errors import Answer, RomaApiError

MAX_BYTES = 8 * 1024 * 1024
# Ten years: a clock without a battery begins in 1970, and a date from another century is nonsense.
MOST_SKEW_SECONDS = 10 * 365 * 86400.0

Model = TypeVar("Model", bound=BaseModel)


def read_body(operation: str, response: requests.Response) -> bytes:
    """The body; RomaApiError if it is larger than MAX_BYTES."""
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > MAX_BYTES:
            raise _unreadable(operation, response, f"the answer is larger than {MAX_BYTES >> 20} MiB")
    return bytes(body)


def parsed(operation: str, response: requests.Response, body: bytes, model: type[Model]) -> Model:
    """A good answer's body as a model; RomaApiError with the good status if it is none."""
    try:
        return model.model_validate(json.loads(body))
    except ValidationError:
        raise _unreadable(operation, response, "the answer is not the JSON object it should be") from None
    except (ValueError, RecursionError):
        raise _unreadable(operation, response, "the answer is cut off or not JSON") from None


def api_error(
    operation: str, response: requests.Response, body: bytes, redact: Callable[[str], str] = str
) -> RomaApiError:
    """The error that an answer describes, whichever of the API's shapes its body has (docs/api-notes.md §3)."""
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
    code, traced = fields.get("code"), fields.get("request_id") or request_id(response)
    answer = Answer(
        response.status_code,
        redact(code) if code else None,
        redact(html.unescape(message))[:1000],
        redact(traced) if traced else None,
        _retry_after(response),
        server_date(response),
    )
    return RomaApiError(operation, answer)


def request_id(response: requests.Response) -> str | None:
    """The id under which the service logged the request, from the headers."""
    headers: Mapping[str, str] = response.headers
    return headers.get("X-Request-Id") or headers.get("X-IAM-Trace-Id")


def server_date(response: requests.Response) -> float | None:
    """The server's clock in epoch seconds, from the Date header."""
    return _epoch(response.headers.get("Date", ""))


def skew(server: float, sent: float, received: float) -> float | None:
    """How many seconds the server's clock is ahead of ours; None for a date that no clock shows.

    ``server`` is an answer's Date, which has whole seconds; the others are by our clock, when the request was sent and
    when the answer began. What these leave open counts as no difference.
    """
    found = server - received if server > received else min(0.0, server + 1 - sent)
    return found if abs(found) <= MOST_SKEW_SECONDS else None


def _unreadable(operation: str, response: requests.Response, message: str) -> RomaApiError:
    answer = Answer(response.status_code, None, message, request_id(response), server_date=server_date(response))
    return RomaApiError(operation, answer)


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


def _retry_after(response: requests.Response) -> float | None:
    """Retry-After in seconds, from either of its forms (a count, or a date held against the answer's own)."""
    value = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    until, now = _epoch(value), server_date(response)
    return None if until is None or now is None else max(0.0, until - now)


def _epoch(date: str) -> float | None:
    parts = email.utils.parsedate_tz(date)
    if parts is None:
        return None
    try:
        return float(email.utils.mktime_tz(parts))
    except (ValueError, OverflowError):
        return None
