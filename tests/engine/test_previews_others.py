"""Previews of an instance and of other resources: those that feed it, and those that need it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.golden import Case, Scene
from tests.engine.golden_states import DEPENDENTS, FEEDING, NEEDED, UNKNOWN, UNTOUCHED
from tests.engine.harness import Engine

ADDRESS = "10.133.26.17"  # the emulator's for the seed page's id


@pytest.fixture(scope="module")
def fed(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A network, and an instance with its VPC's id and a name after it."""
    with Scene.open(engine, tmp_path_factory.mktemp("fed"), FEEDING) as scene:
        scene.up()
        yield scene


@pytest.fixture(scope="module")
def needed(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """An instance, and a note of its address."""
    with Scene.open(engine, tmp_path_factory.mktemp("needed"), NEEDED) as scene:
        scene.up()
        yield scene


@pytest.mark.parametrize("case", UNKNOWN, ids=lambda case: case.name)
def test_what_is_not_known_yet_never_replaces(fed: Scene, case: Case, update_goldens: bool) -> None:
    seen = fed.check(case, update_goldens)
    feeding, step = seen.step("shop:Network"), seen.step()
    assert feeding is not None
    assert feeding["op"] == "replace"
    assert step is not None
    unknown = {key for key, values in step["changed inputs"].items() if values["new"] == "[unknown]"}
    assert unknown == {"name", "vpc_id"}


def test_what_needs_an_instance_that_does_not_change_knows_its_address(needed: Scene, update_goldens: bool) -> None:
    seen = needed.check(UNTOUCHED, update_goldens)
    [step] = seen.steps
    assert step["urn"].endswith("::other")
    assert (step["op"], step["inputs"]) == ("create", {"text": "find it at", "address": ADDRESS})
    assert "unknown" not in seen.text


@pytest.mark.parametrize("case", DEPENDENTS, ids=lambda case: case.name)
def test_what_needs_an_instance_that_changes(needed: Scene, case: Case, update_goldens: bool) -> None:
    step = needed.check(case, update_goldens).step("shop:Note")
    assert step is not None
    assert step["op"] == "update"
    assert step["changed inputs"] == {"address": {"old": ADDRESS, "new": "[unknown]"}}
