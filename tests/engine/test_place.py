"""Where an instance lives, and where the settings come from, on the real engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from roma_provider.emulator import PROJECT_ID, REGION, TOKEN, Emulator
from tests.engine.conftest import MakeStack, StackFor
from tests.engine.programs import program
from tests.engine.seen import new_calls

pytestmark = pytest.mark.thorough

QUICK = {"ROMA_POLL_SECONDS": "0.1"}
OTHER_PROJECT = "d" * 32
OTHER_REGION = "cn-east-3"
ELSEWHERE = {"HW_PROJECT_ID": OTHER_PROJECT, "HW_REGION_NAME": OTHER_REGION}
EMPTY_STACK = "import pulumi\n"
PLAIN_SECRET = (
    "roma:token stands in clear in the stack's config and so in its state; set it again with "
    "`pulumi config set --secret roma:token`"
)


@pytest.fixture
def emulator(make_emulator: Callable[..., Emulator]) -> Emulator:
    emulator = make_emulator(creation_seconds=0, list_lag_seconds=0)
    emulator.control.settings(deletion_seconds=0)
    return emulator


def projects(emulator: Emulator) -> set[str | None]:
    """The projects of the calls since the last look; there were some."""
    calls = new_calls(emulator)
    assert calls
    return {call.project_id for call in calls}


def test_config_moves_an_instance_by_replacing_it(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(), environment=QUICK)
    stack.up()
    (first,) = emulator.control.instances()
    new_calls(emulator)
    stack.config("roma:projectId", OTHER_PROJECT)
    previewed = stack.preview("--diff").text
    assert f'~ project_id: "{PROJECT_ID}" => "{OTHER_PROJECT}"' in previewed
    assert "1 to replace" in previewed
    assert "because of project_id)" in previewed
    stack.config("roma:region", OTHER_REGION)
    assert "because of project_id, region)" in stack.preview().text
    looked = [(call.operation, call.project_id) for call in new_calls(emulator)]  # for the name, in each preview once
    assert looked == [(name, OTHER_PROJECT) for name in ("list_instances", "list_roma_instances")] * 2

    stack.up()
    calls = new_calls(emulator)
    made = [call.project_id for call in calls if call.operation == "create_instance"]
    deleted = [(call.project_id, call.instance_id) for call in calls if call.operation == "delete_instance"]
    assert (made, deleted) == ([OTHER_PROJECT], [(PROJECT_ID, first.id)])
    (second,) = emulator.control.instances()
    assert second.project_id == OTHER_PROJECT
    (kept,) = stack.resources()
    assert (kept["id"], kept["outputs"]["region"]) == (second.id, OTHER_REGION)


def test_the_environment_moves_nothing_that_exists(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(), environment=QUICK)
    stack.up()
    (made,) = emulator.control.instances()
    new_calls(emulator)
    for run in (stack.preview(environment=ELSEWHERE), stack.up(environment=ELSEWHERE)):
        assert "2 unchanged" in run.text
        for variable, there, here, key in (
            ("HW_REGION_NAME", OTHER_REGION, REGION, "roma:region"),
            ("HW_PROJECT_ID", OTHER_PROJECT, PROJECT_ID, "roma:projectId"),
        ):
            assert f"warning: {variable} is {there}, but this instance lives in {here} and stays there" in run.text
            assert f"`pulumi config set {key} {there}` would replace it" in run.text
    assert new_calls(emulator) == []

    # No variable at all is no reason to move it either.
    without = dict.fromkeys(ELSEWHERE, "")
    unmoved = stack.up(environment=without).text
    assert "2 unchanged" in unmoved
    assert "stays there" not in unmoved

    assert "2 unchanged" in stack.refresh(environment=ELSEWHERE).text
    assert projects(emulator) == {PROJECT_ID}
    assert [resource["id"] for resource in stack.resources()] == [made.id]

    assert "2 deleted" in stack.destroy(environment=ELSEWHERE).text
    assert projects(emulator) == {PROJECT_ID}
    assert emulator.control.instances() == []


def test_an_argument_says_where_whatever_the_settings_say(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(project_id=OTHER_PROJECT, region=OTHER_REGION), environment=QUICK)
    stack.config("roma:projectId", "e" * 32)
    stack.up()
    assert projects(emulator) == {OTHER_PROJECT}
    stack.refresh()
    assert projects(emulator) == {OTHER_PROJECT}
    assert stack.resources()[0]["outputs"]["region"] == OTHER_REGION


def test_settings_of_the_stack_config_alone(make_stack: MakeStack, emulator: Emulator) -> None:
    stack = make_stack(program())
    for key, value in (
        ("roma:endpoint", emulator.url),
        ("roma:region", OTHER_REGION),
        ("roma:projectId", OTHER_PROJECT),
        ("roma:pollSeconds", "0.1"),
    ):
        stack.config(key, value)
    stack.config("roma:token", TOKEN, secret=True)
    made = stack.up(preview=True)
    assert "stands in clear" not in made.text
    (resource,) = stack.resources()
    assert (resource["outputs"]["region"], resource["outputs"]["project_id"]) == (OTHER_REGION, OTHER_PROJECT)
    assert projects(emulator) == {OTHER_PROJECT}
    assert "2 unchanged" in stack.refresh().text
    assert "2 deleted" in stack.destroy().text
    assert emulator.control.instances() == []


def test_config_comes_before_the_environment_but_a_secret_after_it(stack_for: StackFor, emulator: Emulator) -> None:
    elsewhere = {"ROMA_ENDPOINT": "https://127.0.0.1:1", **ELSEWHERE}
    stack = stack_for(emulator, program(), environment={**QUICK, **elsewhere})
    stack.config("roma:endpoint", emulator.url)
    stack.config("roma:projectId", PROJECT_ID)
    stack.config("roma:region", REGION)
    stack.config("roma:token", "made-up")
    made = stack.up()
    assert "2 created" in made.text
    assert projects(emulator) == {PROJECT_ID}
    assert stack.resources()[0]["outputs"]["region"] == REGION


def test_a_token_that_stands_in_clear_gets_a_warning(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program())
    stack.config("roma:token", TOKEN)
    assert stack.preview().text.split("Diagnostics:")[1].count(PLAIN_SECRET) == 1
    stack.settings.unlink()
    stack.config("roma:token", TOKEN, secret=True)
    assert "stands in clear" not in stack.preview().text
    new_calls(emulator)
    stack.write(EMPTY_STACK)
    assert "stands in clear" not in stack.preview().text
    assert new_calls(emulator) == []
