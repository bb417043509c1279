"""What an error knows of itself, and in which words it says so."""

from __future__ import annotations

import pytest

from roma_provider import errors
from roma_provider.errors import (
    Answer,
    CreationCancelled,
    CreationEnded,
    CreationError,
    CreationFailed,
    CreationTimedOut,
    CreationUnclear,
    InputError,
    InstanceGone,
    JournalError,
    NameTaken,
    RomaApiError,
    RomaConnectionError,
    RomaError,
    fresh,
)
from tests.support.fakes import ID, progress


def api(status: int, code: str | None = None) -> RomaApiError:
    return RomaApiError("list_instances", Answer(status, code, "why"))


def test_one_tree() -> None:
    of_creation = {CreationFailed, CreationEnded, CreationTimedOut, CreationCancelled, InstanceGone}
    roots = {InputError, RomaApiError, RomaConnectionError, NameTaken, CreationUnclear, JournalError, CreationError}
    assert set(RomaError.__subclasses__()) == roots
    assert set(CreationError.__subclasses__()) == of_creation
    found = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert found == roots | of_creation | {RomaError}


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InputError("name", "is missing"), "name: is missing"),
        (api(500), "list_instances was answered with HTTP 500: why"),
        (api(400, "ROMA.1"), "list_instances was answered with HTTP 400: ROMA.1: why"),
        (
            RomaApiError("o", Answer(400, "C", "m", "r1")),
            "o was answered with HTTP 400: C: m (request id r1)",
        ),
        (RomaConnectionError("o", "it broke", sent=True), "o got no answer: it broke"),
        (NameTaken("taken", ID), "taken"),
    ],
)
def test_the_message_is_the_one_reason(error: RomaError, text: str) -> None:
    assert str(error) == text
    assert error.reasons == [text]


def test_a_hint_is_a_second_reason() -> None:
    error = api(401)
    error.hints.append("get a new token")
    assert error.reasons == ["list_instances was answered with HTTP 401: why", "get a new token"]
    failed = CreationError(ID, ["one", "two"])
    failed.hints.append("three")
    assert failed.reasons == ["one", "two", "three"]


# status: not found, transient, outcome of a POST unknown
STATUSES = {
    200: (False, True, True),
    202: (False, True, True),
    301: (False, False, False),
    400: (False, False, False),
    401: (False, False, False),
    403: (False, False, False),
    404: (True, False, False),
    408: (False, True, True),
    409: (False, False, False),
    429: (False, True, False),
    500: (False, True, True),
    502: (False, True, True),
    503: (False, True, True),
    504: (False, True, True),
}


@pytest.mark.parametrize(("status", "expected"), STATUSES.items())
def test_what_a_status_means(status: int, expected: tuple[bool, bool, bool]) -> None:
    error = api(status)
    assert (error.not_found, error.transient, error.outcome_unknown) == expected
    assert not error.wrong_endpoint


@pytest.mark.parametrize(
    ("status", "code", "wrong"),
    [(404, f"{prefix}.{number}", True) for prefix in ("APIGW", "APIG", "APIC") for number in ("0101", "0103")]
    + [(404, "APIC.7302", False), (404, "APIG.3030", False), (404, "APIGW.0102", False), (404, "APIGW.01011", False)]
    + [(404, "XAPIGW.0101", False), (404, None, False), (400, "APIGW.0101", False)],
)
def test_a_404_of_the_gateway_is_a_wrong_endpoint(status: int, code: str | None, wrong: bool) -> None:
    error = api(status, code)
    assert error.wrong_endpoint is wrong
    assert error.not_found is (status == 404 and not wrong)


def test_errors_of_a_creation_keep_what_was_seen_last() -> None:
    seen = progress()
    error = CreationError(ID, ["one", "two"], seen)
    assert (error.instance_id, error.reasons, error.progress, str(error)) == (ID, ["one", "two"], seen, "one; two")
    error.reasons.append("three")
    assert error.reasons == ["one", "two"]
    failed = CreationFailed(ID, ["x"], seen, code="C", message=None)
    assert (failed.code, failed.message) == ("C", None)
    assert CreationEnded(ID, ["x"], None, status="FROZEN").status == "FROZEN"
    assert NameTaken("x", None).instance_id is None


@pytest.mark.parametrize(
    "error",
    [
        InputError("name", "is missing"),
        RomaApiError("o", Answer(401, "C", "m", "r1", 7.0, 5.0)),
        RomaConnectionError("o", "it broke", sent=False, lasting=True),
    ],
)
def test_one_error_for_several_callers(error: RomaError) -> None:
    error.hints.append("of the first")
    told = [fresh(error), fresh(error)]
    told[0].hints.append("of one caller")
    assert [one.reasons for one in told] == [[str(error), "of one caller"], [str(error)]]
    for one in told:
        assert type(one) is type(error)
        assert {**vars(one), "hints": []} == {**vars(error), "hints": []}


def test_an_answer_s_facts_are_those_of_its_error() -> None:
    answer = Answer(429, "APIGW.0308", "slow down", "r1", 7.0, 1741262473.0)
    error = RomaApiError("list_instances", answer)
    assert {name: getattr(error, name) for name in vars(answer)} == vars(answer)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_sign_in_that_is_refused_says_nothing_of_an_instance(status: int) -> None:
    error = RomaApiError("create_token", Answer(status, None, "why"))
    assert (error.refuses_sign_in, error.not_found, error.transient, error.outcome_unknown) == (
        True,
        False,
        False,
        False,
    )
    other = RomaApiError("creation_progress", Answer(status, None, "why"))
    assert (other.refuses_sign_in, other.not_found) == (status == 401, status == 404)
    # An address that is not IAM's is no matter of names and passwords.
    nowhere = RomaApiError("create_token", Answer(404, "APIGW.0101", "why"))
    assert (nowhere.refuses_sign_in, nowhere.not_found, nowhere.wrong_endpoint) == (False, False, True)
