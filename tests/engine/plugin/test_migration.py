"""A stack of the dynamic provider moves to the plugin: by one update, and one look at each instance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from roma_provider.hosts.plugin.names import to_wire
from tests.engine.harness import SECRET, Engine
from tests.engine.plugin.programs import in_yaml
from tests.pages.blocks import Blocks
from tests.pages.output import shown
from tests.states.scenes import Opened, opened, scenes, state

VERSION = "0.1.0"
TYPES = {
    "pulumi-python:dynamic/roma:Instance": "roma:Instance",
    "pulumi-python:dynamic/roma:ExistingInstance": "roma:ExistingInstance",
}


@pytest.fixture
def moved(request: pytest.FixtureRequest, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """An exported state in a stack whose program is rewritten in YAML, with the same names."""
    name = request.param
    scene = scenes(VERSION)[name]
    with ExitStack() as running:
        folder = tmp_path_factory.mktemp("state")
        found = running.enter_context(opened(engine, folder, "", now=scene.now, records=scene.instances))
        if scene.settings:
            found.stack.settings.write_text(scene.settings)
        found.stack.import_state(state(VERSION, name))
        in_yaml(found.stack, resources=rewritten(state(VERSION, name)))
        yield found


def rewritten(exported: dict[str, Any]) -> dict[str, Any]:
    """The resources of a state as a YAML program declares them."""
    found = {}
    for resource in exported["deployment"]["resources"]:
        if resource["type"] in TYPES:
            inputs = {key: declared(value) for key, value in resource["inputs"].items() if key != "__provider"}
            if "edition" in inputs:
                inputs.pop("product_id")  # which check has added
            name = resource["urn"].rsplit("::", 1)[-1]
            found[name] = {"type": TYPES[resource["type"]], "properties": to_wire(inputs)}
    return found


def declared(value: Any) -> Any:
    """The one secret of these states is the description, whose words are in the scene's program."""
    return {"fn::secret": "integration platform"} if isinstance(value, dict) and SECRET in value else value


@pytest.mark.parametrize(
    "moved",
    [pytest.param("edition", marks=pytest.mark.thorough), "every-argument", "every-rcu-argument", "existing"],
    indirect=True,
)
def test_one_update_and_one_look(moved: Opened, blocks: Blocks) -> None:
    stack = moved.stack
    [line] = blocks.take("docs/languages.md")
    [before] = [resource for resource in stack.resources("nstance") if resource["type"] in TYPES]
    kind, name = TYPES[before["type"]].replace(":", ":index:"), before["urn"].rsplit("::", 1)[-1]
    own = line.filled(words={"roma:index:Instance integration": f"{kind} {name}"})
    shown(own, stack.preview().text)
    moved.emulator.control.clear_calls()
    assert "1 updated" in stack.up().text
    assert [call.operation for call in moved.emulator.control.calls()] == ["creation_progress"]
    [after] = stack.resources("nstance")
    assert (after["type"], after["id"]) == (TYPES[before["type"]].replace(":", ":index:"), before["id"])
    assert not {key for key in {**after["inputs"], **after["outputs"]} if key == "__provider" or "_id" in key}
    stack.preview("--expect-no-changes")
    stack.refresh("--expect-no-changes")


@pytest.mark.parametrize("moved", ["timed-out"], indirect=True)
def test_a_wait_goes_on_there(moved: Opened) -> None:
    moved.clock.tick(1800.0)
    moved.stack.up()
    [resource] = moved.stack.resources()
    assert (resource["type"], resource["outputs"]["status"]) == ("roma:index:Instance", "RUNNING")
    assert resource.get("initErrors") is None
    assert [call.operation for call in moved.emulator.control.calls() if call.method in ("POST", "DELETE")] == []
