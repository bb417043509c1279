"""One mark for all tests below a folder: a conftest's hook is given the tests of all folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def mark_below(conftest: str, items: list[pytest.Item], mark: pytest.MarkDecorator) -> None:
    """Mark the tests below the folder of a conftest, which is named by its ``__file__``."""
    here = f"{Path(conftest).parent}{os.sep}"
    for item in items:
        # As text: there are ten thousand tests, in each of the workers.
        if str(item.path).startswith(here):
            item.add_marker(mark)
