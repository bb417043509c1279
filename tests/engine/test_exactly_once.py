"""One instance for one resource: unclear answers to POST, names that are taken, replacements, other runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, assert_one, assert_one_of_two, program
from tests.support.until import wait_until


@pytest.fixture
def story(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    return Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0))


@pytest.mark.parametrize(
    "fault",
    [{"reset": True}, {"cut": 9}, {"status": 502, "body": "<html>Bad Gateway</html>"}, {"status": 200, "body": {}}],
    ids=["reset", "cut", "502", "no id"],
)
def test_unclear_answer_to_post(story: Story, fault: dict[str, object]) -> None:
    story.emulator.control.add_fault("create_instance", when="after", **fault)  # type: ignore[arg-type]
    run = story.stack.up()
    assert "looking whether the instance was created all the same" in run.text
    assert story.posts == 1
    assert_one(story)


def test_unclear_answer_and_a_list_that_lags(story: Story) -> None:
    story.emulator.control.settings(list_lag_seconds=LONG)
    story.emulator.control.add_fault("create_instance", when="after", reset=True)
    with story.stack.start_up() as running:
        running.wait_for_text("looking whether the instance was created all the same")
        seen = len(story.emulator.control.calls("list_instances"))
        wait_until(lambda: len(story.emulator.control.calls("list_instances")) > seen + 1, "more looks at the list")
        assert story.posts == 1
        story.emulator.control.settings(list_lag_seconds=0)
        running.wait(expect=0)
    assert story.posts == 1
    assert_one(story)


@pytest.mark.thorough
def test_unclear_answer_that_stays_unclear(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=LONG)
    text = program(options='custom_timeouts=pulumi.CustomTimeouts(create="2s")')
    story = Story.of(stack_for, emulator, text)
    emulator.control.add_fault("create_instance", when="after", reset=True)
    run = story.stack.up(expect=1)
    assert "it is not known whether one was created" in run.text
    assert_clean(run.text)
    assert [entry["instance_id"] for entry in story.journal] == [None]
    assert story.held == []
    # The next one looks again, and takes over what has shown up since.
    emulator.control.settings(list_lag_seconds=0)
    text = story.stack.up().text
    assert "which an earlier run had ordered" in text
    assert story.posts == 1
    assert_one(story)


@pytest.mark.thorough
def test_refused_post_leaves_nothing(story: Story) -> None:
    story.emulator.control.add_fault(
        "create_instance", status=400, body={"error_code": "ROMA.13000", "error_msg": "quota"}
    )
    run = story.stack.up(expect=1)
    assert "HTTP 400: ROMA.13000: quota" in run.text
    assert_clean(run.text)
    assert (story.live, story.held, story.journal) == ({}, [], [])
    story.stack.up()
    assert_one(story)


def test_name_taken_then_adopted(story: Story, stack_for: StackFor) -> None:
    story.stack.up()
    instance_id = assert_one(story)
    other = Story.of(stack_for, story.emulator, name="other", project="other")
    run = other.stack.up(expect=1)
    assert f"id {instance_id}, status RUNNING, created" in run.text
    assert f"adopt_id='{instance_id}'" in run.text
    assert "aliases" in run.text
    assert_clean(run.text)
    assert other.held == []
    assert story.posts == 1

    other.stack.write(program(adopt_id=instance_id, vpc_id="another"))
    run = other.stack.up(expect=1)
    assert "vpc_id is 'vpc-1' there" in run.text
    assert other.held == []

    other.stack.write(program(adopt_id=instance_id))
    other.stack.up()
    assert other.held == [instance_id]
    assert other.status(instance_id) == "RUNNING"
    # Taking adopt_id away changes nothing; adding or changing it is refused.
    other.emulator.control.clear_calls()
    other.stack.write(program())
    other.stack.up(preview=True)
    assert other.emulator.control.calls() == []
    other.stack.write(program(adopt_id="00000000-0000-0000-0000-000000000000"))
    run = other.stack.preview(expect=1)
    assert "cannot adopt another; remove adopt_id" in run.text
    assert list(story.live) == [instance_id]


@pytest.mark.thorough
def test_adopted_and_replaced(story: Story, stack_for: StackFor) -> None:
    story.stack.up()
    instance_id = assert_one(story)
    story.emulator.control.clear_calls()
    other = Story.of(stack_for, story.emulator, program(adopt_id=instance_id), name="other", project="other")
    other.stack.up()
    other.stack.write(program(adopt_id=instance_id, vpc_id="another"))
    run = other.stack.up(expect=1)
    assert "remove adopt_id" in run.text
    assert other.emulator.control.calls("delete_instance") == []
    assert list(story.live) == [instance_id]


def test_adopting_what_does_not_exist(story: Story) -> None:
    story.stack.write(program(adopt_id="00000000-0000-0000-0000-000000000000"))
    run = story.stack.up(expect=1)
    assert "there is no instance 00000000-0000-0000-0000-000000000000 in project" in run.text
    assert_clean(run.text)
    assert story.posts == 0


@pytest.mark.thorough
def test_renamed_resource(story: Story) -> None:
    story.stack.up()
    instance_id = assert_one(story)
    story.stack.write(program(prefix="new-"))
    run = story.stack.up(expect=1)
    assert f"adopt_id='{instance_id}'" in run.text
    assert "aliases=[pulumi.Alias(name=OLD_NAME)]" in run.text
    assert list(story.live) == [instance_id]
    story.emulator.control.clear_calls()
    story.stack.write(program(prefix="new-", options="aliases=[pulumi.Alias(name=name)]"))
    story.stack.up()
    assert_one(story)
    assert story.emulator.control.calls() == []


@pytest.mark.thorough
def test_one_name_for_two_resources(story: Story) -> None:
    text = program() + program(prefix="second-").replace("import pulumi\nimport roma_provider as roma\n", "")
    story.stack.write(text)
    run = story.stack.preview(expect=1)
    assert "has the name 'one' too; write another" in run.text
    assert story.posts == 0


@pytest.mark.thorough
def test_second_backend_with_the_same_names(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(creation_seconds=LONG, list_lag_seconds=0)
    first = Story.of(stack_for, emulator, name="first")
    first.kill_up()
    [instance_id] = first.live
    # The same home (so the same journal), the same URNs, another program folder and backend.
    second = Story.of(stack_for, emulator, name="second", home=first.stack.home)
    run = second.stack.up(expect=1)
    assert f"id {instance_id}, status CREATING" in run.text
    assert second.held == []
    assert [entry["instance_id"] for entry in first.journal] == [instance_id]
    first.stack.cancel()
    first.settle()
    assert_one(first)


@pytest.mark.thorough
@pytest.mark.parametrize("way", ["--replace", "taint"])
def test_forced_replacement(story: Story, way: str) -> None:
    story.stack.up()
    old = assert_one(story)
    urn = story.stack.resources()[0]["urn"]
    if way == "taint":
        story.stack.run("state taint", "--yes", urn)
        story.stack.up()
    else:
        story.stack.up("--replace", urn)
    new = assert_one(story)
    assert new != old
    assert story.posts == 2
    order = [call.operation for call in story.emulator.control.calls() if call.method in ("POST", "DELETE")]
    assert order == ["create_instance", "delete_instance", "create_instance"]


@pytest.mark.thorough
def test_replacement_whose_create_fails(story: Story) -> None:
    story.stack.up()
    old = assert_one(story)
    story.emulator.control.settings(scenario="create-failed")
    story.stack.write(program(vpc_id="vpc-2"))
    run = story.stack.up(expect=1)
    [failed] = story.live
    assert failed != old
    assert "CREATE_FAILED" in run.text
    assert_clean(run.text)
    assert story.held == [failed]
    story.emulator.control.settings(scenario="ready")
    story.stack.up()
    assert assert_one(story) not in (old, failed)
    assert story.posts == 3


@pytest.mark.thorough
def test_replacement_whose_post_is_refused(story: Story) -> None:
    story.stack.up()
    story.emulator.control.add_fault(
        "create_instance", status=403, body={"error_code": "APIGW.0302", "error_msg": "no"}
    )
    story.stack.write(program(vpc_id="vpc-2"))
    run = story.stack.up(expect=1)
    assert_clean(run.text)
    assert story.live == {}
    assert story.journal == []
    story.stack.up()
    assert_one(story)


@pytest.mark.thorough
def test_failed_and_protected(story: Story) -> None:
    story.emulator.control.settings(scenario="create-failed")
    story.stack.write(program(options="protect=True"))
    run = story.stack.up(expect=1)
    [failed] = story.held
    urn = story.stack.resources()[0]["urn"]
    assert f"pulumi state unprotect '{urn}'" in run.text
    story.emulator.control.settings(scenario="ready")
    story.stack.up(expect=1)
    assert list(story.live) == [failed]
    story.stack.run("state unprotect", "--yes", urn)
    story.stack.write(program())
    story.stack.up()
    assert assert_one(story) != failed


@pytest.mark.thorough
def test_retained_on_delete(story: Story) -> None:
    story.stack.write(program(options="retain_on_delete=True"))
    story.stack.up()
    instance_id = assert_one(story)
    story.stack.destroy()
    assert list(story.live) == [instance_id]
    assert story.emulator.control.calls("delete_instance") == []


def test_two_runs_at_once(stack_for: StackFor, make_emulator: MakeEmulator, tmp_path: Path) -> None:
    """Two stacks of one user declare one name at the same moment: one POST, one refusal."""
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=LONG)
    hold = emulator.control.add_fault("create_instance", when="after", hold=True)
    first = Story.of(stack_for, emulator, name="first", project="first", home=tmp_path / "home")
    second = Story.of(stack_for, emulator, name="second", project="second", home=tmp_path / "home")
    assert_one_of_two(first, second, hold)
