"""Huawei Cloud's IAM: tokens for a user's password or for an agency, and the projects that a sign-in may see.

Sources: KeystoneCreateUserTokenByPassword, KeystoneCreateAgencyToken and KeystoneListProjects of IAM's API reference.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import BaseModel, Field
from requests import PreparedRequest, Response

from ..clock import Clock
from ..errors import CREATE_TOKEN, Answer, RomaApiError, RomaConnectionError, RomaError, fresh
from .auth import Auth
from .kinds import MOST_LISTED, MOST_TEXT, Text
from .transport import Request, Transport

if TYPE_CHECKING:
    from .budget import Budgets
    from .retry import Limits

# A token is replaced this long before it expires; one that lives shorter than 50 minutes, in its last tenth.
EARLY_SECONDS = 300.0
# IAM's own term, for an answer that does not say when its token expires.
USUAL_SECONDS = 24 * 3600.0
# How long after a failed replacement of a token that is still good the next is tried.
PAUSE_SECONDS = 30.0
# A wait that is cancelled ends when its call does.
READ_SECONDS = 10.0
# X-Auth-Token has 65,536 characters at most.
_TOKEN = re.compile(r"[\x21-\x7e]{1,65536}")


@dataclass(frozen=True)
class User:
    """An IAM user, and its account (domain)."""

    name: str
    password: str = field(repr=False)
    domain: str


class Project(BaseModel):
    """A project, as IAM lists it."""

    id: str = Field(pattern=r"^[0-9A-Za-z_-]{1,128}$")
    name: Annotated[str, Field(max_length=MOST_TEXT)]
    enabled: bool | None = None


def projects(transport: Transport, name: str | None = None) -> list[Project]:
    """The projects that this sign-in may see; with a ``name``, those that are called so.

    ``transport`` is one to IAM. RomaApiError and RomaConnectionError (``list_projects``) as for every call.
    """
    request = Request("list_projects", "GET", "/v3/projects", {"name": name} if name else None)
    return transport.call(request, _Projects).projects


@dataclass(frozen=True)
class Agency:
    """An agency, and the account (domain) that made it."""

    name: str
    domain: str


Scope: TypeAlias = Mapping[str, Mapping[str, str]]
"""What a token is for: ``{"project": {"id": …}}``, ``{"project": {"name": …}}``, or ``{"domain": {"name": …}}``."""


@dataclass(frozen=True)
class Calls:
    """How IAM is called: at most so often and so long, by which clock, on whose budgets."""

    limits: Limits | None = None
    clock: Clock = field(default_factory=Clock)
    budgets: Budgets | None = None

    def transport(self, url: str, auth: Auth) -> Transport:
        return Transport(url, auth, self.limits, self.clock, budgets=self.budgets)


class FetchedAuth(Auth):
    """A token of one scope that IAM gives for an ``identity``, which ``asking`` stands for.

    The token is fetched by the first request, and again some minutes before it expires or when it is refused;
    whoever comes meanwhile waits and shares it. Once IAM has refused, it is not asked again: repeated wrong
    passwords lock the user. Raises what IAM answered: RomaApiError or RomaConnectionError of ``create_token``.
    """

    def __init__(
        self, auth_url: str, identity: Mapping[str, object], scope: Scope, asking: _Asking, calls: Calls
    ) -> None:
        self._clock = calls.clock
        self._asking = asking
        self._transport = calls.transport(auth_url, asking)
        body = {"auth": {"identity": dict(identity), "scope": {key: dict(value) for key, value in scope.items()}}}
        self._request = Request(CREATE_TOKEN, "POST", "/v3/auth/tokens", {"nocatalog": "true"}, body)
        self._lock = threading.Lock()
        self._tokens: list[str] = []  # the newest first
        self._attempts = 0
        self._failure: RomaApiError | RomaConnectionError | None = None
        self._refused = False
        self._replace_at = self._expires_at = 0.0
        self._worked = False

    @property
    def secrets(self) -> tuple[str, ...]:
        return (*self._asking.secrets, *self._tokens)

    @property
    def sent(self) -> tuple[str, ...]:
        return tuple(self._tokens)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["X-Auth-Token"] = self._token()
        request.register_hook("response", self._note)  # type: ignore[no-untyped-call]
        return request

    def renew(self, used: PreparedRequest) -> bool:
        """False if the token that was refused came just now from a renewal: another one would be refused too."""
        attempts = self._attempts
        with self._lock:
            if not self._tokens or used.headers.get("X-Auth-Token") != self._tokens[0]:
                return bool(self._tokens)
            if not self._worked and len(self._tokens) > 1:
                return False
            self._fetch(attempts)
            return True

    def _note(self, response: Response, **_options: object) -> None:
        answered = response.status_code < 500 and response.status_code not in (401, 429)
        if answered and response.request.headers.get("X-Auth-Token") in self._tokens[:1]:
            self._worked = True

    def _token(self) -> str:
        attempts = self._attempts
        with self._lock:
            now = self._clock.monotonic()
            if not self._tokens or now >= self._expires_at:
                self._fetch(attempts)
            elif now >= self._replace_at:
                try:
                    self._fetch(attempts)
                except RomaError:
                    self._replace_at = now + PAUSE_SECONDS  # the token at hand is still good
            return self._tokens[0]

    def _fetch(self, attempts: int) -> None:
        """Get a token. ``attempts``: how many there had been when the caller came: if the one that failed was
        made while it waited for the lock, its outcome is the caller's too."""
        if self._failure is not None and (self._refused or attempts != self._attempts):
            raise fresh(self._failure) from self._failure
        since = self._clock.monotonic()
        try:
            answer = self._ask()
        except (RomaApiError, RomaConnectionError) as error:
            self._failure = _unsent(error)
            self._refused = isinstance(error, RomaApiError) and not error.transient
            raise fresh(self._failure) from error
        finally:
            self._attempts += 1
        self._failure = None
        seconds = max(0.0, answer.token.seconds)
        self._expires_at = since + seconds
        self._replace_at = self._expires_at - min(EARLY_SECONDS, seconds / 10)
        self._worked = False

    def _ask(self) -> _TokenAnswer:
        self._asking.token = None
        try:
            answer = self._transport.call(self._request, _TokenAnswer, read_timeout=READ_SECONDS)
        except RomaApiError as error:
            if not error.refuses_sign_in or not self._asking.renewed():
                raise
            answer = self._transport.call(self._request, _TokenAnswer, read_timeout=READ_SECONDS)
        token = self._asking.token
        if not token:
            raise RomaApiError(CREATE_TOKEN, Answer(201, None, "the answer holds no token (X-Subject-Token)"))
        # The one before may still be quoted by an answer that is on its way.
        self._tokens = [token, *self._tokens[:1]]
        return answer


