"""A file of the program that has the name of what the plugin imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.story import Story, assert_clean, program

# What hooks import after the SDK's host has started; names that the SDK's own start needs fail for any provider.
NAMES = ["resource", "requests", "urllib3", "pydantic", "decimal", "hmac", "certifi", "idna", "configparser", "netrc"]
NAMES += ["secrets", "fractions", "termios", "_strptime", "stringprep", "mimetypes", "annotated_types", "zoneinfo"]
BROKEN = 'raise ImportError("this is a file of the program")\n'
# A plain dynamic provider of the program's own, in a file of such a name.
THEIRS = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class Provider(ResourceProvider):
    def create(self, props):
        import urllib3  # theirs too

        return CreateResult("id", {"said": urllib3.SAID})


class Plain(Resource):
    def __init__(self, name, opts=None):
        super().__init__(Provider(), name, {"said": None}, opts)
"""
WITH_THEIRS = """
import pulumi
import requests

plain = requests.Plain("plain")
more = requests.Plain("more", pulumi.ResourceOptions(depends_on=[plain]))
pulumi.export("said", [plain.said, more.said])
"""


@pytest.fixture
def story(stack_for: StackFor, emulator: Emulator) -> Story:
    return Story.of(stack_for, emulator)


def put(story: Story, **files: str) -> None:
    for name, text in files.items():
        Path(story.stack.folder, f"{name}.py").write_text(text)


def test_files_with_the_names_of_what_hooks_import(story: Story) -> None:
    put(story, **dict.fromkeys(NAMES, BROKEN))
    run = story.stack.up(preview=True)
    assert_clean(run.text)
    assert len(story.held) == 1
    story.stack.refresh("--expect-no-changes")
    story.stack.destroy()
    assert (story.held, story.live) == ([], {})


@pytest.mark.thorough
def test_modules_of_the_program_that_are_loaded_stay_its_own(story: Story) -> None:
    put(story, requests=THEIRS, urllib3='SAID = "theirs"\n')
    mine = program().replace("name=name,", "name=name, description=plain.said,")
    story.stack.write(WITH_THEIRS + mine)
    story.stack.up()
    assert story.stack.outputs()["said"] == ["theirs", "theirs"]
    assert story.stack.resources()[0]["inputs"]["description"] == "theirs"
    story.stack.destroy()
    assert story.live == {}
