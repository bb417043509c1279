"""Bad input on the real engine: refused in preview with the property or key and what to write instead.

The engine stops at the first resource whose check fails, and shows all that is wrong with that one; so each
program here has one resource with everything that can be wrong at once.
"""

from __future__ import annotations

from typing import Any

import pytest

from roma_provider.emulator import PROJECT_ID, REGION, TOKEN, Emulator
from tests.engine.conftest import MakeStack, StackFor
from tests.engine.programs import instance, program, programs
from tests.engine.seen import counted, new_calls

WRONG: dict[str, Any] = {
    "name": "",
    "product_id": None,
    "edition": "bsaic",
    "available_zones": [],
    "vpc_id": 5,
    "cpu_architecture": "riscv",
    "ipv6_enable": "yes",
    "ingress_bandwidth_size": -1,
    "maintain_begin": "22:30:00",
    "maintain_end": "later",
    "mqs": {"enigne_version": "2.7", "retention_policy": "never"},
    "adopt_id": "?",
}
WRONG_SAID = {
    "name": "write a text that is not empty, not ''",
    "edition": "'bsaic' is not known; write one of basic, professional, enterprise, platinum, platinumXB",
    "available_zones": 'write a list of at least one zone id, such as ["az0.dc0"], not []',
    "vpc_id": "write a text that is not empty, not 5.0",
    "cpu_architecture": "write one of 'x86_64', 'aarch64', not 'riscv'",
    "ipv6_enable": "write true or false, not 'yes'",
    "ingress_bandwidth_size": "write a whole number of Mbit/s from 0 to 1000000, such as 5, not -1.0",
    "maintain_begin": "write one of 02:00:00, 06:00:00, 10:00:00, 14:00:00, 18:00:00, 22:00:00 (UTC), not '22:30:00'",
    "maintain_end": "write a time as HH:MM:SS, such as 22:00:00, not 'later'",
    "mqs.enigne_version": "mqs has no such field; it has engine_version, rocketmq_enable",
    "mqs.retention_policy": "write one of 'produce_reject', 'time_base'",
    "adopt_id": "write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23, not '?'",
    # Nothing says where it shall live, or as whom.
    "region": "no region is given; set one of: argument region, `pulumi config set roma:region cn-north-4`, "
    "environment variable HW_REGION_NAME",
    "project_id": "no project id is given; set one of: argument project_id, "
    "`pulumi config set roma:projectId c29445cce74b445682de4fcf3102cec4`, environment variable HW_PROJECT_ID",
}

SIGN_IN_SAID = (
    "no way to sign in is given; set one of: environment variables HW_ACCESS_KEY and HW_SECRET_KEY; "
    "environment variable HW_AUTH_TOKEN; environment variables HW_USER_NAME, HW_USER_PASSWORD and HW_DOMAIN_NAME; the "
    "same in the stack config, such as `pulumi config set --secret roma:token MIIE…`; or ak and sk in section [basic]"
)


def refused(stack: Any, said: dict[str, str]) -> str:
    """A preview that is refused for these properties and for no others."""
    run = stack.preview(expect=None)
    assert run.code > 0
    text: str = run.text.split("Diagnostics:")[1]
    for key, message in said.items():
        lines = [line for line in text.splitlines() if f"property {key} value" in line]
        assert len(lines) == 1, (key, text)
        assert message in lines[0]
    assert text.count("has a problem: ") == len(said), text
    assert "Traceback" not in run.text
    return text


def test_everything_that_is_wrong_with_an_instance_is_said_at_once(make_stack: MakeStack, emulator: Emulator) -> None:
    stack = make_stack(program(**WRONG), environment={"ROMA_ENDPOINT": emulator.url})
    assert f"warning: {SIGN_IN_SAID}" in refused(stack, WRONG_SAID)
    assert new_calls(emulator) == []


def test_products_windows_places_and_names_that_do_not_go_together(stack_for: StackFor, emulator: Emulator) -> None:
    wrong = {"edition": "basic", "maintain_begin": "22:00:00", "maintain_end": "06:00:00"}
    wrong |= {"region": "CN North", "project_id": "mine"}
    stack = stack_for(emulator, program(**wrong))
    both = {
        "edition": "write edition or product_id, not both: the one implies the other",
        "maintain_end": "a window is 4 hours long; write 02:00:00",
        "region": "write a region id, such as cn-north-4, not 'CN North'",
        "project_id": "write a project id, such as c29445cce74b445682de4fcf3102cec4, not 'mine'",
    }
    refused(stack, both)

    mqs = {"rocketmq_enable": True, "engine_version": "2.7"}
    stack.write(program(product_id=None, maintain_begin="22:00:00", mqs=mqs))
    neither = {
        "product_id": "is missing; write it, or edition as one of basic, professional, enterprise, platinum",
        "maintain_end": "write both maintain_begin and maintain_end, or neither",
        "mqs.engine_version": "is Kafka's; leave it out where rocketmq_enable is true",
    }
    refused(stack, neither)

    stack.write(programs(instance("one", name="same"), instance("two", name="same", options="depends_on=[one]")))
    assert new_calls(emulator) == []
    refused(stack, {"name": "resource 'one' of this program has the name 'same' too; write another"})
    # The first one is as it should be, so it is asked whether its name is free.
    assert counted(emulator) == {"list_instances": 1, "list_roma_instances": 1}


def test_an_http_endpoint_that_is_not_this_machine(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(), environment={"ROMA_ENDPOINT": "http://roma.example.com"})
    message = "http would send credentials in the clear to roma.example.com; write https://roma.example.com"
    refused(stack, {"ROMA_ENDPOINT": message})


@pytest.mark.parametrize("place", ["environment", pytest.param("config", marks=pytest.mark.thorough)])
def test_a_wrong_token(make_stack: MakeStack, emulator: Emulator, place: str) -> None:
    settings = {"ROMA_ENDPOINT": emulator.url, "HW_REGION_NAME": REGION, "HW_PROJECT_ID": PROJECT_ID}
    stack = make_stack(program(), environment=settings | ({"HW_AUTH_TOKEN": "made-up"} if place != "config" else {}))
    if place == "config":
        stack.config("roma:token", "made-up", secret=True)
    run = stack.up(expect=None)
    assert run.code > 0
    assert "list_instances was answered with HTTP 401: APIGW.0301" in run.text
    assert "decrypt token fail" in run.text
    said = "environment variable HW_AUTH_TOKEN" if place == "environment" else "roma:token of the stack config"
    assert f"the sign-in was refused: the token came from {said}" in run.text
    assert "Get a new one and set HW_AUTH_TOKEN, or roma:token with --secret" in run.text
    assert "Traceback" not in run.text
    assert "made-up" not in run.text
    # Asked once, not again and again, and nothing was ordered.
    assert [(call.operation, call.status) for call in new_calls(emulator)] == [("list_instances", 401)]
    assert emulator.control.instances() == []
    assert stack.resources() == []
    if place == "environment":
        return
    # A token of the environment comes first, also where an older one is in the config.
    stack.up(environment={"HW_AUTH_TOKEN": TOKEN})
    assert [made.status for made in emulator.control.instances()] == ["RUNNING"]
