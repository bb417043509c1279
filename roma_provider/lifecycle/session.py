"""What one configured provider shares: its settings, its sign-in, its journal, and what it remembers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..api.brake import Brakes
from ..clock import Clock
from ..config.settings import Settings
from ..config.sign_in import SignIn
from ..errors import RomaError, fresh
from .backend import backend
from .custody import Custody
from .journal import Journal
from .memory import Memory
from .run import Run

if TYPE_CHECKING:
    from ..api.client import RomaClient
    from ..api.models import RomaInstanceSummary
    from .access import Target


def _nothing() -> None:
    """No import needs any care."""


@dataclass
class Session:
    """Made by a host's ``configure`` and by each command of ``roma``. Two sessions of one process share nothing:
    no token, no answer of IAM, no brake of a host, no memory of the other's resources. (Journals in one folder are one
    journal, since that is what tells a later process of an earlier one's orders.)
    """

    settings: Settings
    journal: Journal
    clock: Clock = field(default_factory=Clock)
    memory: Memory = field(default_factory=Memory)
    brakes: Brakes = field(default_factory=Brakes)
    run: Run = field(default_factory=Run.none)
    # Called before what talks with the API is imported; check and diff of what does not change need none of it.
    load: Callable[[], None] = _nothing

    def __post_init__(self) -> None:
        self.sign_in = SignIn(self.settings, self.clock, self.brakes, self.load)
        self.backend = backend(self.settings.environment)
        self.custody = Custody(self.journal, self.clock, self.backend)
        self._lock = threading.Lock()
        self._said: set[str] = set()
        self._listing = threading.Lock()  # of its own: it is held during calls
        self._lists: dict[tuple[str, str, str], list[RomaInstanceSummary]] = {}
        self._listing = threading.Lock()
        self._first: dict[tuple[str, str, str], list[RomaInstanceSummary] | RomaError] = {}

    @classmethod
    def of(
        cls,
        config: Callable[[str], str | None],
        environment: Mapping[str, str],
        clock: Clock | None = None,
        load: Callable[[], None] = _nothing,
    ) -> Session:
        """The session of a configuration; ``config`` reads a key of the stack config, such as ``roma:region``."""
        clock = clock or Clock()
        return cls(Settings(config, environment), Journal.of(environment, clock), clock, load=load)

    def once(self, what: str) -> bool:
        """Whether this is the first time in this session that somebody asks."""
        with self._lock:
            first = what not in self._said
            self._said.add(what)
        return first

    def listed(self, found: Target, *, fresh: bool) -> list[RomaInstanceSummary]:
        """All instances of a place; unless ``fresh``, as they were when this session first asked for them: all hooks
        of a refresh share the calls of the first."""
        place = (found.host, found.region, found.project_id)
        if fresh:
            return found.client.all_instances()
        with self._listing:
            if place not in self._lists:
                self._lists[place] = found.client.all_instances()
            return self._lists[place]

    def listed_once(self, found: Target) -> list[RomaInstanceSummary]:
        """All instances of a place as the first question of this kind has shown them, by one attempt; where that
        failed, its error. What is foretold of many resources needs no more."""
        place = (found.host, found.region, found.project_id)
        with self._listing:
            if place not in self._first:
                try:
                    self._first[place] = found.client.all_instances(once=True)
                except RomaError as error:
                    self._first[place] = error
            known = self._first[place]
        if isinstance(known, RomaError):
            raise fresh(known) from known
        return known

    def client(self, region: str, project_id: str) -> RomaClient:
        """A client for the instances of one project; InputError where no way to sign in is given."""
        auth = self.sign_in.auth(region, project_id)  # which loads
        from ..api.client import RomaClient
        from ..api.transport import Transport

        endpoint, limits = self.settings.endpoint(region), self.settings.limits()
        return RomaClient(Transport(endpoint, auth, limits, self.clock, brakes=self.brakes), project_id)

    def project_id(self, region: str) -> str:
        """The project id that a call without one is about; looked up by IAM where it is not given."""
        return self.sign_in.project_id(region)
