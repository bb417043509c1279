"""Each hook on the real engine: errors without a traceback, and waits that end when they are told to."""

from __future__ import annotations

import pytest

from tests.engine.conftest import StackFor
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean, program
from tests.support.until import wait_until

pytestmark = pytest.mark.thorough

# Python imports this at every start of an interpreter in the program's folder.
_BREAK = """
import os, sys

if "pulumi.dynamic" in sys.orig_argv and os.environ.get("BROKEN_HOOK"):
    from roma_provider.lifecycle.declared import DeclaredInstance
    from roma_provider.lifecycle.owned import Owned

    def broken(self, *arguments, **options):
        raise {error}

    hook = os.environ["BROKEN_HOOK"]
    setattr(DeclaredInstance if hook in ("check", "diff") else Owned, hook, broken)
"""


@pytest.fixture
def story(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    return Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0))


@pytest.mark.parametrize("error", ["KeyError('surprise')", "SystemExit('surprise')"], ids=["KeyError", "SystemExit"])
def test_a_bug_in_any_hook_is_no_traceback(story: Story, error: str) -> None:
    story.stack.environment["PYTHONPATH"] = str(story.stack.folder)
    (story.stack.folder / "sitecustomize.py").write_text(_BREAK.format(error=error))

    def run(verb: str, hook: str) -> None:
        flags = [] if verb == "preview" else ["--yes", "--skip-preview"]
        broken = story.stack.run(verb, *flags, expect=None, environment={"BROKEN_HOOK": hook})
        assert broken.code != 0, broken.text
        assert_clean(broken.text)
        assert "internal error of roma_provider" in broken.text
        assert "surprise" in broken.text

    run("preview", "check")
    run("up", "create")
    assert story.held == []
    story.stack.up()
    run("refresh", "read")
    story.stack.write(program(description="other"))
    run("preview", "diff")
    run("up", "update")
    run("destroy", "delete")
    assert story.held == list(story.live)


def test_ctrl_c_waits_for_a_post_in_flight(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    story = Story.of(stack_for, make_emulator(creation_seconds=LONG, list_lag_seconds=0))
    hold = story.emulator.control.add_fault("create_instance", when="after", hold=True)
    with story.stack.start_up() as running:
        wait_until(lambda: bool(story.live), "an instance")
        running.interrupt()
        running.wait_for_text("cancelling")
        assert story.held == []
        story.emulator.control.clear_fault(hold)
        running.wait(expect=1)
    assert story.held == list(story.live)
    assert story.stack.pending_operations() == []
    assert story.journal == []
    assert story.posts == 1


def test_ctrl_c_in_a_deletion(story: Story) -> None:
    story.stack.up()
    story.emulator.control.settings(deletion_seconds=LONG)
    with story.stack.start("destroy", "--yes", "--skip-preview") as running:
        wait_until(lambda: "DELETING" in story.live.values(), "a deletion under way")
        running.interrupt()
        run = running.wait(expect=1)
    assert "stopped waiting for the deletion" in run.text
    assert story.held == list(story.live)
    assert story.stack.pending_operations() == []
    story.emulator.control.patch_instance(story.held[0], gone=True)
    story.stack.destroy()
    assert (story.held, story.live) == ([], {})


def test_time_outs_of_delete_and_update(story: Story) -> None:
    options = 'custom_timeouts=pulumi.CustomTimeouts(create="60s", update="1s", delete="1s")'
    story.stack.write(program(options=options))
    story.emulator.control.settings(creation_seconds=LONG)
    story.interrupt_up()
    run = story.stack.up(expect=1)
    assert "was not ready after 1 s" in run.text
    story.emulator.control.settings(deletion_seconds=LONG)
    run = story.stack.destroy(expect=1)
    assert "was not gone after 1 s" in run.text
    assert_clean(run.text)
    assert story.held == list(story.live)


def test_delete_that_fails_and_frozen_instances(story: Story) -> None:
    story.stack.up()
    [instance_id] = story.live
    story.emulator.control.patch_instance(instance_id, status="FROZEN")
    run = story.stack.refresh()
    assert f"instance {instance_id} has the status FROZEN" in run.text
    assert story.reasons == []
    assert story.status(instance_id) == "FROZEN"
    calls = len(story.emulator.control.calls())
    story.stack.up()  # no more than a status: nothing to do, and nothing is asked
    assert len(story.emulator.control.calls()) == calls
    story.stack.environment["HW_MAX_RETRIES"] = "0"
    story.emulator.control.add_fault(
        "delete_instance", status=500, body={"error_code": "ROMA.00011000", "error_msg": "System error"}
    )
    run = story.stack.destroy(expect=1)
    assert "ROMA.00011000: System error" in run.text
    assert_clean(run.text)
    assert story.held == [instance_id]
    story.stack.destroy()
    assert (story.held, story.live) == ([], {})


def test_prepaid_instances_are_not_deleted(story: Story) -> None:
    story.stack.up()
    [instance_id] = story.live
    story.emulator.control.patch_instance(instance_id, fields={"prePay": True})
    run = story.stack.destroy(expect=1)
    assert "Unsubscribe it in the Billing Center" in run.text
    assert story.emulator.control.calls("delete_instance") == []
    assert story.held == [instance_id]


def test_trouble_with_the_api_is_ridden_out(story: Story) -> None:
    for status in (502, 503, 429, 500):
        story.emulator.control.add_fault("creation_progress", times=2, status=status)
    story.emulator.control.add_fault("creation_progress", times=2, reset=True)
    story.emulator.control.add_fault("creation_progress", times=2, cut=20)
    run = story.stack.up()
    assert "502, trying again" in run.text
    assert story.status(story.held[0]) == "RUNNING"
    assert story.posts == 1


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refusal_in_the_wait_keeps_the_instance(story: Story, status: int) -> None:
    body = {"error_code": "APIGW.0301", "error_msg": "Incorrect IAM authentication information"}
    fault = story.emulator.control.add_fault("creation_progress", times=None, status=status, body=body)
    run = story.stack.up(expect=1)
    assert f"HTTP {status}: APIGW.0301" in run.text
    assert "the creation goes on at Huawei Cloud" in run.text
    assert_clean(run.text)
    assert story.held == list(story.live)
    assert ("HW_AUTH_TOKEN" in run.text) == (status == 401)
    story.emulator.control.clear_fault(fault)
    story.stack.up()
    assert story.status(story.held[0]) == "RUNNING"
    assert story.posts == 1
