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
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from .clock import Clock
from .creation import GONE, spell
from .errors import CreationUnclear, JournalError, NameTaken, RomaApiError, RomaConnectionError, RomaError
from .journal import Entry, Journal, digest

if TYPE_CHECKING:
    from .api.client import RomaClient
    from .api.models import CreateInstanceRequest, InstanceSummary
    from .operation import Operation

LOOK_SECONDS = 120.0
LOOK_PAUSE = 5.0
LOCK_SECONDS = 300.0


@dataclass(frozen=True)
class Placed:
    """An instance that is ours.

    ``early``: it was ordered a moment ago, so /process may not know it yet. ``duplicate`` says that there is
    another one of its name.
    """

    instance_id: str
    entry: Entry
    early: bool
    duplicate: str | None = None


class Order:
    """One order: the arguments of a new instance, and everything needed to place it exactly once."""

    def __init__(
        self, op: Operation, client: RomaClient, journal: Journal, clock: Clock, inputs: Mapping[str, Any]
    ) -> None:
        self._op = op
        self._client = client
        self._journal = journal
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

    def place(self, *, seconds: float, pause: float = LOOK_PAUSE) -> Placed:
        """The id of the one instance that these arguments ask for.

        ``seconds`` bounds the waits on the way; ``pause`` lies between two looks at the list.

        Raises NameTaken, CreationUnclear, JournalError, or the API's error for a POST that was refused.
        """
        self._op.say("checking that the instance does not exist yet")
        self._deadline = self._clock.monotonic() + seconds
        self._pause = pause
        wait = min(LOCK_SECONDS, seconds)
        with self._journal.lock(self._region, self._project_id, self._name, self._op.stop, wait) as locked:
            if not locked:
                raise NameTaken(
                    f"another run on this machine is creating an instance named {self._name!r} in project "
                    f"{self._project_id}; run `pulumi up` again when it is done",
                    None,
                )
            return self._resumed() or self._new()

    def _resumed(self) -> Placed | None:
        """The creation that an earlier run of this resource left behind, if there is one to resume."""
        for entry in self._journal.entries():
            if not entry.is_of(self._urn, self._region, self._project_id):
                continue
            if not entry.resumable(self._op.folder, self._name, self._arguments):
                self._warn_of(entry)
            elif entry.instance_id is None:
                # The run ended in or after POST: the instance may be there, or still come up in the list.
                instance_id = self._look(entry, "an earlier run was interrupted while it ordered this instance")
                if instance_id is not None:
                    self._op.note(f"found instance {instance_id}, which an earlier run had ordered; going on")
                    return Placed(instance_id, self._note_id(entry, instance_id), early=False)
                self._journal.close(entry)
            elif self._exists(entry.instance_id, entry):
                self._op.note(f"resuming the creation of instance {entry.instance_id}, which was interrupted")
                return Placed(entry.instance_id, entry, early=self._is_unseen(entry))
            else:
                self._journal.close(entry)
        return None

    def _warn_of(self, entry: Entry) -> None:
        """Say that an interrupted creation of other arguments is still there, under a name of its own."""
        if entry.instance_id is None or entry.name == self._name:
            return  # the same name is refused later on, with its id
        if self._exists(entry.instance_id, entry):
            self._op.warn(
                f"an earlier creation of this resource was interrupted and left instance {entry.instance_id} "
                f"(named {entry.name!r}), which is billed and not in the state: take it over with adopt_id, or "
                "delete it in the console"
            )
        else:
            self._journal.close(entry)

    def _is_unseen(self, entry: Entry) -> bool:
        """Whether the order is so fresh that neither /process nor the list need know the instance yet."""
        return not entry.seen and self._clock.epoch() - entry.posted_at < LOOK_SECONDS

    def _exists(self, instance_id: str, entry: Entry) -> bool:
        """Whether an instance still exists: gone needs a 404, a list that lacks it, and one that was there."""
        if self._is_unseen(entry):
            return True
        try:
            progress = self._client.creation_progress(instance_id)
        except RomaApiError as error:
            if not error.not_found:
                raise
            return any(entry.id == instance_id for entry in self._client.list_instances())
        return progress.decisive_status not in GONE

    def _new(self) -> Placed:
        self._refuse_taken(self._client.list_instances())
        if self._op.stop.is_set():
            raise RomaError("stopped before the instance was ordered; nothing was created")
        request = request_of(self._inputs)
        entry = self._journal.write(
            Entry(
                urn=self._urn,
                region=self._region,
                project_id=self._project_id,
                name=self._name,
                folder=self._op.folder,
                arguments=self._arguments,
                posted_at=self._clock.epoch(),
            )
        )
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
        return Placed(
            instance_id, self._note_id(entry, instance_id), early=True, duplicate=self._duplicate(instance_id)
        )

    def _note_id(self, entry: Entry, instance_id: str) -> Entry:
        try:
            return self._journal.set_id(entry, instance_id)
        except JournalError:
            # The instance is there and goes on into the state; only a crash from here on would need the id.
            self._op.warn(f"instance {instance_id} was ordered, but its id could not be written to the journal")
            return replace(entry, instance_id=instance_id)

    def _refuse_taken(self, instances: list[InstanceSummary]) -> None:
        taken = self._find(instances)
        if taken is not None:
            age = _age(taken.create_time, self._clock.epoch())
            raise NameTaken(
                f"an instance named {self._name!r} exists already in project {self._project_id}: id {taken.id}, "
                f"status {taken.status}{age}. Nothing was created. Write adopt_id={taken.id!r} to take it over, "
                "or another name; if this resource was renamed in the program, give it "
                "aliases=[pulumi.Alias(name=OLD_NAME)]",
                taken.id,
            )
        # The list lags behind POST; what this machine ordered itself is known without it.
        for entry in self._journal.entries():
            place = (entry.region, entry.project_id, entry.name)
            if place != (self._region, self._project_id, self._name):
                continue
            known = entry.instance_id
            if known is None:
                known = self._look(entry, f"an instance named {self._name!r} was being ordered a moment ago")
            elif not self._exists(known, entry):
                known = None
                self._journal.close(entry)
            if known is not None:
                raise NameTaken(
                    f"an instance named {self._name!r} was ordered from this machine already: id {known}. Nothing "
                    f"was created. Write adopt_id={known!r} to take it over, or another name",
                    known,
                )

    def _look(self, entry: Entry, trouble: str) -> str | None:
        """The id of what a POST without a clear answer made, as soon as the list shows it.

        None where two minutes have passed since POST without it; CreationUnclear if stopped before that.
        """
        self._op.say(f"{trouble}; looking whether the instance was created all the same")
        since = min(max(0.0, self._clock.epoch() - entry.posted_at), LOOK_SECONDS)
        until = self._clock.monotonic() + LOOK_SECONDS - since
        while True:
            looked = False
            try:
                found = self._find([entry for entry in self._client.list_instances() if self._looks_ours(entry)])
                if found is not None and found.id:
                    return found.id
                looked = True
            except (RomaApiError, RomaConnectionError) as error:
                if isinstance(error, RomaApiError) and not error.transient:
                    raise self._unclear(f"{trouble}, and {error}") from error
                self._op.say(f"{error}; asking again")
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

    def _looks_ours(self, found: InstanceSummary) -> bool:
        """Whether what the list shows of an instance is what was ordered. (Not the product: its id may be
        another in the list than the one that was sent.)"""
        ordered = ((found.vpc_id, "vpc_id"), (found.subnet_id, "subnet_id"))
        return all(shown in (None, "", self._inputs[key]) for shown, key in ordered)

    def _duplicate(self, instance_id: str) -> str | None:
        """What to say of another instance of this name, made from elsewhere at the same moment."""
        try:
            others = [
                entry.id
                for entry in self._client.list_instances()
                if entry.name == self._name and entry.id != instance_id and _is_there(entry)
            ]
        except RomaError:
            return None  # the order stands; what cannot be looked at now is no reason to lose it
        if not others:
            return None
        return (
            f"there are two instances named {self._name!r} in project {self._project_id} now: {instance_id} (ours) "
            f"and {', '.join(map(str, others))}, created from elsewhere at the same time. Both are billed; find out "
            "whose the other is, and delete the one that is not needed"
        )

    def _find(self, instances: list[InstanceSummary]) -> InstanceSummary | None:
        return next((entry for entry in instances if entry.name == self._name and _is_there(entry)), None)


