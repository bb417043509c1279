"""The folders of examples/: what `pulumi new` and a reader need of each, and `make env`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Those that pulumi new makes a project of.
NAMES = ("automation", "ci", "consumer", "existing", "fleet", "pull-request-preview", "quickstart")
EXAMPLES = [ROOT / "examples" / name for name in NAMES]
OWNING = ("automation", "ci", "fleet", "pull-request-preview", "quickstart")


@pytest.fixture(params=EXAMPLES, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_pulumi_new_makes_a_project_of_it(folder: Path) -> None:
    settings = (folder / "Pulumi.yaml").read_text()
    assert "\ntemplate:\n  displayName: " in settings
    # With a virtual environment of its own, an engine that makes it elsewhere would not find it.
    assert "virtualenv" not in settings
    # `pulumi new` takes files alone: a link to a folder ends it.
    assert not [path for path in folder.rglob("*") if path.is_symlink()]


def test_what_it_requires_is_in_the_environment_of_a_clone(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "--disable-pip-version-check"]
    ran = subprocess.run([*command, "-r", folder / "requirements.txt"], capture_output=True, text=True, check=True)
    assert "Requirement already satisfied: roma-provider" in ran.stdout
    assert "Would install" not in ran.stdout


def test_its_page(folder: Path) -> None:
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert len(page.splitlines()) < 80
    assert f"pulumi new CLONE/examples/{folder.name} --generate-only" in page
    for target in re.findall(r"\]\(([^)#]+)", page):
        assert (folder / target).exists(), target


def test_what_is_owned_is_protected_unless_the_config_says_otherwise(folder: Path) -> None:
    owns = 'protect") is not False' in (folder / "__main__.py").read_text()
    lifts = "pulumi config set protect false" in (folder / "README.md").read_text()
    assert (owns, lifts) == ((True, True) if folder.name in OWNING else (False, False))


def test_make_env_prints_what_a_shell_needs(tmp_path: Path) -> None:
    """In a copied tree, with `python` and `pip` of .venv played by a script."""
    root = tmp_path / "a clone"
    binaries = root / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (root / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "env.py", root / "tools")
    (root / "tools" / "setup.py").write_text("print('setting up')\n")
    python = binaries / "python"
    python.write_text('#!/bin/sh\ncase "$2" in pip) echo building;; *) echo "/the engine/bin";; esac\n')
    python.chmod(0o755)
    ran = subprocess.run([sys.executable, root / "tools" / "env.py"], capture_output=True, text=True, check=True)
    assert ran.stderr.split() == ["setting", "up", "building"]
    shown = subprocess.run(
        ["sh", "-c", ran.stdout + 'printf "%s\\n" "$PATH" "$VIRTUAL_ENV" "$PIP_FIND_LINKS"'],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    path, environment, wheels = shown.stdout.splitlines()
    assert path == os.pathsep.join([str(binaries), "/the engine/bin", os.environ["PATH"]])
    assert (environment, wheels) == (str(root / ".venv"), (root / "dist").as_uri())
