"""The table of repetitions: which calls, how often, after how long."""

from __future__ import annotations

import pytest

from roma_provider.api.retry import METHODS, STATUSES, Limits, pause
from roma_provider.errors import RomaApiError, RomaConnectionError
from tests.support.fakes import lost, refused

USUAL = Limits()


def lasting() -> RomaConnectionError:
    return RomaConnectionError("o", "the host name is not known", sent=False, lasting=True)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("error", [*(refused(status) for status in sorted(STATUSES)), lost(), lost(sent=False)])
def test_what_may_pass_is_asked_for_again(method: str, error: RomaApiError | RomaConnectionError) -> None:
    assert [pause(attempt, method, error, USUAL) for attempt in range(1, 8)] == [0.0, 1.0, 2.0, 4.0, 8.0, None, None]


@pytest.mark.parametrize(
    "error",
    [
        *(refused(status) for status in (200, 202, 301, 400, 401, 403, 404, 405, 409, 413, 501, 505, 599)),
        refused(404, retry_after=1.0),
        lasting(),
    ],
)
def test_what_will_not_pass_is_not(error: RomaApiError | RomaConnectionError) -> None:
    assert [pause(1, method, error, USUAL) for method in sorted(METHODS)] == [None, None]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("error", [refused(503, retry_after=1.0), refused(429), lost(), lost(sent=False), lasting()])
def test_what_may_make_something_is_never_sent_again(method: str, error: RomaApiError | RomaConnectionError) -> None:
    assert pause(1, method, error, USUAL) is None


@pytest.mark.parametrize("max_retries", range(11))
def test_as_often_as_max_retries_says(max_retries: int) -> None:
    pauses = [pause(attempt, "GET", refused(502), Limits(max_retries)) for attempt in range(1, max_retries + 2)]
    assert pauses == [*[0.0, 1.0, 2.0, 4.0, *[8.0] * 6][:max_retries], None]


@pytest.mark.parametrize("status", sorted(STATUSES))
@pytest.mark.parametrize(
    ("attempt", "asked", "seconds"),
    [
        (1, 0.0, 0.0),
        (1, 7.0, 7.0),
        (1, 30.0, 30.0),
        (1, 31.0, 30.0),
        (1, float("inf"), 30.0),
        (3, 1.0, 2.0),
        (5, 7.0, 8.0),
        (5, 9.0, 9.0),
    ],
)
def test_a_longer_pause_is_granted_up_to_half_a_minute(status: int, attempt: int, asked: float, seconds: float) -> None:
    assert pause(attempt, "GET", refused(status, retry_after=asked), USUAL) == seconds
