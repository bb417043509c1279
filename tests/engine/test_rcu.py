"""RCU instances (experimental): POST v3, and the V3 list wherever an instance is looked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.conftest import StackFor
from tests.engine.seen import counted
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program

RCU: dict[str, Any] = {"total": 5, "distribution": [{"indicator": {"id": "apic"}, "value": 5}]}


def rcu_program(options: str = "", **arguments: Any) -> str:
    given = {"rcu": RCU, "edition": None, **arguments}
    text = program(options=options, **given)
    return text.replace('        security_group_id="272338c9-b3ee-41ae-a2b6-3942f31030da",\n', "")


@pytest.fixture
def story(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    return Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0), rcu_program())


def test_its_whole_life(story: Story) -> None:
    run = story.stack.up()
    assert_clean(run.text)
    calls = counted(story.emulator)
    assert (calls["create_rcu_instance"], calls["create_instance"]) == (1, 0)
    # Before the order, after it, and at the end of the wait: a name is looked for in both lists.
    assert calls["list_roma_instances"] == calls["list_instances"] == 3
    [instance_id] = story.live
    [held] = story.stack.resources()
    assert held["id"] == instance_id
    outputs = held["outputs"]
    assert (outputs["status"], outputs["charge_type"], outputs["rcu"]) == ("RUNNING", "postPaid", RCU)
    story.stack.up("--expect-no-changes")
    story.stack.refresh("--expect-no-changes")
    assert counted(story.emulator)["list_instances"] == 1
    story.stack.destroy()
    assert set(story.live.values()) <= {"DELETING", "DELETED"}
    calls = counted(story.emulator)
    assert (calls["delete_instance"], calls["list_instances"]) == (1, 2)  # gone by both kinds of list, twice
    assert calls["list_roma_instances"] >= 1


def test_a_name_that_is_taken_is_found_in_the_v3_list(story: Story, stack_for: StackFor) -> None:
    story.stack.up()
    other = Story.of(stack_for, story.emulator, rcu_program(), name="other", project="other")
    run = other.stack.up(expect=1)
    [instance_id] = story.live
    assert f"an instance named 'one' exists already in project {held_project(story)}: id {instance_id}" in run.text
    assert len(story.emulator.control.calls("create_rcu_instance")) == 1


def held_project(story: Story) -> str:
    return str(story.stack.resources()[0]["inputs"]["project_id"])


def test_an_answer_that_was_lost_is_looked_for_in_the_v3_list(story: Story) -> None:
    story.emulator.control.add_fault("create_rcu_instance", when="after", reset=True)
    story.stack.up()
    [instance_id] = story.live
    assert story.held == [instance_id]
    assert len(story.emulator.control.calls("create_rcu_instance")) == 1


def test_ctrl_c_and_on(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    story = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0), rcu_program())
    story.interrupt_up()
    story.settle()
    assert [story.status(instance_id) for instance_id in story.held] == ["RUNNING"]
    assert len(story.emulator.control.calls("create_rcu_instance")) == 1


@pytest.mark.thorough
def test_more_rcus_are_the_consoles_to_give(story: Story) -> None:
    story.stack.up()
    story.stack.write(rcu_program(rcu={"total": 20}))
    words = "No API changes 'rcu', nor shows whether the console has"
    shown = story.stack.preview()
    assert words in shown.text
    assert "1 to update" in shown.text
    assert "to replace" not in shown.text
    run = story.stack.up(expect=1)
    assert words in run.text
    assert "ignore_changes=['rcu']" in run.text
    story.stack.write(rcu_program("ignore_changes=['rcu']", rcu={"total": 20}))
    story.stack.up()
    # Where the console has made the change, the instance is taken over as it is declared now.
    [instance_id] = story.held
    story.stack.run("state delete", "--yes", story.stack.resources()[0]["urn"])
    story.stack.write(rcu_program(rcu={"total": 20}, adopt_id=instance_id))
    story.stack.up()
    assert story.stack.resources()[0]["outputs"]["rcu"] == {"total": 20}
    story.stack.write(rcu_program(rcu={"total": 20}))
    story.stack.up()
    assert story.held == [instance_id] == list(story.live)


@pytest.mark.thorough
def test_the_other_kind_is_refused_by_name_or_replaces(story: Story) -> None:
    story.stack.write(program(rcu=RCU, edition=None, eip_id="e"))
    run = story.stack.preview(expect=None)
    for key in ("security_group_id", "eip_id"):
        assert f"{key} value" in run.text, run.text
    assert "an RCU instance does not take it, only an instance of an edition does; leave it out" in run.text
    assert run.code != 0
    assert story.emulator.control.calls() == []
    story.stack.write(rcu_program())
    story.stack.up()
    [first] = story.live
    story.stack.write(program())
    shown = story.stack.preview().text
    assert "because of rcu" in shown
    story.stack.up()
    [second] = story.held
    assert second != first
    assert story.live[second] == "RUNNING"
