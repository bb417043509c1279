"""What differs in a resource, by lines: property, old value, new value, and whether it is a reason to replace."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .document import State, Step
from .hiding import SECRET
from .markdown import MOST_VALUE, code

# How the engine writes a value that is not known yet: text, bool, number, list, object, and others.
UNKNOWN = re.compile(
    r"04da6b54-80e4-46f7-96ec-b56ff0331ba9|1c4a061d-8072-4f0a-a4cb-0ff528b18fe7|3eeb2bf0-c639-47a8-9e75-3b44932eb421"
    r"|6a19a0b0-7e62-4c92-b797-7f8e31da9cc2|dd056dcd-154b-4c76-9bd3-c8f88648b5ff|030794c1-ac77-496b-92df-f27374a8bd58"
    r"|e48ece36-62e2-4504-bad9-02848725956a"
)
NOT_KNOWN_YET = "*not known yet*"
# How much is shown before the place where two long texts begin to differ.
_BEFORE = 20
# A property path: a name, .name, [0], ["any key"].
_PART = re.compile(r'\.?([^.\[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


@dataclass(frozen=True)
class Change:
    """A line. ``kind`` is the engine's: add, delete, update, each also with -replace. ``of_inputs``: it is what the
    program writes, else what the API said."""

    path: str
    kind: str
    old: Any = None
    new: Any = None
    replaces: bool = False
    of_inputs: bool = True

    def line(self) -> str:
        """As Markdown, without the dash of a list."""
        why = " — **a reason to replace it**" if self.replaces else ""
        name = code(self.path)
        if self.kind.startswith("add") or (self.old is None and self.new is not None):
            return f"{name}: {value(self.new)} is added{why}"
        if self.kind.startswith("delete") or (self.new is None and self.old is not None):
            return f"{name}: {value(self.old)}{' is taken away' if self.of_inputs else ''}{why}"
        if self.old is None and self.new is None:
            return f"{name}{why}"
        old, new = _told_apart(self.old, self.new)
        return f"{name}: {value(old)} → {value(new)}{why}"


def changes(step: Step) -> list[Change]:
    """What differs: as the engine has it by property path, else by the names of properties that it gives, else all
    inputs that are not the same."""
    old, new = step.old or State(), step.new or State()
    if step.paths:
        return [
            Change(
                path,
                kind,
                _at(path, old.inputs if of_inputs else old.outputs),
                _new(path, new),
                kind.endswith("-replace") or _top(path) in step.replaces,
                of_inputs,
            )
            for path, (kind, of_inputs) in sorted(step.paths.items())
            if not path.startswith("__")
        ]
    if step.old is None or step.new is None:
        return []
    named = [*step.replaces, *step.reasons]
    differing = named or [key for key in {**old.inputs, **new.inputs} if old.inputs.get(key) != new.inputs.get(key)]
    return [
        Change(key, "update", old.inputs.get(key), new.inputs.get(key), key in step.replaces)
        for key in sorted(set(differing))
        if not key.startswith("__")
    ]


def arguments(inputs: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a resource that is made."""
    for key, given in sorted(inputs.items()):
        if not key.startswith("__") and given is not None:
            yield f"{code(key)}: {value(given)}"


def value(given: Any) -> str:
    """A value as Markdown, in one line."""
    if isinstance(given, str) and UNKNOWN.fullmatch(given):
        return NOT_KNOWN_YET
    if given == SECRET:
        return "*a secret*"
    text = json.dumps(given, ensure_ascii=False)
    return code(UNKNOWN.sub("not known yet", text))


def _told_apart(old: Any, new: Any) -> tuple[Any, Any]:
    """Two long texts from where they differ on, so that what is shown of them differs."""
    if not (isinstance(old, str) and isinstance(new, str)) or old == new or old[:MOST_VALUE] != new[:MOST_VALUE]:
        return old, new
    differing = (at for at, (was, will) in enumerate(zip(old, new, strict=False)) if was != will)
    begin = max(0, next(differing, min(len(old), len(new))) - _BEFORE)
    return f"…{old[begin:]}", f"…{new[begin:]}"


def _new(path: str, state: State) -> Any:
    """The new value; what a refresh found may be in the outputs alone."""
    found = _at(path, state.inputs)
    return _at(path, state.outputs) if found is None else found


def _at(path: str, values: Any) -> Any:
    """What is at a property path; None if nothing is."""
    if isinstance(values, Mapping) and path in values:
        return values[path]
    for part in _parts(path):
        if isinstance(part, int) and isinstance(values, list) and part < len(values):
            values = values[part]
        elif isinstance(part, str) and isinstance(values, Mapping):
            values = values.get(part)
        else:
            return None
    return values


def _parts(path: str) -> Iterable[str | int]:
    for name, index, key in _PART.findall(path):
        if index:
            yield int(index[:9])
        else:
            yield json.loads(key) if key else name


def _top(path: str) -> str:
    return next((str(part) for part in _parts(path)), path)
