"""What an order has come to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Placed:
    """An instance that is ours, the key of its entry in the journal, and when it was ordered, by the API's clock.
    ``duplicate`` says that there is another one of its name."""

    instance_id: str
    key: str
    duplicate: str | None = None
    ordered_at: float = field(default=0.0, compare=False)
