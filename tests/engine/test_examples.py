"""Each folder of examples/ as `pulumi new` makes a project of it, run as it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import ROOT, Stack
from tests.engine.running import Run, Running
from tests.engine.story import QUICK, assert_clean

EXAMPLES = ROOT / "examples"
ExampleOf = Callable[..., Stack]


def run(stack: Stack, *command: str, expect: int = 0) -> Run:
    """A command in a stack's folder."""
    with Running([*command], stack.folder, stack.environment) as running:
        ran = running.wait(expect=expect)
    assert_clean(ran.text)
    return ran


@pytest.fixture
def example(stack_for: StackFor, emulator: Emulator) -> ExampleOf:
    """A project made from an example by `pulumi new`, and its stack."""

    def make(name: str, **options: Any) -> Stack:
        stack = stack_for(emulator, "", name=name, project=f"my-{name}", environment=QUICK, **options)
        (stack.folder / "__main__.py").unlink()
        (stack.folder / "Pulumi.yaml").unlink()
        run(
            stack, "pulumi", "new", str(EXAMPLES / name), "--name", stack.project, "--generate-only", "--yes", "--force"
        )
        assert {path.name for path in stack.folder.iterdir()} == {path.name for path in (EXAMPLES / name).iterdir()}
        assert f"name: {stack.project}\n" in (stack.folder / "Pulumi.yaml").read_text()
        return stack

    return make


def protected(stack: Stack) -> list[bool]:
    return [resource.get("protect", False) for resource in stack.resources()]


def test_an_instance_a_stack_that_uses_it_and_one_that_waits_for_it(example: ExampleOf, emulator: Emulator) -> None:
    quickstart = example("quickstart")
    consumer = example("consumer", backend=quickstart.backend)
    consumer.config("producer", f"organization/{quickstart.project}/{quickstart.stack}")
    # What a producer that has failed, or has never run, looks like from here.
    assert "KeyError: 'instance_id'" in consumer.up(expect=1).text

    quickstart.up()
    outputs = quickstart.outputs()
    [instance] = emulator.control.instances()
    assert (outputs["instance_id"], outputs["status"]) == (instance.id, "RUNNING")
    assert outputs["created_at"] < outputs["ready_at"]
    assert len(json.dumps(outputs)) < 300
    assert protected(quickstart) == [True]

    existing = example("existing")
    existing.config("instanceId", instance.id)
    with consumer.start_up() as one, existing.start_up() as other:
        one.wait(expect=0)
        other.wait(expect=0)
    address = outputs["connect_address"]
    # An output that is None is not in a state.
    assert consumer.outputs() == {"status": "RUNNING", "url": f"https://{address}"}
    assert existing.outputs()["connect_address"] == address

    # The drift job of docs/teams.md: a status is an output, no difference. `roma list --expect` is for that.
    emulator.control.patch_instance(instance.id, status="FROZEN")
    drift = quickstart.preview("--refresh", "--expect-no-changes")
    assert f"instance {instance.id} has the status FROZEN" in drift.text


def test_the_files_of_ci_come_along(example: ExampleOf) -> None:
    """They are run by test_pull_request_preview.py."""
    stack = example("pull-request-preview")
    for name in (".github/workflows/preview.yml", ".gitlab-ci.yml", "preview.sh", "comment.py", "Pulumi.fork.yaml"):
        assert (stack.folder / name).read_text() == (EXAMPLES / "pull-request-preview" / name).read_text()


def test_a_fleet_in_two_regions(example: ExampleOf, emulator: Emulator) -> None:
    fleet = example("fleet")
    fleet.config("protect", "false")
    fleet.up()
    assert fleet.outputs()["statuses"] == {"beijing": "RUNNING", "shanghai": "RUNNING"}
    regions = {resource["outputs"]["region"] for resource in fleet.resources()}
    assert regions == {"cn-north-4", "cn-east-3"}
    assert protected(fleet) == [False, False]


def test_the_automation_api(example: ExampleOf, emulator: Emulator) -> None:
    stack = example("automation")
    made = run(stack, "python", ".", "up", stack.stack)
    assert "integration: created in " in made.text
    assert "RUNNING at 10." in made.stdout
    assert protected(stack) == [True]
    refused = run(stack, "python", ".", "destroy", stack.stack, expect=1)
    assert "protected" in refused.text
    assert f"not done; `python . destroy {stack.stack}` goes on where this ended" in refused.stdout
    assert len(emulator.control.instances()) == 1
