"""The resources of a preview: each once, whatever number of steps it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.preview.resources import Resource, Urn, resources, text_of
from tests.support.digest import STACK_URN, digest, document, step, urn
from tests.support.fakes import ID


def found(folder: Path, *steps: dict[str, Any]) -> list[Resource]:
    return resources(document(folder, digest(*steps)).steps)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (urn(), Urn("prod", "shop", "roma:Instance", "integration")),
        (urn("a::b$c", "my:Fleet$pulumi-python:dynamic/roma:Instance"), Urn("prod", "shop", "roma:Instance", "a::b$c")),
        (urn("x", "aws:s3/bucket:Bucket"), Urn("prod", "shop", "aws:s3/bucket:Bucket", "x")),
        ("", Urn("", "", "", "")),
        ("what", Urn("", "", "", "what")),
        ("urn:pulumi:a::b", Urn("", "", "", "urn:pulumi:a::b")),
    ],
)
def test_urns(text: str, names: Urn) -> None:
    assert Urn.of(text) == names


@pytest.mark.parametrize(
    ("ops", "what"),
    [
        (["refresh", "update"], "updated"),
        (["refresh", "same"], "refreshed"),
        (["delete-replaced", "create-replacement", "replace"], "replaced"),
        (["delete", "update"], "updated"),
        (["create"], "created"),
        (["import"], "imported"),
        (["discard"], "no longer read"),
        (["conjure"], "changed"),
        ([""], "changed"),
    ],
)
def test_what_happens_to_one(tmp_path: Path, ops: list[str], what: str) -> None:
    [one] = found(tmp_path, *(step(op) for op in ops))
    assert (one.what, len(one.steps)) == (what, len(ops))
    assert one.is_change is (what != "refreshed")


def test_the_stack_is_none_of_them(tmp_path: Path) -> None:
    assert found(tmp_path, {"op": "create", "urn": STACK_URN}) == []


def test_the_old_state_and_why_its_last_update_failed(tmp_path: Path) -> None:
    [one] = found(tmp_path, step("refresh", {"initErrors": ["late"]}), step("update", new={}))
    assert one.old is not None
    assert (one.old.id, one.init_errors) == (ID, ["late"])
    [other] = found(tmp_path, step("create", new={}))
    assert (other.old, other.init_errors) == (None, ())


@pytest.mark.parametrize(("old", "new", "changes"), [(True, False, False), (False, True, True), (True, True, None)])
def test_protection(tmp_path: Path, old: bool, new: bool, changes: bool | None) -> None:
    [one] = found(tmp_path, step("same", {"protect": old}, {"protect": new}))
    assert one.protection is changes
    assert one.is_change is (changes is not None)


def test_a_text_of_the_api_goes_before_that_of_the_program(tmp_path: Path) -> None:
    old = {"inputs": {"name": "x", "a": "y", "b": "[secret]"}, "outputs": {"name": "z", "a": "", "b": 5}}
    [one] = found(tmp_path, step("delete", old))
    assert [text_of(one.old, key) for key in ("name", "a", "b", "c")] == ["z", "y", None, None]
    assert text_of(None, "name") is None
