"""What an instance has to withstand, where the plugin is another than the dynamic provider.

What is alike is tested by the stories of tests/engine that are marked `hosts.BOTH`; any of them runs on the plugin by
`--host plugin`.
"""

from __future__ import annotations

from roma_provider.emulator import TOKEN, Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import SECRET
from tests.engine.plugin.programs import HEAD, instance, program, with_plugin
from tests.engine.seen import operations
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, assert_one, checkpoint_bytes
from tests.engine.test_existing import made_elsewhere

URN = "urn:pulumi:dev::test::roma:index:Instance::one"


def test_a_replacement_is_foretold_and_by_force_needs_the_option(
    stack_for: StackFor, make_emulator: MakeEmulator
) -> None:
    emulator = make_emulator(creation_seconds=0.1, list_lag_seconds=0)
    emulator.control.settings(deletion_seconds=0)
    story = Story.of(stack_for, emulator, program())
    stack = with_plugin(story.stack)
    stack.up()
    first = assert_one(story)

    # By force alone the new one meets its name: right after the run that made it, and later on.
    for _ in range(2):
        forced = stack.up("--replace", URN, expect=1)
        assert "if it is replaced by force, set the option deleteBeforeReplace" in forced.text
        assert (story.live, story.held) == ({first: "RUNNING"}, [first])
        stack.refresh()

    stack.write(program(instance(vpcId="vpc-2")))
    replaced = stack.up(preview=True)
    assert "replacing this instance (because of vpcId) deletes it with everything inside it" in replaced.text
    assert "[diff: ~vpcId]" in replaced.text
    second = assert_one(story)
    stack.write(program(instance(vpcId="vpc-2", options="delete_before_replace=True")))
    stack.up("--replace", URN)
    assert len({first, second, assert_one(story)}) == 3


def test_what_a_replacement_by_force_took_over_is_not_deleted_by_the_next_run(
    stack_for: StackFor, make_emulator: MakeEmulator
) -> None:
    """The new resource is told to take over the very instance that it has. Its old entry stays in the state until all
    else is done, which something else can prevent."""
    emulator = make_emulator(creation_seconds=0.1, list_lag_seconds=0)
    story = Story.of(stack_for, emulator, program())
    stack = with_plugin(story.stack)
    stack.up()
    there = assert_one(story)
    emulator.control.add_fault("create_instance", status=400)
    stack.write(program(instance(), instance("two", options="depends_on=[one]")))
    stack.up("--replace", URN, expect=1, environment={"ROMA_ADOPT": f"one={there}"})
    assert story.held == [there, there]
    stack.write(program())
    said = stack.up().text
    assert f"instance {there} is not deleted, since this resource goes on with it" in said
    assert "set the option deleteBeforeReplace" in said
    assert_one(story, there)


def test_a_saved_plan_and_a_secret_of_what_is_half_made(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    secret = "canary-description"
    emulator = make_emulator(creation_seconds=LONG, list_lag_seconds=0)
    text = program(instance()).replace("'productId'", f"'description': pulumi.Output.secret({secret!r}), 'productId'")
    story = Story.of(stack_for, emulator, text)
    stack = with_plugin(story.stack)
    plan = stack.folder / "plan.json"
    stack.preview("--save-plan", str(plan))
    with stack.start_up("--plan", str(plan)) as running:
        story.wait_for_polls(running=running)
        running.interrupt()
        running.wait(expect=1)
    [half_made] = stack.resources()
    assert (half_made["outputs"]["status"], half_made["inputs"]["vpcId"]) == ("CREATING", half_made["outputs"]["vpcId"])
    assert "vpc_id" not in half_made["outputs"]
    stack.refresh()
    story.settle()
    assert_one(story)
    for left in (plan.read_bytes(), checkpoint_bytes(stack.backend), checkpoint_bytes(stack.state_home)):
        assert secret.encode() not in left


def test_adopted_in_place_of_an_order(stack_for: StackFor, emulator: Emulator) -> None:
    there = made_elsewhere(emulator, "one")
    given = {"vpcId": "vpc-1", "subnetId": "subnet-1", "securityGroupId": "group-1"}
    story = Story.of(stack_for, emulator, program(instance(**given)))
    stack = with_plugin(story.stack)
    taken = stack.up(expect=1).text
    assert f"Write adoptId: '{there}' to take it over" in taken
    stack.write(program(instance(adoptId=there, **given)))
    made = stack.up(preview=True).text
    assert f"adopts instance {there}" in made
    assert f"adopted instance {there}; nothing is created" in made
    assert_one(story, there)
    assert operations(emulator).count("create_instance") == 1


def test_two_providers_of_two_regions_and_no_secret_in_clear(stack_for: StackFor, emulator: Emulator) -> None:
    secret = "canary-description"
    text = HEAD + (
        "class Provider(pulumi.ProviderResource):\n"
        "    def __init__(self, name, props):\n"
        '        super().__init__("roma", name, props)\n\n\n'
    )
    for number, region in enumerate(("cn-north-4", "cn-east-3")):
        text += f"of = Provider('of-{number}', {{'region': {region!r}, 'token': {TOKEN!r}}})\n"
        options = "provider=of, additional_secret_outputs=['connectAddress']"
        text += instance(f"one_{number}", options=options).replace(
            "'productId'", f"'description': pulumi.Output.secret({secret!r}), 'productId'"
        )
    story = Story.of(stack_for, emulator, text, environment={"HW_AUTH_TOKEN": "", "HW_REGION_NAME": ""})
    stack = with_plugin(story.stack)
    made = stack.up(preview=True)
    assert_clean(made.text)
    assert {resource["outputs"]["region"] for resource in stack.resources()} == {"cn-north-4", "cn-east-3"}
    assert set(story.live.values()) == {"RUNNING"}
    stack.refresh()
    for left in (made.text.encode(), checkpoint_bytes(stack.backend), checkpoint_bytes(stack.state_home)):
        assert secret.encode() not in left
        assert TOKEN.encode() not in left


def test_an_asset_is_no_argument_and_a_number_is_a_secret_too(stack_for: StackFor, emulator: Emulator) -> None:
    secret = 987654321123
    text = HEAD + (
        "class Provider(pulumi.ProviderResource):\n"
        "    def __init__(self, name, props):\n"
        '        super().__init__("roma", name, props)\n\n\n'
        f"of = Provider('of', {{'region': 'cn-north-4', 'token': {TOKEN!r}, 'userPassword': {secret}}})\n"
    )
    text += instance("one", options="provider=of").replace(
        "'productId'", "'description': pulumi.StringAsset('hello'), 'productId'"
    )
    story = Story.of(stack_for, emulator, text)
    stack = with_plugin(story.stack)
    refused = stack.up(expect=1)
    assert "property description value" in refused.text
    assert "has a problem: write text, not an asset" in refused.text
    assert (story.live, operations(emulator).count("create_instance")) == ({}, 0)
    [provider] = [found for found in stack.resources("") if found["type"] == "pulumi:providers:roma"]
    assert SECRET in provider["inputs"]["userPassword"]
    assert str(secret).encode() not in checkpoint_bytes(stack.backend)
