"""HTTP to one endpoint. The contract (docs/retries.md has it in numbers):

- A request is sent to this endpoint alone. No redirect is followed, no cookie kept; this machine is reached without
  a proxy.
- An attempt has a time, from its beginning to the last byte of the answer. No answer may be larger than 1 MiB.
- It ends in an answer, or in RomaConnectionError, whatever the server sends and whatever is raised on the way.
- Outside waits a GET or DELETE that may pass is sent again, as ``retry`` says. A caller inside a wait (``once``) asks
  again by itself. POST is never sent twice.
- A sign-in that is refused is renewed once, where it can be, and the request sent once more.
- Each sending waits for its turn in the host's ``budget`` of calls, and for the end of a pause after a 429.
- Pauses end as soon as the caller is stopped, and so does the wait for an answer outside waits, but not for POST's id.
- What an answer says is checked here, once (``answers``). No error and no line of the log holds a secret of ours.

The loop is ours, since urllib3's own would sleep through Ctrl-C, send an old signature again, and know no budget.
"""

from __future__ import annotations

import copy
import os
import random
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, overload
from urllib.parse import urlsplit

import requests
from requests import PreparedRequest
from requests.hooks import dispatch_hook

from ..clock import Clock, Stop
from ..errors import InputError, RomaApiError, RomaConnectionError, RomaError
from . import call_log, retry
from .answers import Model, api_error, parsed, read_body, request_id, server_date, skew, without
from .auth import Auth
from .budget import SPREAD_SECONDS, Budget, Budgets, Rank
from .deadline import DeadlineAdapter, ending
from .endpoint import checked_endpoint, is_loopback
from .in_flight import Found
from .retry import Limits
from .trouble import in_words, is_untrusted, may_pass, was_sent

CONNECT_SECONDS = 5.0
# Inside a wait a GET is given up after 5 s, so that Ctrl-C is never held up longer.
WAIT_SECONDS = 5.0
# The API's own backend answers within 30 s or not at all (docs/api-notes.md §1.4); a POST must outlast it, since
# its answer is the id.
POST_SECONDS = 60.0
# What chance adds to a pause, so that many callers do not come back together.
JITTER_SECONDS = 0.5
STOPPED = "it was stopped before it was sent"
LEAST_SECONDS = 0.1  # the shortest time that a call is given, where the caller has none left

GOOD = (200, 201, 202, 204)


@dataclass(frozen=True)
class Request:
    """What is asked for, before it is addressed and signed. ``operation`` is its name in errors, ``rank`` its place in
    the queue; ``no_answer`` says why a good answer is none to this; ``heard`` is told each answer's status and body."""

    operation: str
    method: str
    path: str
    params: Mapping[str, str] | None = None
    json: object = field(default=None, repr=False)  # it may hold a password
    rank: Rank = Rank.FREE
    no_answer: Callable[[Any], str | None] = lambda _found: None
    heard: Callable[[int, bytes], object] = lambda _status, _body: None


