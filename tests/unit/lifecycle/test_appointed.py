"""Adoption by ROMA_ADOPT or `roma:adopt`: for what has no instance, and for nothing else."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from roma_provider.errors import InputError
from roma_provider.lifecycle.appointed import command
from roma_provider.lifecycle.declared import DeclaredInstance
from roma_provider.lifecycle.owned import Owned
from roma_provider.lifecycle.urns import name_of
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
    refused,
)


class Case:
    def __init__(self, variable: str = "", config: Any = None, shown: Any = None) -> None:
        self.client = FakeClient(progress=[shown or progress("RUNNING")])
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
        (json.dumps({"integration": ID}), None),
        ("", {"integration": ID}),
        (f"integration={ID}", {"integration": OTHER_ID}),
    ],
)
def test_a_new_resource_is_given_the_id(variable: str, config: Any) -> None:
    case = Case(variable, config)
    assert case.check().inputs["adopt_id"] == ID
    assert case.session.run.referrers(ID) == ["pulumi-python:dynamic/roma:Instance::integration"]
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
        ("integration=no id", None, "ROMA_ADOPT", "write an instance id"),
        ("", {"integration": "no id"}, "roma:adopt", "write an instance id"),
        ('{"integration": 5}', None, "ROMA_ADOPT", "write RESOURCE=ID, or JSON"),
        ('{"integration"', None, "ROMA_ADOPT", "write RESOURCE=ID, or JSON"),
        ("", [ID], "roma:adopt", "pulumi config set --path roma:adopt.RESOURCE ID"),
        ("", {"integration": 5}, "roma:adopt", "pulumi config set --path roma:adopt.RESOURCE ID"),
    ],
)
def test_what_is_no_pair_is_refused_by_its_name(variable: str, config: Any, key: str, advice: str) -> None:
    [(found, reason)] = Case(variable, config).check().failures
    assert found == key
    assert advice in reason


def test_what_is_wrong_with_the_instance_is_said_of_the_setting() -> None:
    """By preview and by `up` alike, since the program has no adopt_id to change."""
    case = Case(f"integration={ID}", shown=progress("RUNNING", tenantVpcId="elsewhere"))
    case.declared.check(case.op, {}, {**inputs(), PREVIEW: True})
    [warning] = case.op.warnings
    assert warning.startswith(f"`pulumi up` will fail: ROMA_ADOPT: instance {ID} is not what is declared: vpc_id")
    with pytest.raises(InputError, match=f"^ROMA_ADOPT: instance {ID} is not what is declared: vpc_id"):
        Owned(case.session).create(case.op, case.check().inputs)


def test_one_that_is_not_there_is_said_of_the_setting() -> None:
    case = Case(config={"integration": ID}, shown=refused(404))
    with pytest.raises(InputError, match=r"^roma:adopt: there is no instance .* or remove roma:adopt to create one"):
        Owned(case.session).create(case.op, case.check().inputs)


def test_of_two_resources_of_one_name_the_urn_says_which() -> None:
    case = Case(f"integration={ID}")
    other = FakeOperation()
    other.urn = URN.replace("roma:Instance", "Component$roma:Instance")
    assert case.check().inputs["adopt_id"] == ID
    checked = case.declared.check(other, {}, inputs(name="another"))
    [(key, reason)] = checked.failures
    assert key == "ROMA_ADOPT"
    assert (
        "to be adopted by another resource of this program, 'pulumi-python:dynamic/roma:Instance::integration'"
        in reason
    )
    assert "adopt_id" not in checked.inputs
    # Of two at the same moment, the one that looks last sees the other: each is noted before it looks.
    assert [key for key, _ in case.check().failures] == ["ROMA_ADOPT"]
    # The way on that it names.
    word = reason.partition("the one that is meant: ")[2]
    assert word == f"{other.urn}={ID}"
    case = Case(word)
    assert "adopt_id" not in case.check().inputs
    assert case.declared.check(other, {}, inputs(name="another")).inputs["adopt_id"] == ID


NAMES = [
    "integration",
    "my instance",
    "a,b",
    "a=b",
    "a.b",
    "a::b",
    'say "hi"',
    "it's",
    "{odd}",
    " blank ",
    "a-b_c",
    "é",
]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_message_says_to_type_names_that_resource(name: str) -> None:
    """Through a shell, and for each name that a resource may have."""
    urn = f"urn:pulumi:dev::shop::pulumi-python:dynamic/roma:Instance::{name}"
    said = command(name_of(urn), ID).removesuffix(" pulumi up")
    script = f'{said} && printf "%s" "$ROMA_ADOPT"'
    value = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    case = Case(value)
    case.op.urn = urn
    assert case.check().inputs["adopt_id"] == ID


@pytest.mark.parametrize(
    ("name", "path"),
    [("one", "roma:adopt.one"), ("a.b", """'roma:adopt["a.b"]'"""), ('"', """'roma:adopt["\\""]'""")],
)
def test_a_setting_that_is_left_behind_is_taken_away_as_it_is_told(name: str, path: str) -> None:
    case = Case(config={name: ID})
    case.op.urn = f"urn:pulumi:dev::shop::pulumi-python:dynamic/roma:Instance::{name}"
    case.check(inputs())
    [note] = case.op.notes
    assert note.endswith(f"take it away (`pulumi config rm --path {path}`)")


def test_a_variable_that_is_left_behind_is_unset() -> None:
    case = Case(f"integration={ID}")
    case.check(inputs())
    assert case.op.notes[0].endswith("take it away (`unset ROMA_ADOPT`)")


def test_a_journal_has_an_absolute_path() -> None:
    case = Case()
    case.session.settings.environment["ROMA_JOURNAL"] = "kept"  # type: ignore[index]
    [(key, reason)] = case.check().failures
    assert (key, reason.partition(",")[0]) == ("ROMA_JOURNAL", "write an absolute path")


def test_the_command_is_ready_for_a_shell() -> None:
    assert command("integration", ID) == f"ROMA_ADOPT=integration={ID} pulumi up"
    assert command("my instance", ID) == f"ROMA_ADOPT='my instance={ID}' pulumi up"
