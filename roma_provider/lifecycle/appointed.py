"""Adoption without a change of the program: what ROMA_ADOPT or `roma:adopt` says of a resource, as its `adopt_id`.

Only for a resource that has no instance: one of the state, or a replacement, is left alone, so that a setting which
was left behind does nothing. It is written into the arguments before they are checked, and from there on all is as
with `adopt_id`, but for the words: what is wrong is said of the setting.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from ..config.keys import ADOPT
from ..errors import InputError
from .urns import in_its_stack, name_of

if TYPE_CHECKING:
    from .operation import Operation
    from .session import Session

# A resource's name that needs no quotes in RESOURCE=ID, nor in the path of a config key.
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def appointed(session: Session, op: Operation, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments ``news``, with the id that the settings name for a resource without an instance; ``olds`` are the
    inputs of the state, {} for a new resource. InputError where another resource is to adopt that instance too."""
    if op.urn is None:
        return news
    try:
        settings = session.settings.adoptions()
    except InputError:
        return news  # told by check
    found = settings.get(op.urn, settings.get(name_of(op.urn)))
    if found is None:
        return news
    # The second check of a replacement has no olds, and the state holds an instance all the same.
    if olds or session.memory.is_in_the_state(op.urn):
        if session.once(f"left behind: {op.urn}"):
            op.note(
                f"{found.setting} names instance {found.instance_id} for this resource, which has an instance "
                f"already, so it does nothing; take it away ({_taken_away(found.setting, found.resource)})"
            )
        return news
    if news.get("adopt_id") is not None:
        return news  # the program's own word
    # Noted first, and then looked: of two that are checked at the same moment, at least one sees the other.
    with suppress(OSError):  # this process, at least, knows
        session.run.adopt(found.instance_id, in_its_stack(op.urn))
    if rivals := session.run.adopters(found.instance_id, op.urn):
        raise InputError(
            found.setting,
            f"instance {found.instance_id} is to be adopted by another resource of this program, {rivals[0]!r}, and by "
            f"this one; write the URN of the one that is meant: {_pair(op.urn, found.instance_id)}",
        )
    session.memory.appoint(op.urn, found.setting)
    return {**news, "adopt_id": found.instance_id}


@contextmanager
def in_words_of_the_setting(session: Session, op: Operation) -> Iterator[None]:
    """Around what may say that `adopt_id` is wrong: it names the setting where that has written the id."""
    try:
        yield
    except InputError as error:
        raise worded(session, op, error) from error


def worded(session: Session, op: Operation, error: InputError) -> InputError:
    """The error, said of the setting where that has written `adopt_id`."""
    setting = session.memory.appointed_by(op.urn)
    if setting is None or error.key != "adopt_id":
        return error
    return InputError(setting, error.reason.replace("adopt_id", setting))


def command(resource: str, instance_id: str) -> str:
    """What a user types to have a resource adopt an instance in one run."""
    return f"{ADOPT.variable}={shlex.quote(_pair(resource, instance_id))} pulumi up"


def _pair(resource: str, instance_id: str) -> str:
    """The variable's value: in JSON where the name has what RESOURCE=ID gives another meaning."""
    plain = all(_PLAIN.fullmatch(part) for part in re.split(r"[.:/$ ]+", resource)) and resource == resource.strip()
    return f"{resource}={instance_id}" if plain else json.dumps({resource: instance_id})


def _taken_away(setting: str, resource: str) -> str:
    if setting == ADOPT.variable:
        return f"`unset {setting}`"
    key = f".{resource}" if _PLAIN.fullmatch(resource) else f"[{json.dumps(resource, ensure_ascii=False)}]"
    return f"`pulumi config rm --path {shlex.quote(f'{setting}{key}')}`"
