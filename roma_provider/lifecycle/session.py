"""What one configured provider shares: its settings, its sign-in, its journal, and what it remembers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from ..api.budget import Budgets
from ..clock import Clock
from ..config.settings import Settings
from ..config.sign_in import SignIn
from ..creation.roll_call import RollCall
from ..errors import RomaError, fresh
from .backend import backend
from .custody import Custody
from .journal import Journal
from .memory import Memory
from .run import Run
from .ticking import Ticks

if TYPE_CHECKING:
    from ..api.client import RomaClient
    from ..api.models import RomaInstanceSummary
    from ..api.transport import Transport
    from .access import Target

# What was listed so long ago is still fresh: for anybody, and where many ask.
LISTED_SECONDS, CROWD_SECONDS = 3.0, 60.0
# `Target.key`.
_Key: TypeAlias = tuple[str, str, str]


def _nothing() -> None:
    """No import needs any care."""


@dataclass
class Session:
    """Made by a host's ``configure`` and by each command of ``roma``. Two sessions of one process share nothing:
    no token, no answer of IAM, no budget of a host, no memory of the other's resources. (Journals in one folder are one
    journal, since that is what tells a later process of an earlier one's orders.)
    """

    settings: Settings
    journal: Journal
    clock: Clock = field(default_factory=Clock)
    memory: Memory = field(default_factory=Memory)
    run: Run = field(default_factory=Run.none)
    # Called before what talks with the API is imported; check and diff of what does not change need none of it.
    load: Callable[[], None] = _nothing
    # Whether the host's programs have an instance deleted before another replaces it, unless they say otherwise.
    deletes_first: bool = True

    def __post_init__(self) -> None:
        self.budgets = Budgets(self.settings.calls)
        self.sign_in = SignIn(self.settings, self.clock, self.budgets, self.load)
        self.backend = backend(self.settings.environment)
        self.custody = Custody(self.journal, self.clock, self.backend)
        self.ticks = Ticks()  # by the machine's clock: for eyes alone
        self._lock = threading.Lock()
        self._said: set[str] = set()
        self._roll_calls: dict[_Key, RollCall] = {}
        self._listing = threading.Lock()  # of its own: it is held during calls
        self._lists: dict[_Key, list[RomaInstanceSummary] | RomaError] = {}
        self._first: dict[_Key, list[RomaInstanceSummary] | RomaError] = {}
        self._fresh: dict[_Key, tuple[float, list[RomaInstanceSummary]]] = {}

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
        """All instances of a place. Unless ``fresh``, as they were when this session first asked for them, or the error
        of that: all hooks of a refresh share the calls of the first, and wait for them."""
        return self._listed_now(found) if fresh else self._kept(self._lists, found, once=False)

    def listed_once(self, found: Target) -> list[RomaInstanceSummary]:
        """All instances of a place as the first question of this kind has shown them, by one attempt; where that
        failed, its error. What is foretold of many resources needs no more."""
        return self._kept(self._first, found, once=True)

    def _kept(
        self, lists: dict[_Key, list[RomaInstanceSummary] | RomaError], found: Target, *, once: bool
    ) -> list[RomaInstanceSummary]:
        with self._listing:
            if found.key not in lists:
                try:
                    lists[found.key] = found.client.all_instances(once=once)
                except RomaError as error:
                    lists[found.key] = error
            known = lists[found.key]
        if isinstance(known, RomaError):
            raise fresh(known) from known
        return known

    def _listed_now(self, found: Target) -> list[RomaInstanceSummary]:
        """As they are, or were a moment ago; where many ask, a minute ago, or later."""
        now = self.clock.monotonic()
        with self._lock:
            at, known = self._fresh.get(found.key, (float("-inf"), []))
        if now - at < (CROWD_SECONDS if found.client.budget.is_crowded else LISTED_SECONDS):
            return known
        shown = found.client.all_instances()
        self.note_listed(found, now, shown)
        return shown

    def note_listed(self, found: Target, now: float, shown: list[RomaInstanceSummary]) -> None:
        """All instances of a place, by a list that was begun at this moment."""
        with self._lock:
            self._fresh[found.key] = (now, shown)

    def roll_call(self, found: Target) -> RollCall:
        """That of all who wait in a place."""
        with self._lock:
            return self._roll_calls.setdefault(found.key, RollCall())

    def client(self, region: str, project_id: str) -> RomaClient:
        """A client for the instances of one project; InputError where no way to sign in is given."""
        transport = self.transport(region, project_id)  # which loads
        from ..api.client import RomaClient

        return RomaClient(transport, project_id)

    def transport(self, region: str, project_id: str) -> Transport:
        """Requests to the API of a region, signed for a project; InputError as for :meth:`client`."""
        auth = self.sign_in.auth(region, project_id)  # which loads
        from ..api.transport import Transport

        endpoint, limits = self.settings.endpoint(region), self.settings.limits()
        return Transport(endpoint, auth, limits, self.clock, budgets=self.budgets)

    def project_id(self, region: str) -> str:
        """The project id that a call without one is about; looked up by IAM where it is not given."""
        return self.sign_in.project_id(region)
