"""The bodies of errors, as far as they are published."""

from __future__ import annotations

import pytest

from roma_provider.emulator.core import refusals


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "APIGW.0301"),
        (403, "APIGW.0302"),
        (404, "APIC.7302"),
        (429, "APIGW.0308"),
        (500, "ROMA.00011000"),
        (503, "APIGW.0613"),
        (599, "APIGW.0201"),
    ],
)
def test_an_injected_answer_says_what_the_gateway_says(status: int, code: str) -> None:
    assert refusals.body_for(status)["error_code"] == code


def test_iam_speaks_for_itself_where_it_is_reached() -> None:
    assert refusals.body_for(403, by_iam=True) == {
        "error": {
            "code": 403,
            "message": "You are not authorized to perform the requested action.",
            "title": "Forbidden",
        }
    }
    assert refusals.body_for(429, by_iam=True) == refusals.body_for(429)


def test_a_refused_call_carries_its_answer() -> None:
    refused = refusals.invalid_parameter("name", "It is required.")
    assert refused.answer.status == 400
    assert refused.answer.body == {
        "error_code": "ROMA.13000",
        "error_msg": "Invalid parameter value,parameterName:name. It is required.",
    }
    assert str(refused).startswith("400 ")


def test_the_list_has_a_spelling_of_its_own() -> None:
    body = refusals.invalid_query("limit", "Rule.").answer.body
    assert (body["error_code"], body["error_details"]) == ("ROMA.00013000", "some error details here")
