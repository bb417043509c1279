"""What one configured provider shares: its settings, its sign-in, its journal, and what it remembers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..clock import Clock
from ..config.settings import Settings
from .custody import Custody
from .journal import Journal
from .memory import Memory

if TYPE_CHECKING:
    from ..api.client import RomaClient


@dataclass
class Session:
    """Made by a host's ``configure`` and by each command of ``roma``. Two sessions of one process share nothing."""

    settings: Settings
    journal: Journal
    clock: Clock = field(default_factory=Clock)
    memory: Memory = field(default_factory=Memory)

    def __post_init__(self) -> None:
        self.custody = Custody(self.journal, self.clock)

    @classmethod
    def of(
        cls, config: Callable[[str], str | None], environment: Mapping[str, str], clock: Clock | None = None
    ) -> Session:
        """The session of a configuration; ``config`` reads a key of the stack config, such as ``roma:region``."""
        clock = clock or Clock()
        return cls(Settings(config, environment), Journal.of(environment, clock), clock)

    def client(self, region: str, project_id: str) -> RomaClient:
        """A client for the instances of one project; InputError where no way to sign in is given."""
        return self.settings.client(region, project_id)
