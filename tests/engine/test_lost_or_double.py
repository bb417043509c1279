"""The ways of docs/lost-or-double.md that no other page has: handing over, and what two stacks hold."""

from __future__ import annotations

import pytest

from tests.engine.conftest import StackFor
from tests.engine.story import MakeEmulator, Story, program
from tests.engine.test_reliability_state import roma

pytestmark = pytest.mark.thorough

PROTECTED = "protect=True"
WARNING = "Two resources that hold one instance would each delete it"
REFERRING = """
import roma_provider as roma

roma.ExistingInstance("one", instance_id={id!r})
"""


@pytest.fixture
def stacks(stack_for: StackFor, make_emulator: MakeEmulator) -> tuple[Story, Story]:
    """Two stacks of one machine and one backend: the first has an instance, which is protected."""
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=0)
    old = Story.of(stack_for, emulator, program(options=PROTECTED))
    old.stack.up()
    new = Story.of(
        stack_for, emulator, "import pulumi\n", name="new", project="new", backend=old.stack.backend,
        home=old.stack.home,
    )  # fmt: skip
    return old, new


def test_handing_over(stacks: tuple[Story, Story]) -> None:
    old, new = stacks
    [instance_id] = old.held
    [urn] = [resource["urn"] for resource in old.stack.resources()]
    # Step 1.
    old.stack.run("state unprotect", "--yes", urn)
    old.stack.run("state delete", "--yes", urn)
    assert old.held == []
    assert roma(old, "forget", instance_id, "--yes").returncode == 0
    # Step 2.
    old.stack.write(REFERRING.format(id=instance_id))
    old.stack.up()
    # Steps 3 and 4.
    new.stack.write(program(options=PROTECTED, adopt_id=instance_id))
    said = new.stack.preview().text
    assert f"adopts instance {instance_id}" in said
    assert "nothing is ordered" in said
    assert WARNING not in " ".join(new.stack.up().text.split())
    # Step 5.
    new.stack.write(program(options=PROTECTED))
    new.stack.up("--expect-no-changes")
    assert new.held == [instance_id]
    old.stack.destroy()
    assert new.live == {instance_id: "RUNNING"}
    assert new.posts == 1
    assert len(new.emulator.control.calls("delete_instance")) == 0


def test_two_stacks_that_hold_one_instance(stacks: tuple[Story, Story]) -> None:
    old, new = stacks
    [instance_id] = old.held
    new.stack.write(program(adopt_id=instance_id))
    assert WARNING in " ".join(new.stack.up().text.split())
    assert (old.held, new.held) == ([instance_id], [instance_id])
    # It is the old one's; in the other one:
    [urn] = [resource["urn"] for resource in new.stack.resources()]
    assert urn in new.stack.run("stack", "--show-urns").text
    new.stack.run("state delete", "--yes", urn)
    new.stack.write(REFERRING.format(id=instance_id))
    assert "delete" not in new.stack.preview().text
    new.stack.up()
    new.stack.destroy()
    assert (old.held, old.live) == ([instance_id], {instance_id: "RUNNING"})
    old.stack.up("--expect-no-changes")
