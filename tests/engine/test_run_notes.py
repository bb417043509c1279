"""Guards that hold between the processes of one run: with --target, under other provider resources, in a rename."""

from __future__ import annotations

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.story import Story, assert_clean, program

pytestmark = pytest.mark.thorough

OTHER_PROVIDER = """
settings = pulumi.Config("roma")
other = pulumi.ProviderResource("pulumi-python", "other", {})
"""
HEAD = "import pulumi\nimport roma_provider as roma\n"
WAYS = {
    "existing": 'roma.ExistingInstance("shared", instance_id={id!r}{opts})\n',
    "existing of an output": 'roma.ExistingInstance("shared", instance_id=pulumi.Output.secret({id!r}){opts})\n',
    "get": 'roma.Instance.get("shared", {id!r}{opts})\n',
    "id": 'roma.Instance("shared", available_zones=["az0.dc0"], vpc_id="v", subnet_id="s", security_group_id="g", '
    'edition="basic", opts=pulumi.ResourceOptions(id={id!r}))\n',
}


@pytest.fixture
def story(stack_for: StackFor, emulator: Emulator) -> Story:
    made = Story.of(stack_for, emulator, program())
    made.stack.up()
    return made


def owner(story: Story) -> str:
    """The URN of the Instance in the state."""
    [found] = [found for found in story.stack.resources("roma:Instance") if found["urn"].endswith("::one")]
    return str(found["urn"])


def assert_kept(story: Story, text: str, instance_id: str) -> None:
    assert f"the program refers to instance {instance_id} by its resource 'shared'" in text
    assert_clean(text)
    assert story.emulator.control.calls("delete_instance") == []
    assert instance_id in story.held


@pytest.mark.parametrize("way", WAYS)
def test_a_reference_that_is_not_targeted_keeps_its_instance(story: Story, way: str) -> None:
    [instance_id] = story.live
    urn = owner(story)
    story.stack.write(HEAD + WAYS[way].format(id=instance_id, opts=""))
    run = story.stack.up("--target", urn, expect=1)
    assert_kept(story, run.text, instance_id)
    assert story.runs == []  # of earlier runs
    story.stack.run("state delete", "--yes", urn)
    story.stack.up()
    assert story.live == {instance_id: "RUNNING"}


@pytest.mark.parametrize("way", ["existing", "get"])
def test_a_reference_under_another_provider_keeps_its_instance(story: Story, way: str) -> None:
    [instance_id] = story.live
    text = (
        HEAD + OTHER_PROVIDER + WAYS[way].format(id=instance_id, opts=", opts=pulumi.ResourceOptions(provider=other)")
    )
    story.stack.write(text)
    assert_kept(story, story.stack.up(expect=1).text, instance_id)
    story.stack.write(HEAD)  # without the reference it is deleted, as the message says
    story.stack.up()
    assert (story.held, story.live) == ([], {})


def test_renamed_without_an_alias_the_old_one_is_not_deleted(story: Story) -> None:
    [instance_id] = story.live
    urn = owner(story)
    story.stack.write(program(prefix="new-"))
    run = story.stack.up("--continue-on-error", expect=1)
    assert "exists already" in run.text
    assert f"instance {instance_id} is not deleted: resource 'new-one'" in run.text
    assert_clean(run.text)
    assert (story.held, story.live, story.posts) == ([instance_id], {instance_id: "RUNNING"}, 1)
    # The first way on.
    story.stack.write(program(prefix="new-", options="aliases=[pulumi.Alias(name='one')]"))
    story.stack.up()
    assert (story.held, story.live, story.posts) == ([instance_id], {instance_id: "RUNNING"}, 1)
    assert urn not in [found["urn"] for found in story.stack.resources()]


def test_renamed_without_an_alias_the_old_one_can_be_deleted_on_purpose(story: Story) -> None:
    urn = owner(story)
    story.stack.write(program(prefix="new-"))
    run = story.stack.up("--continue-on-error", expect=1)
    assert f"run `pulumi destroy --target '{urn}'`" in run.text
    story.stack.destroy("--target", urn)
    assert (story.held, story.live) == ([], {})
    story.stack.up()
    assert len(story.held) == 1


def test_renamed_and_adopted_in_vain_the_old_one_is_not_deleted(story: Story) -> None:
    [instance_id] = story.live
    story.stack.write(program(prefix="new-", adopt_id=instance_id, vpc_id="another"))
    run = story.stack.up("--continue-on-error", expect=1)
    assert "is not what is declared" in run.text
    assert f"the program refers to instance {instance_id} by its resource 'new-one'" in run.text
    assert (story.held, story.live) == ([instance_id], {instance_id: "RUNNING"})


def test_an_owner_and_a_reference_by_its_written_id(story: Story) -> None:
    [instance_id] = story.live
    story.stack.write(program() + WAYS["existing"].format(id=instance_id, opts=""))
    story.stack.up()
    assert_kept(story, story.stack.destroy("--run-program", expect=1).text, instance_id)
    story.stack.destroy()
    assert (story.held, story.live) == ([], {})
