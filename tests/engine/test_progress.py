"""What people see of a creation, a refresh and a deletion: on a terminal, and in plain output."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import Stack
from tests.engine.hosts import ALSO_PLUGIN
from tests.engine.on_terminal import OnTerminal
from tests.engine.story import LONG, MakeEmulator, Story, assert_clean

START = 1741262473785
CREATED = re.compile(r"created in [\d.]+ s; slowest sub-service: \w+, [\d.]+ s")


@pytest.fixture
def emulator(make_emulator: MakeEmulator) -> Emulator:
    return make_emulator(creation_seconds=LONG, list_lag_seconds=0)


@pytest.fixture
def story(stack_for: StackFor, emulator: Emulator) -> Story:
    return Story.of(stack_for, emulator)


def service(name: str, percent: int | None = None, *, failed: bool = False) -> dict[str, Any]:
    """A sub-service that has not started, is so far, is done (100), or failed."""
    return {
        "name": name,
        "start_time": 0 if percent is None else START,
        "end_time": START + 60_000 if percent == 100 else 0,
        "status": "create_failed" if failed else "running" if percent == 100 else "creating",
        "progress": percent or 0,
    }


class Scripted:
    """Every question about progress gets the answer that was set last."""

    def __init__(self, emulator: Emulator) -> None:
        self._control = emulator.control
        self._fault: str | None = None

    def answer(self, percent: int, seconds: float, *services: dict[str, Any]) -> None:
        now = START + round(seconds * 1000)
        body = {
            "instance": {"status": "CREATING"},
            "start_time": START,
            "currentTime": now,
            "progress": percent,
            "item": list(services),
        }
        self._set(status=200, body=body)

    def trouble(self, status: int) -> None:
        self._set(status=status)

    def hold(self) -> None:
        """No answer until there is another one."""
        self._set(hold=True)

    def end(self) -> None:
        """The emulator's own answers again."""
        if self._fault is not None:
            self._control.clear_fault(self._fault)
            self._fault = None

    def _set(self, **rule: Any) -> None:
        before = self._fault
        self._fault = self._control.add_fault("creation_progress", times=None, **rule)
        if before is not None:
            self._control.clear_fault(before)


def messages(stack: Stack, verb: str, folder: Path) -> list[dict[str, Any]]:
    """The messages of a run without a terminal that are attached to the instance."""
    log = folder / "events"
    getattr(stack, verb)("--event-log", str(log), environment={"PULUMI_DEBUG_COMMANDS": "true"})
    events = [json.loads(line) for line in log.read_text().splitlines()]
    log.unlink()
    found = [event["diagnosticEvent"] for event in events if "diagnosticEvent" in event]
    ours = [event for event in found if event["severity"] != "debug"]
    urn = stack.host.urn("one")
    assert {event.get("urn") for event in ours} <= {urn, None}
    # What has no URN is the engine's own.
    assert [event["message"] for event in ours if event.get("urn") is None and "created" in event["message"]] == []
    return [event for event in ours if event.get("urn") == urn]


@ALSO_PLUGIN
def test_a_creation_on_a_terminal_of_100_columns(story: Story) -> None:
    type_ = story.stack.host.shown_type
    script = Scripted(story.emulator)
    script.answer(0, 30, service("mqs"), service("lvs", 0))
    with OnTerminal.up(story.stack) as run:
        run.wait_for_text("0% 0:30: lvs 0%, 1 no")
        script.answer(42, 460, service("mqs", 30), service("lvs", 100))
        run.wait_for_text("42% 7:40, ~11m left: m")
        script.trouble(502)
        run.wait_for_text(lambda text: re.search(r"42% 7:\d\d 502, trying a", text) is not None)
        script.answer(60, 600, service("mqs", 80), service("lvs", 100))
        run.wait_for_text("60% 10:00, ~7m left: m")
        script.answer(50, 610, service("mqs", 5, failed=True), service("lvs", 100))
        run.wait_for_text("50% 10:10: mqs failed,")
        script.answer(180, 4060, service("mqs", 100))
        run.wait_for_text("100% 1:07:40: mqs done")
        creating = [row for row in run.rows("one") if "creating (" in row]
        # One row, in which one status took the place of another.
        assert max(sum(type_ in line for line in frame) for frame in run.frames) == 1
        story.finish_all()
        script.end()
        text = run.wait()
    assert len(creating) >= 6
    # It is gone, and the line that stays is there, under the resource.
    for said in ("trying again", "left", "1:07:40", "not started"):
        assert said not in text
    assert re.search(rf"{type_}  one +created \([\d.]+s\) +1 message", text)
    assert re.search(rf"{type_} \(one\):\s+{CREATED.pattern}", text)
    assert_clean(text)