class PasswordAuth(FetchedAuth):
    """An IAM user's name and password, exchanged for a token."""

    def __init__(self, auth_url: str, user: User, scope: Scope, calls: Calls | None = None) -> None:
        password = {"name": user.name, "password": user.password, "domain": {"name": user.domain}}
        identity = {"methods": ["password"], "password": {"user": password}}
        super().__init__(auth_url, identity, scope, _Asking(secrets=(user.password,)), calls or Calls())


class AgencyAuth(FetchedAuth):
    """An agency, assumed with another way to sign in (``base``), whose requests sign the one for the agency's token."""

    def __init__(self, auth_url: str, agency: Agency, base: Auth, scope: Scope, calls: Calls | None = None) -> None:
        assumed = {"domain_name": agency.domain, "agency_name": agency.name}
        identity = {"methods": ["assume_role"], "assume_role": assumed}
        super().__init__(auth_url, identity, scope, _Asking(base), calls or Calls())


class _Asking(Auth):
    """Signs what asks for a token as ``base`` does, if there is one (a password is in the body), and takes the token,
    which comes back in a header."""

    def __init__(self, base: Auth | None = None, secrets: tuple[str, ...] = ()) -> None:
        self._base = base
        self._secrets = secrets
        self._used: PreparedRequest | None = None
        self.token: str | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        return (*self._secrets, *(self._base.secrets if self._base is not None else ()))

    def renewed(self) -> bool:
        """The newest request was refused: whether it may be sent once more."""
        return self._base is not None and self._used is not None and self._base.renew(self._used)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        self._used = request if self._base is None else self._base(request)
        request.register_hook("response", self._take)  # type: ignore[no-untyped-call]
        return request

    def _take(self, response: Response, **_options: object) -> None:
        token = response.headers.get("X-Subject-Token") or ""
        # It goes into a header of ours.
        self.token = token if _TOKEN.fullmatch(token) else None


class _Token(BaseModel):
    issued_at: Text = None
    expires_at: Text = None

    @property
    def seconds(self) -> float:
        """How long it is good for, by the server's clock alone."""
        try:
            return (_moment(self.expires_at) - _moment(self.issued_at)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return USUAL_SECONDS


class _TokenAnswer(BaseModel):
    token: _Token = _Token()


class _Projects(BaseModel):
    projects: Annotated[list[Project], Field(max_length=MOST_LISTED)]


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat((text or "").replace("Z", "+00:00"))


def _unsent(error: RomaApiError | RomaConnectionError) -> RomaApiError | RomaConnectionError:
    """The failure of a sign-in, of which the request that was to be signed has not left this machine."""
    if isinstance(error, RomaConnectionError):
        return RomaConnectionError(
            error.operation, error.reason, sent=False, lasting=error.lasting, untrusted=error.untrusted
        )
    return error