class Transport:
    """Requests to one endpoint under one way of signing. Safe to share between threads.

    ``budgets`` are those of the session. ``chance`` gives numbers from 0 to 1, which spread those that come back.
    """

    def __init__(
        self,
        endpoint: str,
        auth: Auth,
        limits: Limits | None = None,
        clock: Clock | None = None,
        *,
        budgets: Budgets | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._endpoint = checked_endpoint(endpoint, "endpoint")
        self._auth = auth
        self._limits = limits or Limits()
        self._clock = clock or Clock()
        self._budget = (budgets or Budgets()).of(urlsplit(self._endpoint).netloc)
        self._chance = chance
        self._stop: Stop = threading.Event()
        self._skew = [0.0]  # one for all copies
        self._local = threading.local()  # a requests.Session is not safe to share between threads

    @property
    def host(self) -> str:
        """The endpoint's host name, without its port."""
        return urlsplit(self._endpoint).hostname or ""

    @property
    def budget(self) -> Budget:
        """That of all who call this host."""
        return self._budget

    @property
    def skew(self) -> float:
        """How many seconds the server's clock was ahead of this machine's at the newest answer; 0.0 until one came."""
        return self._skew[0]

    @property
    def now(self) -> float:
        """Seconds of the clock that calls are timed by, which is never set back."""
        return self._clock.monotonic()

    @property
    def is_stopped(self) -> bool:
        """Whether its caller is."""
        return self._stop.is_set()

    def stopped_by(self, stop: Stop) -> Transport:
        """The same transport, whose pauses between attempts end as soon as ``stop`` is set, and so does the wait
        for an answer that may take longer than those inside waits (but for POST's, which is an id)."""
        found = copy.copy(self)
        found._stop = stop
        return found

    @overload
    def call(
        self, request: Request, model: type[Model], *, read_timeout: float | None = None, once: bool = False
    ) -> Model: ...

    @overload
    def call(
        self, request: Request, model: None = None, *, read_timeout: float | None = None, once: bool = False
    ) -> None: ...

    def call(
        self,
        request: Request,
        model: type[Model] | None = None,
        *,
        read_timeout: float | None = None,
        once: bool = False,
    ) -> Model | None:
        """The answer as ``model``; without one, None for any good answer.

        ``once``: a caller that waits and asks again by itself, so that there is one attempt of 5 s, and none
        while the host has asked for a pause. ``read_timeout`` in seconds bounds the whole call, repetitions included.

        Raises RomaApiError, RomaConnectionError, InputError (REQUESTS_CA_BUNDLE), and what ``auth`` raises.
        """
        now = self._clock.monotonic()
        until = float("inf") if read_timeout is None else now + max(LEAST_SECONDS, read_timeout)
        is_post = request.method == "POST"
        renewed = is_post  # which is never sent twice
        sent = failures = 0
        while True:
            self._pass_budget(request, until, once)
            prepared = self._prepared(request)
            sent, request = sent + 1, replace(request, rank=request.rank.again)
            attempt = _Attempt(
                request,
                prepared,
                number=sent,
                seconds=min(self._seconds(is_post, once), max(LEAST_SECONDS, until - self._clock.monotonic())),
                stop=None if once or is_post else self._stop,
            )
            failed: RomaApiError | RomaConnectionError
            try:
                answer = self._answer(attempt, model)
            except RomaApiError as error:
                self._budget.note(self._clock.monotonic(), error)
                if error.refuses_sign_in and not renewed:
                    renewed = True
                    if self._auth.renew(prepared):
                        continue
                failed = error
            except RomaConnectionError as error:
                failed = error
            else:
                self._budget.passed()
                return answer
            if once:
                raise self._with_pause(failed)
            failures += 1
            self._pause(failures, request.method, failed, until)

    # --- between attempts ----------------------------------------------------------------------------------

    def _pass_budget(self, request: Request, until: float, once: bool) -> None:
        """Return when it is this call's turn. In a pause that the host has asked for that is an error inside waits."""
        now = self._clock.monotonic()
        left = self._budget.left(now)
        if left > 0:
            spread = self._spread(left)
            if once or now + left >= until:
                raise self._budget.held(request.operation, left, spread)
            if self._clock.sleep(left + spread, self._stop):
                raise RomaConnectionError(request.operation, STOPPED, sent=False)
        if not self._budget.take(request.rank, self._clock, self._stop, until):
            reason = STOPPED if self._stop.is_set() else "its turn among the calls of five minutes did not come in time"
            raise RomaConnectionError(request.operation, reason, sent=False)

    def shared(self, what: Hashable, ask: Callable[[], Found], patience: float = 0.0) -> Found:
        """What a call finds that begins after this moment, whoever makes it that shares the budget (``InFlight``)."""
        return self._budget.in_flight.shared((self._endpoint, what), ask, self._clock, self._stop, patience)

    def _pause(self, failures: int, method: str, failed: RomaApiError | RomaConnectionError, until: float) -> None:
        """Return when the call may be sent again; raises what has failed where it may not be, or is stopped."""
        pause = retry.pause(failures, method, failed, self._limits)
        if pause is None:
            raise failed
        pause += self._chance() * JITTER_SECONDS
        if self._clock.monotonic() + pause >= until or self._clock.sleep(pause, self._stop):
            raise failed

    def _with_pause(self, error: RomaApiError | RomaConnectionError) -> RomaApiError | RomaConnectionError:
        """For a wait: an error that has asked for a pause says when this caller, of many, shall come back."""
        left = self._budget.left(self._clock.monotonic())
        if isinstance(error, RomaApiError) and error.status in (429, 503) and left > 0:
            return RomaApiError(error.operation, replace(error.answer, retry_after=left + self._spread(left)))
        return error

    def _spread(self, left: float) -> float:
        return self._chance() * min(SPREAD_SECONDS, left)

    def _seconds(self, is_post: bool, once: bool) -> float:
        """The time of one attempt."""
        if is_post:
            return max(POST_SECONDS, self._limits.timeout_seconds)
        return min(WAIT_SECONDS, self._limits.timeout_seconds) if once else self._limits.timeout_seconds

    # --- one attempt ---------------------------------------------------------------------------------------

    def _prepared(self, request: Request) -> PreparedRequest:
        """The request, addressed and signed."""
        url = self._endpoint + request.path
        try:
            return self._session().prepare_request(
                requests.Request(request.method, url, params=request.params, json=request.json)
            )
        except RomaError:
            raise  # of the sign-in
        except Exception as error:
            raise RomaConnectionError(request.operation, in_words(error), sent=False, lasting=True) from error

    def _answer(self, attempt: _Attempt, model: type[Model] | None) -> Model | None:
        operation = attempt.request.operation
        begun, sent = self._clock.monotonic(), self._clock.epoch()
        response: requests.Response | None = None
        try:
            with ending(lambda: 0.0 if attempt.is_stopped else begun + attempt.seconds - self._clock.monotonic()):
                response = self._send(attempt)
                self._note_date(response, sent)
                with response:
                    body = without(self._auth.sent, read_body(operation, response, self._redact))
            attempt.request.heard(response.status_code, body)
            if response.status_code not in GOOD:
                raise api_error(operation, response, body, self._redact)
            if model is None:
                return None
            found = parsed(operation, response, body, model, self._auth.sent, self._redact)
        except RomaError:
            raise
        except Exception as error:
            # Not of some kinds alone: what a server can make requests, urllib3 and Python raise is not to be listed.
            reason = "it was stopped before the answer came" if attempt.is_stopped else in_words(error)
            raise RomaConnectionError(
                operation,
                reason,
                sent=was_sent(error),
                lasting=not may_pass(error),
                untrusted=is_untrusted(error),
            ) from error
        finally:
            self._log(attempt, response, self._clock.monotonic() - begun)
        none = attempt.request.no_answer(found)
        if none is not None:
            raise RomaConnectionError(operation, none, sent=True)
        return found

    def _send(self, attempt: _Attempt) -> requests.Response:
        session, prepared = self._session(), attempt.prepared
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
            timeout=(min(CONNECT_SECONDS, attempt.seconds), attempt.seconds),
            verify=verify,
            cert=settings["cert"],
            proxies=settings["proxies"],
        )
        found: requests.Response = dispatch_hook("response", prepared.hooks, response)  # type: ignore[no-untyped-call]
        return found

    def _note_date(self, response: requests.Response, sent: float) -> None:
        date = server_date(response)
        found = None if date is None else skew(date, sent, self._clock.epoch())
        if found is not None:
            self._skew[0] = found

    def _log(self, attempt: _Attempt, response: requests.Response | None, seconds: float) -> None:
        status = None if response is None else response.status_code
        traced = None if response is None else request_id(response, self._redact)
        method, path = str(attempt.prepared.method), urlsplit(str(attempt.prepared.url)).path
        call_log.write(method, path, status, seconds, traced, attempt.number)

    def _redact(self, text: str) -> str:
        """A text of the server's without our own secrets, should it repeat them."""
        for secret in filter(None, self._auth.secrets):
            text = text.replace(secret, "[secret]")
        return text

    def _session(self) -> requests.Session:
        """This thread's."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.auth = self._auth
            session.headers["Accept"] = "application/json"
            for scheme in ("http://", "https://"):
                session.mount(scheme, DeadlineAdapter())
            self._local.session = session
        return session


@dataclass(frozen=True)
class _Attempt:
    """One sending of a request. ``number`` counts from 1; ``seconds`` is its time; ``stop`` ends it from outside."""

    request: Request
    prepared: PreparedRequest
    number: int
    seconds: float
    stop: Stop | None

    @property
    def is_stopped(self) -> bool:
        return self.stop is not None and self.stop.is_set()
