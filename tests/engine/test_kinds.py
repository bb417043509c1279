"""Instances of both kinds in one project, and lookups: none is made twice, mistaken, or lost behind the other list."""

from __future__ import annotations

import pytest

from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program
from tests.engine.test_rcu import rcu_program

pytestmark = pytest.mark.thorough


def test_a_name_is_taken_across_the_kinds(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    compute = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0), rcu_program())
    compute.stack.up()
    [instance_id] = compute.live
    edition = Story.of(stack_for, compute.emulator, program(), name="edition", project="edition")
    run = edition.stack.up(expect=1)
    assert (
        f"exists already in project {compute.stack.resources()[0]['inputs']['project_id']}: id {instance_id}"
        in run.text
    )
    assert "It is an RCU instance; write another name" in run.text
    assert "adopt_id" not in run.text
    assert_clean(run.text)
    assert list(compute.live) == [instance_id]


def test_adopting_what_is_of_the_other_kind_is_refused(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    compute = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0), rcu_program())
    compute.stack.up()
    [instance_id] = compute.live
    edition = Story.of(stack_for, compute.emulator, program(adopt_id=instance_id), name="edition", project="edition")
    run = edition.stack.up(expect=1)
    assert "it shows no product, so it is an instance of RCUs (rcu), not of an edition" in run.text
    assert edition.held == []
    assert_clean(run.text)


def test_an_order_without_an_answer_is_found_whatever_is_declared_next(
    stack_for: StackFor, make_emulator: MakeEmulator
) -> None:
    story = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=LONG), rcu_program())
    story.emulator.control.add_fault("create_rcu_instance", when="after", reset=True)
    with story.stack.start_up() as running:
        running.wait_for_text("looking whether the instance was created all the same")
        running.interrupt()
        running.wait(expect=1)
    [instance_id] = story.live
    assert [entry["instance_id"] for entry in story.journal] == [None]
    story.emulator.control.settings(list_lag_seconds=0)
    story.stack.write(program())
    run = story.stack.up(expect=1)
    assert instance_id in run.text
    assert list(story.live) == [instance_id]
    assert story.posts == 0


def test_a_refresh_of_a_lookup_leaves_the_makers_journal_alone(
    stack_for: StackFor, make_emulator: MakeEmulator
) -> None:
    maker = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0))
    with maker.stack.start_up() as running:
        maker.wait_for_polls(running=running)
        [instance_id] = maker.live
        text = f'import roma_provider as roma\n\nroma.Instance.get("found", {instance_id!r})\n'
        home = maker.stack.home
        other = Story.of(stack_for, maker.emulator, text, project="other", home=home)
        other.stack.up()
        refreshed = other.stack.refresh().text
        assert "resumes the wait" not in refreshed
        assert "deletes it" not in refreshed
        assert not other.reasons
        assert [entry["instance_id"] for entry in maker.journal] == [instance_id]
        running.kill()
    maker.stack.cancel()
    maker.settle()
    assert maker.held == [instance_id] == list(maker.live)
    assert maker.posts == 1


def test_a_lookup_of_a_failed_instance_promises_nothing(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    maker = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0, scenario="create-failed"))
    maker.stack.up(expect=1)
    [instance_id] = maker.live
    text = f'import roma_provider as roma\n\nroma.Instance.get("found", {instance_id!r})\n'
    other = Story.of(stack_for, maker.emulator, text, name="other", project="other")
    for run in (other.stack.up(), other.stack.refresh(), other.stack.preview()):
        assert "deletes it" not in run.text
        assert "unprotect" not in run.text
    assert not other.reasons
    assert other.status(instance_id) == "CREATE_FAILED"


def test_a_lookup_by_a_secret_id_or_none(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    maker = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0))
    maker.stack.up()
    [instance_id] = maker.live
    head = "import pulumi\nimport roma_provider as roma\n\n"
    text = head + f'found = roma.Instance.get("found", pulumi.Output.secret({instance_id!r}))\n'
    other = Story.of(
        stack_for, maker.emulator, text + 'pulumi.export("s", found.status)\n', name="other", project="other"
    )
    other.stack.up()
    assert other.stack.outputs() == {"s": "RUNNING"}
    for bad in ("None", "5", "''"):
        other.stack.write(head + f'roma.Instance.get("found", {bad})\n')
        run = other.stack.preview(expect=None)
        assert run.code != 0
        assert f"Instance.get('found'): write the id of an instance, not {bad}" in run.text
        assert_clean(run.text)
    other.stack.write(head + f'roma.Instance.get("found", {instance_id!r}, project_id="x", region="No Such")\n')
    run = other.stack.preview(expect=None)
    assert "region: write a region id, such as cn-north-4, not 'No Such'" in run.text
    assert_clean(run.text)


def test_a_subclass_is_the_same_resource(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    text = program().replace("for name in", "class Mine(roma.Instance):\n    pass\n\n\nfor name in")
    text = text.replace("    roma.Instance(", "    mine = Mine(")
    text += (
        'pulumi.export("name", mine.services[0].name)\npulumi.export("at", mine.created_at.apply(lambda at: str(at)))\n'
    )
    story = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0), text)
    story.stack.up()
    [held] = story.stack.resources()
    assert held["type"] == "pulumi-python:dynamic/roma:Instance"
    outputs = story.stack.outputs()
    assert outputs["at"] == str(held["outputs"]["created_at"])
    assert outputs["name"] == held["outputs"]["services"][0]["name"]


def test_ignore_changes_of_what_check_has_written(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    story = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0))
    story.stack.up()
    for ignored in ("['product_id']", "['edition', 'product_id']", "['*']"):
        story.stack.write(program(options=f"ignore_changes={ignored}"))
        story.stack.preview("--expect-no-changes")
    story.stack.write(program(edition=None, product_id="00300-30101-0--0", options="ignore_changes=['edition']"))
    story.stack.preview("--expect-no-changes")
