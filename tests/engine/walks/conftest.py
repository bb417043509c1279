"""Somebody who types what the pages say: beside this clone, or in a clone of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.harness import Engine
from tests.engine.marks import mark_below
from tests.engine.walks.reader import InClone, Reader
from tests.pages.blocks import Blocks
from tests.pages.clone import make_clone


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mark_below(__file__, items, pytest.mark.walk)


@pytest.fixture
def reader(engine: Engine, blocks: Blocks, tmp_path: Path) -> Reader:
    return Reader(engine, blocks, tmp_path)


@pytest.fixture(scope="session")
def clone(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the repository as it is in the working tree; `make` sets it up. The engine is built by then."""
    return make_clone(tmp_path_factory.mktemp("walk") / "clone")


@pytest.fixture
def in_clone(clone: Path, engine: Engine, blocks: Blocks, tmp_path: Path) -> InClone:
    return InClone(clone, engine, blocks, tmp_path)
