"""What the tests of interrupted runs share: a program with instances, and one look at all that is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import Stack
from tests.engine.running import Run, Running
from tests.engine.seen import ANSWERED, orders
from tests.support.until import wait_until

MakeEmulator = Callable[..., Emulator]
LONG = 600.0  # seconds: an instance that is not ready while a test lasts
QUICK = {"ROMA_POLL_SECONDS": "0.1"}

_PROGRAM = """
import pulumi
import roma_provider as roma

for name in {names!r}:
    roma.Instance(
        {prefix!r} + name,
        name=name,
        available_zones=["az0.dc0"],
        vpc_id={vpc_id!r},
        subnet_id="f65009c8-7009-403c-abdf-3100f9817762",
        security_group_id="272338c9-b3ee-41ae-a2b6-3942f31030da",
        opts=pulumi.ResourceOptions({options}),
        **{arguments!r},
    )
"""


def program(*names: str, vpc_id: str = "vpc-1", options: str = "", prefix: str = "", **arguments: Any) -> str:
    """A program with an instance for each name; `options` is the text of its resource options."""
    return _PROGRAM.format(
        names=names or ("one",),
        prefix=prefix,
        vpc_id=vpc_id,
        options=options,
        arguments={"edition": "basic", **arguments},
    )


@dataclass
class Story:
    """A stack and an emulator, and what each holds."""

    stack: Stack
    emulator: Emulator

    @classmethod
    def of(cls, stack_for: StackFor, emulator: Emulator, text: str | None = None, **options: Any) -> Story:
        environment = {**QUICK, **options.pop("environment", {})}
        return cls(stack_for(emulator, text or program(), environment=environment, **options), emulator)

    @property
    def live(self) -> dict[str, str]:
        """The instances in the emulator: id to status."""
        return {instance.id: instance.status for instance in self.emulator.control.instances()}

    @property
    def held(self) -> list[str]:
        """The ids in the state, one for each entry."""
        return [resource["id"] for resource in self.stack.resources()]

    @property
    def reasons(self) -> list[str]:
        """The reasons in the state for which a resource is not ready."""
        return [reason for resource in self.stack.resources() for reason in resource.get("initErrors") or []]

    def status(self, instance_id: str) -> str:
        """The status of an instance in the state."""
        found = [resource for resource in self.stack.resources() if resource["id"] == instance_id]
        return str(found[0]["outputs"]["status"])

    @property
    def journal(self) -> list[dict[str, Any]]:
        """The open orders of the journal."""
        return orders(self.stack.state_home)

    @property
    def witnesses(self) -> list[dict[str, Any]]:
        """The orders whose outcome the engine was told, and which it has not named since."""
        return orders(self.stack.state_home, ANSWERED)

    @property
    def runs(self) -> list[str]:
        """The folders of notes that runs have left which no later plugin has removed, but for the last run's."""
        folder = self.stack.state_home / "roma-provider" / "runs"
        return sorted(path.name for path in folder.glob("*"))[1:]

    @property
    def posts(self) -> int:
        return len(self.emulator.control.calls("create_instance"))

    def wait_for_polls(self, instances: int = 1, running: Running | None = None) -> None:
        """Wait until that many instances exist and each has been polled."""

        def polled() -> bool:
            assert running is None or running.running, running.text
            calls = self.emulator.control.calls("creation_progress")
            return len({call.instance_id for call in calls if call.status == 200}) >= instances

        wait_until(polled, f"{instances} instances being polled")

    def interrupt_up(self) -> Run:
        """Run `up` until its instance is polled, then press Ctrl-C."""
        with self.stack.start_up() as running:
            self.wait_for_polls(running=running)
            running.interrupt()
            return running.wait(expect=1)

    def kill_up(self) -> None:
        """Run `up` until its instance is polled, then `kill -9` the CLI; until its plugin has ended too."""
        with self.stack.start_up() as running:
            self.wait_for_polls(running=running)
            running.kill_with_plugin()

    def end(self, running: Running, how: str) -> None:
        """End a run by Ctrl-C ("interrupt"); or by `kill -9` of CLI and plugin ("kill"), with the lock taken away."""
        if how == "kill":
            running.kill_with_plugin()
            self.stack.cancel()
        else:
            running.interrupt()
            running.wait()

    def end_unsaved(self, running: Running) -> None:
        """Have the creations of a run end while Pulumi cannot save its state; until its plugin has ended too."""
        with self.stack.unsavable():
            self.finish_all()
            running.wait()
            wait_until(lambda: not running.plugin_pids(), "the end of the plugin process")

    def finish_all(self) -> None:
        """Have every creation end now."""
        for instance in self.emulator.control.instances():
            self.emulator.control.patch_instance(instance.id, creation_seconds=0.01)
        self.emulator.control.settings(creation_seconds=0.01)

    def settle(self, expect: int = 0) -> str:
        """Let every creation end and run `up`; its text."""
        self.finish_all()
        return self.stack.up(expect=expect).text


def assert_one(story: Story, instance_id: str | None = None) -> str:
    """One instance (this one), in the state once, ready, and no order left open; its id."""
    [found] = story.live
    assert instance_id in (None, found)
    assert (story.held, story.live, story.status(found)) == ([found], {found: "RUNNING"}, "RUNNING")
    assert (story.reasons, story.journal) == ([], [])
    return found


def assert_clean(text: str) -> None:
    """Nothing in what the user saw is a traceback of ours."""
    assert "Traceback" not in text, text


def checkpoint_bytes(folder: Path) -> bytes:
    """Everything in a folder, as one text to look for words in."""
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def assert_one_of_two(first: Story, second: Story, hold: str) -> None:
    """Two stacks that order one name at the same moment make one POST, and the second is refused. ``hold`` is the fault
    that keeps the first one's answer back."""
    with first.stack.start_up() as one:
        wait_until(lambda: bool(first.live), "an instance")
        with second.stack.start_up() as other:
            other.wait_for_text("checking that the instance does not exist yet")
            first.emulator.control.clear_fault(hold)
            one.wait(expect=0)
            refused = other.wait(expect=1)
    assert "exists already" in refused.text or "ordered from this machine already" in refused.text
    assert second.held == []
    assert first.posts == 1
    assert_one(first)
