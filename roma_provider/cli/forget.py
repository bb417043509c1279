"""What `roma forget` does: takes an order or a deletion out of the journal of this machine. It touches no instance."""

from __future__ import annotations

from collections.abc import Callable

from ..creation.words import spell
from ..lifecycle.journal import Entry
from ..lifecycle.session import Session
from ..texts import for_people

FORGOTTEN, NOTHING = 0, 1


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


def run(session: Session, what: str, confirmed: Callable[[str], bool], say: Callable[[str], None]) -> int:
    """Forget what is found, if ``confirmed``; the exit code."""
    found = matching(session, what)
    if not found:
        say(f"the journal of this machine holds nothing of {what}")
        return NOTHING
    for entry in found:
        say(describe(session, entry))
    question = (
        "Forget it? No instance is touched: one that exists goes on and is billed, and nothing here will resume it or "
        "name it again"
    )
    if not confirmed(question):
        say("nothing was forgotten")
        return NOTHING
    for entry in found:
        session.custody.close(entry)
    say("forgotten")
    return FORGOTTEN
