"""Pulumi's own ways to deal with a creation that was killed, which docs/what-happens-when.md advises against.

They are the engine's, and send the provider nothing. Where a test here fails with a newer engine, import may have come
to work: then the page and the README's words on `pulumi import` are to be written anew.
"""

from __future__ import annotations

import pytest

from tests.engine.conftest import StackFor
from tests.engine.seen import new_calls
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, assert_one


@pytest.fixture
def killed(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    """A creation whose CLI was killed: an instance, a `creating` operation, and nothing else in the state."""
    story = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0))
    story.kill_up()
    story.stack.cancel()
    pending = [operation["type"] for operation in story.stack.pending_operations()]
    assert (pending, story.held, story.posts) == (["creating"], [], 1)
    return story


def test_import_pending_creates_imports_nothing(killed: Story) -> None:
    """It exits with 0, asks nobody, and drops the operation. Nothing is lost by it: the journal goes on."""
    [instance_id] = killed.live
    [operation] = killed.stack.pending_operations()
    killed.finish_all()
    new_calls(killed.emulator)

    flag = "--import-pending-creates"
    run = killed.stack.refresh(flag, operation["resource"]["urn"], flag, instance_id, expect=0)
    assert_clean(run.text)
    assert (killed.held, killed.stack.pending_operations()) == ([], [])
    assert new_calls(killed.emulator) == []

    assert f"resuming the creation of instance {instance_id}" in killed.stack.up().text
    assert_one(killed, instance_id)
    assert (killed.posts, len(killed.emulator.control.calls("delete_instance"))) == (0, 0)


def test_pulumi_import_and_import_as_an_option_fail(killed: Story) -> None:
    """With the SDK's error, before any code of ours; and nothing changes."""
    [instance_id] = killed.live
    killed.finish_all()
    new_calls(killed.emulator)
    token = "pulumi-python:dynamic/roma:Instance"
    commands = [killed.stack.run("import", token, "one", instance_id, "--yes", "--skip-preview", expect=None)]
    killed.stack.write(
        (killed.stack.folder / "__main__.py")
        .read_text()
        .replace("opts=pulumi.ResourceOptions(", f"opts=pulumi.ResourceOptions(import_={instance_id!r}, ")
    )
    commands.append(killed.stack.up(expect=None))
    for run in commands:
        assert run.code != 0
        assert "KeyError: '__provider'" in run.text
    assert killed.held == []
    assert new_calls(killed.emulator) == []
