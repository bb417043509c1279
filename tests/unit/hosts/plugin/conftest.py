"""A plugin to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.plugin_host import Plugin, serving


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Plugin]]:
    """Starts a plugin whose client answers by scripts; it ends with the test."""
    with ExitStack() as running:
        yield lambda **scripts: running.enter_context(serving(tmp_path, monkeypatch, **scripts))
