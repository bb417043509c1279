"""The pages of examples/, block by block as they stand: `pulumi new`, `up` beside an emulator, and the deletion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from roma_provider.emulator import ACCESS_KEY, SECRET_KEY
from tests.engine.harness import ROOT
from tests.engine.walks.reader import AS_AN_ACCOUNT, BESIDE, Reader
from tests.pages.blocks import Block

EXAMPLES = ROOT / "examples"
KEYS = (ACCESS_KEY, SECRET_KEY)


def page(reader: Reader, name: str) -> list[Block]:
    """The blocks of an example's page."""
    return reader.page(f"examples/{name}/README.md")


def names(folder: Path) -> set[str]:
    """The files of a folder, but for bytecode."""
    return {path.name for path in folder.iterdir()} - {"__pycache__"}


def protected(resources: list[dict[str, Any]]) -> list[bool]:
    return [resource.get("protect", False) for resource in resources]


def test_an_instance_from_pulumi_new_to_its_end_and_a_stack_that_uses_it(reader: Reader) -> None:
    start, up, lift = page(reader, "quickstart")
    start_consumer, up_consumer = page(reader, "consumer")
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
    start, up, with_an_account = page(reader, "existing")
    reader.types(start, up)
    [waited] = reader.resources("roma-existing", "roma:ExistingInstance")
    ordered = json.loads((reader.folder / "my-existing" / "ordered.json").read_text())
    assert waited["id"] == ordered["instance_id"]
    outputs = reader.outputs("roma-existing")
    assert outputs["status"] == "RUNNING"
    assert outputs["connect_address"] == waited["outputs"]["connect_address"]
    assert outputs["ready_at"]

    with_keys = with_an_account.filled(waited["id"], *KEYS)
    run = reader.types(BESIDE, AS_AN_ACCOUNT, with_keys, below="my-existing")
    assert "2 unchanged" in run.text


def test_a_fleet_in_two_regions(reader: Reader) -> None:
    start, up, with_an_account = page(reader, "fleet")
    reader.types(start, up)
    assert reader.outputs("roma-fleet")["statuses"] == {"beijing": "RUNNING", "shanghai": "RUNNING"}
    fleet = reader.resources("roma-fleet", "roma:Instance")
    assert {resource["outputs"]["region"] for resource in fleet} == {"cn-north-4", "cn-east-3"}
    assert protected(fleet) == [True, True]

    sites = with_an_account.filled(*KEYS, "vpc-1", "subnet-1", "group-1", "az0.dc0")
    # Beside another emulator, since the names of the first are taken.
    another = BESIDE.replace("roma.sqlite", "other.sqlite")
    reader.types(another, AS_AN_ACCOUNT, "pulumi stack init account", sites, below="my-fleet")
    [only] = reader.resources("roma-fleet", "roma:Instance", "account")
    assert (only["outputs"]["region"], only["outputs"]["vpc_id"]) == ("cn-north-4", "vpc-1")


def test_the_automation_api(reader: Reader) -> None:
    start, up, lift = page(reader, "automation")
    # As slow as on the page, so that there is progress to show.
    made = reader.types(start, up, environment={"EMULATOR_OPTIONS": "--creation-seconds 2"})
    assert "RUNNING at 10." in made.stdout
    assert protected(reader.resources("roma-automation", "roma:Instance")) == [True]

    refused = reader.types(BESIDE, "python . destroy dev", below="my-automation", expect=1)
    assert "protected" in refused.text
    assert "not done; `python . destroy dev` goes on where this ended" in refused.stdout
    reader.types(BESIDE, lift, below="my-automation")
    assert reader.resources("roma-automation", "roma:Instance") == []


def test_an_order_of_ci_that_fails(reader: Reader) -> None:
    start, up, job, mend = page(reader, "ci")
    failed = reader.types(start, up, expect=1, environment={"EMULATOR_OPTIONS": "--scenario create-failed"})
    assert "this resource only waits for the instance" in failed.text
    [first] = reader.resources("roma-ci", "roma:Instance")

    reader.types(BESIDE, mend, below="my-ci")
    [second] = reader.resources("roma-ci", "roma:Instance")
    assert second["id"] != first["id"]
    assert protected([second]) == [True]
    outputs = reader.outputs("roma-ci")
    assert (outputs["instance_id"], outputs["status"]) == (second["id"], "RUNNING")

    filled = job.filled("file://$HOME/pulumi-state", "…", *KEYS)
    where = {"HW_REGION_NAME": "cn-north-4", "HW_PROJECT_ID": second["outputs"]["project_id"]}
    exports = " ".join(f"{name}={value}" for name, value in where.items())
    run = reader.types(BESIDE, AS_AN_ACCOUNT, f"export {exports}", filled, below="my-ci")
    assert "3 unchanged" in run.text


def test_the_comment_of_a_pull_request(reader: Reader) -> None:
    """More of it is in test_pull_request_preview.py."""
    start, comment = page(reader, "pull-request-preview")
    example, made = EXAMPLES / "pull-request-preview", reader.folder / "my-previews"
    reader.types(start)
    for name in (".github/workflows/preview.yml", ".gitlab-ci.yml", "preview.sh", "comment.py", "Pulumi.fork.yaml"):
        assert (made / name).read_text() == (example / name).read_text()
    text = reader.types(comment, below="my-previews").stdout
    assert text.startswith("<!-- roma-preview-summary dev -->\n### Pulumi preview of `dev`\n\n**1 created.**\n")
