"""The programs of the pages, on the engine as they stand, and what the pages show of their runs."""

from __future__ import annotations

from pathlib import Path

import yaml  # type: ignore[import-untyped]

from roma_provider.emulator import ACCESS_KEY, SECRET_KEY, Emulator
from roma_provider.emulator.core.identifiers import Identifiers
from tests.engine.conftest import MakeStack, StackFor
from tests.engine.plugin.programs import in_yaml
from tests.engine.running import Run, Running
from tests.engine.story import QUICK, MakeEmulator, assert_clean
from tests.engine.walks.reader import ANSWERS
from tests.pages.blocks import Blocks
from tests.pages.output import shown
from tests.support.emulator import Api

HEAD = "import pulumi\nimport roma_provider as roma\n\n"
# What the pages leave out of a program.
ARGUMENTS = {"available_zones": ["az0.dc0"], "vpc_id": "vpc-1", "subnet_id": "subnet-1", "security_group_id": "group-1"}
NETWORK = ("vpc-1", "subnet-1", "group-1")
SEED, OTHER = "b037d389-62a4-464a-8461-c88797ad4f23", "e34610ca-0a37-4f04-8856-4101b08cc5e2"


class FirstThese(Identifiers):
    """The ids that the pages have, for the first instances."""

    def __init__(self, *ids: str) -> None:
        self._left = list(ids)

    def instance_id(self) -> str:
        return self._left.pop(0) if self._left else super().instance_id()


def made(make_emulator: MakeEmulator, **ids: str) -> Emulator:
    """An emulator with instances of these names and ids."""
    emulator: Emulator = make_emulator(creation_seconds=0.01, list_lag_seconds=0, identifiers=FirstThese(*ids.values()))
    for name in ids:
        Api(emulator.url).create(**{**ARGUMENTS, "name": name})
    return emulator


def test_programs_of_the_pages(stack_for: StackFor, make_emulator: MakeEmulator, blocks: Blocks) -> None:
    emulator = made(make_emulator, ordered=SEED, shared=OTHER)
    [ways_in] = blocks.take("README.md")
    [apart] = blocks.take("docs/ways-in.md")
    stack = stack_for(emulator, "", environment=QUICK)
    stack.write(f"{HEAD}{ways_in.text}\nrest = {ARGUMENTS!r}\n{apart.filled('**rest').text}")
    assert_clean(stack.up().text)
    ids = {resource["id"] for resource in stack.resources("roma:ExistingInstance")}
    [order] = [resource["id"] for resource in stack.resources("roma:Instance") if resource["id"] not in (SEED, OTHER)]
    assert ids == {SEED, order}
    api = Api(emulator.url)
    addresses = {found: api.process(found)["instance"]["connectAddress"] for found in (SEED, OTHER, order)}
    outputs = stack.outputs()
    assert outputs["addresses"] == [addresses[SEED], addresses[OTHER]]
    assert outputs["connect_address"] == addresses[order]


def test_a_provider_resource_of_the_page(make_stack: MakeStack, make_emulator: MakeEmulator, blocks: Blocks) -> None:
    emulator = made(make_emulator)
    [program] = blocks.take("docs/signing-in.md")
    # Neither a sign-in nor a place from elsewhere.
    stack = make_stack("", environment={**QUICK, "ROMA_ENDPOINT": emulator.url, "HW_AUTH_URL": f"{emulator.url}/v3"})
    stack.write(f"{HEAD}rest = {dict(edition='basic', **ARGUMENTS)!r}\n{program.filled('**rest').text}")
    stack.config("roma:accessKey", ACCESS_KEY)
    stack.config("roma:secretKey", SECRET_KEY)
    assert_clean(stack.up().text)
    [resource] = stack.resources()
    place = (resource["outputs"]["region"], resource["outputs"]["project_id"])
    assert place == ("ap-southeast-3", "0d42a6bc3f3d446a835100a110f56137")
    assert SECRET_KEY not in stack.checkpoint.read_text()


def test_taking_over_by_the_page(stack_for: StackFor, make_emulator: MakeEmulator, blocks: Blocks) -> None:
    emulator = made(make_emulator, one=SEED)
    program, refusal = blocks.take("docs/ways-in.md")
    stack = stack_for(emulator, "", environment=QUICK)
    stack.write(HEAD + program.filled(*NETWORK).text)
    shown(refusal, stack.up(expect=1).text, "times")
    assert f"adopted instance {SEED}" in stack.up(environment={"ROMA_ADOPT": f"one={SEED}"}).text


def test_an_import_by_the_page(stack_for: StackFor, make_emulator: MakeEmulator, blocks: Blocks) -> None:
    emulator = made(make_emulator, integration=SEED)
    [block] = blocks.take("docs/languages.md")
    # In YAML, whose host writes programs; the host of Python that is built here cannot.
    stack = in_yaml(stack_for(emulator, "", environment={**QUICK, **ANSWERS}))
    run = typed(stack.folder, f"pulumi stack select {stack.stack}\n{block.text}", stack.environment)
    assert_clean(run.text)
    [held] = stack.resources()
    assert (held["id"], held["outputs"]["status"]) == (SEED, "RUNNING")
    printed = run.stdout[run.stdout.index("resources:") :].partition("\n\n")[0]
    in_yaml(stack, **yaml.safe_load(printed))
    stack.preview("--expect-no-changes")


def typed(folder: Path, script: str, environment: dict[str, str]) -> Run:
    with Running(["bash", "-eu", "-o", "pipefail", "-c", script], folder, environment) as running:
        return running.wait(expect=0)
