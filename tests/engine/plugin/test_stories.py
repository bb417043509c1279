"""What an instance has to withstand, on the plugin: the same lifecycle, so one test for each way through it."""

from __future__ import annotations

from roma_provider.emulator import TOKEN, Emulator
from tests.engine.conftest import StackFor
from tests.engine.plugin.programs import HEAD, instance, program, with_plugin
from tests.engine.seen import operations
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, assert_one, checkpoint_bytes
from tests.engine.test_existing import made_elsewhere

URN = "urn:pulumi:dev::test::roma:index:Instance::one"


def test_a_killed_creation_then_an_interrupted_one_is_one_instance(
    stack_for: StackFor, make_emulator: MakeEmulator
) -> None:
    emulator = make_emulator(creation_seconds=LONG, list_lag_seconds=0)
    story = Story.of(stack_for, emulator, program())
    with_plugin(story.stack)
    story.kill_up()
    story.stack.cancel()
    [there] = story.live
    assert (story.held, [entry["instance_id"] for entry in story.journal]) == ([], [there])

    emulator.control.clear_calls()
    interrupted = story.interrupt_up()
    assert f"resuming the creation of instance {there}, which was interrupted" in interrupted.text
    assert_clean(interrupted.text)
    assert (story.held, story.status(there)) == ([there], "CREATING")
    [held] = story.stack.resources()
    assert "its creation goes on; run `pulumi up` again" in " ".join(held["initErrors"])
    assert held["inputs"]["vpcId"] == held["outputs"]["vpcId"]
    assert "vpc_id" not in held["outputs"]

    story.settle()
    assert_one(story, there)
    assert story.posts == 0  # since the killed run


def test_a_time_out_leaves_what_goes_on_and_says_so_in_pulumi_s_words(
    stack_for: StackFor, make_emulator: MakeEmulator
) -> None:
    emulator = make_emulator(creation_seconds=LONG, list_lag_seconds=0)
    text = program(instance(options='custom_timeouts=pulumi.CustomTimeouts(create="1s")'))
    story = Story.of(stack_for, emulator, text)
    with_plugin(story.stack)
    failed = story.stack.up(expect=1).text
    assert "or allow more time with customTimeouts" in failed
    [held] = story.stack.resources()
    assert held["outputs"]["__timeout"] == 1
    preview = story.stack.preview().text
    assert "is still being created" in preview
    story.settle()
    assert_one(story)


def test_what_failed_is_replaced_and_what_is_gone_is_made_anew(
    stack_for: StackFor, make_emulator: MakeEmulator
) -> None:
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=0, scenario="create-failed")
    emulator.control.settings(deletion_seconds=0)
    story = Story.of(stack_for, emulator, program())
    with_plugin(story.stack)
    failed = story.stack.up(expect=1).text
    assert_clean(failed)
    assert "could not be created (CREATE_FAILED)" in failed
    [first] = story.held
    emulator.control.settings(scenario="ready")
    assert "1 replaced" in story.stack.up().text
    second = assert_one(story)
    assert second != first
    emulator.control.patch_instance(second, gone=True)
    story.stack.refresh()
    assert story.held == []
    story.stack.up()
    assert assert_one(story) not in (first, second)
    assert story.posts == 3


def test_a_replacement_is_foretold_and_by_force_needs_the_option(
    stack_for: StackFor, make_emulator: MakeEmulator
) -> None:
    emulator = make_emulator(creation_seconds=0.1, list_lag_seconds=0)
    emulator.control.settings(deletion_seconds=0)
    story = Story.of(stack_for, emulator, program())
    stack = with_plugin(story.stack)
    stack.up()
    first = assert_one(story)

    # The next run has the journal know that the state holds it; then force alone has the new one meet its name.
    stack.refresh()
    forced = stack.up("--replace", URN, expect=1)
    assert "if it is replaced by force, set the option deleteBeforeReplace" in forced.text
    assert story.live == {first: "RUNNING"}

    stack.write(program(instance(vpcId="vpc-2")))
    replaced = stack.up(preview=True)
    assert "replacing this instance (because of vpcId) deletes it with everything inside it" in replaced.text
    assert "[diff: ~vpcId]" in replaced.text
    second = assert_one(story)
    stack.write(program(instance(vpcId="vpc-2", options="delete_before_replace=True")))
    stack.up("--replace", URN)
    assert len({first, second, assert_one(story)}) == 3


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
