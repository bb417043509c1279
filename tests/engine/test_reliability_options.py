"""The promises under each option of a resource (docs/reliability.md)."""

from __future__ import annotations

import pytest

from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_one
from tests.support.until import wait_until

pytestmark = pytest.mark.thorough

HEAD = """
import pulumi
import roma_provider as roma


class Group(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("test:index:Group", name)


def changed(args):
    if args.name == "transformed":
        args.props["description"] = "by a transform"
        args.opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=False))
    return pulumi.ResourceTransformResult(props=args.props, opts=args.opts)


async def after(args):
    assert args.new_outputs["status"] == "RUNNING"


pulumi.runtime.register_resource_transform(changed)
group = Group("group")
other = pulumi.ProviderResource("pulumi-python", "other", {})
told = pulumi.ResourceHook("told", after)


def one(name, vpc_id="vpc-1", **options):
    return roma.Instance(
        name, edition="basic", available_zones=["az0.dc0"], vpc_id=vpc_id, subnet_id="s", security_group_id="g",
        opts=pulumi.ResourceOptions(**options),
    )


"""
OPTIONS = {
    "protected": "protect=True",
    "retained": "retain_on_delete=True",
    "aliased": "aliases=[pulumi.Alias(name='before')]",
    "ignoring": "ignore_changes=['description', 'name']",
    "replacing": "replace_on_changes=['*']",
    "creating-first": "delete_before_replace=False",
    "deleted-with": "deleted_with=group",
    "depending": "depends_on=[other]",
    "transformed": "",
    "hooked": "hooks=pulumi.ResourceHookBinding(after_create=[told])",
    "elsewhere": "provider=other",
    "inside": "parent=group",
}


def declared(name: str, options: str = "", vpc_id: str = "vpc-1") -> str:
    return f"one({name!r}, vpc_id={vpc_id!r}{', ' + options if options else ''})\n"


ALL = HEAD + "".join(declared(name, options) for name, options in OPTIONS.items())


