"""What `roma journal` says: what the journal of this machine knows of orders and deletions that no state may hold.

For what the engine calls nobody: after a run was killed, and its resource has left the program or the stack was
destroyed. One list a project is read, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import RomaError
from ..lifecycle.journal import Entry, Stage
from ..lifecycle.names import is_there
from ..lifecycle.session import Session
from ..lifecycle.strays import ways
from .codes import Code
from .forget import as_json, describe
from .output import Output

NOTHING, OPEN = Code.DONE, Code.NO

# The instances of a project, status by id and id by "name:NAME"; or why they could not be read.
_Listed = dict[str, str] | str
_AS_BEFORE = "it could not be looked at, for the same reason"
_GIVEN = "Pulumi was given it, and its next command shows whether it was saved"


@dataclass(frozen=True)
class Line:
    """What is said of an entry. ``is_open``: somebody has to go on with it."""

    is_open: bool
    said: str
    entry: Entry

    def as_json(self) -> dict[str, Any]:
        """For ``--json``; its keys never change."""
        return {**as_json(self.entry), "open": self.is_open, "said": self.said}


def run(session: Session, output: Output) -> int:
    """Say it; the exit code."""
    lines = list(examine(session))
    output.found = {"entries": [line.as_json() for line in lines]}
    for line in lines:
        output.say(f"{'open  ' if line.is_open else 'given '}{line.said}")
    if not lines:
        output.say("the journal of this machine holds no order and no deletion that goes on")
    return OPEN if any(line.is_open for line in lines) else NOTHING


def examine(session: Session) -> Iterator[Line]:
    """A line for each order, and for each deletion that has not come to its end; the oldest first."""
    listed: dict[tuple[str, str, str], _Listed] = {}
    told: set[str] = set()
    for entry in session.journal.entries():
        if entry.is_order or entry.stage is Stage.DELETING:
            place = (entry.host, entry.region, entry.project_id)
            if place not in listed:
                listed[place] = _listed(session, entry)
            found = listed[place]
            # One reason, such as a missing sign-in, is often that of all.
            yield _line(session, entry, _AS_BEFORE if isinstance(found, str) and found in told else found)
            told |= {found} if isinstance(found, str) else set()


def _listed(session: Session, entry: Entry) -> _Listed:
    try:
        client = session.client(entry.region, entry.project_id)
        if client.host != entry.host:
            return f"it was made by the API at {entry.host}, and the settings of this shell lead to {client.host}"
        found = {}
        for one in client.all_instances():
            if one.id is not None and is_there(one):
                found[one.id] = one.status or "(none)"
                found[f"name:{one.name}"] = one.id
        return found
    except RomaError as error:
        return f"it could not be looked at: {error}"


def _line(session: Session, entry: Entry, listed: _Listed) -> Line:
    about = describe(session, entry)
    if isinstance(listed, str):
        given = f". {_GIVEN}" if entry.is_answered else ""
        return Line(not entry.is_answered, f"{about}; {listed}{given}", entry)
    instance_id = entry.instance_id or listed.get(f"name:{entry.name}")
    status = listed.get(instance_id or "")
    if entry.is_deletion:
        now = f"it is there, with the status {status}" if status else "the list shows it no more"
        return Line(
            True, f"{about}; {now}. Run `pulumi up`, which looks, or `pulumi destroy`, which goes on with it", entry
        )
    if status is None and entry.is_answered:
        gone = f"A state that holds it learns of that by `pulumi refresh`. Else: `roma forget {_id(entry)}`"
        return Line(False, f"{about}; the list does not show it. {_GIVEN}. {gone}", entry)
    if status is None:
        until = "Run `pulumi up`, which looks again"
        return Line(True, f"{about}; the list does not show it. {until}, or `roma forget {_id(entry)}`", entry)
    now = f"it is {status}, and it is billed" if entry.instance_id else f"the list shows {instance_id}, {status}"
    if entry.is_answered:
        held = f"{_GIVEN}. In a state it needs nothing"
        return Line(False, f"{about}; {now}. {held}. Else: {ways(instance_id or entry.key)}", entry)
    return Line(True, f"{about}; {now}. No state is known to hold it. {ways(instance_id or entry.key)}", entry)


def _id(entry: Entry) -> str:
    return entry.instance_id or entry.key
