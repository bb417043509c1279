"""Adoption by ROMA_ADOPT or `roma:adopt`: for what has no instance, and for nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from roma_provider.lifecycle.appointed import command
from roma_provider.lifecycle.declared import DeclaredInstance
from roma_provider.schema.checked import Checked
from roma_provider.schema.written import PREVIEW
from tests.support.fakes import (
    CONFIG,
    ID,
    OTHER_ID,
    TOKEN,
    URN,
    FakeClient,
    FakeClock,
    FakeOperation,
    fake_session,
    inputs,
    progress,
)


class Case:
    def __init__(self, variable: str = "", config: Any = None) -> None:
        self.client = FakeClient(progress=[progress("RUNNING")])
        settings = {**CONFIG, **({} if config is None else {"roma:adopt": json.dumps(config)})}
        environment = {"HW_AUTH_TOKEN": TOKEN, "ROMA_ADOPT": variable}
        self.session = fake_session(self.client, FakeClock(), settings, environment)
        self.op = FakeOperation()
        self.declared = DeclaredInstance(self.session)

    def check(self, olds: dict[str, Any] | None = None, **changes: Any) -> Checked:
        return self.declared.check(self.op, olds or {}, inputs(**changes))


@pytest.mark.parametrize(
    ("variable", "config"),
    [
        (f"integration={ID}", None),
        (f" other={OTHER_ID}, integration={ID} ", None),
        (f"{URN}={ID}", None),
        ("", {"integration": ID}),
        (f"integration={ID}", {"integration": OTHER_ID}),
    ],
)
def test_a_new_resource_is_given_the_id(variable: str, config: Any) -> None:
    case = Case(variable, config)
    assert case.check().inputs["adopt_id"] == ID
    assert case.session.run.referrers(ID) == ["integration"]
    assert case.op.notes == []
    # The program's own word comes first.
    assert case.check(adopt_id=OTHER_ID).inputs["adopt_id"] == OTHER_ID


def test_the_preview_says_whom_it_adopts() -> None:
    case = Case(f"integration={ID}")
    case.declared.check(case.op, {}, {**inputs(), PREVIEW: True})
    assert [note.partition(" (")[0] for note in case.op.notes] == [f"adopts instance {ID}"]


def test_a_resource_that_has_an_instance_is_left_alone_and_says_so_once() -> None:
    case = Case(config={"integration": ID})
    for _ in range(2):
        assert "adopt_id" not in case.check(inputs()).inputs
    # Nor does its replacement take it.
    assert "adopt_id" not in case.check().inputs
    [note] = case.op.notes
    assert "so it does nothing; take it away" in note
    assert "`pulumi config rm --path roma:adopt.integration`" in note


def test_another_resource_s_word_is_not_this_one_s() -> None:
    case = Case(f"other={ID}")
    assert "adopt_id" not in case.check().inputs
    assert case.op.notes == []


@pytest.mark.parametrize(
    ("variable", "config", "key", "advice"),
    [
        ("integration", None, "ROMA_ADOPT", "write RESOURCE=ID"),
        (f"={ID}", None, "ROMA_ADOPT", "write RESOURCE=ID"),
        ("integration=no id", None, "adopt_id", "write an instance id"),
        ("", [ID], "roma:adopt", "pulumi config set --path roma:adopt.RESOURCE ID"),
        ("", {"integration": 5}, "roma:adopt", "pulumi config set --path roma:adopt.RESOURCE ID"),
    ],
)
def test_what_is_no_pair_is_refused_by_its_name(variable: str, config: Any, key: str, advice: str) -> None:
    [(found, reason)] = Case(variable, config).check().failures
    assert found == key
    assert advice in reason


def test_a_journal_has_an_absolute_path() -> None:
    case = Case()
    case.session.settings.environment["ROMA_JOURNAL"] = "kept"  # type: ignore[index]
    [(key, reason)] = case.check().failures
    assert (key, reason.partition(",")[0]) == ("ROMA_JOURNAL", "write an absolute path")


def test_the_command_is_ready_for_a_shell() -> None:
    assert command("integration", ID) == f"ROMA_ADOPT=integration={ID} pulumi up"
    assert command("my instance", ID) == f"ROMA_ADOPT='my instance={ID}' pulumi up"
