"""Pulumi's own ways to deal with a creation that was killed, which docs/what-happens-when.md advises against.

They are the engine's, and send the provider nothing. Where the test fails with a newer engine, import may have come to
work: then that page and the README's words on `pulumi import` are to be written anew.
"""

from __future__ import annotations

from typer.testing import CliRunner

from roma_provider.cli.application import app
from tests.engine.conftest import StackFor
from tests.engine.seen import new_calls
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, assert_one, program

TYPE = "pulumi-python:dynamic/roma:Instance"


def test_none_of_pulumis_own_ways_imports_anything(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    """`pulumi import` and the option `import_` fail with the SDK's error, before any code of ours. `refresh
    --import-pending-creates` exits with 0, asks nobody, and drops the operation. Nothing is lost by any: the journal
    goes on."""
    story = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0))
    story.kill_up()
    story.stack.cancel()
    [instance_id], [operation] = story.live, story.stack.pending_operations()
    assert (operation["type"], story.held, story.posts) == ("creating", [], 1)
    listed = CliRunner().invoke(app, ["list"], env=story.stack.environment)
    assert listed.stdout.endswith(f"\tordered from here for {operation['resource']['urn']}, in no state\n")
    story.finish_all()
    new_calls(story.emulator)

    runs = [story.stack.run("import", TYPE, "one", instance_id, "--yes", "--skip-preview", expect=None)]
    story.stack.write(program(options=f"import_={instance_id!r}"))
    runs.append(story.stack.up(expect=None))
    for run in runs:
        assert run.code != 0
        assert "KeyError: '__provider'" in run.text
    assert (story.held, new_calls(story.emulator)) == ([], [])

    story.stack.write(program())
    flag = "--import-pending-creates"
    assert_clean(story.stack.refresh(flag, operation["resource"]["urn"], flag, instance_id, expect=0).text)
    assert (story.held, story.stack.pending_operations(), new_calls(story.emulator)) == ([], [], [])

    assert f"resuming the creation of instance {instance_id}" in story.stack.up().text
    assert_one(story, instance_id)
    assert (story.posts, len(story.emulator.control.calls("delete_instance"))) == (0, 0)
