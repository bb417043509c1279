"""Texts of Pulumi programs that declare ROMA Connect instances."""

from __future__ import annotations

from typing import Any

HEAD = "import pulumi\nimport roma_provider as roma\n"

VPC = "f33728c1-e774-4a9b-a0bb-30b840645628"
OTHER_VPC = "0e2a1c9b-55c5-4d5b-9f6f-7a1f6c0a3f11"

# What every instance needs, as the seed page's example has it.
ARGUMENTS: dict[str, Any] = {
    "product_id": "00300-30101-0--0",
    "available_zones": ["az0.dc0"],
    "vpc_id": VPC,
    "subnet_id": "f65009c8-7009-403c-abdf-3100f9817762",
    "security_group_id": "272338c9-b3ee-41ae-a2b6-3942f31030da",
}


class Code(str):
    """Source text, where any other argument stands for its value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def instance(resource_name: str = "integration", *, options: str | None = None, **arguments: Any) -> str:
    """A statement that assigns an Instance to `resource_name` (dashes become underscores).

    The arguments are those of `ARGUMENTS` with the changes given; None leaves one out. `options` are the
    arguments of ResourceOptions as source text, such as "protect=True".
    """
    given = {key: value for key, value in {**ARGUMENTS, **arguments}.items() if value is not None}
    lines = [f"    {key}={value!r},\n" for key, value in given.items()]
    if options is not None:
        lines.append(f"    opts=pulumi.ResourceOptions({options}),\n")
    variable = resource_name.replace("-", "_")
    return f"{variable} = roma.Instance(\n    {resource_name!r},\n{''.join(lines)})\n"


def program(*, options: str | None = None, more: str = "", **arguments: Any) -> str:
    """A program with one instance, `integration`, and the source text `more` after it."""
    return HEAD + instance(options=options, **arguments) + more


def programs(*statements: str) -> str:
    """A program of several statements, such as those of `instance`."""
    return HEAD + "".join(statements)
