"""What the parts of the emulator agree on: fixed names, the scenarios, the shape of a clock."""

from collections.abc import Callable
from typing import Final, TypeAlias

Clock: TypeAlias = Callable[[], float]
"""Seconds since 1970, as `time.time` gives them."""

TOKEN: Final = "emulator-token"  # noqa: S105 - the token that everybody may know
"""A token (X-Auth-Token) that the emulator always takes, and that never expires."""

PROJECT_ID: Final = "c29445cce74b445682de4fcf3102cec4"
"""The project id that `roma-emulator` hands out; any other of 16 to 128 characters is taken as well."""

REGION: Final = "cn-north-4"

SCENARIOS: Final = ("ready", "create-failed", "create-failed-silent", "slow", "stuck")
"""How a creation can go:

- `ready`: RUNNING after the creation seconds;
- `create-failed`: CREATE_FAILED at half of them, with error code, message, and a sub-service that failed;
- `create-failed-silent`: the same without any of the three;
- `slow`: RUNNING after ten times the creation seconds;
- `stuck`: CREATING for ever, at 80 per cent.
"""

CREATION_SECONDS: Final = 8.0
DELETION_SECONDS: Final = 1.0
LIST_LAG_SECONDS: Final = 0.5
TOKEN_SECONDS: Final = 24 * 3600.0


def milliseconds(clock: Clock) -> int:
    """The clock's time in the API's unit."""
    return round(clock() * 1000)
