"""`roma import` on the real engine: what it prints runs as it stands, takes over, orders nothing, and changes nothing.

The walks are those of the docs, read from there and run by a shell, with a `terraform` that prints a fixture.
"""

from __future__ import annotations

import shlex
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import ROOT, Stack
from tests.engine.running import Run, Running
from tests.engine.story import MakeEmulator, Story, assert_clean
from tests.engine.walks.reader import ANSWERS
from tests.pages.blocks import Blocks
from tests.support.emulator import Api

STATE = ROOT / "tests" / "data" / "terraform_state.json"
CHDIR = "-chdir=../terraform"
HOSTILE = '"); open("pwned", "w") # \\ \' ##vso[task.complete]{}%s'
# No default is among these: all of them come back from the API.
ORDERS: dict[str, Any] = {
    "name": "orders",
    "description": 'orders\n"and" stock ##[group]{}%s',
    "product_id": "00300-30102-0--0",
    "available_zones": ["az1.dc1", "az0.dc0"],
    "cpu_architecture": "arm",
    "ipv6_enable": True,
    "enable_all": True,
    "eip_id": "9a1f6c0a-55c5-4d5b-9f6f-7a1f6c0a3f11",
    "entrance_bandwidth_size": 5,
    "ep_id": "b7f0a3c2-1d7e-4a55-9f0d-2e6b4c8d0f44",
    "maintain_begin": "22:00:00",
    "maintain_end": "02:00:00",
}


@pytest.fixture
def story(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    """An empty program, and no instance so far. The enterprise project is that of new instances, which none here is."""
    environment = {"HW_ENTERPRISE_PROJECT_ID": "of-new-ones"}
    return Story.of(stack_for, make_emulator(creation_seconds=0.01, list_lag_seconds=0), "", environment=environment)


def made(emulator: Emulator, *orders: dict[str, Any]) -> list[str]:
    """Instances that others have ordered; their ids. What was asked so far is forgotten."""
    ids = [Api(emulator.url).create(**order) for order in orders]
    emulator.control.clear_calls()
    return ids


def shell(stack: Stack, script: str, folder: Path | None = None) -> Run:
    """Run commands in a stack's folder, with the stack selected; `folder` has more of them."""
    path = f"{folder}:{stack.environment['PATH']}" if folder else stack.environment["PATH"]
    text = f"pulumi stack select {stack.stack}\n{script}"
    command = ["bash", "-eu", "-o", "pipefail", "-c", text]
    with Running(command, stack.folder, {**stack.environment, **ANSWERS, "PATH": path}) as running:
        run = running.wait(expect=0)
    assert_clean(run.text)
    return run


def terraform(folder: Path, state: str) -> Path:
    """A folder with a `terraform` that prints a state, and writes down what it is told to forget.

    As the real one it does so for the folder of its configuration alone. Elsewhere it prints nothing, with exit code 0,
    and forgets nothing."""
    folder.mkdir()
    (folder / "state.json").write_text(state)
    stub = folder / "terraform"
    home = shlex.quote(str(folder))
    stub.write_text(
        f'#!/bin/sh\ncase "$1 $2 $3" in\n"{CHDIR} state pull") cat {home}/state.json;;\n"state pull "*) ;;\n'
        f'"{CHDIR} state rm") shift 3; printf "%s\\n" "$@" >> {home}/removed;;\n*) exit 2;;\nesac\n'
    )
    stub.chmod(0o755)
    return folder


def state_with(orders: str, stock: str) -> str:
    return STATE.read_text().replace("ORDERS_ID", orders).replace("STOCK_ID", stock)


def assert_owned(story: Story, ids: list[str]) -> None:
    """The stack holds these, declared without adopt_id; nothing was ordered, and nothing deleted."""
    assert sorted(story.held) == sorted(ids)
    assert story.live == dict.fromkeys(ids, "RUNNING")
    assert "adopt_id" not in (story.stack.folder / "__main__.py").read_text().partition("import roma_provider")[2]
    assert orders_and_deletions(story) == {}
    assert story.journal == []


def orders_and_deletions(story: Story) -> Counter[str]:
    calls = Counter(call.operation for call in story.emulator.control.calls())
    changing = ("create_instance", "create_rcu_instance", "delete_instance")
    return Counter({key: calls[key] for key in changing if calls[key]})


@pytest.mark.walk
def test_from_terraform_to_owned(story: Story, tmp_path: Path, blocks: Blocks) -> None:
    [walk] = blocks.take("docs/from-terraform.md")
    orders, stock = made(story.emulator, ORDERS, {"name": "stock"})
    story.emulator.control.patch_instance(stock, fields={"name": HOSTILE})
    folder = terraform(tmp_path / "terraform", state_with(orders, stock))
    run = shell(story.stack, walk.text, folder)

    assert_owned(story, [orders, stock])
    for found in (orders, stock):
        assert f"adopts instance {found} (RUNNING" in run.text
        assert f"adopted instance {found}; nothing is created" in run.text
    removed = (folder / "removed").read_text().splitlines()
    assert f"terraform state rm {shlex.join(removed)}" in run.text
    names = {resource["urn"].rsplit("::", 1)[-1]: resource["outputs"]["name"] for resource in story.stack.resources()}
    assert names == {"orders": "orders", "stock-eu": HOSTILE}
    assert not (story.stack.folder / "pwned").exists()
    assert "canary-of-the-state" not in run.text
    # Protected, as with `pulumi import`.
    assert "protect" in story.stack.destroy(expect=1).text
    assert orders_and_deletions(story) == {}


@pytest.mark.walk
def test_from_a_list_to_owned(story: Story, blocks: Blocks) -> None:
    walk, health = blocks.take("docs/importing.md")
    ids = made(story.emulator, ORDERS, {"name": "stock"})
    shell(story.stack, walk.text)
    assert_owned(story, ids)
    # Nor does the state differ from what is read again.
    story.stack.refresh("--expect-no-changes")
    # A user asks these in the same shell.
    story.emulator.control.settings(scenario="create-failed")
    [failed] = made(story.emulator, {"name": "failed"})
    assert shell(story.stack, health.text).stdout.splitlines()[-1] == failed
    asked = shell(story.stack, "roma --version\npython -c 'import roma_provider as roma; help(roma.Instance)'\n").text
    assert f"roma-provider {version('roma-provider')}" in asked
    assert "available_zones: Input[Sequence[Input[str]]]" in asked


def test_side_by_side_with_terraform(story: Story, tmp_path: Path, blocks: Blocks) -> None:
    [walk] = blocks.take("docs/from-terraform.md")
    orders, stock = made(story.emulator, {"name": "same"}, {"name": "same"})
    folder = terraform(tmp_path / "terraform", state_with(orders, stock))
    shell(story.stack, f"{walk.text}pulumi preview --expect-no-changes", folder)
    assert {found["id"] for found in story.stack.resources("roma:ExistingInstance")} == {orders, stock}
    story.stack.destroy()
    assert story.live == dict.fromkeys((orders, stock), "RUNNING")
    assert orders_and_deletions(story) == {}


@pytest.mark.walk
def test_import_and_up(story: Story, blocks: Blocks) -> None:
    [readme] = blocks.take("README.md")
    ids = made(story.emulator, {"name": "orders"}, {"name": "stock"})
    shell(story.stack, readme.text)
    assert sorted(story.held) == sorted(ids)
    assert orders_and_deletions(story) == {}
