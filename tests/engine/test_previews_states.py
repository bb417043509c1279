"""Previews where there is no instance yet, or one that is not ready, not as declared, or somebody else's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any, TypeAlias

import pytest
import requests

from roma_provider.emulator import PROJECT_ID, TOKEN, Emulator
from tests.engine.golden import DATA_LOSS, IDS, Case, Scene
from tests.engine.golden_programs import EMPTY, PLACE, edition
from tests.engine.golden_states import (
    ADOPTED,
    ADOPTED_OTHERWISE,
    CREATED,
    DRIFT,
    FAILED,
    NAME_TAKEN,
    OTHER_REFERENCE,
    REFERENCE,
    RESUMED_CTRL_C,
    RESUMED_TIME_OUT,
)
from tests.engine.harness import Engine
from tests.engine.seen import counted

# What one preview asks of the names of a place, and of an instance to adopt.
LISTS = {"list_instances": 1, "list_roma_instances": 1}
ONE_LOOK = {"creation_progress": 1}
HALF_AN_HOUR = 1800.0  # of the emulator's clock
OpenScene: TypeAlias = Callable[..., Scene]


@pytest.fixture
def open_scene(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenScene]:
    """Opens scenes that end with the test; the arguments are those of `Scene.open`."""
    with ExitStack() as opened:

        def opening(program: str, **options: Any) -> Scene:
            scene: AbstractContextManager[Scene] = Scene.open(
                engine, tmp_path_factory.mktemp("scene"), program, **options
            )
            return opened.enter_context(scene)

        yield opening


def test_a_creation(open_scene: OpenScene, update_goldens: bool) -> None:
    scene = open_scene(EMPTY)
    seen = scene.check(CREATED, update_goldens)
    assert seen.steps[0]["inputs"]["product_id"] == "00300-30101-0--0"
    assert_asked(scene, LISTS)


@pytest.mark.parametrize(
    ("case", "asked"),
    [(NAME_TAKEN, LISTS), (ADOPTED, ONE_LOOK), (ADOPTED_OTHERWISE, ONE_LOOK)],
    ids=lambda v: getattr(v, "name", ""),
)
def test_a_creation_where_there_is_an_instance_already(
    open_scene: OpenScene, case: Case, asked: dict[str, int], update_goldens: bool
) -> None:
    scene = open_scene(EMPTY)
    assert order(scene.emulator, "roma-2222") == IDS[0]
    scene.clock.tick(73 * 3600)
    scene.emulator.control.clear_calls()
    scene.check(case, update_goldens)
    assert_asked(scene, asked)
    # `up` says it in the same words, if it refuses.
    scene.program = case.program
    said = scene.up(expect=0 if case is ADOPTED else 1)
    if case is not ADOPTED:
        assert case.says[0] in said


def assert_asked(scene: Scene, each: dict[str, int]) -> None:
    """What the API was asked in each of the two previews."""
    assert counted(scene.emulator) == {operation: 2 * times for operation, times in each.items()}


def test_a_creation_that_timed_out_is_resumed(open_scene: OpenScene, update_goldens: bool) -> None:
    scene = open_scene(RESUMED_TIME_OUT.program, creation_seconds=HALF_AN_HOUR)
    assert "was not ready after 1 s" in scene.up(expect=1)
    assert_resumed(scene, RESUMED_TIME_OUT, update_goldens, "was not ready after 1 s")


def test_a_creation_that_was_interrupted_is_resumed(open_scene: OpenScene, update_goldens: bool) -> None:
    scene = open_scene(RESUMED_CTRL_C.program, creation_seconds=HALF_AN_HOUR)
    with scene.stack.start_up() as running:
        running.wait_for_text("0%")
        running.interrupt()
        running.wait()
    assert_resumed(scene, RESUMED_CTRL_C, update_goldens, "stopped waiting for instance")


def assert_resumed(scene: Scene, case: Case, update: bool, reason: str) -> None:
    scene.clock.tick(1000)
    seen = scene.check(case, update)
    refresh, step = seen.steps
    assert refresh["op"] == "refresh"
    assert reason in refresh["initErrors"][0]
    assert "changed inputs" not in step
    # No line: with replace_on_changes=["*"] the engine would take it for a reason to replace.
    assert "detailedDiff" not in step
    assert seen.lines() == []
    assert "    ~ 1 to update\n    1 unchanged" in seen.text


def test_a_creation_that_failed_is_replaced(open_scene: OpenScene, update_goldens: bool) -> None:
    scene = open_scene(FAILED.program, scenario="create-failed")
    scene.up(expect=1)
    seen = scene.check(FAILED, update_goldens)
    assert seen.lines() == ['- status: "CREATE_FAILED"']
    assert "CREATE_FAILED" in seen.diagnostics[0]["message"]


@pytest.mark.parametrize(("case", "fields"), DRIFT, ids=lambda value: getattr(value, "name", ""))
def test_drift_shows_both_values(
    open_scene: OpenScene, case: Case, fields: dict[str, str], update_goldens: bool
) -> None:
    scene = open_scene(edition())
    scene.up()
    [made] = scene.emulator.control.instances()
    scene.emulator.control.patch_instance(made.id, fields=fields)
    assert DATA_LOSS not in scene.stack.run("refresh", "--preview-only", "--diff").text
    refreshed = scene.stack.refresh("--diff").text
    assert DATA_LOSS not in refreshed
    seen = scene.check(case, update_goldens)
    [step] = seen.steps
    for key, values in step["changed inputs"].items():
        line = rf'~ {key} +: "{values["new"]}" => "{values["old"]}"'
        assert re.search(line, refreshed)
        assert values["old"] in fields.values()
    assert len(seen.lines()) == len(step["changed inputs"]) == len(fields)


# What an argument that replaces is called in the API's answers, with another value.
ELSEWHERE = {
    "available_zones": ("availableZones", '["az9"]'),
    "cpu_architecture": ("cpuArch", "aarch64"),
    "edition": ("type", "professional"),
    "security_group_id": ("tenantSecurityGroupId", "group-9"),
    "subnet_id": ("tenantSubnetId", "subnet-9"),
    "vpc_id": ("tenantVpcId", "vpc-9"),
}


def test_a_refresh_never_says_that_something_is_lost(open_scene: OpenScene) -> None:
    scene = open_scene(edition())
    scene.up()
    [made] = scene.emulator.control.instances()
    fields = {**dict(ELSEWHERE.values()), "productId": "00300-30102-0--0"}
    scene.emulator.control.patch_instance(made.id, fields=fields)
    for run in (
        scene.stack.run("refresh", "--preview-only", "--diff"),
        scene.stack.run("refresh", "--preview-only"),
        scene.stack.refresh("--diff"),
        scene.stack.refresh(),
    ):
        assert DATA_LOSS not in run.text
        assert "warning" not in run.text
    # It was a refresh of something: to go back would be a replacement because of all of them.
    previewed = scene.stack.preview().text
    assert f"because of {', '.join(sorted(ELSEWHERE))})" in previewed
    assert DATA_LOSS in previewed


def order(emulator: Emulator, name: str) -> str:
    """The id of an instance that another client makes."""
    body = {"name": name, "product_id": "00300-30101-0--0", **PLACE, "security_group_id": "group-1", "mqs": {}}
    answer = requests.post(
        f"{emulator.url}/v1/{PROJECT_ID}/instances",
        json={**body, "description": "", "ipv6_enable": False, "enable_all": False, "cpu_architecture": "x86"},
        headers={"X-Auth-Token": TOKEN},
        timeout=10,
    )
    answer.raise_for_status()
    return str(answer.json()["instance_id"])


def test_references_to_instances_of_others(open_scene: OpenScene, update_goldens: bool) -> None:
    scene = open_scene(EMPTY)
    made = [order(scene.emulator, name) for name in ("roma-2222", "roma-3333")]
    assert made == list(IDS)
    scene.emulator.control.clear_calls()
    scene.check(REFERENCE, update_goldens)
    assert scene.emulator.control.calls() == []
    scene.program = REFERENCE.program
    scene.up()
    seen = scene.check(OTHER_REFERENCE, update_goldens)
    [step] = seen.steps
    assert step["changed inputs"] == {"instance_id": {"old": IDS[0], "new": IDS[1]}}
