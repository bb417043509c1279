"""What a run that changes nothing loads, in the program's process and in the plugin's, and whom it asks: nobody."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.golden_programs import edition, program
from tests.engine.harness import ROOT
from tests.engine.seen import new_calls
from tests.engine.story import QUICK

# Run by every Python process of a run: notes each module that is loaded, at once, since a plugin may be killed.
NOTING = """
import os, sys

_folder = os.environ.get("LOADED")
if _folder:
    _kind = "plugin" if "pulumi.dynamic" in " ".join(sys.orig_argv) else "program"

    def _note(event, arguments):
        if event == "import":
            with open(os.path.join(_folder, f"{_kind}-{os.getpid()}"), "a") as file:
                file.write(f"{arguments[0]}\\n")

    sys.addaudithook(_note)
"""
# Of others than the standard library: what a dynamic resource of Pulumi's own loads.
STOCK = {
    "dill",
    "fast_semver_rs_backend",
    "google",
    "grpc",
    "grpc_health",
    "grpc_reflection",
    "grpc_tools",
    "opentelemetry",
}
STOCK |= {"org", "packaging", "pip", "psutil", "pulumi", "semver", "sitecustomize", "typing_extensions", "yaml"}
PROGRAM = {
    "clock",
    "config.keys",
    "errors",
    "hosts.address",
    "hosts.dynamic.frames",
    "hosts.dynamic.host",
    "hosts.dynamic.known",
    "hosts.dynamic.program",
    "lifecycle.journal",
    "lifecycle.locking",
    "lifecycle.own_files",
    "lifecycle.run",
    "lifecycle.urns",
    "provider",
    "resources.args",
    "resources.existing_instance",
    "resources.instance",
    "resources.output_types",
    "resources.plain_secrets",
    "resources.shown",
    "resources.written",
    "schema.written",
}
# The plugin's: what hooks need (`hosts.dynamic.imports`), and of the API what is sent and what a status means.
IN_PLUGIN = {"config", "creation", "hosts", "lifecycle", "resources", "schema"}
PLUGIN = PROGRAM | {
    "api.budget",
    "api.call_log",
    "api.endpoint",
    "api.in_flight",
    "api.retry",
    "api.status",
    "texts",
}
NEVER = {
    "requests",
    "urllib3",
    "pydantic",
    "pydantic_core",
    "idna",
    "certifi",
    "charset_normalizer",
    "fastapi",
    "typer",
}


def loaded(folder: Path, kind: str) -> set[str]:
    names: set[str] = set()
    for file in folder.glob(f"{kind}-*"):
        names |= set(file.read_text().split())
    assert names, f"no {kind} was seen"
    return names


def own(names: set[str]) -> set[str]:
    """The modules of this package, without its folders."""
    files = {name for name in names if Path(ROOT, *name.split(".")).with_suffix(".py").is_file()}
    return {name.removeprefix("roma_provider.") for name in files if name.startswith("roma_provider.")}


def others(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - {"roma_provider"}


@pytest.mark.parametrize(
    ("verb", "way"),
    [
        ("preview", "owned"),
        pytest.param("preview", "referenced", marks=pytest.mark.thorough),
        pytest.param("up", "owned", marks=pytest.mark.thorough),
        ("up", "referenced"),
    ],
)
def test_a_run_that_changes_nothing_loads_what_it_needs(
    stack_for: StackFor, emulator: Emulator, tmp_path: Path, way: str, verb: str
) -> None:
    noted, path = tmp_path / "noted", tmp_path / "path"
    for folder in (noted, path):
        folder.mkdir()
    (path / "sitecustomize.py").write_text(NOTING)
    stack = stack_for(emulator, edition(), environment=QUICK)
    stack.up()
    if way == "referenced":
        [made] = stack.resources()
        stack = stack_for(
            emulator, program(kind="roma.ExistingInstance", instance_id=made["id"]), environment=QUICK, project="other"
        )
        stack.up()
    new_calls(emulator)
    run = stack.preview if verb == "preview" else stack.up
    run("--expect-no-changes", environment={"PYTHONPATH": str(path), "LOADED": str(noted)})
    assert new_calls(emulator) == []
    in_program, in_plugin = loaded(noted, "program"), loaded(noted, "plugin")
    assert not NEVER & (others(in_program) | others(in_plugin))
    assert own(in_program) <= PROGRAM
    assert {name for name in own(in_plugin) if name.partition(".")[0] not in IN_PLUGIN} <= PLUGIN
    assert sorted((others(in_program) | others(in_plugin)) - STOCK) == []
