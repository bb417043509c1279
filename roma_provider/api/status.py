"""The words of an instance's status, sorted by what they mean. In upper case.

Spellings are those of every revision of the API's pages (docs/api-notes.md §2).
"""

from __future__ import annotations

READY = frozenset({"RUNNING", "SUCCESS"})
PENDING = frozenset({"CREATING"})
FAILED = frozenset({"CREATE_FAILED", "FAILED"})
# DELETE_FALIED is really on the wire.
DELETION_FAILED = frozenset({"DELETE_FAILED", "DELETE_FALIED"})
ENDED = frozenset({"ERROR", "FREEZING", "FROZEN", "FREEZE_FAILED", "DELETING"}) | DELETION_FAILED
GONE = frozenset({"DELETED", "SOFT_DELETED"})


def word(status: str | None) -> str:
    """A status as the sets above spell it; "" for none.

    Only ASCII has cases here: with Unicode's, a dotless i would make RUNNING of another word.
    """
    text = status or ""
    return text.strip().upper() if text.isascii() else text
