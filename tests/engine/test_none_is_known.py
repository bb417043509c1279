"""Outputs that are None are known in the preview of what does not change, whoever uses them, and however."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.engine.conftest import StackFor
from tests.engine.golden_programs import NOTE
from tests.engine.story import MakeEmulator, Story, program

pytestmark = pytest.mark.thorough

# Every output of each way in, as it is and by everything that is made of outputs.
USES = (
    NOTE
    + """
existing = roma.ExistingInstance("existing", instance_id=made.id)
found = roma.Instance.get("found", made.id)
ways = {"made": made, "existing": existing, "found": found}
# Where another resource needs it, and where nobody but the stack does.
for way, instance in ways.items():
    for name in type(instance).__annotations__:
        pulumi.export(f"{way}-{name}", getattr(instance, name))
    outputs = {name: getattr(instance, name) for name in type(instance).__annotations__}
    pulumi.export(f"{way}-all", pulumi.Output.all(**outputs).apply(lambda known: sorted(known)))
    pulumi.export(f"{way}-list", pulumi.Output.all(instance.publicip_addr, [instance.order_id]))
    pulumi.export(f"{way}-nested", {"public": instance.publicip_addr, "parts": [{"access": instance.access_user}]})
    pulumi.export(f"{way}-errors", instance.services.apply(lambda parts: [part.error_code for part in parts]))
    pulumi.export(f"{way}-error", instance.services[0].error_msg)
    pulumi.export(f"{way}-text", pulumi.Output.concat("public: ", instance.publicip_addr.apply(str)))
    pulumi.export(f"{way}-format", instance.publicip_addr.apply(lambda address: address or "none"))
    pulumi.export(f"{way}-secret", pulumi.Output.secret(instance.publicip_addr))
    Note(f"{way}-plain", "public", instance.publicip_addr)
    Note(f"{way}-nested", {"parts": [instance.publicip_addr, instance.access_user]}, instance.tag_entries)
"""
)
ELSEWHERE = (
    NOTE
    + """
other = pulumi.StackReference("organization/test/dev")
for way in ("made", "existing", "found"):
    for name in ("publicip_addr", "status", "nested", "errors", "list"):
        pulumi.export(f"{way}-{name}", other.get_output(f"{way}-{name}"))
    Note(way, "elsewhere", other.get_output(f"{way}-publicip_addr"))
    pulumi.export(f"{way}-access", other.get_output(f"{way}-nested").apply(lambda nested: nested.get("public")))
"""
)


def text_of(uses: str, **changes: Any) -> str:
    return program(**changes).replace("    roma.Instance(", "    made = roma.Instance(") + uses


def test_every_output_of_every_way_in(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    story = Story.of(stack_for, make_emulator(creation_seconds=0.2, list_lag_seconds=0), text_of(USES))
    story.stack.up()
    held = story.stack.resources()[0]["outputs"]
    assert "publicip_addr" not in held, "this test needs outputs that are None"
    assert "[unknown]" not in story.stack.preview("--expect-no-changes", "--diff").text
    previewed = json.loads(story.stack.preview("--json").stdout)
    assert {step["op"] for step in previewed["steps"]} <= {"same", "read"}
    story.stack.up("--expect-no-changes")
    assert story.stack.outputs()["made-format"] == "none"

    other = Story.of(
        stack_for,
        story.emulator,
        "import pulumi\n" + ELSEWHERE,
        name="other",
        project="other",
        backend=story.stack.backend,
    )
    other.stack.up()
    other.stack.preview("--expect-no-changes")

    # Of what is updated nothing is known but its arguments, as with every other resource.
    story.stack.write(text_of(USES, description="another"))
    steps = json.loads(story.stack.preview("--json").stdout)["steps"]
    changed = {step["urn"].rpartition("::")[2] for step in steps if step["op"] == "update"}
    assert {"one", "made-plain", "made-nested"} <= changed
    assert not {"existing-plain", "found-plain"} & changed
