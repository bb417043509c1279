"""Where Pulumi finds the plugin: by the project's file (all other tests), installed from an archive, or on PATH."""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path

from roma_provider import __version__
from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.plugin.programs import program
from tests.engine.running import Running


def test_installed_from_an_archive_else_on_path_with_a_warning(
    stack_for: StackFor, emulator: Emulator, tmp_path: Path
) -> None:
    stack = stack_for(emulator, program())
    command = Path(sys.executable).with_name("pulumi-resource-roma")
    ambient = stack.preview().text
    archive = tmp_path / "plugin.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(command, command.name)
    install = ["pulumi", "plugin", "install", "resource", "roma", __version__, "--file", str(archive)]
    with Running(install, stack.folder, stack.environment) as running:
        running.wait(expect=0)
    installed = stack.preview(environment={"PULUMI_IGNORE_AMBIENT_PLUGINS": "true"}).text
    assert "roma:index:Instance one create" in installed
    assert "warning" not in installed
    assert "using pulumi-resource-roma from $PATH" in ambient
