""" "Gone" counts only from the API that made the instance: another host is refused before it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roma_provider.errors import InputError
from roma_provider.lifecycle.operation import Operation
from roma_provider.lifecycle.referenced import Referenced
from tests.support.fakes import CONFIG, HOST, ID, TOKEN, FakeClient, FakeOperation, Host, inputs, progress, refused
from tests.support.lifecycle import RUNNING, STATE

EMULATOR = "127.0.0.1"
ENVIRONMENT = {"HW_AUTH_TOKEN": TOKEN, "ROMA_ENDPOINT": "http://127.0.0.1:8080"}


def host(folder: Path, at: str = EMULATOR, config: dict[str, str] | None = None, **scripts: Any) -> Host:
    found = FakeClient(host=at, **{"progress": [refused(404)], **scripts})
    return Host(found, folder, config={**CONFIG, **(config or {})}, environment=ENVIRONMENT)


def call(host: Host, hook: str, op: Operation, props: dict[str, Any]) -> Any:
    if hook == "update":
        return host.owned.update(op, ID, props, inputs())
    if hook == "refer":
        return Referenced(host.session).read(op, ID, props)
    if hook == "read":
        return host.owned.read(op, ID, props, owned=True)
    return getattr(host.owned, hook)(op, ID, props)


@pytest.mark.parametrize("hook", ["read", "update", "delete", "refer"])
@pytest.mark.parametrize("status", ["RUNNING", "CREATING"])
def test_another_host_is_refused_and_not_asked(tmp_path: Path, hook: str, status: str) -> None:
    case = host(tmp_path)
    op = FakeOperation(old_inputs=inputs())
    with pytest.raises(InputError) as caught:
        call(case, hook, op, {**STATE, "status": status})
    assert (caught.value.key, caught.value.reason) == (
        "ROMA_ENDPOINT",
        f"instance {ID} was made by the API at {HOST}, and this run would ask the one at 127.0.0.1, which does not "
        "know it. Nothing was changed. Set ROMA_ENDPOINT (or unset it) so that it leads to "
        f"{HOST}. If the instance is reached at 127.0.0.1 from now on, run `pulumi config set roma:endpoint URL` "
        "with the address of 127.0.0.1",
    )
    assert (sum(case.client.counts.values()), op.kept, case.journal.entries()) == (0, [], [])


@pytest.mark.parametrize("hook", ["read", "update"])
def test_the_host_that_the_stack_config_names_is_taken_and_kept(tmp_path: Path, hook: str) -> None:
    case = host(tmp_path, config={"roma:endpoint": "http://127.0.0.1:9"}, progress=[RUNNING])
    found = call(case, hook, FakeOperation(old_inputs=inputs()), STATE)
    shown = found if hook == "update" else found.outputs
    assert shown["__host"] == EMULATOR


@pytest.mark.parametrize("made_by", ["localhost", "127.0.0.1", "127.1.2.3", "::1", EMULATOR])
def test_emulators_of_this_machine_are_one_host(tmp_path: Path, made_by: str) -> None:
    found = host(tmp_path, progress=[RUNNING]).owned.read(FakeOperation(), ID, {**STATE, "__host": made_by}, owned=True)
    assert found is not None
    assert found.outputs["__host"] == EMULATOR


def test_a_state_of_the_emulator_is_not_asked_for_at_the_service(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="was made by the API at localhost, and this run would ask the one at roma"):
        host(tmp_path, at=HOST).owned.read(FakeOperation(), ID, {**STATE, "__host": "localhost"}, owned=True)


def test_a_state_without_a_host_takes_the_first_that_shows_the_instance(tmp_path: Path) -> None:
    old = {key: value for key, value in STATE.items() if key != "__host"}
    found = host(tmp_path, at=HOST, progress=[RUNNING]).owned.read(FakeOperation(), ID, old, owned=True)
    assert found is not None
    assert found.outputs["__host"] == HOST


def test_a_host_is_no_difference_and_no_input(tmp_path: Path) -> None:
    case = host(tmp_path, at=HOST, progress=[RUNNING])
    for olds in (STATE, {**STATE, "__host": "localhost"}):
        assert not case.owned.diff(FakeOperation(), ID, olds, inputs()).any
    found = case.owned.read(FakeOperation(old_inputs=inputs()), ID, STATE, owned=True)
    assert found is not None
    assert found.inputs == inputs()


def test_a_new_instance_goes_wherever_the_settings_say(tmp_path: Path) -> None:
    case = host(tmp_path, creates=[ID], progress=[progress("RUNNING")])
    assert case.owned.create(FakeOperation(), inputs())[1]["__host"] == EMULATOR
