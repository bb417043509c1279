"""The words that docs and docstrings have for a row: what it says itself, and what follows from its columns.

``docs/`` is made of them by ``make docs-tables``; the docstrings in ``resources`` are held against them.
"""

from __future__ import annotations

from .columns import Argument, Change, Field
from .fields import Output
from .kinds import BOTH

AS_DECLARED = "As declared; the API does not show it."
AS_RESOLVED = "As resolved when the instance was declared."


def argument_words(row: Argument) -> str:
    """The docstring of an argument: ``x86_64 or aarch64. Default: x86_64. Replaces.``"""
    return _sentences(row.doc, default_words(row), _only(row), "Replaces." if row.change is Change.REPLACE else "")


def output_words(row: Argument) -> str:
    """The docstring of the output that an argument is: ``Id of the VPC. (tenantVpcId)``"""
    if row.live is None:
        return _sentences(row.doc, _only(row), AS_RESOLVED if row.always else AS_DECLARED)
    fields = [page_name(name) for name in row.live.fields if name != row.name]
    return _sentences(row.doc, f"({', '.join(fields)})" if fields else "")


def field_words(field: Field) -> str:
    """The docstring of a field of a nested argument."""
    return _sentences(field.doc, _only(field))


def text_words(row: Output) -> str:
    """The docstring of a time as text."""
    return f"``{row.name}`` as RFC 3339 text, such as 2025-03-06T12:01:13.785Z."


def default_words(row: Argument) -> str:
    """``Default: x86_64.``, or nothing."""
    values = dict.fromkeys(map(str, row.defaults.values()))
    default = " or ".join(values) or row.left_out
    return f"Default: {default}." if default else ""


def page_name(field: str) -> str:
    """The seed page's name of a field of the instance: ``tenantVpcId`` for ``tenant_vpc_id``."""
    first, *rest = field.split("_")
    return first + "".join(map(str.capitalize, rest))


def optional(type_: str, always: bool) -> str:
    """The type of an output as docs write it: ``str or None``."""
    return type_ if always else f"{type_} or None"


def _only(row: Argument | Field) -> str:
    """That one kind of instance alone has it."""
    if row.kinds == BOTH:
        return ""
    (kind,) = row.kinds
    needed = isinstance(row, Argument) and row.required == (kind,)
    return f"{kind.word} only, and needed there." if needed else f"{kind.word} only."


def _sentences(*said: str) -> str:
    return " ".join(sentence for sentence in said if sentence)
