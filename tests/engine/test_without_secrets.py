"""Previews without a way to sign in, as in pull requests from forks."""

from __future__ import annotations

import re

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.seen import new_calls
from tests.engine.story import QUICK, Story, program

NOBODY = {"HW_AUTH_TOKEN": ""}


def test_what_does_not_change_needs_none(stack_for: StackFor, emulator: Emulator) -> None:
    story = Story.of(stack_for, emulator, program("one", "two"))
    story.stack.up()
    new_calls(emulator)
    run = story.stack.preview("--expect-no-changes", environment=NOBODY)
    assert run.text.split("Diagnostics:")[1].count("no way to sign in is given") == 1
    # What differs can be shown too.
    story.stack.write(program("one", "two", description="another"))
    run = story.stack.preview("--diff", environment=NOBODY)
    assert len(re.findall(r"\+ description *: |~ description *: ", run.text)) == 2
    assert new_calls(emulator) == []
    refused = story.stack.up(expect=None, environment=NOBODY)
    assert refused.code > 0
    assert re.search(r"error: [^\n]*no way to sign in is given", refused.text)
    assert new_calls(emulator) == []


@pytest.mark.thorough
def test_settings_that_are_wrong_stay_errors(stack_for: StackFor, emulator: Emulator) -> None:
    stack = stack_for(emulator, program(), environment=QUICK)
    stack.up()
    run = stack.preview(expect=None, environment={**NOBODY, "ROMA_ENDPOINT": "http://roma.example.com"})
    assert run.code > 0
    assert "http would send credentials in the clear to roma.example.com" in run.text