@pytest.fixture
def story(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    return Story.of(stack_for, make_emulator(creation_seconds=0.1, deletion_seconds=0.1, list_lag_seconds=0), HEAD)


def test_killed_and_interrupted_with_every_option(story: Story) -> None:
    number = len(OPTIONS)
    at_once = ["--parallel", "32"]
    story.stack.environment["ROMA_POLL_SECONDS"] = "1"
    story.emulator.control.settings(creation_seconds=LONG)
    story.stack.write(ALL)
    with story.stack.start_up(*at_once) as running:
        story.wait_for_polls(number, running)
        running.kill_with_plugin()
    assert (len(story.live), story.held) == (number, [])
    story.stack.cancel()
    with story.stack.start_up(*at_once) as running:
        wait_until(lambda: running.text.count("resuming the creation") >= number, "all resumed")
        running.interrupt()
        running.wait(expect=1)
    assert sorted(story.held) == sorted(story.live)
    assert "is still being created" in story.stack.refresh().text
    story.settle()
    assert (story.posts, sorted(story.held)) == (number, sorted(story.live))
    assert set(story.live.values()) == {"RUNNING"}
    assert (story.reasons, story.journal) == ([], [])
    story.stack.up("--expect-no-changes")
    # What is protected stays, and is in the state; so do the two of which Pulumi tells nobody.
    assert "protected" in story.stack.destroy(expect=None).text
    names = {found.id: found.name for found in story.emulator.control.instances()}
    assert sorted(names.values()) == ["deleted-with", "protected", "retained"]
    assert [names[held] for held in story.held] == ["protected"]
    story.stack.run("state unprotect", "--yes", "--all")
    story.stack.destroy()
    assert sorted(found.name for found in story.emulator.control.instances()) == ["deleted-with", "retained"]
    assert story.held == []


def test_retained_and_replaced_under_its_own_name(story: Story) -> None:
    """No dead end: the old one can be taken back, or a new one made under another name."""
    story.stack.write(HEAD + declared("x", "retain_on_delete=True"))
    story.stack.up()
    old = assert_one(story)
    story.stack.write(HEAD + declared("x", "retain_on_delete=True", vpc_id="vpc-2"))
    run = story.stack.up(expect=1)
    assert f"adopt_id='{old}'" in run.text
    assert (list(story.live), story.posts) == ([old], 1)
    run = story.stack.up(expect=1)
    assert f"adopt_id='{old}'" in run.text
    story.stack.write(HEAD.replace('edition="basic"', f'edition="basic", adopt_id={old!r}') + declared("x"))
    story.stack.up()
    assert_one(story, old)


def test_made_first_and_deleted_afterwards(story: Story) -> None:
    """delete_before_replace=False counts for --replace alone, where no diff is asked: two of one name cannot be."""
    first = "delete_before_replace=False"
    story.stack.write(HEAD + declared("x", first))
    story.stack.up()
    old = assert_one(story)
    urn = story.stack.resources()[0]["urn"]
    story.stack.refresh()
    for flags in ([], ["--continue-on-error"]):
        run = story.stack.up("--replace", urn, *flags, expect=1)
        assert "exists already" in run.text
        assert_one(story, old)
    # The way on.
    story.stack.write(HEAD + declared("x"))
    story.stack.up("--replace", urn)
    new = assert_one(story)
    assert new != old
    # A change that replaces deletes first all the same.
    story.stack.write(HEAD + declared("x", first, vpc_id="vpc-2"))
    story.stack.up()
    assert assert_one(story) != new
    assert story.posts == 3


def test_options_that_a_transform_takes_away(story: Story) -> None:
    """delete_before_replace is set by the constructor; diff says it too, for a transform that replaces the options."""
    bare = """
def bare(args):
    return pulumi.ResourceTransformResult(props=args.props, opts=pulumi.ResourceOptions())


pulumi.runtime.register_resource_transform(bare)
"""
    story.stack.write(HEAD + bare + declared("x"))
    story.stack.up()
    old = assert_one(story)
    story.stack.write(HEAD + bare + declared("x", vpc_id="vpc-2"))
    story.stack.up()
    assert assert_one(story) != old
    assert story.posts == 2


def test_moved_to_another_provider_and_into_a_component(story: Story) -> None:
    story.stack.write(HEAD + declared("x"))
    story.stack.up()
    old = assert_one(story)
    story.stack.write(HEAD + declared("x", "provider=other"))
    story.stack.up()
    assert_one(story, old)
    story.stack.write(HEAD + declared("x", "provider=other, parent=group"))
    run = story.stack.up("--continue-on-error", expect=1)
    assert f"instance {old} is not deleted" in run.text
    assert_one(story, old)
    aliases = "aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]"
    story.stack.write(HEAD + declared("x", f"provider=other, parent=group, {aliases}"))
    story.stack.up()
    assert_one(story, old)
    assert story.posts == 1


def test_what_an_instance_depends_on_is_replaced_or_destroyed(story: Story) -> None:
    first = "first = " + declared("first")
    second = declared("second", "depends_on=[first]")
    story.stack.write(HEAD + first + second)
    story.stack.up()
    ids = {found.name: found.id for found in story.emulator.control.instances()}
    story.stack.write(HEAD + first.replace("vpc-1", "vpc-2") + second)
    story.stack.up()
    after = {found.name: found.id for found in story.emulator.control.instances()}
    assert after["second"] == ids["second"]
    assert after["first"] != ids["first"]
    assert (sorted(story.held), story.posts) == (sorted(after.values()), 3)
    # destroyed in the other order, and neither without the other where that is not asked for
    urn = story.stack.resources()[0]["urn"].replace("::second", "::first")
    run = story.stack.destroy("--target", urn, expect=None)
    assert (run.code != 0, len(story.live)) == (True, 2)
    story.stack.destroy("--target", urn, "--target-dependents")
    assert (story.held, story.live) == ([], {})


def test_deleted_with_another_resource(story: Story) -> None:
    """Pulumi calls nobody for it: the instance lives on. The program takes it back, by its witness or adopt_id."""
    story.stack.write(HEAD + declared("x", "deleted_with=group"))
    story.stack.up()
    old = assert_one(story)
    story.stack.destroy()
    assert (story.held, list(story.live)) == ([], [old])
    assert f"taking over instance {old}" in story.stack.up().text
    assert_one(story, old)
    assert story.posts == 1


HOOKS = """
async def fails(args):
    raise Exception("no, says the hook")


failing = pulumi.ResourceHook("failing", fails)
"""


def test_hooks_of_the_program_that_fail(story: Story) -> None:
    def with_hook(when: str) -> str:
        return HEAD + HOOKS + declared("x", f"hooks=pulumi.ResourceHookBinding({when}=[failing])")

    story.stack.write(with_hook("before_create"))
    story.stack.up(expect=1)
    assert (story.live, story.posts) == ({}, 0)
    story.stack.write(with_hook("after_create"))
    run = story.stack.up(expect=1)
    assert "no, says the hook" in run.text
    old = assert_one(story)
    story.stack.write(with_hook("before_delete"))
    story.stack.up()
    assert_one(story, old)
    story.stack.destroy("--run-program", expect=1)
    assert_one(story, old)
    story.stack.write(HEAD + declared("x"))
    story.stack.up()
    story.stack.destroy()
    assert (story.held, story.live, story.posts) == ([], {}, 1)


REFERENCE = """
def other_id(args):
    if args.name == "shared":
        args.props["instance_id"] = {id!r}
    return pulumi.ResourceTransformResult(props=args.props, opts=args.opts)


pulumi.runtime.register_resource_transform(other_id)
roma.ExistingInstance("shared", instance_id="00000000-0000-0000-0000-000000000000")
"""


def test_a_reference_whose_id_a_transform_writes(story: Story) -> None:
    """Note 4 of docs/reliability.md: a whole `up` refuses to delete it, one with --target would."""
    story.stack.write(HEAD + declared("x"))
    story.stack.up()
    old = assert_one(story)
    urn = story.stack.resources()[0]["urn"]
    story.stack.write(HEAD + REFERENCE.format(id=old))
    assert "1 to delete" in story.stack.preview("--target", urn).text
    run = story.stack.up(expect=1)
    assert f"the program refers to instance {old} by its resource 'shared'" in run.text
    # The way: the id is written into the program.
    story.stack.write(HEAD + f"roma.ExistingInstance('shared', instance_id={old!r})\n")
    assert "so it is not deleted" in story.stack.up("--target", urn, expect=1).text
    assert (story.live, story.emulator.control.calls("delete_instance")) == ({old: "RUNNING"}, [])


def test_one_name_under_two_providers(story: Story) -> None:
    """Two plugin processes, so no check sees both: the create of the second one does."""
    same = HEAD.replace('edition="basic"', 'edition="basic", name="same"')
    story.stack.write(same + declared("x") + declared("y", "provider=other"))
    run = story.stack.up(expect=1)
    assert "'same' exists already" in run.text or "'same' was ordered from this machine already" in run.text
    assert_one(story)
    assert story.posts == 1
