"""The bodies of errors: `{error_code, error_msg, request_id}` from the gateway and ROMA, another shape from
IAM.

Published: the gateway's table (APIGW.*), ROMA's table and the examples of CheckRomaInstanceListV2. Which of
ROMA's two spellings (ROMA.13000 in the table, ROMA.00013000 in the example of the list) an operation uses is
a guess, and so is the body of a 404 for an instance that is unknown: the only published one of this product
is APIC.7302.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is sent. `body` is anything JSON can hold, or text; None is no body at all."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedCall(Exception):
    """An answer that ends an operation early."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.body}")
        self.answer = answer


def _error(status: int, code: str, message: str, **more: str) -> RefusedCall:
    return RefusedCall(Answer(status, {"error_code": code, "error_msg": message, **more}))


def invalid_parameter(parameter: str, rule: str) -> RefusedCall:
    """A body that POST does not take (code as in ROMA's table of error codes)."""
    return _error(400, "ROMA.13000", f"Invalid parameter value,parameterName:{parameter}. {rule}")


def invalid_query(parameter: str, rule: str) -> RefusedCall:
    """A query or path that is out of bounds (code and details as in the list operation's own example)."""
    return _error(
        400,
        "ROMA.00013000",
        f"Invalid parameter value,parameterName:{parameter}. {rule}",
        error_details="some error details here",
    )


def no_body() -> RefusedCall:
    return _error(400, "ROMA.13001", "The request body is empty.")


def prepaid_delete(instance_id: str) -> RefusedCall:
    """A guess: a prepaid instance is unsubscribed from, not deleted; what DELETE answers is not published."""
    return _error(400, "ROMA.13000", f"The instance {instance_id} is prepaid. Unsubscribe from its order instead.")


def unknown_instance() -> RefusedCall:
    return _error(404, "APIC.7302", "Instance not found")


def unknown_api() -> RefusedCall:
    return _error(404, "APIGW.0101", "The API does not exist or has not been published in the environment")


def no_authentication(reason: str) -> RefusedCall:
    return _error(401, "APIGW.0301", f"Incorrect IAM authentication information: {reason}")


def outdated_token() -> RefusedCall:
    """For a token that has expired and for one of another project (the table of error codes names both)."""
    return _error(401, "APIGW.0307", "The token must be updated")


def iam_error(status: int, message: str) -> RefusedCall:
    return RefusedCall(Answer(status, _iam_body(status, message)))


def iam_authentication() -> RefusedCall:
    """IAM's own words for a token that is missing, unknown or expired."""
    return iam_error(401, _IAM_BY_STATUS[401])


def _iam_body(status: int, message: str) -> dict[str, Any]:
    return {"error": {"code": status, "message": message, "title": HTTPStatus(status).phrase}}


_THROTTLED = "The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute"
_BY_STATUS: dict[int, tuple[str, str]] = {
    400: ("APIGW.0201", "Bad request"),
    401: ("APIGW.0301", "Incorrect IAM authentication information: decrypt token fail"),
    403: ("APIGW.0302", "The IAM user is not authorized to access the API"),
    404: ("APIC.7302", "Instance not found"),
    408: ("APIGW.0201", "Request timeout"),
    429: ("APIGW.0308", _THROTTLED),
    500: ("ROMA.00011000", "System error"),
    502: ("APIGW.0201", "Backend unavailable"),
    503: ("APIGW.0613", "IAM is unavailable"),
    504: ("APIGW.0201", "Backend timeout"),
}
_IAM_BY_STATUS: dict[int, str] = {
    400: "Request parameter is invalid.",
    401: "The request you have made requires authentication.",
    403: "You are not authorized to perform the requested action.",
    404: "The requested resource could not be found.",
    500: "An unexpected error prevented the server from fulfilling your request.",
}


def body_for(status: int, *, by_iam: bool = False) -> dict[str, Any]:
    """What an injected answer says when nothing else was asked for. IAM does not get to speak where the gateway before
    it answers."""
    if by_iam and status in _IAM_BY_STATUS:
        return _iam_body(status, _IAM_BY_STATUS[status])
    code, message = _BY_STATUS.get(status, ("APIGW.0201", f"Injected answer with status {status}"))
    return {"error_code": code, "error_msg": message}
