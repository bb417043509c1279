"""The columns of the catalogue: what there is to say of one argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from .kinds import BOTH, Kind
from .rules import Rule


class Change(Enum):
    """What a change of an argument means for an instance that exists, in the words of the docs."""

    REPLACE = "the instance is replaced: deleted with everything inside, then created; a preview warns"
    CONSOLE = "there is no API to change it, as the preview says: change it in the console, then `up` passes"
    UNSEEN = "no API changes it, nor shows whether the console has; preview and `up` say what can be done"
    SETTLED = "settled when the instance is created; preview and `up` say what can be done"
    NONE = "nothing: it only counts for a resource that has no instance yet"
    HERE = "nothing of the instance: it says what `pulumi up` waits for"

    @property
    def is_difference(self) -> bool:
        """Whether another value makes an instance differ from what is declared."""
        return self not in (Change.NONE, Change.HERE)


class Resource(Enum):
    """What takes an argument: a class of ``resources``."""

    INSTANCE = "Instance"
    EXISTING = "ExistingInstance"


def as_it_is(value: Any) -> Any:
    """No conversion."""
    return value


def equal(one: Any, other: Any) -> bool:
    """The plain comparison of two values."""
    return bool(one == other)


class Live:
    """How a live value is read: from these fields of ``api.models.InstanceDetail``, of whose values ``read`` makes
    the argument's. ``note`` is for docs/fields.md: how the answer writes it otherwise."""

    def __init__(self, *fields: str, read: Callable[..., Any] = as_it_is, note: str = "") -> None:
        self.fields = fields
        self.note = note
        self._read = read

    def __call__(self, detail: object) -> Any:
        """The value; None where the API shows none."""
        return self._read(*(getattr(detail, name) for name in self.fields))


@dataclass(frozen=True)
class Sent:
    """What is sent: a name in the body of POST, and what is made of the argument's value. None is not sent."""

    name: str
    convert: Callable[[Any], Any] = as_it_is


@dataclass(frozen=True)
class Field:
    """A field of a nested argument, such as ``mqs``; ``kinds`` are those whose endpoint takes it.

    ``fields`` are those of the objects that it holds in its turn. ``required``: in every object that has the field.
    """

    name: str
    type: str
    rule: Rule
    doc: str
    kinds: tuple[Kind, ...] = BOTH
    required: bool = False
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Argument:
    """An argument of a resource, which is an output of it too.

    - ``rule``: from a known value to its normal form.
    - ``change``: what a change of it means for an instance that exists.
    - ``doc``: what it is, with its unit, in sentences. The docstrings in ``resources`` begin with it; what can be said
      from the other columns is added to it (``descriptions``).
    - ``example``: a value in its normal form, which is no default and differs from the seed page's.
    - ``type``: the type of a value: ``str``, ``int``, ``bool``, ``Sequence[str]``, or the name of a nested one, such as
      ``Mqs``: it is ``MqsArgs`` in an argument, ``Mqs`` in an output.
    - ``kinds``: the kinds of instance whose endpoint takes it; ``required`` and ``defaults`` are of a kind.
      ``left_out`` says what counts in place of a default that no table can hold.
    - ``live``: how its value is read from ``api.models.InstanceDetail``; None where the API does not show it.
    - ``always``: the output is never None.
    - ``same``: whether two values that are there mean the same.
    - ``sent``: what is sent, by kind; None stands for its own name, {} for nothing at all.
    - ``fields``: those of a nested argument. ``of``: the resources that take it.
    """

    name: str
    rule: Rule
    change: Change
    doc: str
    example: Any
    type: str = "str"
    kinds: tuple[Kind, ...] = BOTH
    required: tuple[Kind, ...] = ()
    defaults: Mapping[Kind, Any] = field(default_factory=dict)
    left_out: str = ""
    live: Live | None = None
    always: bool = False
    same: Callable[[Any, Any], bool] = equal
    sent: Mapping[Kind, str | Sent] | None = None
    fields: tuple[Field, ...] = ()
    of: tuple[Resource, ...] = (Resource.INSTANCE,)

    def sent_to(self, kind: Kind) -> Sent | None:
        """What the endpoint of a kind is sent of it; None for nothing."""
        if kind not in self.kinds:
            return None
        found = self.name if self.sent is None else self.sent.get(kind)
        return Sent(found) if isinstance(found, str) else found
