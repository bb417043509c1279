"""Never two where the lists are late or spell a name otherwise (docs/reliability.md, number 14)."""

from __future__ import annotations

import json

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.running import Running
from tests.engine.story import LONG, MakeEmulator, Story, program

pytestmark = pytest.mark.thorough

TIMED = 'custom_timeouts=pulumi.CustomTimeouts(create="2s")'


@pytest.fixture
def story(stack_for: StackFor, make_emulator: MakeEmulator) -> Story:
    emulator: Emulator = make_emulator(creation_seconds=0.1, deletion_seconds=0.1, list_lag_seconds=LONG)
    return Story.of(stack_for, emulator, program(options=TIMED))


def pass_time(story: Story, seconds: float) -> None:
    """Have the orders of the journal be older."""
    for path in (story.stack.state_home / "roma-provider" / "journal").glob("*.json"):
        entry = json.loads(path.read_text())
        path.write_text(json.dumps({**entry, "posted_at": entry["posted_at"] - seconds}))


def test_a_list_that_lags_for_more_than_two_minutes(story: Story) -> None:
    """Nothing is ordered for 15 minutes; `roma forget KEY` and the passing of time are the ways on."""
    story.emulator.control.add_fault("create_instance", status=502)  # in truth nothing was made
    story.stack.up(expect=1)
    [entry] = story.journal
    pass_time(story, 300)
    run = story.stack.up(expect=1)
    assert "got no clear answer; the list does not show it so far, but may be late. Nothing was created" in run.text
    assert f"run `roma forget {entry['key']}` and `pulumi up`" in run.text
    assert (story.posts, story.live, story.held) == (1, {}, [])
    command = ["roma", "forget", "--yes", entry["key"]]
    with Running(command, story.stack.folder, story.stack.environment) as running:
        running.wait(expect=0)
    story.stack.up()
    assert (story.posts, story.held) == (2, list(story.live))


def test_a_list_that_lags_until_it_is_believed(story: Story) -> None:
    story.emulator.control.add_fault("create_instance", status=502)
    story.stack.up(expect=1)
    pass_time(story, 901)
    story.stack.up()
    assert (story.posts, story.held, story.journal) == (2, list(story.live), [])


def test_a_list_that_shows_the_name_in_another_case(story: Story) -> None:
    story.emulator.control.settings(list_lag_seconds=0, listed_names="upper-case")
    story.emulator.control.add_fault("create_instance", when="after", reset=True)
    run = story.stack.up(expect=1)
    [made] = story.live
    assert f"the list shows instance {made} named 'ONE'" in run.text
    assert f"adopt_id='{made}'" in run.text
    assert (story.posts, story.held) == (1, [])
    # The way that the message names.
    story.stack.write(program("one", adopt_id=made).replace("name=name", "name='ONE'"))
    run = story.stack.up(expect=1)
    assert "name is 'one' there. Declare it as it is, then adopt it" in run.text
    story.stack.write(program("one", adopt_id=made))
    story.stack.up()
    assert (story.posts, story.held) == (1, [made])
