"""What the logic of an instance sees of whoever runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from .clock import Stop


class Operation(Protocol):
    """One call of a host. What a host does not know is None."""

    urn: str | None
    timeout: float | None
    folder: str

    @property
    def stop(self) -> Stop: ...

    @property
    def old_inputs(self) -> Mapping[str, Any] | None: ...

    def is_unknown(self, value: Any) -> bool: ...

    def say(self, text: str) -> None:
        """Show a status that the next one replaces."""

    def note(self, text: str) -> None:
        """Say something that stays."""

    def warn(self, text: str) -> None:
        """Warn, for good."""

    def keep(self, instance_id: str, outputs: Mapping[str, Any]) -> None:
        """Have the state keep this instance, should the call end with an error."""

    def on_answer(self, told: Callable[[bool], None]) -> None:
        """``told`` just before the host is given the instance: True for a ready one, False for a half-made."""
