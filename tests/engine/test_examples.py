"""The pages of examples/, block by block as they stand: `pulumi new`, `up` beside an emulator, and the deletion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.harness import ROOT, Engine
from tests.engine.walks import BESIDE, Reader, walks

EXAMPLES = ROOT / "examples"


@pytest.fixture
def reader(engine: Engine, tmp_path: Path) -> Reader:
    return Reader(engine, tmp_path)


def page(name: str) -> list[str]:
    """The walked blocks of an example's page."""
    return walks(EXAMPLES / name / "README.md")


def names(folder: Path) -> set[str]:
    """The files of a folder, but for bytecode."""
    return {path.name for path in folder.iterdir()} - {"__pycache__"}


def protected(resources: list[dict[str, Any]]) -> list[bool]:
    return [resource.get("protect", False) for resource in resources]


def test_an_instance_from_pulumi_new_to_its_end_and_a_stack_that_uses_it(reader: Reader) -> None:
    start, up, lift = page("quickstart")
    start_consumer, up_consumer = page("consumer")
    reader.with_make()
    reader.types(start)
    # What a producer that has never run looks like from there: a traceback of Pulumi, which the page explains.
    failed = reader.types(start_consumer, up_consumer, expect=1, clean=False)
    assert "KeyError: 'instance_id'" in failed.text

    reader.types(up, below="my-quickstart")
    made = names(reader.folder / "my-quickstart")
    assert made == names(EXAMPLES / "quickstart") | {"Pulumi.dev.yaml", "roma.sqlite"}
    [instance] = reader.resources("roma-quickstart", "roma:Instance")
    outputs = reader.outputs("roma-quickstart")
    assert (outputs["instance_id"], outputs["status"]) == (instance["id"], "RUNNING")
    assert outputs["created_at"] < outputs["ready_at"]
    assert len(json.dumps(outputs)) < 300
    assert protected([instance]) == [True]

    reader.types(up_consumer, below="my-consumer")
    # An output that is None is not in a state.
    assert reader.outputs("roma-consumer") == {"status": "RUNNING", "url": f"https://{outputs['connect_address']}"}

    reader.types(BESIDE, lift, below="my-quickstart")
    assert reader.resources("roma-quickstart", "roma:Instance") == []


def test_one_that_somebody_else_ordered(reader: Reader) -> None:
    reader.types(*page("existing"))
    [waited] = reader.resources("roma-existing", "roma:ExistingInstance")
    ordered = json.loads((reader.folder / "my-existing" / "ordered.json").read_text())
    assert waited["id"] == ordered["instance_id"]
    outputs = reader.outputs("roma-existing")
    assert outputs["status"] == "RUNNING"
    assert outputs["connect_address"] == waited["outputs"]["connect_address"]
    assert outputs["ready_at"]


def test_a_fleet_in_two_regions(reader: Reader) -> None:
    reader.types(*page("fleet"))
    assert reader.outputs("roma-fleet")["statuses"] == {"beijing": "RUNNING", "shanghai": "RUNNING"}
    fleet = reader.resources("roma-fleet", "roma:Instance")
    assert {resource["outputs"]["region"] for resource in fleet} == {"cn-north-4", "cn-east-3"}
    assert protected(fleet) == [True, True]


def test_the_automation_api(reader: Reader) -> None:
    start, up, lift = page("automation")
    made = reader.types(start, up)
    assert "integration: created in " in made.text
    assert "RUNNING at 10." in made.stdout
    assert protected(reader.resources("roma-automation", "roma:Instance")) == [True]

    refused = reader.types(BESIDE, "python . destroy dev", below="my-automation", expect=1)
    assert "protected" in refused.text
    assert "not done; `python . destroy dev` goes on where this ended" in refused.stdout
    reader.types(BESIDE, lift, below="my-automation")
    assert reader.resources("roma-automation", "roma:Instance") == []


def test_an_order_of_ci_that_fails(reader: Reader) -> None:
    start, up, mend = page("ci")
    failed = reader.types(start, up, expect=1, environment={"EMULATOR_OPTIONS": "--scenario create-failed"})
    assert "this resource only waits for the instance" in failed.text
    [first] = reader.resources("roma-ci", "roma:Instance")

    reader.types(BESIDE, mend, below="my-ci")
    [second] = reader.resources("roma-ci", "roma:Instance")
    assert second["id"] != first["id"]
    assert protected([second]) == [True]
    outputs = reader.outputs("roma-ci")
    assert (outputs["instance_id"], outputs["status"]) == (second["id"], "RUNNING")


def test_the_comment_of_a_pull_request(reader: Reader) -> None:
    """More of it is in test_pull_request_preview.py."""
    start, comment = page("pull-request-preview")
    example, made = EXAMPLES / "pull-request-preview", reader.folder / "my-previews"
    reader.types(start)
    for name in (".github/workflows/preview.yml", ".gitlab-ci.yml", "preview.sh", "comment.py", "Pulumi.fork.yaml"):
        assert (made / name).read_text() == (example / name).read_text()
    text = reader.types(comment, below="my-previews").stdout
    assert text.startswith("<!-- roma-preview-summary dev -->\n### Pulumi preview of `dev`\n\n**1 created.**\n")
