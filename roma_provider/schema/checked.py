"""What check makes of the arguments that a program wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Checked:
    """The inputs as they go into the state, the problems found, and what to warn of.

    ``failures`` are pairs of a property, such as ``mqs.engine_version``, and what to write instead.
    """

    inputs: dict[str, Any]
    failures: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
