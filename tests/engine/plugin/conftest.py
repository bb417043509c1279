"""The engine of the plugin's tests, which runs YAML programs too."""

from __future__ import annotations

import pytest

from tests.engine.harness import Engine


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine of PATH or of the cache folder, with the host of YAML programs."""
    return Engine.find(tmp_path_factory.mktemp("python"), "yaml")
