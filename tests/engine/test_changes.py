"""Drift, updates, replacements, and instances that vanish, on the real engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import Stack
from tests.engine.hosts import ALSO_PLUGIN, Host
from tests.engine.programs import OTHER_VPC, VPC, Code, instance, program, programs
from tests.engine.seen import new_calls, operations

QUICK = {"ROMA_POLL_SECONDS": "0.1"}
LISTS = ["list_instances", "list_roma_instances"]
GONE = 2 * ["creation_progress", *LISTS]  # its witnesses, twice
DATA_LOSS = "replacing this instance (because of vpc_id) deletes it with everything inside it, for good"

# A stock dynamic resource. Its update leaves the output as it is, but a preview cannot know that.
NETWORK = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider, UpdateResult

class NetworkProvider(ResourceProvider):
    def create(self, props):
        return CreateResult("network-1", {{**props, "vpc_id": {vpc!r}}})

    def update(self, _id, olds, news):
        return UpdateResult({{**news, "vpc_id": {vpc!r}}})

class Network(Resource, module="test", name="Network"):
    vpc_id: pulumi.Output[str]
    def __init__(self, name, title):
        super().__init__(NetworkProvider(), name, {{"title": title, "vpc_id": None}})

network = Network("network", {title!r})
"""


@pytest.fixture
def emulator(make_emulator: Callable[..., Emulator]) -> Emulator:
    """Creates, lists and deletes almost at once."""
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=0)
    emulator.control.settings(deletion_seconds=0.2)
    return emulator


def up(stack: Stack, emulator: Emulator) -> str:
    """The id of the one instance of the stack, made or kept."""
    stack.up()
    (made,) = emulator.control.instances()
    assert [resource["id"] for resource in stack.resources()] == [made.id]
    emulator.control.clear_calls()
    return made.id


@ALSO_PLUGIN
def test_drift_shows_and_an_update_waits_for_the_console(stack_for: StackFor, emulator: Emulator, host: Host) -> None:
    stack = stack_for(emulator, program(description="declared"), environment=QUICK)
    made = up(stack, emulator)
    emulator.control.patch_instance(made, fields={"description": "by hand"})
    refreshed = stack.refresh("--diff").text
    assert re.search(r'~ description +: "declared" => "by hand"', refreshed)
    assert "1 updated" in refreshed
    assert operations(emulator) == ["creation_progress", *LISTS]  # the lists: whether another has its name

    previewed = stack.preview("--diff").text
    assert re.search(r'~ description: "by hand" => "declared"', previewed)
    assert len(re.findall(r"^ +[~+-]+ \w+ *: ", previewed, re.MULTILINE)) == 1
    assert "1 to update" in previewed
    assert operations(emulator) == []

    refused = stack.up(expect=None)
    assert refused.code > 0
    assert f"instance {made} is not as declared in 'description'" in refused.text
    assert "do it in the ROMA Connect console and run `pulumi up` again" in refused.text
    assert host.said("ignore_changes=['description']") in refused.text
    assert f"pulumi up --replace '{host.urn('integration')}'" in refused.text
    assert "Traceback" not in refused.text
    assert operations(emulator) == ["creation_progress"]

    emulator.control.patch_instance(made, fields={"description": "declared"})
    assert "1 updated" in stack.up().text
    assert operations(emulator) == ["creation_progress"]
    assert "2 unchanged" in stack.up().text
    assert stack.resources()[0]["outputs"]["description"] == "declared"
    assert operations(emulator) == []


def test_what_is_left_out_or_ignored_does_not_drift(stack_for: StackFor, emulator: Emulator) -> None:
    ignoring = program(name="roma-1", options="ignore_changes=['name']")
    stack = stack_for(emulator, ignoring, environment=QUICK)
    made = up(stack, emulator)
    fields = {"name": "by hand", "description": "by hand", "maintainBegin": "22:00:00", "publicipAddr": "80.0.0.1"}
    emulator.control.patch_instance(made, fields=fields)
    stack.refresh()
    assert stack.resources()[0]["outputs"]["description"] == "by hand"
    emulator.control.clear_calls()
    assert "2 unchanged" in stack.up().text
    stack.write(program(name="roma-2", options="ignore_changes=['name']"))
    assert "2 unchanged" in stack.up().text
    assert operations(emulator) == []


@ALSO_PLUGIN
def test_an_instance_that_is_gone_is_dropped_by_two_witnesses_and_made_again(
    stack_for: StackFor, emulator: Emulator
) -> None:
    stack = stack_for(emulator, program(description="first"), environment=QUICK)
    first = up(stack, emulator)
    emulator.control.patch_instance(first, gone=True)
    stack.write(program(description="second"))
    vanished = stack.up(expect=None)
    assert vanished.code > 0
    assert f"instance {first} does not exist any more; the next `pulumi up` creates another" in vanished.text
    assert "Traceback" not in vanished.text
    assert operations(emulator) == GONE
    assert [resource["id"] for resource in stack.resources()] == [first]
    second = up(stack, emulator)
    assert second != first

    emulator.control.patch_instance(second, gone=True)
    assert "1 deleted" in stack.refresh().text
    assert operations(emulator) == GONE
    assert stack.resources() == []
    third = up(stack, emulator)
    assert third != second
    assert emulator.control.statistics().created == 3

    emulator.control.patch_instance(third, gone=True)
    assert "2 deleted" in stack.destroy().text
    assert operations(emulator) == GONE


