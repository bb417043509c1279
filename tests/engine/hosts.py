"""The two hosts that stories run on: how a test's program, the state and a message are written for each.

A test says all of it as for the dynamic provider; `BOTH` has it run once on each host, `ALSO_PLUGIN` in `make test-all`
alone on the plugin.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from roma_provider.hosts.plugin.names import from_wire
from roma_provider.hosts.plugin.schema import INSTANCE_TYPE
from roma_provider.hosts.plugin.words import spelled

_CLASSES = Path(__file__).parent / "plugin" / "roma_plugin.py"
PLUGINS = f"""\
plugins:
  providers:
    - name: roma
      path: {json.dumps(str(Path(sys.executable).parent))}
"""
"""What a Pulumi.yaml has, so that the plugin is found where this virtual environment has it."""


@dataclass(frozen=True)
class Host:
    """The host of the dynamic provider."""

    name: str = "dynamic"
    type: str = "pulumi-python:dynamic/roma:Instance"
    project: str = ""  # what Pulumi.yaml has of it

    def program(self, text: str, _folder: Path) -> str:
        """A program as it is written into a folder."""
        return text

    def said(self, text: str) -> str:
        """A message, or a part of one."""
        return text

    def shown(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Properties of a state."""
        return dict(properties)

    @property
    def shown_type(self) -> str:
        """The end of the type, as the CLI shows it."""
        return self.type.rpartition("/")[2]

    def urn(self, name: str, *, stack: str = "dev", project: str = "test") -> str:
        """The URN of an instance of the program."""
        return f"urn:pulumi:{stack}::{project}::{self.type}::{name}"


@dataclass(frozen=True)
class PluginHost(Host):
    """The plugin's. A program has its classes from a module that stands beside it."""

    name: str = "plugin"
    type: str = INSTANCE_TYPE
    project: str = PLUGINS

    def program(self, text: str, folder: Path) -> str:
        (folder / _CLASSES.name).write_text(_CLASSES.read_text())
        return text.replace("import roma_provider as roma", f"import {_CLASSES.stem} as roma")

    def said(self, text: str) -> str:
        return spelled(text)

    def shown(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        return from_wire(properties)


DYNAMIC, PLUGIN = Host(), PluginHost()
HOSTS = {host.name: host for host in (DYNAMIC, PLUGIN)}
BOTH = pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS, indirect=True)
"""Has a test run once on each host."""
ALSO_PLUGIN = pytest.mark.parametrize(
    "host", [DYNAMIC, pytest.param(PLUGIN, marks=pytest.mark.thorough)], ids=HOSTS, indirect=True
)
"""The same; on the plugin it is marked `thorough`."""
