"""The errors of this package, in one tree.

::

    RomaError
    ├── InputError              an argument or setting that must be written otherwise
    ├── RomaApiError            ROMA Connect (or its gateway, or IAM) answered with an error
    ├── RomaConnectionError     no usable answer arrived
    ├── NameTaken               an instance of that name exists already
    ├── CreationUnclear         a POST whose outcome is not known
    ├── JournalError            the journal of creations could not be written
    └── CreationError           a creation that ended without a ready instance
        ├── CreationFailed      CREATE_FAILED
        ├── CreationEnded       another status that ends a creation (ERROR, FROZEN, DELETING, …)
        ├── CreationTimedOut    the deadline passed
        ├── CreationCancelled   Ctrl-C, or the engine is gone
        └── InstanceGone        the instance does not exist any more

Every message is written for the user: it says what happened and what to do, and holds no secret.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from .api.models import CreationProgress

Raised = TypeVar("Raised", bound="RomaError")

# The gateway's own 404s: wrong host, path or region, never "this instance is gone". The same numbers
# appear under three prefixes (docs/api-notes.md §3).
_WRONG_ENDPOINT = re.compile(r"^(APIGW|APIG|APIC)\.010[13]$")
# ROMA's own words for a token that is missing or wrong come with HTTP 400 (docs/api-notes.md §3).
_SIGN_IN_CODES = ("ROMA.1000", "ROMA.1002")
# The operation that fetches a token, so that another can be signed.
CREATE_TOKEN = "create_token"  # noqa: S105


class RomaError(Exception):
    """Base of all errors of this package. ``reasons`` has one line for each thing to say; ``hints``, lines
    added on the way up on what to do, are the last of them.

    But for its hints an error does not change. Where several callers are told of one outcome, it is kept, and each of
    them raises a :func:`fresh` one.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.hints: list[str] = []

    @property
    def reasons(self) -> list[str]:
        return [str(self), *self.hints]


def fresh(error: Raised) -> Raised:
    """An error that says the same as one that is kept for several callers, with hints of its own."""
    made = type(error).__new__(type(error), *error.args)
    made.__dict__.update(error.__dict__, hints=[])
    return made


class InputError(RomaError):
    """An argument or setting that has to be written otherwise. Nothing was sent."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """What an answer says that is an error.

    ``code`` and ``message`` are the service's own words. ``retry_after`` is in seconds, after which it wants to be
    asked again; ``server_date`` is its clock when it answered, in epoch seconds. None where the answer does not say.
    """

    status: int
    code: str | None
    message: str
    request_id: str | None = None
    retry_after: float | None = None
    server_date: float | None = None


class RomaApiError(RomaError):
    """An answer that is an error. ``operation`` is the name of the client's method."""

    def __init__(self, operation: str, answer: Answer) -> None:
        said = f"{answer.code}: {answer.message}" if answer.code else answer.message
        trace = f" (request id {answer.request_id})" if answer.request_id else ""
        super().__init__(f"{operation} was answered with HTTP {answer.status}: {said}{trace}")
        self.operation = operation
        self.answer = answer
        self.status = answer.status
        self.code = answer.code
        self.message = answer.message
        self.request_id = answer.request_id
        self.retry_after = answer.retry_after
        self.server_date = answer.server_date

    @property
    def wrong_endpoint(self) -> bool:
        """The gateway does not know this path: host, region or API version is wrong."""
        return self.status == 404 and bool(_WRONG_ENDPOINT.match(self.code or ""))

    @property
    def refuses_sign_in(self) -> bool:
        """Who asks is not known: the credentials are wrong or have expired, or nobody may sign in with them."""
        refused = self.status == 401 or self.code in _SIGN_IN_CODES
        return refused or (self.operation == CREATE_TOKEN and self.status in (403, 404) and not self.wrong_endpoint)

    @property
    def not_found(self) -> bool:
        """The API says that there is no such instance (one of the two witnesses of "gone")."""
        # IAM's 404 is about an agency, before the call itself is sent.
        return self.status == 404 and not self.wrong_endpoint and self.operation != CREATE_TOKEN

    @property
    def transient(self) -> bool:
        """Worth asking again: the service or the way to it is in trouble, not the request."""
        return self.status in (408, 429) or self.status >= 500 or self.status < 300

    @property
    def outcome_unknown(self) -> bool:
        """For a POST: the request may have taken effect all the same."""
        if self.operation == CREATE_TOKEN:
            return False  # it is asked for before the request itself is sent
        return self.status == 408 or self.status >= 500 or self.status < 300


class RomaConnectionError(RomaError):
    """No usable answer. ``sent`` is False only if the request surely never left this machine.

    ``lasting``: another attempt some seconds later would end the same, as with a host name that does not exist. In a
    wait that may pass all the same (a laptop comes back to its network), but not where the server is ``untrusted``: its
    certificate was not accepted.
    """

    def __init__(
        self, operation: str, reason: str, *, sent: bool, lasting: bool = False, untrusted: bool = False
    ) -> None:
        super().__init__(f"{operation} got no answer: {reason}")
        self.operation = operation
        self.reason = reason
        self.sent = sent
        self.lasting = lasting
        self.untrusted = untrusted


class NameTaken(RomaError):
    """An instance of that name exists in the project. ``instance_id`` is its id, where it is known."""

    def __init__(self, message: str, instance_id: str | None) -> None:
        super().__init__(message)
        self.instance_id = instance_id


class CreationUnclear(RomaError):
    """POST had no clear answer and no instance of that name has shown up in the list since."""


class JournalError(RomaError):
    """The journal cannot be written, so nothing may be created."""


class CreationError(RomaError):
    """A creation without a ready instance. ``progress`` is the last answer seen, if any."""

    def __init__(self, instance_id: str, reasons: Sequence[str], progress: CreationProgress | None = None) -> None:
        super().__init__("; ".join(reasons))
        self.instance_id = instance_id
        self.progress = progress
        self._reasons = list(reasons)

    @property
    def reasons(self) -> list[str]:
        return [*self._reasons, *self.hints]


class CreationFailed(CreationError):
    """The status is CREATE_FAILED. ``code`` and ``message`` are the instance's own, either may be None."""

    def __init__(
        self,
        instance_id: str,
        reasons: Sequence[str],
        progress: CreationProgress | None,
        *,
        code: str | None,
        message: str | None,
    ) -> None:
        super().__init__(instance_id, reasons, progress)
        self.code = code
        self.message = message


class CreationEnded(CreationError):
    """The creation ended in a status that is neither ready nor CREATE_FAILED."""

    def __init__(
        self, instance_id: str, reasons: Sequence[str], progress: CreationProgress | None, *, status: str
    ) -> None:
        super().__init__(instance_id, reasons, progress)
        self.status = status


class CreationTimedOut(CreationError):
    """The deadline passed while the instance was still being created."""


class CreationCancelled(CreationError):
    """Waiting was stopped from outside; the creation itself goes on at Huawei Cloud."""


class InstanceGone(CreationError):
    """The instance does not exist (any more)."""
