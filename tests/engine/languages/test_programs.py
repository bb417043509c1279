"""Programs in TypeScript and Go: the examples as they stand. And one in Python, on the package made of the schema."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import ROOT
from tests.engine.plugin.programs import with_plugin
from tests.engine.seen import counted, operations
from tests.engine.story import Story, assert_clean, assert_one

PYTHON = """\
import pulumi
import pulumi_roma as roma

one = roma.Instance(
    "one",
    edition="basic",
    available_zones=["az0.dc0"],
    vpc_id="vpc-1",
    subnet_id="subnet-1",
    security_group_id="group-1",
    mqs=roma.MqsArgs(ssl_enable=True),
)
pulumi.export("seen", roma.get_instance_output(id=one.instance_id).instance_id)
pulumi.export("services", one.services.apply(lambda services: sorted(service.name for service in services)))
"""
DYNAMIC = """\
import roma_provider as roma

roma.Instance(
    "one",
    edition="basic",
    available_zones=["az0.dc0"],
    vpc_id="vpc-1",
    subnet_id="subnet-1",
    security_group_id="group-1",
    mqs={"ssl_enable": True},
)
"""


def test_the_example_in_typescript(
    npm: str, npm_dist: Path, stack_for: StackFor, emulator: Emulator, tmp_path: Path
) -> None:
    story = example("typescript", stack_for, emulator, tmp_path)
    (tmp_path / "clone" / "dist").symlink_to(npm_dist)
    folder = story.stack.folder
    install = [npm, "install", "--silent", "--prefer-offline", "--no-audit", "--no-fund"]
    subprocess.run(install, cwd=folder, check=True)
    subprocess.run([folder / "node_modules" / ".bin" / "tsc"], cwd=folder, check=True)
    assert_lives(story)


def test_the_example_in_go(go: str, stack_for: StackFor, emulator: Emulator, tmp_path: Path) -> None:
    given = subprocess.run(
        [go, "env", "-json", "GOCACHE", "GOMODCACHE", "GOFLAGS", "GOPROXY"], capture_output=True, check=True
    )
    environment = {**json.loads(given.stdout), "GOWORK": "off"}
    story = example("go", stack_for, emulator, tmp_path, environment)
    # Before the run, since it may take minutes where Go has nothing cached.
    subprocess.run([go, "vet", "."], cwd=story.stack.folder, check=True)
    subprocess.run([go, "build", "-o", tmp_path / "built", "."], cwd=story.stack.folder, check=True)
    assert_lives(story)


def example(
    name: str,
    stack_for: StackFor,
    emulator: Emulator,
    tmp_path: Path,
    environment: dict[str, str] | None = None,
) -> Story:
    """A copy of an example, in a clone with the plugin and the SDKs where it looks for them."""
    story = Story.of(
        stack_for, emulator, "", name="clone/examples", project=f"roma-{name}", environment=environment or {}
    )
    (story.stack.folder / "__main__.py").unlink()
    for file in (ROOT / "examples" / name).iterdir():
        if file.is_file():
            shutil.copy(file, story.stack.folder)
    (tmp_path / "clone" / ".venv").symlink_to(sys.prefix)
    (tmp_path / "clone" / "sdk").symlink_to(ROOT / "sdk")
    return story


def assert_lives(story: Story) -> None:
    """Made by one order, unchanged without one, protected, destroyed by one deletion."""
    stack, emulator = story.stack, story.emulator
    made = stack.up(preview=True)
    assert_clean(made.text)
    assert "warning" not in made.text
    found = assert_one(story)
    outputs = stack.outputs()
    assert (outputs["instanceId"], outputs["status"], outputs["seen"]) == (found, "RUNNING", found)
    assert outputs["readyAt"].endswith("Z")
    [held] = stack.resources()
    assert held["inputs"]["mqs"] == {"engineVersion": "2.7", "sslEnable": True}
    orders = counted(emulator)
    assert (orders["create_instance"], orders["delete_instance"]) == (1, 0)

    assert "2 unchanged" in stack.preview("--expect-no-changes").text
    # The program's own look-up is all that is asked.
    assert set(operations(emulator)) == {"creation_progress"}

    assert "protected" in stack.destroy(expect=1).text
    assert story.live == {found: "RUNNING"}
    stack.config("protect", "false")
    stack.up()
    stack.destroy()
    orders = counted(emulator)
    assert (orders["create_instance"], orders["delete_instance"]) == (0, 1)
    assert (story.live, story.held, story.journal) == ({}, [], [])


def test_a_program_in_python_on_pulumi_roma(
    python_sdk: Path, stack_for: StackFor, emulator: Emulator, tmp_path: Path
) -> None:
    """A stack of the dynamic provider whose program changes its import."""
    [wheel] = python_sdk.glob("pulumi_roma-*.whl")
    target = tmp_path / "packages"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--target", target, wheel], check=True)
    story = Story.of(stack_for, emulator, DYNAMIC, environment={"PYTHONPATH": str(target)})
    story.stack.up()
    found = assert_one(story)
    stack = with_plugin(story.stack)
    stack.write(PYTHON)
    moved = stack.up(preview=True)
    assert_clean(moved.text)
    assert "warning" not in moved.text
    assert "1 updated" in moved.text
    assert assert_one(story, found) == found
    assert stack.outputs()["seen"] == found
    assert "mqs" in stack.outputs()["services"]
    stack.preview("--expect-no-changes")
    assert story.posts == 1
    stack.destroy()
    assert (story.live, story.held, story.journal) == ({}, [], [])
