"""What `roma forget` does: takes an order or a deletion out of the journal of this machine. It touches no instance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..creation.words import spell
from ..lifecycle.journal import Entry
from ..lifecycle.session import Session
from ..texts import for_people
from .codes import Code
from .output import Output, complain

FORGOTTEN, NOTHING = Code.DONE, Code.NO


def matching(session: Session, what: str) -> list[Entry]:
    """The entries of an instance's id, or the one of a key."""
    return [entry for entry in session.journal.entries() if what in (entry.instance_id, entry.key)]


def describe(session: Session, entry: Entry) -> str:
    """An entry as people read it."""
    ago = spell(max(0.0, session.clock.epoch() - entry.posted_at))
    what = "order" if entry.is_order else "deletion" if entry.is_deletion else "adoption"
    unknown = f"an instance named {entry.name!r}, whose id is not known"
    which = f"instance {entry.instance_id}" if entry.instance_id else unknown
    place = f"project {entry.project_id} of {entry.region}"
    return for_people(f"the {what} of {which}, {ago} ago, for {entry.urn or 'an unknown resource'} ({place})")


def as_json(entry: Entry) -> dict[str, Any]:
    """An entry for ``--json``; its keys never change."""
    what = "order" if entry.is_order else "deletion" if entry.is_deletion else "adoption"
    shown = {"what": what, "id": entry.instance_id, "name": entry.name, "resource": entry.urn or None}
    return {**shown, "region": entry.region, "project_id": entry.project_id, "key": entry.key}


def run(session: Session, what: str, confirmed: Callable[[str], bool], output: Output) -> int:
    """Forget what is found, if ``confirmed``; the exit code."""
    found = matching(session, what)
    output.found = {"forgotten": False, "entries": [as_json(entry) for entry in found]}
    if not found:
        complain(f"the journal of this machine holds nothing of {what}")
        return NOTHING
    for entry in found:
        output.say(describe(session, entry))
    question = (
        "Forget it? No instance is touched: one that exists goes on, and is billed. But no later run will resume it or "
        "name it"
    )
    if not confirmed(question):
        complain("nothing was forgotten")
        return NOTHING
    for entry in found:
        session.custody.close(entry)
    output.found["forgotten"] = True
    output.say("forgotten")
    return FORGOTTEN
