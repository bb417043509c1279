"""What to do about a creation that did not end well, in the words of whose instance it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import CreationEnded, CreationError, CreationFailed, InstanceGone


@dataclass(frozen=True)
class Remedies:
    """``resumes`` is what the next `pulumi up` does about an instance that is not ready; ``way_on``, by URN, what to
    do about an error that is one of ``ending``. ``own`` says that this stack has ordered the instance."""

    own: bool
    resumes: str
    ending: tuple[type[CreationError], ...]
    way_on: Callable[[str | None], str]

    def explain(self, error: CreationError, urn: str | None) -> None:
        """Add the way on to an error that has one."""
        if isinstance(error, self.ending):
            error.hints.append(self.way_on(urn))


def _replaced(urn: str | None) -> str:
    return (
        "the next `pulumi up` deletes it and creates another, once the cause is dealt with; if the resource "
        f"is protected, run `pulumi state unprotect '{urn or 'URN'}'` first"
    )


def _elsewhere(_urn: str | None) -> str:
    return (
        "this resource only waits for the instance: whoever made it has to make another, and its id goes here. If an "
        "Instance with wait=False of this program has ordered it, run `pulumi up`: it orders another and waits for it"
    )


OWNED = Remedies(True, "resumes the wait", (CreationFailed,), _replaced)
ADOPTED = Remedies(False, "resumes the wait", (CreationFailed,), _replaced)
REFERENCED = Remedies(False, "waits for it", (CreationFailed, CreationEnded, InstanceGone), _elsewhere)
