"""Instances that no state is known to hold, and second ones of a name: said, never touched.

A creation that was killed leaves an order in the journal. If its resource leaves the program, or the stack is
destroyed, the engine calls no hook for it. So the hooks that it does call for the same stack say it, once a process.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from ..creation.words import spell
from ..errors import JournalError, RomaError
from .access import Target, still_there
from .journal import Entry
from .names import age, are_alike, epoch, is_there
from .urns import name_of, stack_of

if TYPE_CHECKING:
    from ..api.models import RomaInstanceSummary
    from .operation import Operation
    from .session import Session


def say_left_open(session: Session, op: Operation, instance_id: str) -> None:
    """Warn of orders of this stack that were interrupted, once a session; ``instance_id`` is the one that the state
    holds for the resource of the hook. (A replacement that was killed is another one of the same resource.)

    An order whose instance is gone by now is closed instead.
    """
    stack = stack_of(op.urn or "")
    if not stack or not session.once("left open"):
        return
    for entry in session.custody.orders():
        mine = stack_of(entry.urn) == stack and entry.backend == session.backend
        if entry.is_answered or not mine or entry.instance_id == instance_id or session.custody.is_mine(entry):
            continue
        # Who works on it at the moment will answer for it. Without locks nobody can tell, and no hook ends for it.
        with ExitStack() as held, contextlib.suppress(JournalError):
            if held.enter_context(session.journal.hold(entry, op.stop, seconds=0)):
                _settle(session, op, entry, instance_id)


def _settle(session: Session, op: Operation, entry: Entry, state_holds: str) -> None:
    instance_id = entry.instance_id
    try:
        client = session.client(entry.region, entry.project_id).stopped_by(op.stop, op.timeout)
        if client.host != entry.host:
            return
        found = Target(entry.region, entry.project_id, client, instance_id or "")
        if instance_id is None:
            named = [holder.id for holder in client.all_instances() if holder.name == entry.name and is_there(holder)]
            instance_id = next((found_id for found_id in named if found_id != state_holds), None)
        elif not still_there(session, found, op.stop):
            session.custody.close(entry)
            return
    except RomaError as error:
        op.warn(f"{_what(entry, instance_id)}. It could not be looked at: {error}")
        return
    if instance_id is not None or session.custody.is_unclear(entry):
        op.warn(f"{_what(entry, instance_id)}. {ways(instance_id or entry.key)}")
    else:
        session.custody.close(entry)


def _what(entry: Entry, instance_id: str | None) -> str:
    which = f"instance {instance_id}" if instance_id else "an instance"
    name = name_of(entry.urn)
    return (
        f"an earlier run ordered {which} (named {entry.name!r}) for resource {name!r} of this stack and was "
        "interrupted. No state is known to hold it, and it is billed"
    )


def ways(what: str) -> str:
    """The ways on with an instance, by its id or by its entry's key, that no state holds."""
    return (
        "To take it over, run `pulumi up` with that resource in the program. If nobody needs it, delete it in the ROMA "
        f"Connect console and run `roma forget {what}`"
    )


def say_doubles(session: Session, op: Operation, found: Target, name: str | None, *, fresh: bool) -> None:
    """Warn of other instances that have this one's name.

    The lists are read anew where ``fresh`` (after a wait), else once a session and place (in a refresh).
    """
    if not name:
        return
    try:
        listed = session.listed(found, fresh=fresh)
    except RomaError:
        return  # a help, no more
    others = [entry for entry in listed if are_alike(entry.name, name) and is_there(entry)]
    if {entry.id for entry in others} - {found.instance_id}:
        op.warn(_doubles(session, found, others, name))


def _doubles(session: Session, found: Target, others: Iterable[RomaInstanceSummary], name: str) -> str:
    now = session.clock.epoch() + found.client.skew
    said = []
    for entry in sorted(others, key=lambda other: (epoch(other.create_time) or 0.0, other.id or "")):
        whose = "this resource's" if entry.id == found.instance_id else _whose(session, entry.id or "")
        said.append(f"{entry.id} ({entry.status}{age(entry.create_time, now)}; {whose})")
    return (
        f"{len(said)} instances have the name {name!r} in {found.where}: {'; '.join(said)}. Each is billed. Find out "
        "whose they are, and delete what is not needed"
    )


def _whose(session: Session, instance_id: str) -> str:
    orders = session.custody.of_instance(instance_id)
    return f"ordered from this machine for {orders[0].urn}" if orders else "not ordered from here, as far as is known"


def say_other_owner(session: Session, op: Operation, instance_id: str) -> None:
    """Warn where the journal of this machine knows an instance, that is to be adopted, as another resource's."""
    for entry in session.custody.claims(instance_id):
        if (entry.urn, entry.backend) != (op.urn, session.backend):
            how = "ordered" if entry.is_order else "adopted"
            ago = spell(max(0.0, session.clock.epoch() - entry.posted_at))
            op.warn(
                f"instance {instance_id} was {how} from this machine {ago} ago for {entry.urn}. Two resources that "
                "hold one instance would each delete it. Take it out of one of the two states with `pulumi state "
                f"delete`. If it is out already, run `roma forget {instance_id}`"
            )
