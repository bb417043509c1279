"""What an answer says: its body within bounds, its error in any of the API's shapes, its headers.

Whatever a header or a body holds, nothing here raises but what it says it does. What becomes part of an error is fit
for people (``texts``) and holds no secret of ours.
"""

from __future__ import annotations

import email.utils
import html
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from pydantic import BaseModel, ValidationError

from ..errors import Answer, RomaApiError
from ..texts import cut, for_people
from .kinds import MOST_CODE, MOST_TEXT

# Some 1,500 instances in one list. JSON of this size takes 40 MB as objects at most.
MAX_BYTES = 1024 * 1024
# Of a body that is no JSON.
MOST_PLAIN = 200
# The first and the last second of the years that clocks and datetime know.
DATES = (0.0, 253402300799.0)
# Shorter ones could be part of a name that the answer is about; no token or key is.
LEAST_SECRET = 8
# Ten years: a clock without a battery begins in 1970, and a date from another century is nonsense.
MOST_SKEW_SECONDS = 10 * 365 * 86400.0

Model = TypeVar("Model", bound=BaseModel)


def read_body(operation: str, response: requests.Response, redact: Callable[[str], str] = str) -> bytes:
    """The body; RomaApiError if it is larger than MAX_BYTES."""
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > MAX_BYTES:
            raise _unreadable(operation, response, f"the answer is larger than {MAX_BYTES >> 20} MiB", redact)
    return bytes(body)


def parsed(
    operation: str,
    response: requests.Response,
    body: bytes,
    model: type[Model],
    secrets: Iterable[str] = (),
    redact: Callable[[str], str] = str,
) -> Model:
    """A good answer's body as a model, without the secrets; RomaApiError with the good status if it is none."""
    try:
        return model.model_validate(_without(secrets, json.loads(body)))
    except ValidationError:
        raise _unreadable(operation, response, "the answer is not the JSON object it should be", redact) from None
    except (ValueError, RecursionError):
        raise _unreadable(operation, response, "the answer is cut off or not JSON", redact) from None


def without(secrets: Iterable[str], body: bytes) -> bytes:
    """The bytes of a body without secrets, should the server repeat them."""
    for secret in _worth(secrets):
        body = body.replace(secret.encode("utf-8", "replace"), b"[secret]")
    return body


def _without(secrets: Iterable[str], data: Any) -> Any:
    """The same for what JSON wrote otherwise than as it is (``\\u0041``, ``\\/``, UTF-16)."""
    text = plain = json.dumps(data, ensure_ascii=False)
    for secret in _worth(secrets):
        text = text.replace(json.dumps(secret, ensure_ascii=False)[1:-1], "[secret]")
    return data if text is plain or text == plain else json.loads(text)


def _worth(secrets: Iterable[str]) -> list[str]:
    return [secret for secret in secrets if len(secret) >= LEAST_SECRET]


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
        message = f"a redirect to {_target(response)}, which is not followed; check the endpoint"

    # Redacted when JSON's and HTML's ways to write a character are undone, and before anything is cut.
    def shown(said: str, most: int) -> str:
        return for_people(redact(html.unescape(said)), most)

    code, traced = fields.get("code"), fields.get("request_id") or _header(response, *_TRACES)
    answer = Answer(
        response.status_code,
        shown(code, MOST_CODE) if code else None,
        shown(message, MOST_TEXT),
        shown(traced, MOST_CODE) if traced else None,
        _retry_after(response),
        server_date(response),
    )
    return RomaApiError(operation, answer)


_TRACES = ("X-Request-Id", "X-IAM-Trace-Id")


def request_id(response: requests.Response, redact: Callable[[str], str] = str) -> str | None:
    """The id under which the service logged the request, from the headers."""
    found = _header(response, *_TRACES)
    return for_people(redact(found), MOST_CODE) if found else None


def _header(response: requests.Response, *names: str) -> str:
    return next((found for name in names if (found := response.headers.get(name))), "")


def _target(response: requests.Response) -> str:
    """The host that a redirect leads to."""
    try:
        return urlsplit(_header(response, "Location")).hostname or "another address"
    except ValueError:
        return "another address"


def server_date(response: requests.Response) -> float | None:
    """The server's clock in epoch seconds, from the Date header."""
    return _epoch(_header(response, "Date"))


def skew(server: float, sent: float, received: float) -> float | None:
    """How many seconds the server's clock is ahead of ours; None for a date that no clock shows.

    ``server`` is an answer's Date, which has whole seconds; the others are by our clock, when the request was sent and
    when the answer began. What these leave open counts as no difference.
    """
    found = server - received if server > received else min(0.0, server + 1 - sent)
    return found if abs(found) <= MOST_SKEW_SECONDS else None


def _unreadable(
    operation: str, response: requests.Response, message: str, redact: Callable[[str], str]
) -> RomaApiError:
    traced = request_id(response, redact)
    answer = Answer(response.status_code, None, message, traced, server_date=server_date(response))
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
    return cut(" ".join(text.split()), MOST_PLAIN)


def _retry_after(response: requests.Response) -> float | None:
    """Retry-After in seconds, from either of its forms (a count, or a date held against the answer's own)."""
    value = _header(response, "Retry-After").strip()
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    until, now = _epoch(value), server_date(response)
    return None if until is None or now is None else max(0.0, until - now)


def _epoch(date: str) -> float | None:
    try:
        parts = email.utils.parsedate_tz(date)
        found = None if parts is None else float(email.utils.mktime_tz(parts))
    except Exception:  # noqa: BLE001 - the standard library's own words for what is no date differ by version
        return None
    return found if found is not None and DATES[0] <= found <= DATES[1] else None
