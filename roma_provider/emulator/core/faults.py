"""Faults on demand: rules that say which calls go wrong, how, and how often.

Rules live in the memory of the emulator that they were given to, not in its database. Where several fit a
call, the oldest that still has calls left takes it, and only that one.
"""

import asyncio
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

from . import refusals
from .json_input import UnreadableJSONError, parsed_json
from .refusals import Answer
from .settings import BadInputError, checked_seconds

CREATIONS = ("create_instance", "create_rcu_instance")
OPERATIONS = (
    *CREATIONS,
    "creation_progress",
    "list_instances",
    "list_roma_instances",
    "delete_instance",
    "create_token",
    "list_projects",
    "other",
)
ANY_OPERATION = "*"

IAM_OPERATIONS = ("create_token", "list_projects")
# A token that is issued and does not arrive changes nothing, so signing in counts as a read.
_READS = ("creation_progress", "list_instances", "list_roma_instances", *IAM_OPERATIONS)
_EFFECTS = ("status", "reset", "cut", "drip_seconds", "delay_seconds", "hold", "expire_tokens")
_WITHOUT_BODY = (204, 304)
_FRAMING = ("content-length", "transfer-encoding")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"([!-~\x80-\xff]([ \t!-~\x80-\xff]*[!-~\x80-\xff])?)?")
_FLAGS = ("reset", "hold", "expire_tokens")


class FaultOptions(TypedDict, total=False):
    """What a rule says beside its operation, all of it optional.

    - `times`: how many calls; None for ever. Left out: one.
    - `project_id`, `instance_id`, `name`: only calls of a project; only those about an instance (in the path, or the
      list's `id`); only those whose body has this `name`.
    - `when`: "after" lets the operation take effect first. "instead", the default, prevents that where the fault leaves
      no true answer (status, reset; cut and drip of POST and DELETE of instances); it delays or holds the call
      *before* its effect, which never comes if the client leaves meanwhile.
    - `headers`, `body` (text or JSON; left out: the gateway's own for that status), `status`: the answer.
    - `reset`: reset the connection in place of an answer.
    - `cut`: close it after so many bytes of the body.
    - `drip_seconds`: send the body one byte every so many seconds.
    - `delay_seconds`: wait so long, then answer.
    - `hold`: answer when the rule is ended.
    - `expire_tokens`: end all tokens that were issued, before the call is looked at ("instead") or after.
    """

    times: int | None
    project_id: str | None
    instance_id: str | None
    name: str | None
    when: Literal["instead", "after"]
    headers: dict[str, str] | None
    body: Any
    status: int | None
    reset: bool
    cut: int | None
    drip_seconds: float | None
    delay_seconds: float | None
    hold: bool
    expire_tokens: bool


_NAMES = ("operation", *FaultOptions.__annotations__)


@dataclass(slots=True)
class FaultRule:
    """A rule. `left` counts down from `times` (None: for ever), `hits` up; `released` is set when it is
    ended."""

    id: str
    operation: str
    left: int | None
    project_id: str | None
    instance_id: str | None
    name: str | None
    when: Literal["instead", "after"]
    status: int | None
    headers: Mapping[str, str]
    body: Any
    reset: bool
    cut: int | None
    drip_seconds: float | None
    delay_seconds: float | None
    hold: bool
    expire_tokens: bool
    hits: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, operation: str, project_id: str | None, instance_id: str | None, name: str | None) -> bool:
        return (
            self.left != 0
            and self.operation in (operation, ANY_OPERATION)
            and self.project_id in (None, project_id)
            and self.instance_id in (None, instance_id)
            and self.name in (None, name)
        )

    def lets_operation_run(self, operation: str) -> bool:
        """Whether the operation is still done when its turn comes.

        A fault that only slows the answer, or expires tokens, lets everything run. One that destroys the
        answer keeps writes from taking effect, but has nothing to prevent in a read, whose answer it then
        cuts short.
        """
        if self.status is not None or self.reset:
            return False
        return operation in _READS or (self.cut is None and self.drip_seconds is None)

    def answer(self, operation: str) -> Answer:
        """The answer that the rule gives in the place of the real one."""
        if self.status is None:
            # What there is to cut or drip, where there is no real answer.
            return Answer(200, " " * 64)
        body = self.body
        if body is None:
            by_iam = operation in IAM_OPERATIONS
            body = refusals.body_for(self.status, by_iam=by_iam) if self.status >= 400 else {}
        if self.status in _WITHOUT_BODY:
            body = None
        return Answer(self.status, body, self.headers)

    def shown(self) -> dict[str, Any]:
        """As the control endpoint lists it."""
        return {
            "id": self.id,
            "operation": self.operation,
            "left": self.left,
            "hits": self.hits,
            "when": self.when,
            "project_id": self.project_id,
            "instance_id": self.instance_id,
            "name": self.name,
        }


def _optional_text(rule: Mapping[str, Any], name: str) -> str | None:
    value = rule.get(name)
    if value is not None and not isinstance(value, str):
        raise BadInputError(f"{name} is {value!r}; write a string, or leave it out")
    return value