@pytest.mark.thorough
def test_the_gateways_own_404_never_drops_an_instance(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(), environment=QUICK)
    made = up(stack, emulator)
    message = "The API does not exist or has not been published in the environment"
    body = {"error_code": "APIGW.0101", "error_msg": message, "request_id": "r1"}
    emulator.control.add_fault("creation_progress", status=404, body=body)
    refused = stack.refresh(expect=None)
    assert refused.code > 0
    assert f"APIGW.0101: {message} (request id r1)" in refused.text
    assert "check the region, and roma:endpoint or ROMA_ENDPOINT" in refused.text
    assert "Traceback" not in refused.text
    assert [call.status for call in new_calls(emulator)] == [404]
    assert [resource["id"] for resource in stack.resources()] == [made]


def test_a_404_with_the_instance_still_in_the_list_never_drops_it(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(), environment={**QUICK, "HW_MAX_RETRIES": "1"})
    made = up(stack, emulator)
    emulator.control.add_fault("creation_progress", status=404)
    assert stack.refresh(expect=None).code > 0
    assert operations(emulator) == ["creation_progress", *LISTS]
    assert [resource["id"] for resource in stack.resources()] == [made]
    # Nor where the second witness has nothing to say.
    emulator.control.add_fault("creation_progress", status=404)
    fault = emulator.control.add_fault("list_instances", times=None, status=503)
    assert stack.refresh(expect=None).code > 0
    emulator.control.clear_fault(fault)
    assert [resource["id"] for resource in stack.resources()] == [made]
    assert "2 unchanged" in stack.refresh().text


@ALSO_PLUGIN
def test_a_replacement_is_announced_with_its_reason_and_deletes_first(
    stack_for: StackFor, emulator: Emulator, host: Host
) -> None:
    data_loss = host.said(DATA_LOSS)
    stack = stack_for(emulator, program(name="roma-1"), environment=QUICK)
    first = up(stack, emulator)
    stack.write(program(name="roma-1", vpc_id=OTHER_VPC))
    previewed = stack.preview("--diff").text
    assert re.search(rf'~ {host.said("vpc_id")}: "{VPC}" => "{OTHER_VPC}"', previewed)
    assert "1 to replace" in previewed
    assert previewed.count(data_loss) == 1
    assert operations(emulator) == LISTS  # the new one's name: the one that is replaced is no taker of it
    emulator.control.clear_calls()
    assert data_loss not in stack.refresh().text
    assert operations(emulator) == ["creation_progress", *LISTS]

    replaced = stack.up().text
    assert data_loss in replaced
    assert "1 replaced" in replaced
    seen = operations(emulator)
    assert (seen.count("delete_instance"), seen.count("create_instance")) == (1, 1)
    assert seen.index("delete_instance") < seen.index("create_instance")
    (second,) = emulator.control.instances()
    assert second.id != first
    (kept,) = stack.resources()
    assert (kept["id"], kept["outputs"]["vpc_id"]) == (second.id, OTHER_VPC)
    assert "2 unchanged" in stack.up(preview=True).text
    assert data_loss not in stack.destroy().text


def test_every_argument_that_replaces_is_named(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(), environment=QUICK)
    up(stack, emulator)
    changed: dict[str, Any] = {
        "product_id": "00300-30102-0--0",
        "available_zones": ["az9"],
        "vpc_id": OTHER_VPC,
        "subnet_id": "subnet-2",
        "security_group_id": "group-2",
        "cpu_architecture": "aarch64",
        "region": "cn-east-3",
        "project_id": "d" * 32,
    }
    stack.write(program(**changed))
    previewed = stack.preview().text
    assert f"because of {', '.join(sorted(changed))}" in previewed
    assert operations(emulator) == LISTS  # whether its name is taken there
    emulator.control.clear_calls()
    stack.write(program(description="x", ipv6_enable=True, enable_all=False, eip_id="e", ingress_bandwidth_size=5))
    previewed = stack.preview().text
    assert "1 to update" in previewed
    assert "replac" not in previewed
    assert operations(emulator) == []


def test_values_that_are_not_known_yet_pass_and_replace_nothing(stack_for: StackFor, emulator: Emulator) -> None:
    def text(title: str, vpc: str = VPC) -> str:
        arguments = {"vpc_id": Code("network.vpc_id"), "description": Code("network.vpc_id")}
        return programs(NETWORK.format(title=title, vpc=vpc), instance(**arguments))

    stack = stack_for(emulator, text("one"), environment=QUICK)
    assert "3 to create" in stack.preview().text
    made = up(stack, emulator)
    assert stack.resources()[0]["outputs"]["vpc_id"] == VPC

    stack.write(text("two"))
    previewed = stack.preview().text
    assert "2 to update" in previewed
    assert "replac" not in previewed
    updated = stack.up().text
    assert "1 updated" in updated
    assert "replac" not in updated
    assert operations(emulator) == []
    assert [found.id for found in emulator.control.instances()] == [made]

    stack.write(text("three", OTHER_VPC))
    assert "because of vpc_id" in stack.up().text
    assert stack.resources()[0]["outputs"]["vpc_id"] == OTHER_VPC
    assert len(emulator.control.instances()) == 1
