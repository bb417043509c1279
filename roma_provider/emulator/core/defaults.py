"""What the parts of the emulator agree on: fixed names, the scenarios, the shape of a clock."""

from collections.abc import Callable
from typing import Final, TypeAlias

Clock: TypeAlias = Callable[[], float]
"""Seconds since 1970, as `time.time` gives them."""

TOKEN: Final = "emulator-token"  # noqa: S105 - the token that everybody may know
"""A token (X-Auth-Token) that the emulator always takes, and that never expires."""

ACCESS_KEY: Final = "EMULATORACCESSKEY000"
SECRET_KEY: Final = "emulatorSecretKeyThatEverybodyMayKnow000"  # noqa: S105
"""A permanent access key (AK) and its secret key (SK), which sign requests that the emulator takes."""

TEMPORARY_ACCESS_KEY: Final = "EMULATORTEMPORARY000"
TEMPORARY_SECRET_KEY: Final = "emulatorTemporaryKeyThatEverybodyKnows00"  # noqa: S105
SECURITY_TOKEN: Final = "emulator-security-token"  # noqa: S105
"""A temporary key; requests signed with it must carry its security token (X-Security-Token)."""

USER_NAME: Final = "emulator-user"
USER_PASSWORD: Final = "emulator-password"  # noqa: S105
DOMAIN_NAME: Final = "emulator-account"
"""An IAM user to name where one is asked for; any other gets a token just as well, except with the password "wrong"."""

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
PROJECTS: Final = 1
CLOCK_OFFSET_SECONDS: Final = 0.0

LISTED_NAMES: Final = ("as-ordered", "upper-case", "padded")
"""How the lists (not `/process`) show names: as they were ordered, in upper case, or with a blank on either side."""


def milliseconds(clock: Clock) -> int:
    """The clock's time in the API's unit."""
    return round(clock() * 1000)
