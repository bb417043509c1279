"""Instances that are there already: imported, looked up, and referred to."""

from __future__ import annotations

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.plugin.programs import HEAD, instance, program, with_plugin
from tests.engine.seen import operations
from tests.engine.story import QUICK, Story, assert_clean
from tests.engine.test_existing import made_elsewhere
from tests.support.until import wait_until

THEIRS = {"name": "theirs", "vpcId": "vpc-1", "subnetId": "subnet-1", "securityGroupId": "group-1"}

LOOKING = """\
found = Instance("found", {{}}, pulumi.ResourceOptions(id={id!r}))
shared = ExistingInstance("shared", {{"name": "theirs"}})
get = lambda **by: pulumi.runtime.invoke("roma:index:getInstance", by).value
by_name, by_id = get(name="theirs"), get(id={id!r})
pulumi.export("found", [found.status, shared.status, by_name["status"], by_id["vpcId"]])
pulumi.export("ids", [found.instanceId, shared.instanceId, by_name["instanceId"], by_id["instanceId"]])
"""


def ready(emulator: Emulator) -> str:
    """The id of an instance that somebody else has made."""
    made = made_elsewhere(emulator)
    wait_until(lambda: [shown.status for shown in emulator.control.instances()] == ["RUNNING"], "a ready instance")
    return made


def test_an_import_leaves_nothing_to_change(stack_for: StackFor, emulator: Emulator) -> None:
    there = ready(emulator)
    stack = with_plugin(stack_for(emulator, HEAD, environment=QUICK))
    said = stack.run("import", "roma:index:Instance", "one", there, "--yes", "--generate-code=false", "--protect=false")
    assert_clean(said.text)
    [held] = stack.resources()
    assert (held["id"], held["inputs"]["enableAll"], held["outputs"]["status"]) == (there, True, "RUNNING")
    assert "edition" not in held["inputs"]
    stack.write(HEAD + f"Instance('one', {held['inputs']!r})\n")
    assert "2 unchanged" in stack.preview("--expect-no-changes").text

    option = f"import_={there!r}"
    other = with_plugin(
        stack_for(emulator, program(instance(options=option, **THEIRS)), name="other", environment=QUICK)
    )
    assert "1 imported" in other.up().text
    wrong = program(instance(options=option, **{**THEIRS, "vpcId": "vpc-2"}))
    third = with_plugin(stack_for(emulator, wrong, name="third", environment=QUICK))
    refused = third.up(expect=1).text
    assert "may not be replaced" in refused
    assert "vpcId: {vpc-1} => {vpc-2}" in refused
    assert [kind for kind in operations(emulator) if kind.startswith(("create", "delete"))] == ["create_instance"]


def test_one_that_is_not_ours_is_looked_up_and_referred_to(stack_for: StackFor, emulator: Emulator) -> None:
    there = ready(emulator)
    story = Story.of(stack_for, emulator, HEAD + LOOKING.format(id=there))
    stack = with_plugin(story.stack)
    made = stack.up(preview=True)
    assert_clean(made.text)
    assert f"refers to instance {there} (RUNNING)" in made.text
    assert stack.outputs() == {"found": ["RUNNING", "RUNNING", "RUNNING", "vpc-1"], "ids": [there] * 4}
    stack.refresh("--expect-no-changes")
    stack.up("--expect-no-changes")
    stack.destroy()
    assert story.live == {there: "RUNNING"}
    missing = program("Instance('found', {}, pulumi.ResourceOptions(id='00000000-0000-0000-0000-000000000000'))\n")
    stack.write(missing)
    said = stack.preview(expect=1).text
    assert "there is no instance 00000000-0000-0000-0000-000000000000 in project" in said
    assert_clean(said)
