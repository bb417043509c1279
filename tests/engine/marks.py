"""One mark for all tests below a folder: a conftest's hook is given the tests of all folders."""

from __future__ import annotations

from pathlib import Path

import pytest


def mark_below(conftest: str, items: list[pytest.Item], mark: pytest.MarkDecorator) -> None:
    """Mark the tests below the folder of a conftest, which is named by its ``__file__``."""
    here = Path(conftest).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(mark)
