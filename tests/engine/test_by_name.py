"""References by name: a data source that looks anew, and a reference that keeps the id it found."""

from __future__ import annotations

import re

from tests.engine.conftest import StackFor
from tests.engine.seen import counted
from tests.engine.story import MakeEmulator, Story, assert_clean
from tests.engine.test_existing import made_elsewhere

_PROGRAM = """
import pulumi
import roma_provider as roma

kept = roma.ExistingInstance("kept", name={name!r})
found = roma.Instance.get("found", name={name!r})
pulumi.export("kept", kept.instance_id)
pulumi.export("found", found.id)
pulumi.export("statuses", [kept.status, found.status])
"""


def test_an_instance_by_its_name(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(creation_seconds=0.2, list_lag_seconds=0)
    theirs = made_elsewhere(emulator)
    story = Story.of(stack_for, emulator, _PROGRAM.format(name="theirs"))
    counted(emulator)
    assert f"refers to instance {theirs} (RUNNING)" in story.stack.up(preview=True).text
    assert story.stack.outputs() == {"kept": theirs, "found": theirs, "statuses": ["RUNNING", "RUNNING"]}
    [held] = story.stack.resources("ExistingInstance")
    assert held["id"] == theirs
    story.stack.up("--refresh", "--expect-no-changes")

    # The name comes to mean another: a data source follows, a reference keeps its id, and says so.
    emulator.control.patch_instance(theirs, fields={"name": "old"})
    other = made_elsewhere(emulator)
    refreshed = story.stack.refresh().text
    assert f"the instance named 'theirs' is {other} now; it was {theirs}" in refreshed
    assert f"instance {theirs}, which this resource refers to, is not named 'theirs' any more" in refreshed
    run = story.stack.up(expect=1)
    assert f"which {other} (" in run.text
    assert f"Write instance_id='{theirs}' to keep it" in run.text
    assert_clean(run.text)
    # Both ways on that it names: the one that has the name now, and then the first by its id.
    [urn] = set(re.findall(r"run `pulumi up --replace '([^']+)'`", " ".join(run.text.split())))
    story.stack.up("--replace", urn)
    assert story.stack.outputs()["kept"] == story.stack.outputs()["found"] == other
    text = _PROGRAM.format(name="theirs")
    story.stack.write(text.replace("\"kept\", name='theirs'", f'"kept", instance_id={theirs!r}'))
    story.stack.up()
    assert story.stack.outputs()["kept"] == theirs
    assert story.stack.outputs()["found"] == other
    story.stack.destroy()
    assert set(story.live) == {theirs, other}
    calls = counted(emulator)
    assert (calls["create_instance"], calls["delete_instance"]) == (1, 0)  # that of the other
