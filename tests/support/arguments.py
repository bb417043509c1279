"""What a program declares, and what check makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roma_provider.config.sign_in import SignIn
from roma_provider.schema.check import check
from roma_provider.schema.checked import Checked
from tests.support.fakes import GROUP, SUBNET, VPC, is_unknown, plain_sign_in


def given(**changes: Any) -> dict[str, Any]:
    """What a program writes for an instance such as the seed's; a change to None takes the key out."""
    found = {
        "name": "roma-2222",
        "product_id": "00300-30101-0--0",
        "available_zones": ["az0.dc0"],
        "vpc_id": VPC,
        "subnet_id": SUBNET,
        "security_group_id": GROUP,
        **changes,
    }
    return {key: value for key, value in found.items() if value is not None}


def checked(
    config: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    olds: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Checked:
    return checked_by(plain_sign_in(config, environment), olds, **changes)


def checked_by(sign_in: SignIn, olds: Mapping[str, Any] | None = None, **changes: Any) -> Checked:
    """By a sign-in that several checks share, as those of one session do."""
    return check(olds or {}, given(**changes), sign_in, is_unknown)
