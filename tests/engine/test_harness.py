"""The harness itself, on the real engine: what the other engine tests take for granted."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil
import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import MakeStack, StackFor
from tests.engine.harness import Running
from tests.support.until import wait_until

PLAIN = """
import pulumi
config = pulumi.Config()
pulumi.export("greeting", config.get("greeting"))
pulumi.export("password", config.get_secret("password"))
pulumi.export("nested", {"one": 1, "password": pulumi.Output.secret("canary-nested")})
"""

# A dynamic resource that sleeps in create until `gate` exists, and says in `entered` that it is there.
WAITING = """
import os, time
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class Provider(ResourceProvider):
    def create(self, props):
        open(props["folder"] + "/entered", "w").close()
        while not os.path.exists(props["folder"] + "/gate"):
            time.sleep(0.02)
        return CreateResult("id-1", {**props, "size": 3})

class Thing(Resource, module="harness", name="Thing"):
    size: pulumi.Output[int]
    def __init__(self, name, folder):
        super().__init__(Provider(), name, {"folder": folder, "size": None})

thing = Thing("thing", %r)
pulumi.export("size", thing.size)
"""


pytestmark = pytest.mark.thorough


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    folder = tmp_path / "gate"
    folder.mkdir()
    return folder


def entered(running: Running, gate: Path) -> None:
    wait_until(lambda: (gate / "entered").exists() or not running.running, "create is entered")
    assert running.running, running.text


def test_up_and_outputs_of_a_program_without_resources(make_stack: MakeStack) -> None:
    stack = make_stack(PLAIN)
    stack.config("greeting", "- hello: 'world'")
    run = stack.up()
    assert "1 created" in run.text
    assert run.stdout in run.text
    assert stack.outputs() == {"greeting": "- hello: 'world'", "nested": {"one": 1, "password": "[secret]"}}

    stack.config("greeting", "--again")
    stack.config("password", "canary-secret", secret=True)
    stack.up(preview=True)
    assert stack.outputs()["greeting"] == "--again"
    assert stack.outputs()["password"] == "[secret]"
    assert stack.outputs(show_secrets=True)["password"] == "canary-secret"
    assert stack.outputs(show_secrets=True)["nested"] == {"one": 1, "password": "canary-nested"}
    assert "canary" not in stack.checkpoint.read_text() + stack.settings.read_text()


def test_export_is_what_the_engine_imports_and_destroy_empties_it(make_stack: MakeStack, gate: Path) -> None:
    (gate / "gate").touch()
    stack = make_stack(WAITING % str(gate))
    stack.up()
    (thing,) = stack.resources("harness:Thing")
    assert (thing["id"], thing["outputs"]["size"]) == ("id-1", 3)
    assert stack.pending_operations() == []

    state = stack.export()
    for resource in state["deployment"]["resources"]:
        if resource["urn"] == thing["urn"]:
            resource["id"] = "id-2"
    stack.import_state(state)
    assert [resource["id"] for resource in stack.resources("harness:Thing")] == ["id-2"]
    assert "2 unchanged" in stack.up().text
    stack.destroy()
    assert stack.resources("harness:Thing") == []


def test_a_failing_program_fails_the_run(make_stack: MakeStack) -> None:
    stack = make_stack("raise SystemError('the program is at fault')")
    run = stack.up(expect=None)
    assert run.code > 0
    assert "the program is at fault" in run.text
    with pytest.raises(AssertionError, match="instead of 0") as caught:
        stack.preview()
    assert "the program is at fault" in str(caught.value)


def test_nothing_of_the_callers_settings_reaches_a_run(make_stack: MakeStack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HW_AUTH_TOKEN", "OS_REGION_NAME", "ROMA_ENDPOINT", "PULUMI_ACCESS_TOKEN", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "canary")
    stack = make_stack(
        "import os, pulumi\npulumi.export('seen', [k for k, v in os.environ.items() if v in ('canary', 'given')])",
        environment={"ROMA_GIVEN": "given"},
    )
    stack.up()
    assert stack.outputs()["seen"] == ["ROMA_GIVEN"]


def test_a_stack_for_an_emulator_has_the_settings_to_reach_it(stack_for: StackFor, emulator: Emulator) -> None:
    program = """
import os, pulumi, requests
url = "{ROMA_ENDPOINT}/v2/{HW_PROJECT_ID}/instances".format(**os.environ)
answer = requests.get(url, headers={"X-Auth-Token": os.environ["HW_AUTH_TOKEN"]}, timeout=10)
pulumi.export("answer", [answer.status_code, answer.json()["total"], os.environ["HW_REGION_NAME"]])
"""
    stack = stack_for(emulator, program)
    stack.up()
    assert stack.outputs() == {"answer": [200, 0, "cn-north-4"]}


def test_an_interrupt_reaches_the_engine_and_the_create_under_way_is_saved(make_stack: MakeStack, gate: Path) -> None:
    stack = make_stack(WAITING % str(gate))
    with stack.start_up() as running:
        entered(running, gate)
        assert len(running.plugin_pids()) == 1
        running.interrupt()
        running.wait_for_text("cancel")
        (gate / "gate").touch()
        run = running.wait()
    assert run.code > 0
    assert [resource["id"] for resource in stack.resources("harness:Thing")] == ["id-1"]
    assert running.processes() == []


def test_a_killed_cli_leaves_a_lock_a_pending_operation_and_a_plugin_that_end_with_the_run(
    make_stack: MakeStack, gate: Path
) -> None:
    stack = make_stack(WAITING % str(gate))
    with stack.start_up() as running:
        entered(running, gate)
        running.kill()
        assert running.wait().code == -signal.SIGKILL
        (orphan,) = running.plugin_pids()
        assert [operation["type"] for operation in stack.pending_operations()] == ["creating"]
    assert not psutil.pid_exists(orphan)
    assert running.processes() == []

    assert "locked" in stack.up(expect=None).text
    stack.cancel()
    (gate / "gate").touch()
    stack.up()
    assert len(stack.resources("harness:Thing")) == 1


def test_a_killed_plugin_fails_the_run_and_only_its_own(make_stack: MakeStack, gate: Path) -> None:
    other_gate = gate / "other"
    other_gate.mkdir()
    with make_stack(WAITING % str(other_gate)).start_up() as other:
        stack = make_stack(WAITING % str(gate))
        with stack.start_up() as running:
            entered(running, gate)
            running.kill_plugin()
            assert running.wait().code > 0
        entered(other, other_gate)
        assert len(other.plugin_pids()) == 1
        (other_gate / "gate").touch()
        other.wait(expect=0)


def test_a_second_home_sees_the_same_backend(make_stack: MakeStack, tmp_path: Path) -> None:
    backend = tmp_path / "shared"
    first = make_stack(PLAIN, backend=backend)
    first.up()
    second = make_stack(PLAIN, backend=backend)
    assert second.home != first.home
    assert second.outputs() == first.outputs()
    assert "1 unchanged" in second.up().text


def test_a_wait_that_ends_early_or_late_says_what_was_printed(make_stack: MakeStack, gate: Path) -> None:
    stack = make_stack(WAITING % str(gate))
    with stack.start_up() as running:
        entered(running, gate)
        with pytest.raises(AssertionError, match="no 'never printed'"):
            running.wait_for_text("never printed", seconds=0.01)
        with pytest.raises(AssertionError, match="still running after"):
            running.wait(0.01)
    with make_stack(PLAIN).start_up() as running, pytest.raises(AssertionError, match="ended without"):
        running.wait_for_text("never printed")
