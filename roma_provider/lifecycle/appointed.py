"""Adoption without a change of the program: what ROMA_ADOPT or `roma:adopt` says of a resource, as its `adopt_id`.

Only for a resource that has no instance: one of the state, or a replacement, is left alone, so that a setting which
was left behind does nothing. It is written into the arguments before they are checked, and from there on all is as
with `adopt_id`.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..config.keys import ADOPT
from ..errors import InputError

if TYPE_CHECKING:
    from .operation import Operation
    from .session import Session


def appointed(session: Session, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments ``news``, with the id that the settings name for a resource without an instance; ``olds`` are the
    inputs of the state, {} for a new resource."""
    if op.urn is None:
        return news
    try:
        settings = session.settings.adoptions()
    except InputError:
        return news  # told by check
    name = op.urn.rsplit("::", 1)[-1]
    instance_id = settings.get(op.urn, settings.get(name))
    if instance_id is None:
        return news
    # The second check of a replacement has no olds, and the state holds an instance all the same.
    if olds or session.memory.is_in_the_state(op.urn):
        if session.once(f"left behind: {op.urn}"):
            op.note(
                f"{ADOPT.variable} or {ADOPT.config} names instance {instance_id} for this resource, which has an "
                "instance already, so it does nothing; take it away "
                f"(`unset {ADOPT.variable}`, `pulumi config rm --path {shlex.quote(f'{ADOPT.config}.{name}')}`)"
            )
        return news
    if news.get("adopt_id") is not None:
        return news  # the program's own word
    with suppress(OSError):  # this process, at least, knows
        session.run.adopt(instance_id, name)
    return {**news, "adopt_id": instance_id}


def command(resource: str, instance_id: str) -> str:
    """What a user types to have a resource adopt an instance in one run."""
    return f"{ADOPT.variable}={shlex.quote(f'{resource}={instance_id}')} pulumi up"
