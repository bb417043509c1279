"""HTTP to one endpoint: sessions, time-outs, what is repeated and what is not (docs/retries.md).

urllib3's Retry keeps the count and the pauses of repeated calls. The loop around it is ours: urllib3's own
would sleep through Ctrl-C, send an old signature again, and know nothing of the brake that a host's calls
share, nor of an answer that breaks off in its body.
"""

from __future__ import annotations

import copy
import os
import random
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import overload
from urllib.parse import urlsplit

import requests
import urllib3
from requests import PreparedRequest
from requests.hooks import dispatch_hook

from ..clock import Clock, Stop
from ..errors import InputError, RomaApiError, RomaConnectionError
from . import call_log
from .answers import Model, api_error, parsed, read_body, request_id
from .auth import Auth
from .brake import SPREAD_SECONDS, Brake, brake_of
from .deadline import DeadlineAdapter, ending
from .trouble import in_words, may_pass, was_sent

CONNECT_SECONDS = 5.0
# Inside a wait a GET is given up after 5 s, so that Ctrl-C is never held up longer.
WAIT_SECONDS = 5.0
# The API's own backend answers within 30 s or not at all (roma-api.md §1.4); a POST must outlast it, since
# its answer is the id.
POST_SECONDS = 60.0

REPEATED_METHODS = frozenset({"GET", "DELETE"})
REPEATED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
BACKOFF_FACTOR = 0.5  # pauses of 0, 1, 2, 4, 8, 8, … s
BACKOFF_SECONDS = 8.0
JITTER_SECONDS = 0.5
# The longest pause that Retry-After is granted outside waits, where it does not set the host's brake.
RETRY_AFTER_SECONDS = 30.0


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


@dataclass(frozen=True)
class Limits:
    """How often a call outside waits is repeated, and the seconds that each attempt may take from its
    beginning to the last byte of the answer."""

    max_retries: int = 5
    timeout_seconds: float = 30.0


