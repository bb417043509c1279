"""The wheel in an empty environment, outside of the checkout: the quickstart, as somebody runs it who has only that.

On the lowest and the highest supported Python that this machine has, each with the lowest versions that pyproject.toml
allows (on the highest Python of the Pulumi SDK alone, since old ones of others do not know it) and with the newest.
"""

from __future__ import annotations

import glob
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from roma_provider import __version__
from tests.engine.harness import PASSPHRASE, ROOT, bare_environment
from tests.engine.running import Run, Running
from tests.engine.story import assert_clean
from tools.setup import find_uv

TOML = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
SUPPORTED = re.findall(r"Python :: (3\.\d+)\"", TOML)
NEEDS = re.findall(r'"((?:pulumi|pydantic|requests|fastapi|uvicorn|typer|rich)>=[^"]+)"', TOML)
WHICH = "import sys; print('%d.%d' % sys.version_info[:2])"
SEEN = (
    "import sys, roma_provider; from importlib.metadata import version;"
    "print('%d.%d' % sys.version_info[:2], version('pulumi'), version('roma-provider'), roma_provider.__file__)"
)


def python_of(version: str) -> str | None:
    """A Python of this machine: of PATH, or one that pyenv keeps."""
    kept = os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv"
    for path in (shutil.which(f"python{version}"), *sorted(glob.glob(f"{kept}/versions/{version}.*/bin/python"))):
        if path is not None:
            ran = subprocess.run([path, "-c", WHICH], capture_output=True, text=True)
            if ran.stdout.strip() == version:
                return os.path.realpath(path)
    return None


def found(which: str) -> tuple[str, str]:
    """The lowest supported Python, which has to be here, or the highest that is: version and path."""
    for version in SUPPORTED[:1] if which == "lowest" else reversed(SUPPORTED):
        path = python_of(version)
        if path is not None:
            return version, path
    pytest.skip(f"no Python {SUPPORTED[0]} on this machine")


@dataclass(frozen=True)
class Installed:
    """An empty environment with the wheel, of a version of Python, and a folder for programs beside it."""

    version: str
    folder: Path
    environment: dict[str, str]

    def run(self, *command: str, expect: int = 0, timeout: float = 180.0) -> Run:
        with Running(list(command), self.folder, self.environment) as running:
            return running.wait(timeout, expect)


@pytest.fixture(scope="session")
def engine_folder() -> str:
    """The folder of the engine; "" where PATH has it."""
    command = [sys.executable, str(ROOT / "tools" / "engine.py")]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


@pytest.fixture(
    params=[(python, sdk) for python in ("lowest", "highest") for sdk in ("lowest", "newest")], ids="-".join
)
def installed(request: pytest.FixtureRequest, python_dist: Path, engine_folder: str, tmp_path: Path) -> Installed:
    which, sdk = request.param
    version, interpreter = found(which)
    venv = tmp_path / "venv"
    uv: list[str | Path] = [find_uv(), "--quiet"]
    subprocess.run([*uv, "venv", "--seed", "--python", interpreter, venv], check=True)
    wheel = next(python_dist.glob("roma_provider-*.whl"))
    wanted = [f"roma-provider[cli,emulator] @ {wheel.as_uri()}"]
    if sdk == "lowest":
        wanted += NEEDS if which == "lowest" else [need for need in NEEDS if need.startswith("pulumi>=")]
    resolution = "lowest-direct" if sdk == "lowest" else "highest"
    uv += ["pip", "install", "--python", venv / "bin" / "python", "--resolution", resolution]
    subprocess.run([*uv, *wanted], check=True)
    ours = {str(Path(sys.executable).parent), str(ROOT / ".venv" / "bin")}
    path = [part for part in os.environ["PATH"].split(os.pathsep) if part not in ours]
    folders = [str(venv / "bin"), *([engine_folder] if engine_folder else []), *path]
    (tmp_path / "backend").mkdir()
    environment = bare_environment(os.pathsep.join(folders), tmp_path / "home") | {
        "PULUMI_BACKEND_URL": (tmp_path / "backend").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "ROMA_POLL_SECONDS": "0.1",
    }
    folder = tmp_path / "my-quickstart"
    folder.mkdir()
    return Installed(version, folder, environment)


def test_the_quickstart(installed: Installed, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    _, sdk = request.node.callspec.params["installed"]
    said, sdk_version, own, path = installed.run("python", "-c", SEEN).stdout.split()
    assert (said, own) == (installed.version, __version__)
    [lowest] = re.findall(r'"pulumi>=([\d.]+)', TOML)
    assert sdk_version.startswith(f"{lowest}.") == (sdk == "lowest"), sdk_version
    assert Path(path).is_relative_to(tmp_path / "venv")
    installed.run("python", "-m", "pip", "check")
    for command in ("", "doctor", "watch", "list", "import", "journal", "forget", "preview-summary"):
        assert "Usage" in installed.run("roma", *command.split(), "--help").stdout
    assert "Traceback" not in installed.run("roma", "list", "--nonsense", expect=64).text

    # As in examples/quickstart/README.md, of which a copy stands here.
    shutil.copytree(ROOT / "examples" / "quickstart", tmp_path / "quickstart")
    beside = ("roma-emulator", "run", "--database", "roma.sqlite", "--creation-seconds", "1", "--")
    installed.run("pulumi", "new", "../quickstart", "--generate-only", "--yes")
    installed.run("pulumi", "stack", "init", "dev")
    made = installed.run(*beside, "pulumi", "up", "--yes")
    assert_clean(made.text)
    assert "warning" not in made.text
    assert str(ROOT) not in made.text
    outputs = json.loads(installed.run("pulumi", "stack", "output", "--json").stdout)
    assert outputs["status"] == "RUNNING"
    assert outputs["created_at"] < outputs["ready_at"]
    assert outputs["instance_id"] in installed.run(*beside, "roma", "list", "--expect", "RUNNING").stdout
    unchanged = installed.run(*beside, "pulumi", "preview", "--expect-no-changes")
    assert "2 unchanged" in unchanged.text
    installed.run("pulumi", "config", "set", "protect", "false")
    installed.run(*beside, "pulumi", "up", "--yes")
    assert "2 deleted" in installed.run(*beside, "pulumi", "destroy", "--yes").text
    assert installed.run(*beside, "roma", "list", "--json").stdout.count(outputs["instance_id"]) == 0
