"""Programs whose resources are the plugin's, and how a stack finds it."""

from __future__ import annotations

import json
from typing import Any

from tests.engine.harness import Stack
from tests.engine.hosts import PLUGINS

YAML = "name: {name}\nruntime: yaml\n" + PLUGINS
HEAD = """\
import pulumi


class Instance(pulumi.CustomResource):
    def __init__(self, name, props, opts=None):
        super().__init__("roma:index:Instance", name, {"instanceId": None, "status": None, **props}, opts)


class ExistingInstance(pulumi.CustomResource):
    def __init__(self, name, props, opts=None):
        super().__init__("roma:index:ExistingInstance", name, {"instanceId": None, "status": None, **props}, opts)


"""
ARGUMENTS: dict[str, Any] = {
    "productId": "00300-30101-0--0",
    "availableZones": ["az0.dc0"],
    "vpcId": "f33728c1-e774-4a9b-a0bb-30b840645628",
    "subnetId": "f65009c8-7009-403c-abdf-3100f9817762",
    "securityGroupId": "272338c9-b3ee-41ae-a2b6-3942f31030da",
}


def instance(resource_name: str = "one", *, options: str = "", **arguments: Any) -> str:
    """A statement that assigns an instance; None leaves an argument out. ``options`` are those of ResourceOptions as
    source text."""
    given = {key: value for key, value in {**ARGUMENTS, **arguments}.items() if value is not None}
    return f"{resource_name} = Instance({resource_name!r}, {given!r}, pulumi.ResourceOptions({options}))\n"


def program(*statements: str) -> str:
    """A Python program of these statements, by default with one instance."""
    return HEAD + "".join(statements or (instance(),))


def in_yaml(stack: Stack, **program: Any) -> Stack:
    """Have a stack run a YAML program: its sections, such as ``resources``."""
    (stack.folder / "__main__.py").unlink(missing_ok=True)
    sections = "".join(f"{name}: {json.dumps(section)}\n" for name, section in program.items())
    (stack.folder / "Pulumi.yaml").write_text(YAML.format(name=stack.project) + sections)
    return stack


def with_plugin(stack: Stack) -> Stack:
    """Have a stack find the plugin where this virtual environment has it."""
    path = stack.folder / "Pulumi.yaml"
    path.write_text(path.read_text() + PLUGINS)
    return stack
