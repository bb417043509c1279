"""What the preview of a creation says ahead of `up`: whom it adopts or refers to, or that its name is taken.

Asked once for each resource that is to be made, by one attempt: the instance to adopt by one GET, names by one list a
place. Only in a preview, since `up` asks by itself, when it is time. Nothing here fails: check sees arguments, and
what there is may be otherwise by the time of `up`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..config.credentials import SignInMissing
from ..creation.words import spell
from ..errors import InputError, RomaError
from .access import Target, explained, target
from .adoption import adopted
from .appointed import worded
from .named import holders_of, the_one, told
from .ordering import Order

if TYPE_CHECKING:
    from ..api.models import CreationProgress
    from .operation import Operation
    from .session import Session

DAY = 86400.0


def foretell(session: Session, op: Operation, inputs: Mapping[str, Any]) -> None:
    """Say what `up` will say of the instance that these checked arguments ask for."""
    adopt, about = inputs.get("adopt_id"), ("region", "project_id", "name")
    if (adopt is not None and not isinstance(adopt, str)) or not all(isinstance(inputs.get(key), str) for key in about):
        return  # known in `up` alone
    try:
        session.sign_in.check(str(inputs["region"]))
    except InputError:
        return  # told by check
    try:
        with explained(session):
            found = target(session, inputs, op, adopt or "")
            if adopt is None:
                _of_name(session, op, found, inputs)
            else:
                _of_adoption(session, op, found, inputs)
    except RomaError as error:
        what = f"instance {adopt} may be adopted" if adopt else "names are free"
        if session.once(f"not foretold: {what}"):
            reasons = "; ".join(error.reasons)
            op.warn(f"whether {what} could not be asked: {reasons}. `pulumi up` asks again")


def foretell_reference(session: Session, op: Operation, inputs: Mapping[str, Any]) -> None:
    """Say which instance has the name that a reference is written with, as the lists have it now."""
    about = ("region", "project_id", "name")
    if not all(isinstance(inputs.get(key), str) for key in about):
        return  # by its id, or known in `up` alone
    try:
        session.sign_in.check(str(inputs["region"]))
        with explained(session):
            found = target(session, inputs, op)
            holders = holders_of(session.listed_once(found), found, str(inputs["name"]))
        the_one(holders, found, str(inputs["name"]))
    except SignInMissing:
        return  # told by check
    except InputError as error:
        op.warn(f"as it is now, `pulumi up` will fail: {error}")
    except RomaError as error:
        if session.once("not foretold: references"):
            reasons = "; ".join(error.reasons)
            op.warn(f"which instance has the name could not be asked: {reasons}. `pulumi up` asks again")
    else:
        op.note(f"refers to instance {told(holders)}")


def _of_adoption(session: Session, op: Operation, found: Target, inputs: Mapping[str, Any]) -> None:
    try:
        progress = adopted(found, inputs, once=True)
    except InputError as error:
        op.warn(f"`pulumi up` will fail: {worded(session, op, error)}")
        return
    op.note(f"adopts instance {found.instance_id} ({_shown(session, found, progress)}); nothing is ordered")


def _shown(session: Session, found: Target, progress: CreationProgress) -> str:
    """Status and age of an instance."""
    made = progress.instance.created_at if progress.instance else None
    if made is None:
        return progress.decisive_status
    seconds = max(0.0, session.clock.epoch() + found.client.skew - made / 1000)
    return f"{progress.decisive_status}, made {_length(seconds)} ago"


def _length(seconds: float) -> str:
    return spell(seconds) if seconds < 2 * DAY else f"{seconds // DAY:.0f} days"


def _of_name(session: Session, op: Operation, found: Target, inputs: Mapping[str, Any]) -> None:
    listed = session.listed_once(found)
    # What a replacement deletes first is no taker of the name.
    refusal = Order(session, op, found, inputs).refusal(listed, session.memory.held_by(op.urn))
    if refusal is not None:
        op.warn(f"`pulumi up` will fail: {refusal}")