def _optional_number(rule: Mapping[str, Any], name: str, least: int) -> int | None:
    value = rule.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
        raise BadInputError(f"{name} is {value!r}; write a whole number, {least} or more")
    return value


def _optional_seconds(rule: Mapping[str, Any], name: str) -> float | None:
    return None if rule.get(name) is None else checked_seconds(name, rule[name])


def _check_headers(headers: Any) -> None:
    """What HTTP could not send would end each such call without an answer."""
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise BadInputError("headers must be an object of strings")
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise BadInputError(f"headers: HTTP cannot send {name!r}: {value!r}")
        if name.lower() in _FRAMING:
            raise BadInputError(f"headers: {name} is the server's own; to break an answer use cut or reset")


def parse_rule(rule: Any, rule_id: str) -> FaultRule:
    """A rule from the JSON of the control endpoint.

    Raises:
        BadInputError: a key or value that does not fit.
    """
    if not isinstance(rule, dict):
        raise BadInputError("write a JSON object with operation and a fault")
    for name in rule:
        if name not in _NAMES:
            raise BadInputError(f"unknown key {name!r}; write one of {', '.join(_NAMES)}")
    operation = rule.get("operation")
    if operation not in (*OPERATIONS, ANY_OPERATION):
        raise BadInputError(f"operation is {operation!r}; write one of {', '.join(OPERATIONS)}, or {ANY_OPERATION}")
    when = rule.get("when", "instead")
    if when not in ("instead", "after"):
        raise BadInputError(f"when is {when!r}; write 'instead' or 'after'")
    for name in _FLAGS:
        if rule.get(name) not in (None, True, False):
            raise BadInputError(f"{name} is {rule[name]!r}; write true, or leave it out")
    status = _optional_number(rule, "status", 200)
    if status is not None and status > 599:
        raise BadInputError(f"status is {status}; write one from 200 to 599")
    headers = rule.get("headers") or {}
    _check_headers(headers)
    if status in _WITHOUT_BODY and rule.get("body") is not None:
        raise BadInputError(f"an answer with status {status} has no body; leave it out")
    if status is None and (headers or rule.get("body") is not None):
        raise BadInputError("headers and body go with a status; give one")
    parsed = FaultRule(
        id=rule_id,
        operation=operation,
        left=_optional_number(rule, "times", 1) if "times" in rule else 1,
        project_id=_optional_text(rule, "project_id"),
        instance_id=_optional_text(rule, "instance_id"),
        name=_optional_text(rule, "name"),
        when=when,
        status=status,
        headers=headers,
        body=rule.get("body"),
        reset=bool(rule.get("reset")),
        cut=_optional_number(rule, "cut", 0),
        drip_seconds=_optional_seconds(rule, "drip_seconds"),
        delay_seconds=_optional_seconds(rule, "delay_seconds"),
        hold=bool(rule.get("hold")),
        expire_tokens=bool(rule.get("expire_tokens")),
    )
    wires = [parsed.reset, parsed.cut is not None, parsed.drip_seconds is not None]
    if sum(wires) > 1:
        raise BadInputError("reset, cut and drip_seconds exclude each other; write one of them")
    if not any((*wires, status is not None, parsed.delay_seconds is not None, parsed.hold, parsed.expire_tokens)):
        raise BadInputError(f"there is no fault in the rule; write one of {', '.join(_EFFECTS)}")
    return parsed


class Faults:
    """The rules of an emulator. Used from its event loop only."""

    def __init__(self) -> None:
        self._rules: dict[str, FaultRule] = {}
        self._numbers = itertools.count(1)

    def add(self, rule: Any) -> FaultRule:
        """Add a rule as it came in.

        Raises:
            BadInputError: as `parse_rule`.
        """
        parsed = parse_rule(rule, f"fault-{next(self._numbers)}")
        self._rules[parsed.id] = parsed
        return parsed

    def take(self, operation: str, project_id: str | None, instance_id: str | None, body: bytes) -> FaultRule | None:
        """The rule that this call falls under, counted as hit."""
        if not self._rules:
            return None
        name = _name_in(body)
        for rule in self._rules.values():
            if rule.fits(operation, project_id, instance_id, name):
                rule.hits += 1
                if rule.left is not None:
                    rule.left -= 1
                return rule
        return None

    def shown(self) -> list[dict[str, Any]]:
        return [rule.shown() for rule in self._rules.values()]

    def end(self, rule_id: str | None = None) -> bool:
        """End one rule, or all of them; what they hold is let go. False if there is no such rule."""
        if rule_id is not None and rule_id not in self._rules:
            return False
        for name in [rule_id] if rule_id is not None else list(self._rules):
            self._rules.pop(name).released.set()
        return True


def _name_in(body: bytes) -> str | None:
    try:
        name = parsed_json(body)["name"]
    except (UnreadableJSONError, KeyError, TypeError):
        return None
    return name if isinstance(name, str) else None
