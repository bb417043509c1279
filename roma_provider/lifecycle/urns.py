"""The parts of a resource's URN, ``urn:pulumi:STACK::PROJECT::TYPE::NAME``. A name may hold ``::`` too."""

from __future__ import annotations


def name_of(urn: str) -> str:
    """The resource's name in the program; what is no URN is a name by itself."""
    return urn.split("::", 3)[-1]


def stack_of(urn: str) -> str:
    """The stack and the Pulumi project: ``urn:pulumi:STACK::PROJECT``; "" for what is no URN."""
    parts = urn.split("::")
    return "::".join(parts[:2]) if len(parts) > 2 else ""


def in_its_stack(urn: str) -> str:
    """What follows stack and project: ``TYPE::NAME``, the type after those of the parents."""
    return urn.split("::", 2)[-1]
