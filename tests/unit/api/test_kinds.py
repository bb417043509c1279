"""The edge: what a value of an answer becomes, and how much of it."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from pydantic import ValidationError

from roma_provider.api.kinds import MOST_CODE, MOST_LISTED, MOST_NAME, MOST_SERVICES, MOST_TEXT, is_id
from roma_provider.api.models import (
    CreatedInstance,
    CreationProgress,
    InstanceDetail,
    InstancePage,
    InstanceSummary,
    RomaInstancePage,
    SubService,
)
from roma_provider.creation.verdict import Verdict, state, verdict
from tests.support.fakes import ID, OTHER_ID

ODD_IDS: list[Any] = [
    "a/b",
    "../x",
    "..",
    " ",
    "",
    f" {ID}",
    f"{ID}\n",
    "\x1b[2J",
    "\u202eabc",
    "a" * 65,
    "x" * 10_000,
    "-rf",
    "a?b",
    "a#b",
    "a%2fb",
    "٣٤٥",
    "ａ",
    "a.b",
    [ID],
    {"id": ID},
    True,
    1.5,
    None,
]


@pytest.mark.parametrize("odd", ODD_IDS)
def test_what_cannot_be_an_id_counts_as_absent(odd: Any) -> None:
    for key in ("id", "instance_id", "instanceId"):
        assert CreatedInstance.model_validate({key: odd}).id is None
        assert InstanceSummary.model_validate({key: odd}).id is None
    found = CreationProgress.model_validate({"instance_id": odd, "instance": {"instanceId": odd}})
    assert found.instance_id is None
    assert found.another(ID) is None


@pytest.mark.parametrize("good", [ID, "6a7d71827fd54572b1f31aa9548fcc81", "7", "a" * 64, "ROMA_1-x"])
def test_what_can_be_an_id(good: str) -> None:
    assert is_id(good)
    assert CreatedInstance.model_validate({"id": good}).id == good


@pytest.mark.parametrize(
    ("answer", "other"),
    [
        ({}, None),
        ({"instance_id": ID}, None),
        ({"instance_id": ID.upper()}, None),
        ({"instance": {"instanceId": ID}, "instance_id": ID}, None),
        ({"instance_id": OTHER_ID}, OTHER_ID),
        ({"instance": {"instanceId": OTHER_ID}}, OTHER_ID),
        ({"instance": {"instanceId": OTHER_ID}, "instance_id": ID}, OTHER_ID),
        ({"instance": {"instanceId": ID}, "instance_id": OTHER_ID}, OTHER_ID),
        ({"instance": None, "instance_id": OTHER_ID}, OTHER_ID),
    ],
)
def test_an_answer_that_names_another_instance(answer: dict[str, Any], other: str | None) -> None:
    assert CreationProgress.model_validate(answer).another(ID) == other


@pytest.mark.parametrize(
    "word", ["runn\u0131ng", "RUNN\u0130NG", "ＲＵＮＮＩＮＧ", "running\u2003", "ſuccess", "delete\u0064\u0307"]
)
def test_a_status_is_compared_in_ascii(word: str) -> None:
    found = CreationProgress.model_validate({"instance": {"status": word}})
    assert verdict(found.decisive_status) is verdict(word) is Verdict.UNKNOWN
    assert state(SubService(status=word, start_time=1)).value == "under way"


def test_texts_are_cut() -> None:
    long = "y" * 3_000_000
    detail = InstanceDetail.model_validate({"errorMessage": long, "name": long, "errorCode": long, "status": long})
    assert (detail.error_message, detail.name) == ("y" * (MOST_TEXT - 1) + "…", "y" * (MOST_NAME - 1) + "…")
    assert detail.error_code == detail.status == "y" * (MOST_CODE - 1) + "…"
    for value in ({"a": long[:900_000]}, [long[:900_000]], long):
        everything = {name: value for info in InstanceDetail.model_fields.values() if (name := str(info.alias))}
        found = InstanceDetail.model_validate(everything)
        assert len(found.model_dump_json()) < 40_000
        zones = InstanceDetail.model_validate({"availableZones": [long] * 1000})
        assert len(str(zones.available_zones)) < 6_000
    service = SubService.model_validate({"name": long, "error_msg": long, "error_code": long, "status": long})
    assert [len(text or "") for text in (service.name, service.error_msg, service.error_code, service.status)] == [
        MOST_NAME,
        MOST_TEXT,
        MOST_CODE,
        MOST_CODE,
    ]


@pytest.mark.parametrize(
    "huge", [10**300, -(10**300), "9" * 400, 1e308, "1e308", 2**53 + 2, float("inf"), float("nan")]
)
def test_numbers_have_a_bound(huge: Any) -> None:
    found = CreationProgress.model_validate({"progress": huge, "start_time": huge, "taken_time": huge})
    assert (found.progress, found.start_time, found.taken_time) == (None, None, None)


def test_sub_services_have_a_bound_before_objects_are_built() -> None:
    answer = json.loads('{"item":[' + "{}," * 300_000 + "{}]}")
    tracemalloc.start()
    found = CreationProgress.model_validate(answer)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found.services) == MOST_SERVICES
    assert most < 20_000_000


@pytest.mark.parametrize("model", [InstancePage, RomaInstancePage])
def test_a_list_that_is_too_long_is_none(model: Any) -> None:
    assert len(model.model_validate({"instances": [{"id": "a"}] * MOST_LISTED}).instances) == MOST_LISTED
    with pytest.raises(ValidationError):
        model.model_validate({"instances": [{"id": "a"}] * (MOST_LISTED + 1)})