def test_a_wide_terminal_shows_all_of_the_line(story: Story) -> None:
    script = Scripted(story.emulator)
    names = ("lvs", "mqs", "apic", "fdi", "link")
    script.answer(42, 460, *(service(name, 30) for name in names), service("eip", 100), service("dns"))
    line = "42% 7:40, ~11m left: lvs 30%, mqs 30%, apic 30%, fdi 30%, link 30%, eip done, 1 not started"
    with OnTerminal.up(story.stack, columns=180) as run:
        run.wait_for_text(line)
        story.finish_all()
        script.end()
        run.wait()


def test_resume_refresh_and_delete_on_a_terminal(story: Story) -> None:
    script = Scripted(story.emulator)
    script.answer(42, 460, service("mqs", 30))
    with OnTerminal.up(story.stack) as run:
        run.wait_for_text("42% 7:40, ~11m left")
        run.type("\x03")
        text = run.wait(expect=1)
    assert "stopped waiting for instance" in text
    (instance_id,) = story.held

    script.hold()
    with OnTerminal(story.stack, "refresh", "--yes", "--skip-preview", columns=180) as run:
        run.wait_for_text(f"reading instance {instance_id}")
        script.end()
        text = run.wait()
    assert f"instance {instance_id} is still being created (0%: mqs not started, lvs 0%" in text

    script.answer(50, 920, service("mqs", 60))
    with OnTerminal.up(story.stack) as run:
        # By the API's clock: the whole of it, not only this run's.
        run.wait_for_text("50% 15:20, ~15m left: ")
        story.finish_all()
        script.end()
        text = run.wait()
    assert CREATED.search(text)

    story.emulator.control.settings(deletion_seconds=LONG)
    with OnTerminal(story.stack, "destroy", "--yes", "--skip-preview") as run:
        run.wait_for_text(lambda text: re.search(r"deleting \(\d+s\)\.* +0:\d\d status DELETING", text) is not None)
        story.emulator.control.add_fault("list_instances", status=502, times=20)
        run.wait_for_text(lambda text: re.search(r"0:\d\d 502, trying again", text) is not None)
        story.emulator.control.patch_instance(instance_id, gone=True)
        text = run.wait()
    assert "DELETING" not in text
    assert story.live == {}


@ALSO_PLUGIN
def test_plain_output_of_a_creation(story: Story) -> None:
    resource = f"{story.stack.host.shown_type} one"
    script = Scripted(story.emulator)
    script.answer(0, 30, service("mqs"), service("lvs", 0))
    with story.stack.start_up() as running:
        running.wait_for_text(" 0% 0:30: lvs 0%, 1 not started")
        script.answer(10, 100, service("mqs"), service("lvs", 50))  # nothing that a reader of a log cares about
        story.emulator.control.clear_calls()
        story.wait_for_polls(running=running)
        script.answer(26, 200, service("mqs", 1), service("lvs", 100))
        running.wait_for_text("26% 3:20, ~9m left: mqs 1%, lvs done")
        script.trouble(502)
        running.wait_for_text("502, trying again: mqs 1%, lvs done")
        script.answer(27, 300, service("mqs", 2), service("lvs", 100))
        running.wait_for_text("27% 5:00, ~14m left: mqs 2%, lvs done")
        story.finish_all()
        script.end()
        run = running.wait(expect=0)
    lines = [line for line in run.text.split("Diagnostics:")[0].splitlines() if resource in line]
    said = [re.sub(rf".*?{resource} (creating|created) \([\d.]+s\) ?", "", line).rstrip() for line in lines]
    assert [text for text in said if text.startswith("10%")] == []
    assert said[:7] == [
        "",
        "checking that the instance does not exist yet",
        "ordering the instance",
        "0% 0:30: lvs 0%, 1 not started",
        "26% 3:20, ~9m left: mqs 1%, lvs done",
        said[5],
        "27% 5:00, ~14m left: mqs 2%, lvs done",
    ]
    assert re.fullmatch(r"26% 3:\d\d 502, trying again: mqs 1%, lvs done", said[5])
    # As long as the emulator needs to be ready, nothing else; then the line that stays, again in the last row.
    assert all(CREATED.fullmatch(text) for text in said[-2:])
    assert len(said) <= 11
    assert len(CREATED.findall(run.text.split("Diagnostics:")[1])) == 1
    assert_clean(run.text)


