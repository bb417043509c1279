"""The previews of changes of one instance, held against docs/previews."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.golden import Case, Scene
from tests.engine.golden_cases import NOTHING, OF_COMPUTE, REFUSED, REPLACED, UPDATED
from tests.engine.golden_programs import compute, edition
from tests.engine.harness import Engine
from tests.engine.seen import counted


@pytest.fixture(scope="module")
def of_edition(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A stack with an instance of an edition, which previews leave as it is."""
    with Scene.open(engine, tmp_path_factory.mktemp("edition"), edition()) as scene:
        scene.up()
        scene.emulator.control.clear_calls()
        yield scene


@pytest.fixture(scope="module")
def of_compute(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The same with an RCU instance."""
    with Scene.open(engine, tmp_path_factory.mktemp("compute"), compute()) as scene:
        scene.up()
        scene.emulator.control.clear_calls()
        yield scene


def assert_no_calls(scene: Scene) -> None:
    """A preview of an instance that is as the state has it asks the API for nothing."""
    assert scene.emulator.control.calls() == []


@pytest.mark.parametrize("case", NOTHING, ids=lambda case: case.name)
def test_nothing_changes(of_edition: Scene, case: Case, update_goldens: bool) -> None:
    seen = of_edition.check(case, update_goldens)
    assert seen.steps == []
    assert seen.text.endswith("Resources:\n    2 unchanged")
    assert_no_calls(of_edition)


@pytest.mark.parametrize("case", REPLACED, ids=lambda case: case.name)
def test_what_replaces_is_named_with_what_is_lost(of_edition: Scene, case: Case, update_goldens: bool) -> None:
    seen = of_edition.check(case, update_goldens)
    assert f"because of {case.because[0]})" in seen.diagnostics[0]["message"]
    assert "    +-1 to replace\n    1 unchanged" in seen.text
    # Whether the new one's name is free, in each of the two previews: that the old one has it is no matter.
    assert counted(of_edition.emulator) == {"list_instances": 2, "list_roma_instances": 2}


@pytest.mark.parametrize("case", UPDATED, ids=lambda case: case.name)
def test_an_update_says_what_to_do(of_edition: Scene, case: Case, update_goldens: bool) -> None:
    seen = of_edition.check(case, update_goldens)
    [step] = seen.steps
    for key in step["changed inputs"]:
        assert f"'{key}'" in seen.diagnostics[0]["message"].split("ignore_changes=[")[1].split("]")[0]
    assert len(seen.lines()) == len(step["changed inputs"])
    assert "    ~ 1 to update\n    1 unchanged" in seen.text
    assert_no_calls(of_edition)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_the_endpoint_does_not_take_is_refused_by_name(
    of_edition: Scene, case: Case, update_goldens: bool
) -> None:
    assert of_edition.check(case, update_goldens).steps == []
    assert_no_calls(of_edition)


@pytest.mark.parametrize("case", OF_COMPUTE, ids=lambda case: case.name)
def test_an_rcu_instance(of_compute: Scene, case: Case, update_goldens: bool) -> None:
    seen = of_compute.check(case, update_goldens)
    assert len(seen.steps) == (0 if case.op is None else 1)
    asked = {"list_instances": 2, "list_roma_instances": 2} if case.op == "replace" else {}
    assert counted(of_compute.emulator) == asked
