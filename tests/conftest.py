"""What holds for all tests, and `--like windows`: as on another system, as far as that can be had."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.pages.blocks import Blocks
from tests.support import other_system

# How fast a machine makes examples is no property of the code, and the first run of a checkout builds tables.
settings.register_profile("any machine", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--like", choices=["windows"], help="without what that system's Python lacks; of unit tests")


def pytest_configure(config: pytest.Config) -> None:
    """Before what is tested is imported."""
    if config.getoption("--like") == "windows":
        other_system.become_windows()
        if config.option.basetemp is not None and not hasattr(config, "workerinput"):  # a worker's is below it
            config.option.basetemp = Path(config.option.basetemp, other_system.FOLDER)


@pytest.fixture
def blocks(request: pytest.FixtureRequest) -> Iterator[Blocks]:
    """The blocks of the pages whose marks name this test; it has to take them all."""
    failed = request.session.testsfailed
    found = Blocks(request.node.originalname)
    yield found
    if request.session.testsfailed == failed:
        found.finish()
