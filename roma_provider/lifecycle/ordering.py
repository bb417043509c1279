"""Ordering an instance exactly once.

POST has no token against repetition and is billed, so it is sent only after everything else has been looked
at, and never twice for one intent:

1. an open entry of the journal for this very resource, whose instance still exists, is resumed;
2. a name that exists in the project is refused, with its id and the ways on;
3. the intent is written to the journal, then POST is sent, then the id is written;
4. an answer that leaves open whether it worked is followed by looking at the list, not by another POST.

All of it happens under a lock on the name, between the runs of one user on one machine. Between machines
there is none: the list is read again after POST, and two instances of the name are an error that names both.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..clock import Clock
from ..creation.wait import GONE, brief, spell
from ..errors import CreationUnclear, JournalError, NameTaken, RomaApiError, RomaConnectionError, RomaError
from ..schema.kinds import EDITION, RCU, is_rcu
from ..schema.requests import request_of
from .journal import Entry, Journal, digest
from .memory import Memory

if TYPE_CHECKING:
    from ..api.client import RomaClient
    from ..api.models import RomaInstanceSummary
    from .operation import Operation

LOOK_SECONDS = 120.0
LOOK_PAUSE = 5.0
LOCK_SECONDS = 300.0
# How far the time that the list shows may be from that of the order: clocks differ, and the API takes its time.
ORDER_SECONDS = 900.0


@dataclass(frozen=True)
class Placed:
    """An instance that is ours, and its entry in the journal. ``duplicate`` says that there is another one of its
    name."""

    instance_id: str
    entry: Entry
    duplicate: str | None = None


class Order:
    """One order: the arguments of a new instance, and everything needed to place it exactly once."""

    def __init__(
        self,
        op: Operation,
        client: RomaClient,
        journal: Journal,
        memory: Memory,
        clock: Clock,
        inputs: Mapping[str, Any],
    ) -> None:
        self._op = op
        self._client = client
        self._journal = journal
        self._memory = memory
        self._host = client.host
        self._clock = clock
        self._inputs = inputs
        self._name = str(inputs["name"])
        self._region = str(inputs["region"])
        self._project_id = str(inputs["project_id"])
        self._deadline = float("inf")
        self._pause = LOOK_PAUSE
        # Without a URN (the bridge is absent) the name has to tell one resource from another.
        self._urn = op.urn or f"name:{self._name}"
        self._arguments = digest({key: value for key, value in inputs.items() if key != "__provider"})

    def place(self, held: ExitStack, *, seconds: float, pause: float = LOOK_PAUSE) -> Placed:
        """The id of the one instance that these arguments ask for.

        ``held`` keeps the hold on the journal's entry for as long as the hook works on it; ``seconds`` bounds
        the waits on the way; ``pause`` lies between two looks at the list.

        Raises NameTaken, CreationUnclear, JournalError, or the API's error for a POST that was refused.
        """
        self._op.say("checking that the instance does not exist yet")
        self._deadline = self._clock.monotonic() + seconds
        self._pause = pause
        wait = min(LOCK_SECONDS, seconds)
        with self._journal.lock(self._region, self._project_id, self._name, self._op.stop, wait) as locked:
            if not locked:
                raise self._busy()
            return self._resumed(held) or self._new(held)

    def _busy(self) -> NameTaken:
        return NameTaken(
            f"another run on this machine is creating an instance named {self._name!r} in project "
            f"{self._project_id}; run `pulumi up` again when it is done",
            None,
        )

    def _resumed(self, held: ExitStack) -> Placed | None:
        """The creation that an earlier run of this resource left behind, if there is one to resume."""
        for entry in self._journal.entries():
            if not entry.is_of(self._urn, self._region, self._project_id) or entry.host != self._host:
                continue
            if not self._is_resumable(entry):
                self._warn_of(entry)
                continue
            if not held.enter_context(self._journal.hold(entry, self._op.stop)):
                raise self._busy()
            # Whoever held it may have ended it meanwhile.
            if entry not in self._journal.entries():
                continue
            if entry.instance_id is None:
                # The run ended in or after POST: the instance may be there, or still come up in the list.
                instance_id = self._look(entry, "an earlier run was interrupted while it ordered this instance")
                if instance_id is not None:
                    self._op.note(f"found instance {instance_id}, which an earlier run had ordered; going on")
                    return Placed(instance_id, self._note_id(entry, instance_id))
                self._journal.close(entry)
            elif self._exists(entry.instance_id, entry):
                self._op.note(f"resuming the creation of instance {entry.instance_id}, which was interrupted")
                return Placed(entry.instance_id, entry)
            else:
                self._journal.close(entry)
        return None

    def _is_resumable(self, entry: Entry) -> bool:
        """Whether this order may go on with an entry.

        Not with one that was answered: the state may hold it, and a replacement that resumed the very instance
        it replaces would then delete the only one. But this process itself may go on with what it left
        half-made: an error hook of the program has create run again.
        """
        ours = not entry.answered or self._memory.left_unfinished(entry.key)
        return ours and entry.matches(self._op.folder, self._name, self._arguments)

    def _warn_of(self, entry: Entry) -> None:
        """Say that an earlier creation under another name may still be there."""
        if entry.name == self._name:
            return  # refused later on, with its id
        instance_id = entry.instance_id
        if instance_id is None:
            found = self._find(self._client.all_instances(), entry.name)
            instance_id = found.id if found is not None else None
        elif not self._exists(instance_id, entry):
            self._journal.close(entry)
            return
        if instance_id is not None:
            self._op.warn(
                f"an earlier run ordered instance {instance_id} (named {entry.name!r}) for this resource. If no stack "
                "holds it, it is billed for nothing: take it over with adopt_id, or delete it in the console"
            )

    def _exists(self, instance_id: str, entry: Entry) -> bool:
        """Whether an instance still exists: gone needs a 404, a list that lacks it, and one that was there."""
        if is_unseen(entry, self._clock):
            return True
        try:
            progress = self._client.creation_progress(instance_id)
        except RomaApiError as error:
            if not error.not_found:
                raise
            return any(found.id == instance_id for found in self._client.all_instances())
        return progress.decisive_status not in GONE

    def _new(self, held: ExitStack) -> Placed:
        self._refuse_taken(self._client.all_instances())
        if self._op.stop.is_set():
            raise RomaError("stopped before the instance was ordered; nothing was created")
        request = request_of(self._inputs)
        entry = Entry(
            urn=self._urn,
            region=self._region,
            project_id=self._project_id,
            name=self._name,
            folder=self._op.folder,
            arguments=self._arguments,
            posted_at=self._clock.epoch(),
            host=self._host,
        )
        held.enter_context(self._journal.hold(entry, self._op.stop))
        self._journal.write(entry)
        self._op.say("ordering the instance")
        trouble = "the answer to POST held no id"
        instance_id = None
        try:
            instance_id = self._client.create_instance(request)
        except (RomaApiError, RomaConnectionError) as error:
            unclear = error.sent if isinstance(error, RomaConnectionError) else error.outcome_unknown
            if not unclear:
                self._journal.close(entry)
                raise
            trouble = str(error)
        if instance_id is None:
            instance_id = self._look(replace(entry, posted_at=self._clock.epoch()), trouble)
            if instance_id is None:
                raise self._unclear(trouble)
        return Placed(instance_id, self._note_id(entry, instance_id), duplicate=self._duplicate(instance_id))

    def _note_id(self, entry: Entry, instance_id: str) -> Entry:
        try:
            return self._journal.set_id(entry, instance_id)
        except JournalError:
            # The instance is there and goes on into the state; only a crash from here on would need the id.
            self._op.warn(f"instance {instance_id} was ordered, but its id could not be written to the journal")
            return replace(entry, instance_id=instance_id)

    def _refuse_taken(self, instances: list[RomaInstanceSummary]) -> None:
        taken = self._find(instances, self._name)
        if taken is not None:
            age = _age(taken.create_time, self._clock.epoch())
            ours = any(entry.urn == self._urn for entry in self._journal.of_instance(taken.id or ""))
            by = ", ordered for this very resource by an earlier run" if ours else ""
            adopt = f"Write adopt_id={taken.id!r} to take it over, or another name"
            if not self._is_of_our_kind(taken):
                adopt = f"It is {EDITION.name if is_rcu(self._inputs) else RCU.name}; write another name"
            raise NameTaken(
                f"an instance named {self._name!r} exists already in project {self._project_id}: id {taken.id}, "
                f"status {taken.status}{age}{by}. Nothing was created. {adopt}; if this resource was renamed in the "
                "program, give it aliases=[pulumi.Alias(name=OLD_NAME)]",
                taken.id,
            )
        # The list lags behind POST; what this machine ordered itself is known without it.
        for entry in self._journal.entries():
            place = (entry.region, entry.project_id, entry.name, entry.host)
            if place != (self._region, self._project_id, self._name, self._host):
                continue
            known = entry.instance_id
            if known is None:
                trouble = f"an instance named {self._name!r} was being ordered a moment ago"
                known = self._look(entry, trouble, whoever=True)
            elif not self._exists(known, entry):
                known = None
            if known is None:
                self._journal.close(entry)
            else:
                raise NameTaken(
                    f"an instance named {self._name!r} was ordered from this machine already: id {known}. Nothing "
                    f"was created. Write adopt_id={known!r} to take it over, or another name",
                    known,
                )

    def _look(self, entry: Entry, trouble: str, *, whoever: bool = False) -> str | None:
        """The id of what a POST without a clear answer made, as soon as the list shows it; with ``whoever``
        that of any instance of the name.

        None where two minutes have passed since POST without it; CreationUnclear if stopped before that.
        """
        self._op.say(f"{trouble}; looking whether the instance was created all the same")
        since = min(max(0.0, self._clock.epoch() - entry.posted_at), LOOK_SECONDS)
        until = self._clock.monotonic() + LOOK_SECONDS - since
        while True:
            looked = False
            try:
                found = [
                    summary
                    for summary in self._client.all_instances(once=True)
                    if summary.name == self._name and summary.id and _is_there(summary)
                    if whoever or self._looks_ours(summary, entry)
                ]
                if len(found) > 1:
                    raise NameTaken(self._several(found), None)
                if found:
                    return found[0].id
                looked = True
            except (RomaApiError, RomaConnectionError) as error:
                if isinstance(error, RomaApiError) and not error.transient:
                    raise self._unclear(f"{trouble}, and {error}") from error
                self._op.say(f"{brief(error)}, trying again: {error}")
            if self._clock.monotonic() >= min(until, self._deadline):
                if looked and until <= self._deadline:
                    return None
                raise self._unclear(trouble if looked else f"{trouble}, and the list of instances cannot be read")
            left = min(until, self._deadline) - self._clock.monotonic()
            if self._clock.sleep(min(self._pause, left), self._op.stop):
                raise self._unclear(trouble)

    def _unclear(self, trouble: str) -> CreationUnclear:
        return CreationUnclear(
            f"{trouble}; no instance named {self._name!r} is in the list so far, so it is not known whether one "
            "was created. Run `pulumi up` again: it looks at the list first, takes the instance over if it is "
            "there, and orders one only if it is not"
        )

    def _looks_ours(self, found: RomaInstanceSummary, entry: Entry) -> bool:
        """Whether what the list shows of an instance is what was ordered, and when. (Not the product: its id
        may be another in the list than the one that was sent.)"""
        shown = ((found.vpc_id, "vpc_id"), (found.subnet_id, "subnet_id"))
        alike = all(value in (None, "", self._inputs[key]) for value, key in shown)
        created = _epoch(found.create_time)
        timely = created is None or abs(created - entry.posted_at) < ORDER_SECONDS
        return alike and timely and self._is_of_our_kind(found)

    def _is_of_our_kind(self, found: RomaInstanceSummary) -> bool:
        """Whether what the lists show may be of the kind that is ordered. Only the V3 list says."""
        return not found.category or (found.category.lower() != "roma") == is_rcu(self._inputs)

    def _duplicate(self, instance_id: str) -> str | None:
        """What to say of another instance of this name, made from elsewhere at the same moment."""
        try:
            same_name = [
                entry for entry in self._client.all_instances() if entry.name == self._name and _is_there(entry)
            ]
        except RomaError:
            return None  # the order stands; what cannot be looked at now is no reason to lose it
        if all(entry.id == instance_id for entry in same_name):
            return None
        return self._several(same_name, ours=instance_id)

    def _several(self, found: list[RomaInstanceSummary], ours: str | None = None) -> str:
        ids = sorted({str(entry.id) for entry in found} | ({ours} if ours else set()))
        named = ", ".join(f"{id_} (ours)" if id_ == ours else id_ for id_ in ids)
        return (
            f"there are {len(ids)} instances named {self._name!r} in project {self._project_id} now: {named}; created "
            "from elsewhere at the same time. All are billed; find out whose they are, and delete what is not needed"
        )

    @staticmethod
    def _find(instances: list[RomaInstanceSummary], name: str) -> RomaInstanceSummary | None:
        return next((entry for entry in instances if entry.name == name and _is_there(entry)), None)


def is_unseen(entry: Entry, clock: Clock) -> bool:
    """Whether an order is so fresh that neither /process nor the list need know the instance yet."""
    return not entry.seen and abs(clock.epoch() - entry.posted_at) < LOOK_SECONDS


def _is_there(entry: RomaInstanceSummary) -> bool:
    return (entry.status or "").upper() not in GONE


def _epoch(created: str | None) -> float | None:
    """The list's ISO time as epoch seconds; None where it cannot be read."""
    try:
        moment = datetime.fromisoformat((created or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()


def _age(created: str | None, now: float) -> str:
    """ ", created 5 min ago", from the list's ISO time; "" where it cannot be read."""
    moment = _epoch(created)
    return "" if moment is None else f", created {spell(max(0.0, now - moment))} ago"
