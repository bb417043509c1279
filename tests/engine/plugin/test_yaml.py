"""YAML programs: the example as it stands, and what `pulumi import` writes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import ROOT
from tests.engine.plugin.programs import YAML, in_yaml
from tests.engine.plugin.test_ways_in import ready
from tests.engine.story import QUICK, Story, assert_clean, assert_one

EXAMPLE = ROOT / "examples" / "yaml"


def test_the_example_as_it_stands(stack_for: StackFor, emulator: Emulator, tmp_path: Path) -> None:
    story = Story.of(stack_for, emulator, "", name="clone/examples", project="roma-yaml")
    stack = story.stack
    (stack.folder / "__main__.py").unlink()
    for file in EXAMPLE.iterdir():
        shutil.copy(file, stack.folder)
    (tmp_path / "clone" / ".venv").symlink_to(sys.prefix)
    made = stack.up(preview=True)
    assert_clean(made.text)
    assert "warning" not in made.text
    found = assert_one(story)
    outputs = stack.outputs()
    assert (outputs["instanceId"], outputs["status"], outputs["seen"]) == (found, "RUNNING", found)
    stack.preview("--expect-no-changes")
    assert "is protected" in stack.destroy(expect=1).text or story.live == {found: "RUNNING"}
    assert story.live == {found: "RUNNING"}


def test_what_import_writes_is_a_program_without_a_difference(stack_for: StackFor, emulator: Emulator) -> None:
    there = ready(emulator)
    stack = in_yaml(stack_for(emulator, "", environment=QUICK))
    ran = stack.run(
        "import", "roma:index:Instance", "one", "name=theirs", "--yes", "--protect=false", "--out", "made.yaml"
    )
    assert_clean(ran.text)
    assert [resource["id"] for resource in stack.resources()] == [there]
    written = (stack.folder / "made.yaml").read_text()
    assert "type: roma:Instance" in written
    assert "edition" not in written
    (stack.folder / "Pulumi.yaml").write_text(YAML.format(name=stack.project) + written)
    assert "2 unchanged" in stack.preview("--expect-no-changes").text


def test_what_is_written_wrong_is_found_in_a_preview(stack_for: StackFor, emulator: Emulator) -> None:
    wrong = {"type": "roma:Instance", "properties": {"availableZones": ["a"], "vpcId": "v", "subnetId": ""}}
    stack = in_yaml(stack_for(emulator, ""), resources={"one": wrong})
    said = stack.preview(expect=None).text
    assert_clean(said)
    assert "write a text that is not empty" in said
    assert "is missing; write it, or edition as one of basic, professional" in said
    assert "securityGroupId" in said