class Transport:
    """Requests to one endpoint under one way of signing. Safe to share between threads.

    ``brake`` is that of the host unless given; ``chance`` gives numbers from 0 to 1, which spread those that
    come back.
    """

    def __init__(
        self,
        endpoint: str,
        auth: Auth,
        limits: Limits | None = None,
        clock: Clock | None = None,
        *,
        brake: Brake | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._endpoint = checked_endpoint(endpoint)
        self._auth = auth
        self._limits = limits or Limits()
        self._clock = clock or Clock()
        self._brake = brake or brake_of(urlsplit(self._endpoint).netloc)
        self._chance = chance
        self._stop: Stop = threading.Event()
        self._local = threading.local()  # a requests.Session is not safe to share between threads

    def stopped_by(self, stop: Stop) -> Transport:
        """The same transport, whose pauses between attempts end as soon as ``stop`` is set, and so does the wait
        for an answer that may take longer than those inside waits (but for POST's, which is an id)."""
        found = copy.copy(self)
        found._stop = stop
        return found

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
        once: bool = False,
    ) -> Model: ...

    @overload
    def call(
        self, operation: str, method: str, path: str, *, read_timeout: float | None = None, once: bool = False
    ) -> None: ...

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
        once: bool = False,
    ) -> Model | None:
        """The answer as ``model``. ``operation`` names the call in errors.

        ``once``: a caller that waits and asks again by itself, so that there is one attempt of 5 s, and none
        while the host's brake is on. ``read_timeout`` in seconds bounds the whole call, repetitions included.

        Raises RomaApiError, RomaConnectionError, InputError (REQUESTS_CA_BUNDLE), and what ``auth`` raises.
        """
        until = float("inf") if read_timeout is None else self._clock.monotonic() + max(0.1, read_timeout)
        session = self._session()
        request = requests.Request(method, self._endpoint + path, params=params, json=json)
        retry = self._retry()
        renewed = method == "POST"  # which is never sent twice
        attempt = 0
        while True:
            self._pass_brake(operation, until, once)
            prepared = session.prepare_request(request)
            attempt += 1
            seconds = min(self._seconds(method, once), max(0.1, until - self._clock.monotonic()))
            failed: RomaApiError | RomaConnectionError
            try:
                stop = None if once or method == "POST" else self._stop
                answer = self._answer(operation, session, prepared, seconds, attempt, model, stop)
                self._brake.passed()
                return answer
            except RomaApiError as error:
                self._brake.note(self._clock.monotonic(), error)
                if error.refuses_sign_in and not renewed:
                    renewed = True
                    if self._auth.renew(prepared):
                        continue
                failed, again = error, retry.is_retry(method, error.status)
            except RomaConnectionError as error:
                cause = error.__cause__
                again = method in REPEATED_METHODS and isinstance(cause, Exception) and may_pass(cause)
                failed = error
            if once:
                raise self._with_pause(failed)
            retry = self._next(retry, failed, method, again)
            pause = max(retry.get_backoff_time(), min(getattr(failed, "retry_after", 0) or 0, RETRY_AFTER_SECONDS))
            pause += self._chance() * JITTER_SECONDS
            if self._clock.monotonic() + pause >= until or self._clock.sleep(pause, self._stop):
                raise failed

    def _retry(self) -> urllib3.Retry:
        return urllib3.Retry(
            total=self._limits.max_retries,
            allowed_methods=REPEATED_METHODS,
            status_forcelist=REPEATED_STATUSES,
            backoff_factor=BACKOFF_FACTOR,
            backoff_max=BACKOFF_SECONDS,
            # Pauses for Retry-After are taken by the loop, and held against the server's clock.
            respect_retry_after_header=False,
        )

    @staticmethod
    def _next(
        retry: urllib3.Retry, failed: RomaApiError | RomaConnectionError, method: str, again: bool
    ) -> urllib3.Retry:
        """One repetition less; raises what has failed where there is none left."""
        if not again:
            raise failed
        try:
            return retry.increment(method)
        except urllib3.exceptions.MaxRetryError:
            raise failed from failed.__cause__

    def _seconds(self, method: str, once: bool) -> float:
        if method == "POST":
            return max(POST_SECONDS, self._limits.timeout_seconds)
        return min(WAIT_SECONDS, self._limits.timeout_seconds) if once else self._limits.timeout_seconds

    def _pass_brake(self, operation: str, until: float, once: bool) -> None:
        """Return when the host may be asked; outside waits that takes a pause, inside it is an error."""
        now = self._clock.monotonic()
        left = self._brake.left(now)
        if left <= 0:
            return
        spread = self._spread(left)
        if once or now + left >= until:
            raise self._brake.held(operation, left, spread)
        if self._clock.sleep(left + spread, self._stop):
            raise RomaConnectionError(operation, "it was stopped before it was sent", sent=False)

    def _spread(self, left: float) -> float:
        return self._chance() * min(SPREAD_SECONDS, left)

    def _with_pause(self, error: RomaApiError | RomaConnectionError) -> RomaApiError | RomaConnectionError:
        """For a wait: an error that has set the brake says when this caller, of many, shall come back."""
        left = self._brake.left(self._clock.monotonic())
        if isinstance(error, RomaApiError) and error.status in (429, 503) and left > 0:
            error.retry_after = left + self._spread(left)
        return error

    def _answer(
        self,
        operation: str,
        session: requests.Session,
        prepared: PreparedRequest,
        seconds: float,
        attempt: int,
        model: type[Model] | None,
        stop: Stop | None,
    ) -> Model | None:
        """One attempt."""
        begun = self._clock.monotonic()
        response: requests.Response | None = None

        def left() -> float:
            stopped = stop is not None and stop.is_set()
            return 0.0 if stopped else begun + seconds - self._clock.monotonic()

        try:
            with ending(left):
                response = self._send(session, prepared, seconds)
                with response:
                    body = read_body(operation, response)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            stopped = stop is not None and stop.is_set()
            reason = "it was stopped before the answer came" if stopped else in_words(error)
            raise RomaConnectionError(operation, reason, sent=was_sent(error)) from error
        finally:
            self._log(prepared, response, self._clock.monotonic() - begun, attempt)
        if response.status_code not in (200, 201, 202, 204):
            raise api_error(operation, response, body, self._redact)
        return None if model is None else parsed(operation, response, body, model)

    def _send(self, session: requests.Session, prepared: PreparedRequest, seconds: float) -> requests.Response:
        url = str(prepared.url)
        settings = session.merge_environment_settings(url, {}, True, None, None)
        if is_loopback(urlsplit(url).hostname):
            settings["proxies"] = {}  # a proxy of the environment cannot reach this machine's loopback
        verify = True if settings["verify"] is None else settings["verify"]
        if isinstance(verify, str) and not os.path.exists(verify):
            raise InputError("REQUESTS_CA_BUNDLE", "write the path of a file or folder that exists")
        # Not by the session, which reads the whole body of a redirect, and keeps cookies.
        response = session.get_adapter(url).send(
            prepared,
            stream=True,
            timeout=(min(CONNECT_SECONDS, seconds), seconds),
            verify=verify,
            cert=settings["cert"],
            proxies=settings["proxies"],
        )
        found: requests.Response = dispatch_hook("response", prepared.hooks, response)  # type: ignore[no-untyped-call]
        return found

    def _log(self, prepared: PreparedRequest, response: requests.Response | None, seconds: float, attempt: int) -> None:
        status = None if response is None else response.status_code
        traced = None if response is None else request_id(response)
        path = urlsplit(str(prepared.url)).path
        call_log.write(str(prepared.method), path, status, seconds, self._redact(traced) if traced else None, attempt)

    @property
    def host(self) -> str:
        """The endpoint's host name, without its port."""
        return urlsplit(self._endpoint).hostname or ""

    def _redact(self, text: str) -> str:
        """A text of the server's without our own secrets, should it repeat them."""
        for secret in filter(None, self._auth.secrets):
            text = text.replace(secret, "[secret]")
        return text

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.auth = self._auth
            session.headers["Accept"] = "application/json"
            for scheme in ("http://", "https://"):
                session.mount(scheme, DeadlineAdapter())
            self._local.session = session
        return session
