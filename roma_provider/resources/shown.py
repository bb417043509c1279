"""What `help()` and notebooks show of `Instance`: the arguments by name, each with its type and what it is.

For type checkers they are overloads, of which nothing is left at run time.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import MISSING, Field, fields
from inspect import Parameter
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin

from .args import InstanceArgs

Init = TypeVar("Init", bound=Callable[..., None])


def with_arguments(init: Init) -> Init:
    """Give a constructor that takes ``**arguments`` the signature that it has: those of `InstanceArgs` as keywords."""
    signature = inspect.signature(init)
    own = [entry for entry in signature.parameters.values() if entry.kind is not Parameter.VAR_KEYWORD]
    keywords = [_parameter(entry) for entry in fields(InstanceArgs) if entry.name not in signature.parameters]
    setattr(init, "__signature__", signature.replace(parameters=[*own, *keywords]))  # noqa: B010 - no attribute to mypy
    return init


def with_words(cls: type) -> None:
    """Have the documentation of a class go on with what each argument is, once somebody asks for it."""
    setattr(cls, "__doc__", _Words(inspect.cleandoc(cls.__doc__ or "")))  # noqa: B010 - text, says mypy


class _Words:
    """Documentation that is made when it is read: a program that only declares loads no catalogue."""

    def __init__(self, about: str) -> None:
        self._about = about

    def __get__(self, _instance: object, _owner: type) -> str:
        from ..schema.catalogue import INSTANCE
        from ..schema.descriptions import argument_words

        words = [f"- {entry.name}: {argument_words(INSTANCE[entry.name])}" for entry in fields(InstanceArgs)]
        return "\n".join([self._about, "", "Arguments:", "", *words])


class _Needed:
    """Stands in a signature for the default that an argument has not got: it may be in ``args`` instead."""

    def __repr__(self) -> str:
        return "<needed>"


class _Type(str):
    """The text of a type, which a signature shows as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _parameter(entry: Field[Any]) -> Parameter:
    default = _Needed() if entry.default is MISSING else entry.default
    return Parameter(entry.name, Parameter.KEYWORD_ONLY, default=default, annotation=_Type(_written(entry.type)))


def _written(annotation: Any) -> str:
    """A type as a program writes it: ``Input[Sequence[Input[str]]] | None``, of which `Input` is a union."""
    parts = get_args(annotation)
    if any(get_origin(part) is Awaitable for part in parts):
        return f"Input[{_written(parts[0])}]" + (" | None" if NoneType in parts else "")
    if get_origin(annotation) is Sequence:
        return f"Sequence[{_written(parts[0])}]"
    return str(annotation.__name__)
