"""The parts of a resource's URN, ``urn:pulumi:STACK::PROJECT::TYPE::NAME``. A name may hold ``::`` too."""

from __future__ import annotations

# In the types of our resources: of dynamic ones of Python, and of the plugin's.
_OURS = ("pulumi-python:dynamic/", "roma:index:")


def name_of(urn: str) -> str:
    """The resource's name in the program, of its URN or of ``TYPE::NAME``; anything else is a name by itself."""
    if urn.startswith("urn:"):
        return urn.split("::", 3)[-1]
    kind, _, name = urn.partition("::")
    return name if any(ours in kind for ours in _OURS) else urn


def stack_of(urn: str) -> str:
    """The stack and the Pulumi project: ``urn:pulumi:STACK::PROJECT``; "" for what is no URN."""
    parts = urn.split("::")
    return "::".join(parts[:2]) if len(parts) > 2 else ""


def in_its_stack(urn: str) -> str:
    """What follows stack and project: ``TYPE::NAME``, the type after those of the parents."""
    return urn.split("::", 2)[-1]
