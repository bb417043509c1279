"""The document that the emulator serves is true: calls made from it, right and wrong ones, by Schemathesis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from roma_provider.emulator import PROJECT_ID, TOKEN, Control, Emulator
from roma_provider.emulator.core.orders import EDITION_BODY, RCU_BODY, SHARE, Fields
from roma_provider.emulator.service.openapi import EDITION, RCU, document
from tests.support.emulator import Api

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CASES = 15
OPERATIONS = [(method, path) for path, item in document()["paths"].items() for method in item if method != "parameters"]


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Emulator, str]]:
    """An emulator with instances of both kinds, in one project; and the id of one."""
    # What is deleted stays, DELETING.
    with Emulator(deletion_seconds=10**6, list_lag_seconds=0, creation_seconds=0) as running:
        api = Api(running.url)
        yield running, api.create(enable_all=True)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_answers_are_as_documented(served: tuple[Emulator, str], method: str, path: str, mode: GenerationMode) -> None:
    emulator, known = served
    operation = schemathesis.openapi.from_dict(document())[path][method]
    seen = set()

    @settings(
        max_examples=CASES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        # As it was made, and for what there is: a made up id is never one of an instance.
        for parameters in ({}, {"project_id": PROJECT_ID, "instance_id": known}):
            case.path_parameters.update({n: v for n, v in parameters.items() if n in case.path_parameters})
            answer = case.call(base_url=emulator.url, headers={"X-Auth-Token": TOKEN})
            case.validate_response(answer, checks=CHECKS)
            seen.add(answer.status_code)

    check()
    if mode is GenerationMode.POSITIVE:
        assert seen & {200, 201, 202}
    assert_all_answer(emulator.control, Api(emulator.url))


def assert_all_answer(control: Control, api: Api) -> None:
    assert api.get_list(limit=100).status_code == 200
    assert api.call("GET", f"/v3/{PROJECT_ID}/roma/instances").status_code == 200
    control.instances(), control.calls()


def test_the_document_is_served(api: Api) -> None:
    answer = api.call("GET", "/_emulator/openapi.json")
    assert (answer.status_code, answer.json()) == (200, document())


@pytest.mark.parametrize(("schema", "fields"), [(EDITION, EDITION_BODY), (RCU, RCU_BODY)])
def test_the_bodies_are_those_that_are_checked(schema: dict[str, Any], fields: Fields) -> None:
    assert schema["properties"].keys() == fields.keys()
    assert set(schema["required"]) == {name for name, field in fields.items() if field.required}
    for name, field in fields.items():
        if field.fields:
            test_the_bodies_are_those_that_are_checked(schema["properties"][name], field.fields)
    if "distribution" in fields:
        test_the_bodies_are_those_that_are_checked(schema["properties"]["distribution"]["items"], SHARE)
