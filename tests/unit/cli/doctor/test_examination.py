"""What `roma doctor` says of answers that are other than the models, and of settings that are missing."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from roma_provider.api.models import CreationProgress, InstancePage
from roma_provider.cli.doctor.examination import Check, Deviation, Findings, deviations, examine, shown
from tests.support.fakes import ID, PROJECT, SEED, TOKEN, plain_session


def of_seed(**changes: Any) -> list[tuple[str, str, bool]]:
    """The deviations of the seed page's answer after changes; keys with a dot go into ``instance``."""
    answer: Any = copy.deepcopy(SEED)
    for key, value in changes.items():
        target = answer["instance"] if key.startswith("instance__") else answer
        name = key.removeprefix("instance__")
        if value is KeyError:
            del target[name]
        else:
            target[name] = value
    found = deviations("creation_progress", answer, CreationProgress)
    assert {entry.answer for entry in found} <= {"creation_progress"}
    return [(entry.field, entry.what, entry.serious) for entry in found]


def test_the_seed_pages_answer_is_as_the_models_say() -> None:
    assert of_seed() == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"extra": "secret"}, [("extra", "is not known here; it holds text", False)]),
        ({"instance__extra": None}, [("instance.extra", "is not known here; it holds nothing", False)]),
        ({"instance__publicipAddr": KeyError}, [("instance.publicipAddr", "is missing", False)]),
        ({"item": KeyError}, [("item", "is missing", False)]),
        ({"progress": "5"}, [("progress", "text, where a number is expected", True)]),
        ({"progress": True}, [("progress", "true or false, where a number is expected", True)]),
        ({"progress": None}, []),
        ({"name": 5}, [("name", "a number, where text is expected", True)]),
        ({"instance__prePay": "no"}, [("instance.prePay", "text, where true or false is expected", True)]),
        ({"instance__availableZones": ["az0.dc0"]}, []),
        (
            {"instance__availableZones": 5},
            [("instance.availableZones", "a number, where a list or text is expected", True)],
        ),
        ({"instance": []}, [("instance", "a list, where an object is expected", True)]),
        ({"item": {}}, [("item", "an object, where a list is expected", True)]),
        ({"item": ["x"]}, [("item[]", "text, where an object is expected", True)]),
    ],
)
def test_each_way_to_differ(changes: dict[str, Any], found: list[tuple[str, str, bool]]) -> None:
    assert of_seed(**changes) == found


def test_an_answer_that_is_no_object() -> None:
    for value, kind in ((None, "nothing"), ([], "a list"), (1.5, "a number")):
        [found] = deviations("list_instances", value, InstancePage)
        assert found == Deviation("list_instances", "(all)", f"{kind}, where an object is expected", True)


def test_many_entries_that_differ_in_the_same_way_are_said_once_and_known_fields_not() -> None:
    entry = {"instance_id": ID, "name": "n", "status": "RUNNING", "flavor_type": "basic", "site_id": "x"}
    found = deviations("list_instances", {"total": 2, "size": 2, "instances": [entry, entry]}, InstancePage)
    assert [(one.field, one.what) for one in found] == [
        ("instances[].create_time", "is missing"),
        ("instances[].flavor_id", "is missing"),
        ("instances[].available_zone_ids", "is missing"),
        ("instances[].vpc_id", "is missing"),
        ("instances[].subnet_id", "is missing"),
        ("instances[].charge_type", "is missing"),
        ("instances[].site_id", "is not known here; it holds text"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"instance {ID} of {PROJECT}.", "instance b037d389… of c29445cc…."),
        ("ak QTWAOYTTINDUT2QVKYUC not exist", "ak QTWAOYTT… not exist"),
        ("creation_progress at cn-north-4, HW_ACCESS_KEY", "creation_progress at cn-north-4, HW_ACCESS_KEY"),
    ],
)
def test_ids_are_shortened(text: str, found: str) -> None:
    assert shown(text) == found


def test_a_report_is_good_if_all_checks_are_and_no_difference_is_serious() -> None:
    good, bad = Check("a", True, "fine"), Check("b", False, "broken", (4, 7))
    note, serious = Deviation("c", "f", "is missing"), Deviation("c", "g", "text, where …", serious=True)
    assert Findings("1", "3", [good], [note]).ok
    assert not Findings("1", "3", [good, bad], []).ok
    report = Findings("1", "3", [good], [note, serious])
    assert not report.ok
    assert report.as_lines() == [
        "roma doctor: roma-provider 1, Python 3",
        "ok    a: fine",
        "note  c: f: is missing",
        "FAIL  c: g: text, where …",
    ]
    assert Findings("1", "3", [bad]).as_lines()[1:] == ["FAIL  b: broken (assumption 4, 7)"]
    assert json.loads(json.dumps(report.as_json()))["ok"] is False


@pytest.mark.parametrize(
    ("environment", "name", "said"),
    [
        ({}, "region", "--region: no region is given; write --region cn-north-4, or set HW_REGION_NAME"),
        ({"HW_REGION_NAME": "cn-north-4", "ROMA_ENDPOINT": "http://h"}, "endpoint", "ROMA_ENDPOINT: http would send"),
        ({"HW_REGION_NAME": "cn-north-4", "HOME": "nowhere"}, "sign-in", "no way to sign in is given"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_sent(environment: dict[str, str], name: str, said: str) -> None:
    report = examine(plain_session({}, environment))
    assert not report.ok
    assert (report.checks[-1].name, report.checks[-1].ok) == (name, False)
    assert said in report.checks[-1].said


def test_the_options_come_before_the_environment() -> None:
    environment = {"HW_REGION_NAME": "cn-north-4", "HW_PROJECT_ID": "x" * 32, "HW_AUTH_TOKEN": TOKEN}
    environment["ROMA_ENDPOINT"] = "http://127.0.0.1:1"
    environment["HW_MAX_RETRIES"] = "0"
    report = examine(plain_session({}, environment), "eu-west-101", PROJECT)
    assert [
        (check.name, check.said) for check in report.checks if check.ok and check.name in ("region", "project")
    ] == [
        ("region", "eu-west-101"),
        ("project", "c29445cc…"),
    ]
    assert report.checks[-1] == Check(
        "list_instances",
        False,
        "list_instances got no answer: the connection was refused; nothing listens there",
        (10, 19),
    )
