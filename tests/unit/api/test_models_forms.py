"""The models, held against every form in which a value may come, and against junk."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from roma_provider.api.models import CreationProgress, InstanceDetail
from tests.support.fakes import SEED

# The fields of the seed page, which test_models holds against its tables.
TOP, DETAIL, ITEM = list(SEED), list(SEED["instance"]), list(SEED["item"][0])


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ('["az0.dc0"]', ["az0.dc0"]),
        ('["a","b"]', ["a", "b"]),
        (["a", "b"], ["a", "b"]),
        ("[region01, region02]", ["region01", "region02"]),
        ("['a', 'b']", ["a", "b"]),
        ("az1", ["az1"]),
        ("a,b", ["a", "b"]),
        ("[]", []),
        ("", []),
        ([], []),
        (["a", None, ""], ["a"]),
        ([1, 2], ["1", "2"]),
        ("null", None),
        (None, None),
        ({"a": 1}, None),
        ('{"a": 1}', None),
    ],
)
def test_zones_in_every_form(sent: object, read: list[str] | None) -> None:
    assert InstanceDetail.model_validate({"availableZones": sent}).available_zones == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (5, 5),
        ("5", 5),
        ("5.9", 5),
        (5.0, 5),
        (-3, -3),
        ("", None),
        ("many", None),
        (None, None),
        (True, None),
        ([], None),
        ({}, None),
        (float("inf"), None),
        (float("nan"), None),
        ("1e999", None),
    ],
)
def test_numbers_in_every_form(sent: object, read: int | None) -> None:
    found = CreationProgress.model_validate({"progress": sent, "taken_time": sent, "start_time": sent})
    assert (found.progress, found.taken_time, found.start_time) == (read, read, read)


@pytest.mark.parametrize("none", [0, "0", 0.0, None, "", "soon"])
def test_a_time_of_0_is_not_yet(none: object) -> None:
    found = CreationProgress.model_validate({"start_time": none, "end_time": none, "item": [{"start_time": none}]})
    assert (found.start_time, found.end_time, found.services[0].start_time) == (None, None, None)


@pytest.mark.parametrize(
    ("sent", "read"), [("x", "x"), (5, "5"), (2.5, "2.5"), (True, "true"), (None, None), ({"a": 1}, '{"a": 1}')]
)
def test_texts_in_every_form(sent: object, read: str | None) -> None:
    assert InstanceDetail.model_validate({"tagEntries": sent}).tag_entries == read


@pytest.mark.parametrize("junk", ["oops", 5, [], [{}], True, None])
def test_an_instance_that_is_no_object_is_none(junk: object) -> None:
    read = CreationProgress.model_validate({"instance": junk, "status": "creating"})
    assert (read.instance, read.decisive_status) == (None, "CREATING")


@pytest.mark.parametrize("item", [None, "x", 5, {}, [], [None, 3, "x"]])
def test_item_that_is_no_list_of_objects_is_no_services(item: object) -> None:
    assert CreationProgress.model_validate({**SEED, "item": item}).services == []


def test_item_missing_and_item_with_junk_among_it() -> None:
    assert CreationProgress.model_validate({key: SEED[key] for key in TOP if key != "item"}).services == []
    found = CreationProgress.model_validate({"item": [None, {"name": "mqs"}, 5, {}]})
    assert [service.name for service in found.services] == ["mqs", None]


def test_nulls_everywhere() -> None:
    nulls = {**dict.fromkeys(TOP), "instance": dict.fromkeys(DETAIL), "item": [dict.fromkeys(ITEM)]}
    found = CreationProgress.model_validate(nulls)
    assert found.model_dump(exclude_none=True) == {"instance": {}, "services": [{}]}
    assert CreationProgress.model_validate({}).model_dump(exclude_none=True) == {"services": []}


def test_unknown_fields_are_left_aside() -> None:
    known = CreationProgress.model_validate(SEED)
    more = CreationProgress.model_validate(
        {
            **SEED,
            "new": 1,
            "instance": {**SEED["instance"], "model_x": 1},
            "item": [{**i, "new": {}} for i in SEED["item"]],
        }
    )
    assert more == known


@pytest.mark.parametrize("other", [[], "x", 5, None])
def test_an_answer_that_is_no_object_is_no_progress(other: object) -> None:
    with pytest.raises(ValidationError):
        CreationProgress.model_validate(other)


@pytest.mark.parametrize(
    ("answer", "decisive"),
    [
        ({"instance": {"status": "RUNNING"}, "status": "creating"}, "RUNNING"),
        ({"instance": {"status": " running "}, "status": "creating"}, "RUNNING"),
        ({"instance": {"status": "Create_Failed"}, "status": "running"}, "CREATE_FAILED"),
        ({"instance": {"status": None}, "status": "running"}, ""),
        ({"instance": {}, "status": "running"}, ""),
        ({"instance": None, "status": "running"}, "RUNNING"),
        ({"status": " success"}, "SUCCESS"),
        ({"status": None}, ""),
        ({}, ""),
    ],
)
def test_the_instances_status_decides_and_the_top_one_only_without_it(answer: dict[str, Any], decisive: str) -> None:
    assert CreationProgress.model_validate(answer).decisive_status == decisive
