"""The engine with every host, and what is published, made once in a run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.engine.harness import Engine
from tests.engine.marks import mark_below
from tests.engine.walks.conftest import clone, in_clone
from tools import dist as made

__all__ = ["clone", "in_clone"]  # fixtures


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mark_below(__file__, items, pytest.mark.languages)


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.find(tmp_path_factory.mktemp("python"), "yaml", "nodejs", "go")


@pytest.fixture(scope="session")
def go() -> str:
    return on_path("go")


@pytest.fixture(scope="session")
def npm() -> str:
    on_path("node")
    return on_path("npm")


def on_path(program: str) -> str:
    """The path of a program of the machine's; the test is skipped where there is none."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"no {program} on PATH")
    return found


@pytest.fixture(scope="session")
def python_dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages for Python, and the plugin's archive."""
    folder = tmp_path_factory.mktemp("dist")
    made.make(folder, made.make_package, made.make_python_sdk, made.make_plugin)
    return folder


@pytest.fixture(scope="session")
def python_sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package pulumi_roma."""
    folder = tmp_path_factory.mktemp("python-sdk")
    made.make(folder, made.make_python_sdk)
    return folder


@pytest.fixture(scope="session")
def npm_dist(npm: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package for npm."""
    folder = tmp_path_factory.mktemp("npm")
    made.make(folder, made.make_npm_package)
    return folder
