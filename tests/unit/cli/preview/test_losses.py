"""What would be lost, and what only looks like it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.cli.preview.losses import Fate, Loss, age, losses
from roma_provider.cli.preview.resources import resources
from tests.support.digest import NOW, digest, document, replacement, step, urn
from tests.support.fakes import ID, OTHER_ID


def found(folder: Path, *steps: dict[str, Any], warned: bool = True) -> list[Loss]:
    return losses(resources(document(folder, digest(*steps)).steps), [urn()] if warned else [])


def test_a_replacement_says_which_instance_is_lost(tmp_path: Path) -> None:
    [loss] = found(tmp_path, replacement())
    assert (loss.fate, loss.how, loss.because) == (Fate.LOST, "replaced", ("vpc_id",))
    assert loss.line(NOW) == (
        f"**`roma-2222`** is deleted with everything inside it, for good (id `{ID}`, `roma:Instance` `integration`, "
        "address `10.1.2.3`, made 3 days ago, status `RUNNING`, replaced because of `vpc_id`)"
    )


def test_a_line_is_bounded(tmp_path: Path) -> None:
    long = {"name": "n" * 500, "connect_address": "a" * 500, "status": "s" * 500}
    given = replacement(oldState={"id": "i" * 500, "outputs": long}, replaceReasons=[f"r{n}" * 50 for n in range(50)])
    [loss] = found(tmp_path, {**given, "urn": urn("u" * 500)})
    assert len(loss.line(NOW)) < 1000
    assert loss.line(NOW).endswith("`, …)")


def test_a_deletion_of_which_little_is_known(tmp_path: Path) -> None:
    [loss] = found(tmp_path, step("delete", {"outputs": {}}))
    assert loss.line(NOW) == (
        f"**`integration`** is deleted with everything inside it, for good (id `{ID}`, `roma:Instance` `integration`, "
        "deleted)"
    )


@pytest.mark.parametrize("made", [None, "x", True, 0, -5, 10**15, float("nan")])
def test_an_age_that_cannot_be(tmp_path: Path, made: Any) -> None:
    [loss] = found(tmp_path, step("delete", {"outputs": {"created_at": made}}))
    assert "ago" not in loss.line(NOW)


@pytest.mark.parametrize(
    ("kind", "old", "fate"),
    [
        ("pulumi-python:dynamic/roma:Instance", {}, Fate.LOST),
        ("my:Fleet$pulumi-python:dynamic/roma:Instance", {}, Fate.LOST),
        ("pulumi-python:dynamic/roma:Instance", {"retainOnDelete": True}, Fate.KEPT),
        ("pulumi-python:dynamic/roma:Instance", {"outputs": {"status": "CREATE_FAILED"}}, Fate.EMPTY),
        ("pulumi-python:dynamic/roma:Instance", {"outputs": {"status": 7}}, Fate.LOST),
        ("pulumi-python:dynamic/roma:ExistingInstance", {"retainOnDelete": True}, Fate.FORGOTTEN),
        ("shop:Network", {}, Fate.DELETED),
        ("shop:Network", {"retainOnDelete": True}, Fate.KEPT),
        ("shop:Network", {"outputs": {"status": "CREATE_FAILED"}}, Fate.DELETED),
        ("pulumi:providers:pulumi-python", {}, None),
        ("my:Component", {"id": None}, None),
        ("pulumi-python:dynamic/roma:Instance", {"external": True}, None),
    ],
)
@pytest.mark.parametrize("op", ["delete", "replace", "delete-replaced"])
def test_fates(tmp_path: Path, op: str, kind: str, old: dict[str, Any], fate: Fate | None) -> None:
    given = {**step(op, old), "urn": urn(kind=kind), "replaceReasons": ["a"]}
    assert [loss.fate for loss in found(tmp_path, given)] == ([] if fate is None else [fate])


@pytest.mark.parametrize("op", ["create", "update", "same", "refresh", "discard", "read"])
def test_what_loses_nothing(tmp_path: Path, op: str) -> None:
    assert found(tmp_path, step(op, {})) == []


def test_a_replacement_that_goes_on_after_the_old_one_was_deleted(tmp_path: Path) -> None:
    given = step("replace", {"pendingReplacement": True})
    assert found(tmp_path, given, warned=False) == []
    # By force, as with `--replace`, there is no reason neither; but there is a warning.
    assert [loss.fate for loss in found(tmp_path, given)] == [Fate.LOST]
    other = {**given, "urn": urn(kind="shop:Network")}
    assert [loss.fate for loss in found(tmp_path, other, warned=False)] == [Fate.DELETED]


def test_an_instance_counts_once_and_a_left_over_one_of_the_same_resource_too(tmp_path: Path) -> None:
    left_over = step("delete", {"id": OTHER_ID})
    both = found(tmp_path, left_over, step("delete-replaced", {}), replacement())
    assert [(loss.old.id, loss.how) for loss in both] == [(ID, "replaced"), (OTHER_ID, "deleted")]


def test_whole_instances_come_first(tmp_path: Path) -> None:
    network = {**step("delete", {}), "urn": urn("a", "shop:Network")}
    assert [loss.fate for loss in found(tmp_path, network, replacement())] == [Fate.LOST, Fate.DELETED]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (5, "5 s"),
        (61, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (172_000, "47 h"),
        (172_800, "2 days"),
        (9e7, "1041 days"),
    ],
)
def test_ages(seconds: float, shown: str) -> None:
    assert age(seconds) == shown
