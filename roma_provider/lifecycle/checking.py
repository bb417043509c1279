"""Checking arguments, and the settings that every call needs: what both kinds of resource have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ..config.credentials import SignInMissing
from ..config.keys import REGION
from ..errors import InputError
from ..schema.written import ABSENT, warning

if TYPE_CHECKING:
    from ..config.sign_in import SignIn
    from ..schema.checked import Checked
    from .operation import Operation
    from .session import Session

Check: TypeAlias = "Callable[[Mapping[str, Any], Mapping[str, Any], SignIn, Callable[[Any], bool]], Checked]"
"""The check of a resource's arguments, from ``schema.check``: of the state's inputs, the program's, the sign-in with
the settings, and what tells an unknown value."""


def checked(session: Session, op: Operation, check: Check, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
    """Arguments and settings, checked; ``olds`` are the inputs of the state, {} for a new resource."""
    # The second check of a replacement has no olds; the new one belongs where the old one was.
    place = olds or session.memory.place(op.urn)
    found = check(place, news, session.sign_in, op.is_unknown)
    if place is not olds:
        found.warnings.clear()  # the first check has said them
    if lost := found.inputs.get(ABSENT):
        found.warnings.append(warning(lost))
    _check_settings(session, found)
    return found


def _check_settings(session: Session, found: Checked) -> None:
    """Add to ``found`` what is wrong with the settings that every call needs, and warn of a sign-in that is missing."""
    settings, region = session.settings, found.inputs.get("region")
    if not isinstance(region, str) or "region" in dict(found.failures):
        region = REGION.example  # has a problem of its own; the endpoint's, if any, is said all the same
    for read in (
        lambda: settings.endpoint(region),
        settings.adoptions,
        settings.journal,
        settings.poll_seconds,
        settings.calls,
        settings.limits,
        settings.live_wish,
        lambda: session.sign_in.check(region),
    ):
        try:
            read()
        except SignInMissing as error:
            # A preview of what does not change needs none; the call that does says it as its error.
            if session.once(str(error)):
                found.warnings.append(f"{error.reason}. Until then nothing can be made, changed or read")
        except InputError as error:
            # A setting that several others rest on is told once.
            if (error.key, error.reason) not in found.failures:
                found.failures.append((error.key, error.reason))
