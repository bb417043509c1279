"""The archive of the plugin, installed as a user does it; nothing else of the package is in reach."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from roma_provider import __version__
from roma_provider.emulator import Emulator
from tests.engine.conftest import StackFor
from tests.engine.running import Running
from tests.engine.story import Story, assert_clean, assert_one
from tools import dist
from tools.dist import COMMAND, archive
from tools.setup import SetupError

YAML = """\
name: test
runtime: yaml
resources:
  one:
    type: roma:Instance
    properties:
      edition: basic
      availableZones: [az0.dc0]
      vpcId: vpc-1
      subnetId: subnet-1
      securityGroupId: group-1
"""


def test_the_plugin_of_the_archive_needs_nothing_but_python(
    python_dist: Path, stack_for: StackFor, emulator: Emulator, tmp_path: Path
) -> None:
    story = Story.of(stack_for, emulator, "")
    stack = story.stack
    (stack.folder / "__main__.py").unlink()
    (stack.folder / "Pulumi.yaml").write_text(YAML)
    stack.environment["PATH"] = without_the_package(stack.environment["PATH"], tmp_path / "bin")
    install = ["pulumi", "plugin", "install", "resource", "roma", __version__, "--file", str(archive(python_dist))]
    with Running(install, stack.folder, stack.environment) as running:
        running.wait(expect=0)
    installed = stack.home / ".pulumi" / "plugins" / f"resource-roma-v{__version__}" / COMMAND
    assert installed.exists()
    made = stack.up(preview=True)
    assert_clean(made.text)
    assert "warning" not in made.text
    assert_one(story)
    stack.preview("--expect-no-changes")
    stack.destroy()
    assert (story.live, story.posts) == ({}, 1)


def without_the_package(path: str, folder: Path) -> str:
    """A PATH whose `python3` is the one that the virtual environment was made with."""
    folder.mkdir()
    (folder / "python3").symlink_to(os.path.realpath(sys.executable))
    kept = [part for part in path.split(os.pathsep) if not Path(part, "packages.json").exists()]
    return os.pathsep.join([str(folder), *(part for part in kept if Path(part) != Path(sys.executable).parent)])


def test_another_python_is_told_which_one_it_needs(python_dist: Path, tmp_path: Path) -> None:
    with tarfile.open(archive(python_dist)) as packed:
        launcher = packed.extractfile(COMMAND)
        assert launcher is not None
        needed = f"NEEDED = {sys.version_info[:2]}"
        other = launcher.read().decode().replace(needed, "NEEDED = (3, 99)")
        names = packed.getnames()
        records = [packed.extractfile(name) for name in names if name.endswith("/RECORD")]
        listed = {line.partition(b",")[0].decode() for record in records if record for line in record}
        owners = {(member.uid, member.uname) for member in packed.getmembers()}
    command = tmp_path / COMMAND
    command.write_text(other)
    ran = subprocess.run([sys.executable, command], capture_output=True, text=True)
    assert ran.returncode == 1
    assert ran.stderr.startswith("pulumi-resource-roma: this archive needs Python 3.99, and there is no python3.99")
    # No user, and no folder of the machine that made it.
    assert owners == {(0, "")}
    assert {name.partition("/")[0] for name in names} == {COMMAND, "lib"}
    assert [name for name in names if name.endswith(("direct_url.json", "uv_cache.json", ".pyc"))] == []
    # Nor is listed what is not there, such as scripts that begin with the path of this Python.
    assert len(listed) > 1000
    assert listed - {name.removeprefix("lib/") for name in names} == set()


def test_what_is_published_has_one_version(python_dist: Path) -> None:
    names = {path.name for path in python_dist.iterdir()}
    assert names - {archive(python_dist).name} == {
        f"{name}-{__version__}{end}"
        for name in ("roma_provider", "pulumi_roma")
        for end in ("-py3-none-any.whl", ".tar.gz")
    }


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_commit_gives_the_same_files(python_dist: Path, tmp_path: Path) -> None:
    """Those of another user too, whose files nobody else may read."""
    mask = os.umask(0o077)
    try:
        dist.make(tmp_path, dist.make_package, dist.make_python_sdk, dist.make_plugin)
    finally:
        os.umask(mask)
    assert hashes(tmp_path) == hashes(python_dist)


def test_the_sdist_builds_the_same_wheel(python_dist: Path, tmp_path: Path) -> None:
    name = f"roma_provider-{__version__}"
    with tarfile.open(python_dist / f"{name}.tar.gz") as packed:
        packed.extractall(tmp_path / "sdist", filter="data")
        names = {member.name.removeprefix(f"{name}/").partition("/")[0] for member in packed}
    with dist.at_the_time_of_the_commit():
        hatchling = str(Path(sys.executable).with_name("hatchling"))
        build = [hatchling, "build", "--target", "wheel", "--directory", str(tmp_path)]
        subprocess.run(build, cwd=tmp_path / "sdist" / name, capture_output=True, check=True)
    wheel = f"{name}-py3-none-any.whl"
    assert (tmp_path / wheel).read_bytes() == (python_dist / wheel).read_bytes()
    # Nothing but the package and what its metadata are made of.
    assert names == {
        "roma_provider", "CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", "PKG-INFO", ".gitignore",
    }  # fmt: skip


def test_pypi_would_take_the_packages(python_dist: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    dist.check(python_dist)
    assert capfd.readouterr().out.count("PASSED") == 4
    (tmp_path / f"roma_provider-{__version__}.tar.gz").write_bytes(b"no archive")
    with pytest.raises(SetupError, match="PyPI would not take a package"):
        dist.check(tmp_path)