def _is_there(entry: InstanceSummary) -> bool:
    return (entry.status or "").upper() not in GONE


def request_of(inputs: Mapping[str, Any]) -> CreateInstanceRequest:
    """The body of POST for checked arguments, in the endpoint's own names and words."""
    from .api.models import CreateInstanceRequest, MqsRequest

    mqs = dict(inputs.get("mqs") or {})
    if not mqs.get("rocketmq_enable"):
        mqs.setdefault("engine_version", "2.7")
    return CreateInstanceRequest(
        name=inputs["name"],
        description=inputs.get("description") or "",
        product_id=inputs["product_id"],
        available_zones=inputs["available_zones"],
        ep_id=inputs.get("enterprise_project_id"),
        vpc_id=inputs["vpc_id"],
        subnet_id=inputs["subnet_id"],
        security_group_id=inputs["security_group_id"],
        ipv6_enable=inputs["ipv6_enable"],
        enable_all=inputs["enable_all"],
        eip_id=inputs.get("eip_id"),
        entrance_bandwidth_size=inputs.get("ingress_bandwidth_size"),
        mqs=MqsRequest(**mqs),
        maintain_begin=inputs.get("maintain_begin"),
        maintain_end=inputs.get("maintain_end"),
        cpu_architecture="arm" if inputs["cpu_architecture"] == "aarch64" else "x86",
    )


def _age(created: str | None, now: float) -> str:
    """ ", created 5 min ago", from the list's ISO time; "" where it cannot be read."""
    try:
        moment = datetime.fromisoformat((created or "").replace("Z", "+00:00"))
    except ValueError:
        return ""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return f", created {spell(max(0.0, now - moment.timestamp()))} ago"
