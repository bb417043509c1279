"""examples/policy on the real engine, as a program of its own: what it refuses, what it lets pass, what it says."""

from __future__ import annotations

import json
import re
import shlex

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.harness import ROOT, Stack
from tests.engine.hosts import ALSO_PLUGIN
from tests.engine.programs import OTHER_VPC, Code, instance, programs
from tests.engine.running import Run, Running
from tests.engine.story import QUICK, MakeEmulator
from tests.pages.blocks import Blocks, walked

EXAMPLE = ROOT / "examples" / "policy"
# An address that is made in the same run: a preview does not know its id.
ADDRESS = """
import pulumi.dynamic


class Provider(pulumi.dynamic.ResourceProvider):
    def create(self, props):
        return pulumi.dynamic.CreateResult("eip-1", {"address_id": "eip-1"})


class Address(pulumi.dynamic.Resource):
    address_id: pulumi.Output[str]

    def __init__(self, name):
        super().__init__(Provider(), name, {"address_id": None})


address = Address("address")
"""
SAID = re.compile(r"- \[(\w+)\]  ([\w-]+)  \(\S*roma:(?:index:)?Instance: ([\w-]+)\)\n +(.*)\n(?: +(.*)\n)?")


PAGE = "examples/policy/README.md"
ENVIRONMENT, MAKE, RUN = walked(PAGE)
# As the page has them, for a pack that lies in the program's folder.
[FLAGS] = [shlex.split(flags) for flags in re.findall(r"^pulumi up (.*)$", RUN.text, re.MULTILINE)]


def guarded(stack_for: StackFor, emulator: Emulator, program: str) -> Stack:
    """A production stack with the pack in its folder, and the environment that the page tells users to make."""
    stack = stack_for(emulator, program, environment=QUICK, stack="prod")
    # Its Python and its engine are there already.
    script = f"make() {{ :; }}\n{ENVIRONMENT.text}{MAKE.text}".replace("CLONE", str(ROOT))
    with Running(["sh", "-ec", script], stack.folder, stack.environment) as running:
        running.wait(expect=0)
    (stack.folder / "policy" / ".venv").symlink_to(ROOT / ".cache" / "policy")
    return stack


def said(run: Run) -> set[tuple[str, str, str]]:
    """What rules said: level, rule and resource; each one once."""
    found = [(level, rule, name) for level, rule, name, *_ in SAID.findall(run.text)]
    assert len(found) == len(set(found)), run.text
    return set(found)


def declared(name: str, protect: bool = True, **arguments: object) -> str:
    return instance(name, name=name, product_id=None, options=f"protect={protect}", **{"edition": "basic", **arguments})


def test_what_is_declared(stack_for: StackFor, emulator: Emulator, blocks: Blocks) -> None:
    assert blocks.take(PAGE) == [ENVIRONMENT, MAKE, RUN]
    refused = declared("refused", edition="platinum", region="cn-east-3", eip_id=Code("address.address_id"))
    stack = guarded(stack_for, emulator, programs(ADDRESS, declared("orders"), refused))

    preview = stack.preview(*FLAGS, expect=1)
    known = {("mandatory", "roma-approved-editions", "refused"), ("mandatory", "roma-approved-regions", "refused")}
    # Neither passed nor refused: Pulumi says why.
    assert said(preview) == known | {("advisory", "roma-no-public-address", "refused")}
    assert "string value at .eip_id can't be known during preview" in preview.text
    assert "the edition platinum is not approved; approved are basic, professional." in preview.text

    # By now it is known, before anything of that instance is ordered.
    up = stack.up(*FLAGS, "--continue-on-error", expect=1)
    assert said(up) == known | {("mandatory", "roma-no-public-address", "refused")}
    assert "eip_id eip-1 gives the instance a public address: leave it out." in up.text
    assert [found.name for found in emulator.control.instances()] == ["orders"]


@ALSO_PLUGIN
def test_a_replacement_takes_a_label(stack_for: StackFor, make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(creation_seconds=0.2, deletion_seconds=0.1, list_lag_seconds=0)
    stack = guarded(stack_for, emulator, programs(declared("orders")))
    assert said(stack.up(*FLAGS)) == set()
    [first] = emulator.control.instances()

    # Protected, the engine refuses it. Without protection, the rule does.
    stack.write(programs(declared("orders", vpc_id=OTHER_VPC)))
    assert "it is currently marked for protection" in stack.preview(*FLAGS, expect=1).text
    stack.write(programs(declared("orders", protect=False, vpc_id=OTHER_VPC)))
    refused = stack.up(*FLAGS, expect=1)
    assert said(refused) == {("mandatory", "roma-protected", "orders")}
    [label] = re.findall(r'write "(.*?)" into mayBeReplaced', refused.text)
    assert [found.id for found in emulator.control.instances()] == [first.id]

    file = stack.folder / "policy" / "config.json"
    config = json.loads(file.read_text())
    config["roma-protected"]["mayBeReplaced"] = [label]
    file.write_text(json.dumps(config))
    assert said(stack.up(*FLAGS)) == set()
    [second] = emulator.control.instances()
    assert second.id != first.id
