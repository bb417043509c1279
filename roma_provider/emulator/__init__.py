"""The ROMA Connect API on this machine: for trying the provider and for its tests, without an account.

    with Emulator(creation_seconds=2) as emulator:
        requests.get(f"{emulator.url}/v2/{PROJECT_ID}/instances", headers={"X-Auth-Token": TOKEN})

`Emulator` needs the extra `emulator` (FastAPI, uvicorn) and is therefore loaded when it is first asked for;
`Control`, the client of a running emulator's control endpoints, does not. What the emulator answers rests on
the vendor's published pages; where these are silent it guesses, and each guess is marked as one in `answers`, `auth`,
`operations`, `orders`, `refusals`, `timeline` and `validation`.
"""

from typing import TYPE_CHECKING, Any

from .control.client import Control, ControlError, EmulatedInstance, Fault, Statistics
from .core.calls import LoggedCall
from .core.defaults import (
    ACCESS_KEY,
    DOMAIN_NAME,
    PROJECT_ID,
    REGION,
    SCENARIOS,
    SECRET_KEY,
    SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY,
    TEMPORARY_SECRET_KEY,
    TOKEN,
    USER_NAME,
    USER_PASSWORD,
)
from .core.settings import EmulatorSettings

if TYPE_CHECKING:
    from .control.server import Emulator

__all__ = [
    "ACCESS_KEY",
    "DOMAIN_NAME",
    "PROJECT_ID",
    "REGION",
    "SCENARIOS",
    "SECRET_KEY",
    "SECURITY_TOKEN",
    "TEMPORARY_ACCESS_KEY",
    "TEMPORARY_SECRET_KEY",
    "TOKEN",
    "USER_NAME",
    "USER_PASSWORD",
    "Control",
    "ControlError",
    "EmulatedInstance",
    "Emulator",
    "EmulatorSettings",
    "Fault",
    "LoggedCall",
    "Statistics",
]


def __getattr__(name: str) -> Any:
    if name == "Emulator":
        from .control.server import Emulator

        return Emulator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
