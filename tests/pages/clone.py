"""A clone of this repository, for what the pages tell readers to do in one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.pages.blocks import ROOT
from tools.setup import find_uv

# Where the tools of this machine keep what they have fetched or built: a reader with a new home would wait for it.
CACHES = {"UV_CACHE_DIR": "uv", "ROMA_PROVIDER_CACHE": "roma-provider", "GOCACHE": "go-build", "PIP_CACHE_DIR": "pip"}
AT_HOME = {"GOPATH": "go", "npm_config_cache": ".npm"}


def make_clone(folder: Path, *, tests: bool = False) -> Path:
    """Copy what git knows of, or would not ignore; the tests if they are asked for."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        source = ROOT / name
        if source.is_file() and (tests or not name.startswith("tests/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    return folder


def caches() -> dict[str, str]:
    """The variables that lead tools to their caches, whatever the home; and to the engine that was asked for."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    # Go's and npm's are not below that folder.
    found = {name: os.environ.get(name) or str(Path.home() / folder) for name, folder in AT_HOME.items()}
    asked = {name: os.environ[name] for name in ("ROMA_PROVIDER_ENGINE",) if name in os.environ}
    return {name: os.environ.get(name) or str(base / folder) for name, folder in CACHES.items()} | found | asked


def path_with_uv() -> str:
    """PATH, with the uv that set up this clone."""
    return os.pathsep.join([str(Path(find_uv()).parent), os.environ["PATH"]])