def test_plain_messages_are_the_resources_own(story: Story, tmp_path: Path) -> None:
    story.emulator.control.settings(creation_seconds=1, deletion_seconds=0.2)
    made = messages(story.stack, "up", tmp_path)
    assert CREATED.fullmatch(made[-1]["message"].strip())
    assert [event["message"] for event in made if not event.get("ephemeral")] == [made[-1]["message"]]
    assert 4 <= len(made) <= 13
    # A refresh without news says nothing in a log: it would be a line for each instance.
    assert messages(story.stack, "refresh", tmp_path) == []
    (instance_id,) = story.held
    gone = [event["message"].strip() for event in messages(story.stack, "destroy", tmp_path)]
    assert (gone[0], gone[-1]) == (f"deleting instance {instance_id}", f"instance {instance_id} is gone")
    assert 2 <= len(gone) <= 4


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--diff"], {}),
        pytest.param(["--non-interactive"], {}, marks=pytest.mark.thorough),
        pytest.param([], {"TERM": "dumb"}, marks=pytest.mark.thorough),
        ([], {"GITLAB_CI": "true"}),
        ([], {"ROMA_PROGRESS": "plain"}),
    ],
    ids=["diff", "non-interactive", "dumb", "ci", "asked for"],
)
def test_a_terminal_that_is_not_drawn_on(story: Story, arguments: list[str], environment: dict[str, str]) -> None:
    script = Scripted(story.emulator)
    script.answer(42, 460, service("mqs", 30))
    with OnTerminal.up(story.stack, *arguments, columns=180, **environment) as run:
        run.wait_for_text("42% 7:40, ~11m left: mqs 30%")
        for seconds in range(461, 471):
            script.answer(42, seconds, service("mqs", 30))
            story.emulator.control.clear_calls()
            story.wait_for_polls()
        script.end()
        story.finish_all()
        run.wait()
    shown = "\n".join("\n".join(frame) for frame in run.frames)
    assert set(re.findall(r"42% 7:\d\d", shown)) == {"42% 7:40"}


def test_live_lines_where_they_are_asked_for(story: Story) -> None:
    script = Scripted(story.emulator)
    script.answer(42, 460, service("mqs", 30))
    with story.stack.start_up(environment={"ROMA_PROGRESS": "live"}) as running:
        running.wait_for_text("42% 7:40, ~11m left: mqs 30%")
        script.answer(42, 461, service("mqs", 30))
        running.wait_for_text("42% 7:41, ~11m left: mqs 30%")
        story.finish_all()
        script.end()
        running.wait(expect=0)


def test_a_failure_says_why(story: Story) -> None:
    story.emulator.control.settings(creation_seconds=0.5, scenario="create-failed")
    with OnTerminal.up(story.stack, columns=200) as run:
        text = run.wait(expect=None)
    assert "could not be created (CREATE_FAILED): ROMA.10010 create task failed" in text
    assert "sub-service link failed: LINK.00500001 Insufficient resources in the availability zone." in text
    assert "created in" not in text
    assert_clean(text)


def test_another_word_than_live_or_plain_is_refused_in_preview(story: Story) -> None:
    run = story.stack.preview(expect=None, environment={"ROMA_PROGRESS": "fancy"})
    assert run.code > 0
    assert "ROMA_PROGRESS" in run.text
    assert "write live or plain, not 'fancy'; unset, the terminal decides" in run.text
    assert_clean(run.text)
