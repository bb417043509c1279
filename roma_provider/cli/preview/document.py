"""The JSON of `pulumi preview --json`, read and checked once: what is behind this need not ask again.

Whatever the file holds, reading it gives a `Document` or an InputError that says what to write instead. Secrets are
taken out here, so that nothing behind can show one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import InputError
from .hiding import Hiding

STANDARD_INPUT = "-"
MOST_BYTES = 100 * 1024 * 1024
# What a preview's document may hold, at the top.
KEYS = frozenset({"config", "steps", "diagnostics", "duration", "changeSummary", "maybeCorrupt"})
INSTEAD = "Write `pulumi preview --json > preview.json`, without what it says on standard error, and give that file"


@dataclass(frozen=True)
class State:
    """A resource before or after a step."""

    id: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    init_errors: Sequence[str] = ()
    flags: frozenset[str] = frozenset()
    """Those of ``protect``, ``external`` and ``retainOnDelete`` that are set."""


@dataclass(frozen=True)
class Step:
    """What the engine would do with one resource. ``paths``: what differs, by property path, with the engine's word for
    it (``add``, ``update-replace``, …) and whether the old value is that of the inputs."""

    op: str
    urn: str
    old: State | None = None
    new: State | None = None
    reasons: Sequence[str] = ()
    replaces: Sequence[str] = ()
    paths: Mapping[str, tuple[str, bool]] = field(default_factory=dict)


@dataclass(frozen=True)
class Diagnostic:
    """A message of the engine, of a provider or of the program; ``urn`` is "" where it is about no resource."""

    severity: str
    message: str
    urn: str = ""


@dataclass(frozen=True)
class Document:
    """A preview. ``counts``: resources by operation, as the engine counts; ``is_whole``: it came to its end."""

    steps: Sequence[Step]
    diagnostics: Sequence[Diagnostic]
    counts: Mapping[str, int]
    is_whole: bool


def read(path: str, hiding: Hiding) -> Document:
    """The document of a file, or of standard input (``-``); InputError for what is no preview."""
    try:
        given = _bytes(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError("FILE", f"{_named(path)} cannot be read: {reason}. {INSTEAD}") from error
    if not given.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        why = "pulumi ended before the preview, and its standard error says why"
        raise InputError("FILE", f"{_named(path)} is empty: {why}. {INSTEAD}")
    try:
        # In UTF-16 too, as PowerShell writes.
        data = json.loads(given.removeprefix(b"\xef\xbb\xbf"))
        return _document(path, hiding.hidden(data))
    except RecursionError:
        raise _no_preview(path, "it is nested too deeply") from None
    except ValueError:
        raise _no_preview(path, _not_json(given)) from None


def _bytes(path: str) -> bytes:
    if path == STANDARD_INPUT:
        # Python has none where the shell has closed it, which its type does not tell.
        if getattr(sys, "stdin", None) is None:
            raise InputError("FILE", f"standard input is closed. {INSTEAD}")
        if sys.stdin.isatty():
            raise InputError("FILE", f"nothing is piped into standard input. {INSTEAD}")
        found = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        with Path(path).open("rb") as file:
            found = file.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise _no_preview(path, f"it is larger than {MOST_BYTES >> 20} MiB")
    return found


def _named(path: str) -> str:
    return "standard input" if path == STANDARD_INPUT else path


def _no_preview(path: str, why: str) -> InputError:
    return InputError("FILE", f"{_named(path)} is no preview: {why}. {INSTEAD}")


def _not_json(given: bytes) -> str:
    """What a text that is not one JSON value is, as far as it can be told."""
    first = given.lstrip().partition(b"\n")[0]
    try:
        event = json.loads(first)
    except (ValueError, RecursionError):
        return "it is not JSON"
    if isinstance(event, dict) and "sequence" in event:
        return "it is a stream of events, as PULUMI_ENABLE_STREAMING_JSON_PREVIEW or `pulumi up --json` has it"
    return "it is not one JSON document"


def _document(path: str, data: Any) -> Document:
    if not isinstance(data, dict):
        raise _no_preview(path, "it is not an object")
    if "deployment" in data or "checkpoint" in data:
        raise _no_preview(path, "it is a state, as `pulumi stack export` prints it")
    if "result" in data and "steps" not in data:
        raise _no_preview(path, "it is the short form, of `--output json`, which says nothing of properties")
    if data and not KEYS & data.keys():
        raise _no_preview(path, f"it has none of {', '.join(sorted(KEYS))}")
    steps = [_step(step) for step in _objects(path, data, "steps")]
    diagnostics = [_diagnostic(one) for one in _objects(path, data, "diagnostics")]
    counts = {key: value for key, value in _mapping(data.get("changeSummary")).items() if _is_count(value)}
    return Document(steps, diagnostics, counts, is_whole="changeSummary" in data)


def _objects(path: str, data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = data.get(key) or []
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise _no_preview(path, f"its {key!r} is not a list of objects")
    return found


def _step(given: Mapping[str, Any]) -> Step:
    paths = {
        path: (_text(of.get("kind")), of.get("inputDiff") is True)
        for path, of in _mapping(given.get("detailedDiff")).items()
        if isinstance(of, dict)
    }
    return Step(
        op=_text(given.get("op")),
        urn=_text(given.get("urn")),
        old=_state(given.get("oldState")),
        new=_state(given.get("newState")),
        reasons=_texts(given.get("diffReasons")),
        replaces=_texts(given.get("replaceReasons")),
        paths=paths,
    )


def _state(given: Any) -> State | None:
    if not isinstance(given, dict):
        return None
    flags = ("protect", "external", "retainOnDelete")
    return State(
        id=_text(given.get("id")) or None,
        inputs=_mapping(given.get("inputs")),
        outputs=_mapping(given.get("outputs")),
        init_errors=_texts(given.get("initErrors")),
        flags=frozenset(flag for flag in flags if given.get(flag) is True),
    )


def _diagnostic(given: Mapping[str, Any]) -> Diagnostic:
    message = _text(given.get("prefix")) + _text(given.get("message"))
    return Diagnostic(_text(given.get("severity")), message, _text(given.get("urn")))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []
