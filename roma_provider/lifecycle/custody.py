"""Custody of an instance: all that may happen to it while no state surely tells the truth about it.

That is from the intent to order it until the engine has it, and from the intent to delete it until the engine has let
go of it. Each has an entry in the journal, which is at one of these stages:

| stage      | what it means                                                | goes on when                       |
|------------|--------------------------------------------------------------|------------------------------------|
| `INTENT`   | POST may have been sent                                      | its id is known; or it was refused |
| `ORDERED`  | the id is known; a 404 may mean "not shown yet"              | /process shows it; or is answered  |
| `SEEN`     | /process has shown it: from now on a 404 means "gone"        | the engine is answered             |
| `TOLD`     | the engine was given it before /process showed it            | /process shows it                  |
| `ANSWERED` | the engine was given it; a witness until the engine names it | the engine names the instance      |
| `DELETING` | DELETE may have been sent                                    | the API says that it is gone, or not |
| `DELETED`  | it is gone; a witness until the engine names it no more      | the resource has another instance  |
| `ADOPTED`  | a resource has taken it over; told to another that would     | the instance is deleted from here  |

An entry of an order is *open*, and can be resumed, until the hook has answered an engine that lives on for a moment.
Then it is a *witness* only: that the engine was told does not mean that it could save what it was told. It is closed
when the engine names the instance, by which it shows that it did, or when the instance is gone.

`ordering` begins entries and names their ids, a wait or a read says that they are shown, a hook's answer moves them
to witnesses, and any hook that is given the id by the engine closes them. `deletion` begins and ends those of its own.
Nobody else writes to the journal, but `roma forget`.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from enum import Enum

from ..clock import Clock, Stop
from ..errors import JournalError
from .journal import ANSWERED_AS, Entry, Journal, Stage

# How long after POST neither /process nor the lists need know an instance.
FRESH_SECONDS = 120.0
# How long after a POST without a clear answer nothing else is ordered for its resource: lists have been seen to lag.
UNCLEAR_SECONDS = 900.0
# How long an instance that is gone is remembered, should the engine never call for its resource again (a destroy).
GONE_SECONDS = 30 * 86400.0


class Event(Enum):
    """What moves an entry to its next stage."""

    NAMED = "its id is known"
    SHOWN = "/process has shown it"
    ANSWERED = "a living engine is being given it"
    GONE = "the API says that it is gone"


MOVES: Mapping[tuple[Stage, Event], Stage] = {
    (Stage.INTENT, Event.NAMED): Stage.ORDERED,
    (Stage.ORDERED, Event.SHOWN): Stage.SEEN,
    # On disk an answer is a new name of the file, so that the journal reads it off the same rows.
    **{(before, Event.ANSWERED): after for before, after in ANSWERED_AS.items()},
    (Stage.TOLD, Event.SHOWN): Stage.ANSWERED,
    (Stage.DELETING, Event.GONE): Stage.DELETED,
}
"""Every move there is; whatever else happens to an entry leaves it at its stage."""


def moved(entry: Entry, event: Event) -> Entry:
    """The entry after an event."""
    return replace(entry, stage=MOVES.get((entry.stage, event), entry.stage))


@functools.lru_cache(maxsize=4096)
def merged(one: Entry, other: Entry) -> Entry:
    """What two tellings of one entry know together: the id, and whatever either has seen happen."""
    found = replace(one, instance_id=one.instance_id or other.instance_id)
    stages = {one.stage, other.stage}
    if Stage.ADOPTED in stages:
        return found
    if found.is_deletion:
        return replace(found, stage=Stage.DELETED if Stage.DELETED in stages else Stage.DELETING)
    found = replace(found, stage=Stage.INTENT if found.instance_id is None else Stage.ORDERED)
    if stages & {Stage.SEEN, Stage.ANSWERED}:
        found = moved(found, Event.SHOWN)
    return moved(found, Event.ANSWERED) if one.is_answered or other.is_answered else found


class Custody:
    """The orders of one session: their entries in the journal, and what this process has answered with.

    Safe to share between threads.
    """

    def __init__(self, journal: Journal, clock: Clock, backend: str = "") -> None:
        self.journal = journal
        self._clock = clock
        self._backend = backend
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}  # by key: as this process knows them, should the disk not take them
        self._unwritten: set[str] = set()  # keys of entries that the disk did not take
        self._shown: set[str] = set()
        self._given: set[str] = set()
        self._half_made: set[str] = set()

    # --- moving an entry

    def begin(self, entry: Entry) -> Entry:
        """Write the intent, before POST; JournalError where that cannot be done."""
        return self._remember(self.journal.write(entry))

    def named(self, entry: Entry, instance_id: str) -> Entry:
        """The order's id is known. JournalError where it cannot be written; this process knows it all the same."""
        found = self._remember(moved(replace(entry, instance_id=instance_id), Event.NAMED))
        self._put(found, self.journal.write)
        return found

    def taken_over(self, entry: Entry) -> Entry:
        """A hook goes on with an entry of an earlier run."""
        return self._remember(entry)

    def shown(self, instance_id: str) -> None:
        """/process has shown an instance, so that from now on a 404 means that it is gone."""
        with self._lock:
            if instance_id in self._shown:
                return
        try:
            for entry in self.of_instance(instance_id):
                after = moved(entry, Event.SHOWN)
                if after != entry or entry.key in self._unwritten:
                    self._put(self._remember(after), self.journal.update)
        except JournalError:
            return  # the next look tries again; until then only this process knows
        with self._lock:
            self._shown.add(instance_id)

    def answered(self, instance_id: str, key: str | None, *, ready: bool) -> None:
        """A living engine is being given an instance; ``key`` is the entry's, None for one that is adopted. Only this
        process knows it so far: an engine that is killed before it has saved it leaves an open entry."""
        with self._lock:
            self._given.add(instance_id)
            if key is not None and not ready:
                self._half_made.add(key)
            entry = self._entries.get(key or "")
        if entry is not None:
            if entry.key in self._unwritten:
                with contextlib.suppress(JournalError):
                    self._put(entry, self.journal.update)
            self._remember(moved(entry, Event.ANSWERED))

    def saved(self, key: str) -> None:
        """The engine has had the time to save what it was given: from now on the entry is a witness only."""
        with self._lock:
            entry = self._entries.get(key)
        if entry is not None:
            self.journal.mark_answered(entry)

    def close(self, entry: Entry) -> None:
        """Forget an order: the state holds its outcome, or there is nothing to hold."""
        with self._lock:
            self._entries.pop(entry.key, None)
        self.journal.close(entry)

    def named_by_the_engine(self, urn: str | None, instance_id: str) -> None:
        """The engine names an instance, so its state holds it: the journal need not go on doing so. Nor of an earlier
        instance of this resource, which the engine has surely let go of."""
        orders = self.of_instance(instance_id)
        if not any(map(self.is_unshown, orders)):
            for entry in orders:
                self.close(entry)
        self.let_go(urn, but=instance_id)

    def let_go(self, urn: str | None, *, but: str | None = None) -> None:
        """The engine has let go of every instance of a resource that was deleted: it holds ``but``, or asks for
        another. (A stack of the same name in another backend holds one of its own.)"""
        for entry in self.journal.entries():
            if entry.stage is Stage.DELETED and self._clock.epoch() - entry.posted_at > GONE_SECONDS:
                self.close(entry)
            mine = entry.urn == urn and entry.backend == self._backend
            if entry.is_deletion and mine and entry.instance_id != but:
                self.close(entry)

    # --- deletions

    def deleting(self, entry: Entry) -> Entry:
        """Write the intent to delete, before DELETE. Where that cannot be done only a crash would have needed it."""
        found = self._remember(replace(entry, stage=Stage.DELETING))
        with contextlib.suppress(JournalError):
            self.journal.write(found)
        return found

    def deleted(self, entry: Entry) -> None:
        """The API says that the instance is gone. What was known of its order is of no use any more."""
        for claim in self.claims(entry.instance_id or ""):
            self.close(claim)
        after = self._remember(moved(entry, Event.GONE))
        with contextlib.suppress(JournalError):
            self.journal.write(after)

    def deletion_of(self, instance_id: str) -> Entry | None:
        """The entry of a deletion that was begun from here, of an instance that the engine has not let go of."""
        return next((entry for entry in self._of(instance_id) if entry.is_deletion), None)

    # --- adoptions

    def adopted(self, entry: Entry) -> None:
        """A resource has taken an instance over: written for other stacks of this machine, and missed by nobody
        where it cannot be."""
        for earlier in self.claims(entry.instance_id or ""):
            if (earlier.stage, earlier.urn, earlier.backend) == (entry.stage, entry.urn, entry.backend):
                self.close(earlier)
        with contextlib.suppress(JournalError):
            self.journal.write(entry)

    def claims(self, instance_id: str) -> list[Entry]:
        """The orders and the adoptions of an instance by resources of this machine, the oldest first."""
        return [entry for entry in self._of(instance_id) if not entry.is_deletion]

    # --- asking

    def of_instance(self, instance_id: str) -> list[Entry]:
        """The orders of an instance, those that the disk did not take included."""
        return [entry for entry in self._of(instance_id) if entry.is_order]

    def orders(self) -> list[Entry]:
        """All orders in the journal, the oldest first, with what this process knows of them beside the disk."""
        return [entry for entry in self._on_disk() if entry.is_order]

    def _on_disk(self) -> list[Entry]:
        with self._lock:
            known = dict(self._entries)
        return [merged(entry, known.get(entry.key, entry)) for entry in self.journal.entries()]

    def _of(self, instance_id: str) -> list[Entry]:
        found = {entry.key: entry for entry in self._on_disk()}
        with self._lock:
            mine = list(self._entries.values())
        for entry in mine:
            found.setdefault(entry.key, entry)
        return [entry for entry in found.values() if entry.instance_id == instance_id]

    def is_fresh(self, instance_id: str) -> bool:
        """Whether an instance was ordered from here so lately that a 404 does not mean that it is gone."""
        return any(map(self.is_unshown, self.of_instance(instance_id)))

    def was_shown(self, instance_id: str) -> bool:
        """Whether this process has seen /process show an instance."""
        with self._lock:
            return instance_id in self._shown

    def is_unshown(self, entry: Entry) -> bool:
        """Whether an order is so fresh that neither /process nor the lists need know the instance yet."""
        fresh = abs(self._clock.epoch() - entry.posted_at) < FRESH_SECONDS
        return fresh and entry.stage not in (Stage.SEEN, Stage.ANSWERED)

    def may_resume(self, entry: Entry) -> bool:
        """Whether a creation may go on with an entry.

        Not with one that was answered: the state may hold it, and a replacement that resumed the very instance
        it replaces would then delete the only one. But this process itself may go on with what it left
        half-made: an error hook of the program has create run again.
        """
        with self._lock:
            return not entry.is_answered or entry.key in self._half_made

    def is_mine(self, entry: Entry) -> bool:
        """Whether a hook of this process has begun this order, or gone on with it."""
        with self._lock:
            return entry.key in self._entries

    def is_unclear(self, entry: Entry) -> bool:
        """Whether nobody knows yet what became of POST: the lists may show its instance late. (An answered one
        without an id is no such order: the engine was given it, only the disk did not take it.)"""
        return entry.stage is Stage.INTENT and abs(self._clock.epoch() - entry.posted_at) < UNCLEAR_SECONDS

    def was_given(self, instance_id: str) -> bool:
        """Whether a create of this process answered with this instance."""
        with self._lock:
            return instance_id in self._given

    def hold(self, entry: Entry, stop: Stop) -> AbstractContextManager[bool]:
        """Hold an entry for as long as its hook works on it; gives False if another run's hook does."""
        return self.journal.hold(entry, stop)

    def _put(self, entry: Entry, put: Callable[[Entry], object]) -> None:
        """Write an entry; where the disk does not take it, the next move of the entry tries again."""
        self._unwritten.add(entry.key)
        put(entry)
        self._unwritten.discard(entry.key)

    def _remember(self, entry: Entry) -> Entry:
        with self._lock:
            self._entries[entry.key] = entry
        return entry
