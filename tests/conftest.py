"""What holds for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.pages.blocks import Blocks

# How fast a machine makes examples is no property of the code, and the first run of a checkout builds tables.
settings.register_profile("any machine", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("any machine")


@pytest.fixture
def blocks(request: pytest.FixtureRequest) -> Iterator[Blocks]:
    """The blocks of the pages whose marks name this test; it has to take them all."""
    failed = request.session.testsfailed
    found = Blocks(request.node.originalname)
    yield found
    if request.session.testsfailed == failed:
        found.finish()
