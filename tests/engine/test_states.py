"""States that a version left behind: imported into a stack of today, they mean what they meant.

The states of a released version are never made anew; this test is what holds the code to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias

import pytest

from tests.engine.harness import Engine
from tests.states.scenes import Opened, Scene, opened, scenes, state, versions

HALF_AN_HOUR = 1800.0  # of the emulator's clock
SCENES = [(version, name, scene) for version in versions() for name, scene in scenes(version).items()]
LIKE_OTHERS = {"edition", "rcu", "interrupted"}  # with every argument, timed out: these hold more
Restored: TypeAlias = Callable[[str, str, Scene], Opened]


def of(outcome: str) -> pytest.MarkDecorator:
    """The scenes that end so."""
    found = [
        pytest.param(version, name, scene, id=f"{version}-{name}", marks=[pytest.mark.thorough] * (name in LIKE_OTHERS))
        for version, name, scene in SCENES
        if scene.outcome == outcome
    ]
    return pytest.mark.parametrize(("version", "name", "scene"), found)


@pytest.fixture
def restored(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restored]:
    """Imports a state on a machine that has never seen it, with the API as it was."""
    with ExitStack() as running:

        def restore(version: str, name: str, scene: Scene) -> Opened:
            folder = tmp_path_factory.mktemp("state")
            found = running.enter_context(opened(engine, folder, scene.program, now=scene.now, records=scene.instances))
            if scene.settings:
                found.stack.settings.write_text(scene.settings)
            found.stack.import_state(state(version, name))
            return found

        yield restore


def held(scene: Opened) -> set[str]:
    return {
        resource["id"] for kind in ("roma:Instance", "ExistingInstance") for resource in scene.stack.resources(kind)
    }


def orders(scene: Opened) -> list[str]:
    """The operations so far that make or delete something."""
    return [call.operation for call in scene.emulator.control.calls() if call.method in ("POST", "DELETE")]


@of("unchanged")
def test_a_state_of_what_is_ready_sees_no_change(version: str, name: str, scene: Scene, restored: Restored) -> None:
    found = restored(version, name, scene)
    before = found.stack.export()["deployment"]["resources"]
    preview = found.stack.preview("--diff", "--expect-no-changes").text
    assert "warning" not in preview
    # What it reads is what is in the state, outputs included.
    refreshed = found.stack.refresh("--diff", "--expect-no-changes").text
    assert "warning" not in refreshed
    outputs = {resource["urn"]: resource.get("outputs") for resource in before}
    now = {resource["urn"]: resource.get("outputs") for resource in found.stack.export()["deployment"]["resources"]}
    assert without_secrets(now) == without_secrets(outputs)
    assert orders(found) == []


def without_secrets(value: object) -> object:
    """Without the ciphertext, which is another each time."""
    if isinstance(value, dict):
        return {key: without_secrets(entry) for key, entry in value.items() if key != "ciphertext"}
    return [without_secrets(entry) for entry in value] if isinstance(value, list) else value


@of("resumed")
def test_a_state_of_what_is_half_made_is_resumed(version: str, name: str, scene: Scene, restored: Restored) -> None:
    found = restored(version, name, scene)
    instances = held(found)
    preview = found.stack.preview().text
    assert "1 to update" in preview
    assert "`pulumi up` resumes the wait" in preview
    found.clock.tick(HALF_AN_HOUR)
    found.stack.up()
    [resource] = found.stack.resources()
    assert (resource["outputs"]["status"], resource.get("initErrors")) == ("RUNNING", None)
    assert held(found) == instances
    assert orders(found) == []


@of("replaced")
def test_a_state_of_what_failed_is_replaced(version: str, name: str, scene: Scene, restored: Restored) -> None:
    found = restored(version, name, scene)
    preview = found.stack.preview().text
    assert "1 to replace" in preview
    assert "deletes it and creates another, once the cause is dealt with" in preview
    assert orders(found) == []


@pytest.mark.parametrize("version", versions())
def test_each_exported_state_has_its_scene(version: str) -> None:
    from tests.states.scenes import FOLDER

    files = {path.stem for path in (FOLDER / version).glob("*.json")} - {"scenes", "frozen", "sha256"}
    assert files == set(scenes(version))
