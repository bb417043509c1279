"""Settings that say where and as whom: agencies, projects by name, enterprise projects, variables not honoured."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from roma_provider.emulator import ACCESS_KEY, PROJECT_ID, REGION, SECRET_KEY, Emulator
from tests.engine.conftest import MakeStack, StackFor
from tests.engine.harness import Stack
from tests.engine.programs import program
from tests.engine.seen import counted, new_calls

pytestmark = pytest.mark.thorough

KEYS = {"HW_ACCESS_KEY": ACCESS_KEY, "HW_SECRET_KEY": SECRET_KEY}
AGENCY = {"HW_ASSUME_ROLE_AGENCY_NAME": "deployers", "HW_ASSUME_ROLE_DOMAIN_NAME": "theirs"}
SUB_PROJECT = f"{REGION}_dev"


@pytest.fixture
def emulator(make_emulator: Callable[..., Emulator]) -> Emulator:
    emulator = make_emulator(creation_seconds=0.3, list_lag_seconds=0)
    emulator.control.settings(deletion_seconds=0)
    return emulator


def stack_of(make_stack: MakeStack, emulator: Emulator, text: str, **environment: str) -> Stack:
    """A stack that signs in with keys, and knows no project id."""
    where = {"ROMA_ENDPOINT": emulator.url, "HW_AUTH_URL": f"{emulator.url}/v3", "HW_REGION_NAME": REGION}
    return make_stack(text, environment={**where, "ROMA_POLL_SECONDS": "0.1", **KEYS, **environment})


def test_an_agency_is_assumed(make_stack: MakeStack, emulator: Emulator) -> None:
    stack = stack_of(make_stack, emulator, program(), **AGENCY)
    stack.up(preview=True)
    (resource,) = stack.resources()
    assert resource["outputs"]["user_name"] == "theirs/deployers"
    assert 2 <= counted(emulator)["create_token"] <= 4
    # Renewed where it ends, for the deletion too.
    emulator.control.add_fault("creation_progress", expire_tokens=True)
    stack.refresh()
    statuses = [call.status for call in new_calls(emulator) if call.operation == "create_token"]
    assert statuses == [201, 201]
    stack.destroy()
    assert emulator.control.instances() == []


def test_an_agency_from_the_stack_config_serves_plain_destroy(make_stack: MakeStack, emulator: Emulator) -> None:
    stack = stack_of(make_stack, emulator, program())
    stack.config("roma:agencyName", "deployers")
    stack.config("roma:agencyDomainName", "theirs")
    stack.up()
    assert stack.resources()[0]["outputs"]["user_name"] == "theirs/deployers"
    counted(emulator)
    stack.destroy()
    assert counted(emulator)["create_token"] == 1


def test_half_an_agency_and_one_that_is_refused(make_stack: MakeStack, emulator: Emulator) -> None:
    stack = stack_of(make_stack, emulator, program(project_id=PROJECT_ID))
    for run, fails in ((stack.preview, False), (stack.up, True)):  # what is missing is a warning in a preview
        half = run(expect=None, environment={"HW_ASSUME_ROLE_AGENCY_NAME": "deployers"})
        assert (half.code > 0) is fails
        said = "set environment variable HW_ASSUME_ROLE_DOMAIN_NAME too, or unset HW_ASSUME_ROLE_AGENCY_NAME"
        assert said in half.text
    assert new_calls(emulator) == []
    refused = stack.up(expect=None, environment={**AGENCY, "HW_ASSUME_ROLE_AGENCY_NAME": "wrong"})
    assert refused.code > 0
    assert "create_token was answered with HTTP 403" in refused.text
    assert (
        "an agency was to be assumed, which came from environment variables HW_ASSUME_ROLE_AGENCY_NAME" in refused.text
    )
    assert counted(emulator) == {"create_token": 1}
    stack.up(environment=AGENCY)
    # Nobody may sign in any more: nothing is known of the instance, and it stays in the state.
    emulator.control.add_fault("create_token", status=404, times=None)
    for run in (stack.refresh, stack.destroy):
        assert run(expect=None, environment=AGENCY).code > 0
    assert len(stack.resources()) == 1


def test_a_project_by_its_name(make_stack: MakeStack, emulator: Emulator) -> None:
    stack = stack_of(make_stack, emulator, program(), HW_PROJECT_NAME=SUB_PROJECT)
    stack.up(preview=True)
    (resource,) = stack.resources()
    (made,) = emulator.control.instances()
    assert resource["outputs"]["project_id"] == made.project_id != PROJECT_ID
    # A colleague's variable moves nothing, and a preview without changes asks nobody.
    counted(emulator)
    assert "2 unchanged" in stack.preview(environment={"HW_PROJECT_NAME": "another"}).text
    assert counted(emulator) == {}
    contradicted = stack_of(make_stack, emulator, program(), HW_PROJECT_NAME=SUB_PROJECT).preview(
        expect=None, environment={"HW_PROJECT_ID": PROJECT_ID}
    )
    assert contradicted.code > 0
    assert (
        f"HW_PROJECT_ID is {PROJECT_ID}, but HW_PROJECT_NAME is '{SUB_PROJECT}', which is project" in contradicted.text
    )
    # The stack config does say where it shall live.
    stack.config("roma:projectName", REGION)
    moved = stack.preview("--diff").text
    assert re.search(rf'project_id *: "{made.project_id}" => "{PROJECT_ID}"', moved)
    assert "+-1 to replace" in moved


def test_the_enterprise_project_of_a_new_instance(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(), environment={"HW_ENTERPRISE_PROJECT_ID": "ep-1"})
    assert 'enterprise_project_id: "ep-1"' in stack.preview("--diff").text.replace("  ", " ").replace(" :", ":")
    stack.up()
    (resource,) = stack.resources()
    assert resource["inputs"]["enterprise_project_id"] == resource["outputs"]["enterprise_project_id"] == "ep-1"
    for other in ("ep-2", ""):
        assert "2 unchanged" in stack.up(environment={"HW_ENTERPRISE_PROJECT_ID": other}).text
    # A replacement belongs where the old one was.
    stack.write(program(subnet_id="0e2a1c9b-55c5-4d5b-9f6f-7a1f6c0a3f11"))
    stack.up(environment={"HW_ENTERPRISE_PROJECT_ID": "ep-2"})
    (replaced,) = stack.resources()
    assert replaced["id"] != resource["id"]
    assert replaced["outputs"]["enterprise_project_id"] == "ep-1"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("HW_PROFILE", "prod", "unset it, and set HW_ACCESS_KEY and HW_SECRET_KEY"),
        ("HW_INSECURE", "true", "unset it, and have REQUESTS_CA_BUNDLE name a file"),
    ],
)
def test_what_is_not_honoured_is_refused(
    make_stack: MakeStack, emulator: Emulator, variable: str, value: str, said: str
) -> None:
    stack = stack_of(make_stack, emulator, program())
    run = stack.preview(expect=None, environment={variable: value})
    assert run.code > 0
    problems = run.text.split("Diagnostics:")[1]
    assert f"property {variable} value" in problems
    assert said in problems
    assert problems.count("has a problem: ") == 1
    assert new_calls(emulator) == []
    stack.up()  # what the message says to do


EXPLICIT = """
provider = pulumi.ProviderResource("pulumi-python", "p", {inputs})
"""
INPUTS = """{{
    "roma:region": "{region}", "roma:endpoint": "{url}", "roma:projectId": "{project}", "roma:pollSeconds": "0.1",
    "roma:accessKey": pulumi.Output.secret("{ak}"), "roma:secretKey": pulumi.Output.secret("{sk}")}}"""


def with_provider(inputs: str) -> str:
    head, rest = program(options="provider=provider").split("import roma_provider as roma\n")
    return f"{head}import roma_provider as roma\n{EXPLICIT.format(inputs=inputs)}{rest}"


def test_an_explicit_provider_resource_has_its_settings_among_its_inputs(
    make_stack: MakeStack, emulator: Emulator
) -> None:
    stack = make_stack(with_provider("{}"))
    for key, value in (("roma:region", REGION), ("roma:projectId", PROJECT_ID), ("roma:endpoint", emulator.url)):
        stack.config(key, value)
    # Stack config is not seen; the message says what to write, and where.
    run = stack.preview(expect=None)
    assert run.code > 0
    assert (
        f'input {{"roma:region": "{REGION}"}} of a provider resource (which does not see the stack config)' in run.text
    )
    assert 'input {"roma:token": pulumi.Output.secret("MIIE…")} of a provider resource' in run.text
    values = {"region": REGION, "url": emulator.url, "project": PROJECT_ID, "ak": ACCESS_KEY, "sk": SECRET_KEY}
    stack.write(with_provider(INPUTS.format(**values)))
    stack.up(preview=True)
    (resource,) = stack.resources()
    assert resource["outputs"]["status"] == "RUNNING"
    stack.refresh()
    assert SECRET_KEY not in stack.checkpoint.read_text()
    stack.destroy()
    assert emulator.control.instances() == []
