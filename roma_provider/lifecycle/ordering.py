"""Ordering an instance exactly once.

POST has no token against repetition and is billed, so it is sent only after everything else has been looked
at, and never twice for one intent:

1. an open entry of the journal for this very resource, whose instance still exists, is resumed; so is an answered
   one, if the state turns out not to hold it: Pulumi could not save the answer;
2. a name that exists in the project is refused, with its id and the ways on;
3. the intent is written to the journal, then POST is sent, then the id is written;
4. an answer that leaves open whether it worked is followed by looking at the list, not by another POST; for 15 minutes
   nothing else is ordered for this resource.

All of it happens under a lock on the name, between the runs of one user on one machine. Between machines
there is none: the list is read again after POST, and two instances of the name are an error that names both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..creation.words import brief
from ..errors import CreationUnclear, JournalError, NameTaken, RomaApiError, RomaConnectionError, RomaError
from ..schema.requests import request_of
from ..schema.rules import has_unknown
from .access import Target, entry_of, still_there
from .custody import FRESH_SECONDS, UNCLEAR_SECONDS
from .journal import Entry, Stage, digest
from .names import Name
from .placed import Placed
from .urns import name_of

if TYPE_CHECKING:
    from ..api.models import RomaInstanceSummary
    from .operation import Operation
    from .session import Session

LOOK_PAUSE = 5.0
LOCK_SECONDS = 300.0


class Order:
    """One order: the arguments of a new instance, and everything needed to place it exactly once."""

    def __init__(self, session: Session, op: Operation, found: Target, inputs: Mapping[str, Any]) -> None:
        self._op = op
        self._session = session
        self._custody = session.custody
        self._clock = session.clock
        self._target = found
        self._inputs = inputs
        resource = name_of(op.urn or "")
        self._name = Name(str(inputs["name"]), found.project_id, inputs, resource, session.deletes_first)
        self._before: set[str] = set()  # what the lists showed before POST
        self._deadline, self._pause = float("inf"), LOOK_PAUSE
        # Without a URN (the bridge is absent) the name has to tell one resource from another.
        self._urn = op.urn or f"name:{self._name.name}"
        self._expected = ("order", self._urn)
        # None in a preview in which some are not known yet.
        self._arguments = None if has_unknown(inputs, op.is_unknown) else digest(inputs)

    def place(self, held: ExitStack, *, seconds: float, pause: float = LOOK_PAUSE) -> Placed:
        """The id of the one instance that these arguments ask for.

        ``held`` keeps the hold on the journal's entry for as long as the hook works on it; ``seconds`` bounds
        the waits on the way; ``pause`` lies between two looks at the list.

        Raises NameTaken, CreationUnclear, JournalError, or the API's error for a POST that was refused.
        """
        self._op.say("checking that the instance does not exist yet")
        self._deadline = self._clock.monotonic() + seconds
        self._pause = pause
        place = (self._target.region, self._target.project_id, self._name.name)
        expected = self._target.client.budget.expecting(self._expected)
        with expected, self._session.journal.lock(*place, self._op.stop, min(LOCK_SECONDS, seconds)) as locked:
            if not locked:
                raise NameTaken(self._name.busy(), None)
            self._refuse_unreadable()
            return self._resumed(held) or self._new(held)

    def refusal(self, listed: list[RomaInstanceSummary], own: Collection[str]) -> str | None:
        """What :meth:`place` would say of the name, by these lists: that it is taken. None where it would order, or go
        on with an order. ``own``: instances that are gone by then. Asks nobody, and changes nothing."""
        entries = [entry for entry in self._custody.orders() if entry.host == self._target.host]
        place = (self._target.region, self._target.project_id)
        mine = [entry for entry in entries if entry.is_of(self._urn, *place)]
        if any(self._arguments is None or self._is_resumable(entry) for entry in mine):
            return None
        taken = [holder for holder in self._name.holders(listed) if holder.id not in own]
        if taken:
            return self._taken(taken[0])
        for entry in entries:
            known = entry.instance_id
            if known is not None and (entry.region, entry.project_id, entry.name) == (*place, self._name.name):
                # The list may not show it yet.
                return self._name.ordered_already(known) if self._custody.is_fresh(known) and known not in own else None
        return None

    # --- what an earlier run left behind

    def _refuse_unreadable(self) -> None:
        path = self._session.journal.of_another_version(
            self._urn, (self._target.region, self._target.project_id, self._name.name)
        )
        if path is not None:
            raise JournalError(
                "the journal holds an order of this resource or of this name that another version of roma_provider has "
                f"written ({path}). This version cannot read that order. Nothing was created now, but the order may "
                "have made an instance, which is billed. Update roma_provider. If you know that no instance is left of "
                "that order, remove the file"
            )

    def _resumed(self, held: ExitStack) -> Placed | None:
        """The creation that an earlier run of this resource left behind, if there is one to resume."""
        for entry in self._custody.orders():
            if not entry.is_of(self._urn, self._target.region, self._target.project_id):
                continue
            if entry.host != self._target.host:
                continue
            if not self._is_resumable(entry):
                self._warn_of(entry)
                continue
            if not held.enter_context(self._custody.hold(entry, self._op.stop)):
                raise NameTaken(self._name.busy(), None)
            # Whoever held it may have ended it meanwhile.
            if entry not in self._custody.orders():
                continue
            self._custody.taken_over(entry)
            if entry.instance_id is None:
                # The run ended in or after POST: the instance may be there, or still come up in the list.
                instance_id = self._look(entry, "an earlier run was interrupted while it ordered this instance")
                if instance_id is not None:
                    self._op.note(f"found instance {instance_id}, which an earlier run had ordered; going on")
                    self._note_id(entry, instance_id)
                    return self._placed(instance_id, entry)
                self._refuse_while_unclear(entry)
                self._custody.close(entry)
            elif self._is_there(entry):
                self._say_resumed(entry)
                return self._placed(entry.instance_id, entry)
            else:
                self._custody.close(entry)
        return None

    def _refuse_while_unclear(self, entry: Entry) -> None:
        """CreationUnclear where a list that lags might still come to show what an earlier POST has made."""
        if self._custody.is_unclear(entry):
            when = f"{datetime.fromtimestamp(entry.posted_at + UNCLEAR_SECONDS, tz=timezone.utc):%H:%M:%S} UTC"
            raise CreationUnclear(self._name.unclear_until(when, entry.key))

    def _is_resumable(self, entry: Entry) -> bool:
        """Whether this order may go on with an entry.

        Never with one of another backend, which has a state of its own: both would come to hold the instance.
        """
        may = self._custody.may_resume(entry) or self._is_unsaved(entry)
        mine = entry.backend == self._session.backend
        return may and mine and entry.matches(self._op.folder, self._name.name, self._arguments or "")

    def _is_unsaved(self, entry: Entry) -> bool:
        """Whether the engine was given this instance, and could not save it: the state does not hold the resource, or
        still holds the instance that this one has replaced.

        Where programs do not have the old one deleted first, a replacement by force looks like the former, and would
        take over what it is to replace. The name is refused then, with both ways on."""
        memory = self._session.memory
        absent = self._session.deletes_first and memory.is_in_the_state(self._op.urn) is False
        return entry.is_answered and (absent or memory.holds_another(self._op.urn, entry.instance_id))

    def _say_resumed(self, entry: Entry) -> None:
        if not entry.is_answered or self._custody.may_resume(entry):
            self._op.note(f"resuming the creation of instance {entry.instance_id}, which was interrupted")
            return
        # A state that has gone to a stack of another name looks the same from here: nobody tells where it is.
        self._op.warn(
            f"taking over instance {entry.instance_id}, which an earlier run made for this resource and Pulumi could "
            "not save. If another stack holds it too (after `pulumi stack rename` or `pulumi state move`), each of the "
            f"two stacks would delete it. Then run `pulumi state delete '{self._urn}'` in this one, and write another "
            "name"
        )

    def _is_there(self, entry: Entry) -> bool:
        return still_there(self._session, self._target.of(entry.instance_id or ""), self._op.stop)

    def _warn_of(self, entry: Entry) -> None:
        """Say that an earlier creation under another name may still be there."""
        if entry.name == self._name.name:
            return  # refused later on, with its id
        instance_id = entry.instance_id
        if instance_id is None:
            found = self._name.holders(self._target.client.all_instances(), entry.name)
            instance_id = found[0].id if found else None
        elif not self._is_there(entry):
            self._custody.close(entry)
            return
        if instance_id is not None:
            self._op.warn(
                f"an earlier run ordered instance {instance_id} (named {entry.name!r}) for this resource. If no stack "
                "holds it, it is billed for nothing: take it over with adopt_id, or delete it in the console"
            )

    # --- a new one

    def _new(self, held: ExitStack) -> Placed:
        self._refuse_taken()
        if self._op.stop.is_set():
            raise RomaError("stopped before the instance was ordered; nothing was created")
        request = request_of(self._inputs)
        intent = entry_of(self._session, self._op, self._target, self._name.name, Stage.INTENT)
        entry = replace(intent, urn=self._urn, arguments=self._arguments or "")
        held.enter_context(self._custody.hold(entry, self._op.stop))
        self._custody.begin(entry)
        self._op.say("ordering the instance")
        trouble = "the answer to POST held no id"
        instance_id = None
        try:
            instance_id = self._target.client.create_instance(request)
        except (RomaApiError, RomaConnectionError) as error:
            unclear = error.sent if isinstance(error, RomaConnectionError) else error.outcome_unknown
            if not unclear:
                self._custody.close(entry)
                raise
            trouble = str(error)
        if instance_id is not None and not self._is_new(entry, instance_id):
            trouble = f"the answer to POST names instance {instance_id}, which was there before"
            instance_id = None
        if instance_id is None:
            instance_id = self._look(replace(entry, posted_at=self._clock.epoch()), trouble)
            if instance_id is None:
                raise self._unclear(trouble)
        self._note_id(entry, instance_id)
        self._target.client.budget.ordered(self._expected, self._clock, self._op.stop)
        return self._placed(instance_id, entry, self._duplicate(instance_id))

    def _is_new(self, entry: Entry, instance_id: str) -> bool:
        """Whether an id may be what this order has made: an instance that was there before is somebody's."""
        others = [other for other in self._custody.of_instance(instance_id) if other.key != entry.key]
        return instance_id.lower() not in self._before and not others

    def _note_id(self, entry: Entry, instance_id: str) -> None:
        try:
            self._custody.named(entry, instance_id)
        except JournalError:
            # The instance is there and goes on into the state; only a crash from here on would need the id.
            self._op.warn(f"instance {instance_id} was ordered, but its id could not be written to the journal")

    def _refuse_taken(self) -> None:
        listed = self._target.client.all_instances()
        taken = self._name.holders(listed)
        if taken:
            raise NameTaken(self._taken(taken[0]), taken[0].id)
        # The list lags behind POST; what this machine ordered itself is known without it.
        for entry in self._custody.orders():
            place = (entry.region, entry.project_id, entry.name, entry.host)
            if place != (self._target.region, self._target.project_id, self._name.name, self._target.host):
                continue
            known = entry.instance_id
            if known is None:
                trouble = f"an instance named {self._name.name!r} was being ordered a moment ago"
                known = self._look(entry, trouble, whoever=True)
                if known is None:
                    self._refuse_while_unclear(entry)
            elif not self._is_there(entry):
                known = None
            if known is None:
                self._custody.close(entry)
            else:
                raise NameTaken(self._name.ordered_already(known), known)
        self._before = {(shown.id or "").lower() for shown in listed}

    def _taken(self, by: RomaInstanceSummary) -> str:
        if by.id in self._session.memory.held_by(self._op.urn):
            return self._name.own(by)
        here = any(entry.urn == self._urn for entry in self._custody.of_instance(by.id or ""))
        return self._name.taken(by, self._server_time, ordered_here=here)

    def _look(self, entry: Entry, trouble: str, *, whoever: bool = False) -> str | None:
        """The id of what a POST without a clear answer made, as soon as the list shows it; with ``whoever``
        that of any instance of the name.

        None where two minutes have passed since POST without it; CreationUnclear if stopped before that.
        """
        self._op.say(f"{trouble}; looking whether the instance was created all the same")
        since = min(max(0.0, self._clock.epoch() - entry.posted_at), FRESH_SECONDS)
        until = self._clock.monotonic() + FRESH_SECONDS - since
        while True:
            looked = False
            try:
                listed = self._target.client.all_instances(once=True)
                found = [
                    holder
                    for holder in self._name.holders(listed)
                    if holder.id and (whoever or self._may_be_ours(holder, entry))
                ]
                if len(found) > 1:
                    raise NameTaken(self._name.several(found), None)
                if found:
                    return found[0].id
                self._refuse_alike(listed, entry)
                looked = True
            except (RomaApiError, RomaConnectionError) as error:
                if error.untrusted if isinstance(error, RomaConnectionError) else not error.transient:
                    raise self._unclear(f"{trouble}, and {error}") from error
                self._op.say(f"{brief(error)}, trying again: {error}")
            if self._clock.monotonic() >= min(until, self._deadline):
                if looked and until <= self._deadline:
                    return None
                raise self._unclear(trouble if looked else f"{trouble}, and the list of instances cannot be read")
            left = min(until, self._deadline) - self._clock.monotonic()
            if self._clock.sleep(min(self._pause, left), self._op.stop):
                raise self._unclear(trouble)

    def _may_be_ours(self, holder: RomaInstanceSummary, entry: Entry) -> bool:
        return (holder.id or "").lower() not in self._before and self._name.looks_ours(holder, self._ordered_at(entry))

    def _refuse_alike(self, listed: list[RomaInstanceSummary], entry: Entry) -> None:
        """NameTaken where the lists show what may be ours under a name that is spelled a little otherwise."""
        alike = [holder for holder in self._name.alike(listed) if self._may_be_ours(holder, entry)]
        if alike:
            raise NameTaken(self._name.perhaps_ours(alike[0]), alike[0].id)

    @property
    def _server_time(self) -> float:
        """The API's clock, in epoch seconds: its times are held against it, never against this machine's."""
        return self._clock.epoch() + self._target.client.skew

    def _ordered_at(self, entry: Entry) -> float:
        """When an order was posted, by the API's clock."""
        return entry.posted_at + self._target.client.skew

    def _placed(self, instance_id: str, entry: Entry, duplicate: str | None = None) -> Placed:
        return Placed(instance_id, entry.key, duplicate, self._ordered_at(entry))

    def _unclear(self, trouble: str) -> CreationUnclear:
        return CreationUnclear(self._name.unclear(trouble))

    def _duplicate(self, instance_id: str) -> str | None:
        """What to say of another instance of this name, made from elsewhere at the same moment."""
        try:
            same_name = self._name.holders(self._target.client.all_instances())
        except RomaError:
            return None  # the order stands; what cannot be looked at now is no reason to lose it
        others = any(entry.id != instance_id for entry in same_name)
        return self._name.several(same_name, ours=instance_id) if others else None
