"""What the logic of an instance sees of whoever runs it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from enum import Enum
from typing import Any, Protocol

from ..clock import Stop


class News(Enum):
    """What is not worth a line of a log."""

    NONE = "shown where the next one replaces it, and nowhere else"


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

    def say(self, text: str, news: Hashable = None) -> None:
        """Show a status that the next one replaces.

        Where nothing can be replaced, only a change of ``news`` (None: of the text) is worth a line, and a sign of
        life from time to time; see :mod:`~roma_provider.creation.pace`.
        """

    def note(self, text: str) -> None:
        """Say something that stays."""

    def warn(self, text: str) -> None:
        """Warn, for good."""

    def keep(self, instance_id: str, outputs: Mapping[str, Any]) -> None:
        """Have the state keep this instance, should the call end with an error."""

    def on_answer(self, told: Callable[[bool], None]) -> None:
        """``told`` just before the host is given the instance: True for a ready one, False for a half-made."""

    def on_saved(self, done: Callable[[], None]) -> None:
        """``done`` once the host has had the time to save what it was given; never if it was killed before."""
