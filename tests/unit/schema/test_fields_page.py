"""docs/fields.md: every field of the seed page is an output of the type that it says, or has a reason why not."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pulumi import Output

from roma_provider import ExistingInstance, Instance, Service
from roma_provider.api.models import CreationProgress
from roma_provider.schema.descriptions import AS_DECLARED
from roma_provider.schema.outputs import outputs
from tests.support.fakes import ID, SEED, inputs
from tests.support.seed_page import PAGE, read, seed_fields

DOCUMENT = Path(__file__).parents[3] / "docs" / "fields.md"
SECTIONS = {
    "The instance (`instance`)": "instance",
    "The creation (the answer around it)": "response",
    "A sub-service (an entry of `item`, of the output `services`)": "item",
}
DERIVED = "Outputs that no field gives"
PYTHON = {"String": "str", "Integer": "int", "Boolean": "bool"}


@dataclass(frozen=True)
class Row:
    """A row of the document: a field (None in the last table) with its output and type, or else with a reason."""

    of: str
    field: str | None
    output: str | None
    type: str | None
    note: str


def sections() -> Iterator[tuple[str, list[list[str]]]]:
    """The document's sections with the cells of their tables, the heads included."""
    for section in DOCUMENT.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, *lines = section.splitlines()
        yield title, [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if line.startswith("|")]


def rows() -> list[Row]:
    found = []
    for title, table in sections():
        for first, *rest in table:
            if not (name := re.fullmatch(r"`(.+)`", first)):
                continue  # a head
            if title == DERIVED:
                found.append(Row(title, None, name[1], rest[0], rest[1]))
            elif len(rest) == 1:
                found.append(Row(SECTIONS[title], name[1], None, None, rest[0]))
            else:
                found.append(Row(SECTIONS[title], name[1], rest[0].strip("`"), rest[1], rest[2]))
    return found


ROWS = rows()
SHOWN = [row for row in ROWS if row.field is not None and row.output is not None]


def path(row: Row) -> str:
    return f"services[].{row.output}" if row.of == "item" else str(row.output)


def annotated(cls: type) -> dict[str, str]:
    """The attributes of a class and their types in the document's words."""
    return {key: words(annotation) for key, annotation in cls.__annotations__.items()}


def words(annotation: Any) -> str:
    if get_origin(annotation) is Output:
        (annotation,) = get_args(annotation)
    text = annotation.__name__ if isinstance(annotation, type) and not get_args(annotation) else str(annotation)
    return re.sub(r"\b[a-z_.]+\.(?=[A-Z])", "", text).replace(" | ", " or ")


OUTPUTS: Mapping[str, str] = annotated(Instance) | {
    f"services[].{key}": text for key, text in annotated(Service).items()
}


def test_the_fields_that_the_repository_keeps_are_the_pages() -> None:
    if not PAGE.exists():
        pytest.skip("the seed page is beside the project's own checkout only")
    assert read(PAGE.read_text(encoding="utf-8")) == seed_fields()


@pytest.mark.parametrize("of", ["instance", "response", "item"])
def test_every_field_is_accounted_for_once(of: str) -> None:
    expected = {"instance": 69, "response": 10, "item": 8}
    accounted = Counter(row.field for row in ROWS if row.of == of)
    assert accounted == Counter(seed_fields()[of].keys())
    assert accounted.total() == expected[of]


def test_what_is_no_output_has_a_reason() -> None:
    reasons = [row.note for row in ROWS if row.output is None]
    assert len(reasons) == 25
    assert all(reasons)


def test_every_output_is_in_the_document_once_and_has_the_type_that_it_says() -> None:
    documented = [row for row in ROWS if row.output is not None]
    assert Counter(path(row) for row in documented) == Counter(OUTPUTS.keys())
    assert {path(row): row.type for row in documented} == dict(OUTPUTS)


def test_an_existing_instance_has_what_the_api_shows() -> None:
    declared = {row.output for row in ROWS if row.note.endswith(AS_DECLARED)}
    assert len(declared) == 6
    assert annotated(ExistingInstance) == {
        key: text for key, text in annotated(Instance).items() if key not in declared
    }


def test_another_type_than_the_pages_is_said_to_be_one() -> None:
    kept = seed_fields()
    other = {
        str(row.field): row.note
        for row in SHOWN
        if PYTHON.get(kept[row.of][str(row.field)]) != str(row.type).removesuffix(" or None")
    }
    assert other.keys() == {"availableZones", "ingressBandwidthSize", "item"}
    assert all(other.values())


# Values that no normal form changes.
SAMPLES: Mapping[str, Any] = {
    "instanceId": ID,  # the id is the one that was asked for
    "status": "RUNNING",
    "cpuArch": "aarch64",
    "maintainBegin": "22:00:00",
    "maintainEnd": "02:00:00",
    "availableZones": ["az7"],
    "ingressBandwidthSize": "7",
}
MADE: Mapping[str, Any] = {"String": "sample", "Integer": 1741262473999, "Boolean": True}


@pytest.mark.parametrize("row", [row for row in SHOWN if row.field != "item"], ids=path)
def test_the_output_shows_the_field(row: Row) -> None:
    answer = copy.deepcopy(SEED)
    place = {"instance": answer["instance"], "response": answer, "item": answer["item"][0]}[row.of]
    field = str(row.field)
    sample = SAMPLES.get(field, MADE[seed_fields()[row.of][field]])
    place[field] = sample
    found = outputs(ID, inputs(), CreationProgress.model_validate(answer))
    shown = found["services"][0] if row.of == "item" else found
    value = shown[str(row.output)]
    if row.field == "tenantId":
        assert value == inputs()["project_id"]
    else:
        assert (str(value) if field == "ingressBandwidthSize" else value) == sample
