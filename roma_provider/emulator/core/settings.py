"""The emulator's settings: in the database, so that they outlive a restart, and checked on their way in."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypedDict

from . import throttle
from .defaults import (
    CLOCK_OFFSET_SECONDS,
    CREATION_SECONDS,
    DELETION_SECONDS,
    LIST_LAG_SECONDS,
    LISTED_NAMES,
    PROJECTS,
    SCENARIOS,
    TOKEN_SECONDS,
)
from .store import Store


class BadInputError(ValueError):
    """Input to a control endpoint or a constructor that cannot be used; the message names the key."""


@dataclass(frozen=True, slots=True)
class EmulatorSettings:
    """`creation_seconds` and `scenario` hold for instances made from now on, `deletion_seconds` for deletions
    begun from now on, `token_seconds` for tokens issued from now on; the others at once: `list_lag_seconds`,
    `status_lag_seconds`, by which the statuses in lists are behind those of /process, `projects`, the number of
    projects that a region has (0 to 10), `listed_names`, one of LISTED_NAMES, `throttle`, such as "200/300" for 200
    calls of a user in 300 seconds ("" for none), and `clock_offset_seconds`, by which the API's clock is ahead of the
    machine's (negative: behind)."""

    creation_seconds: float = CREATION_SECONDS
    scenario: str = SCENARIOS[0]
    deletion_seconds: float = DELETION_SECONDS
    list_lag_seconds: float = LIST_LAG_SECONDS
    token_seconds: float = TOKEN_SECONDS
    projects: int = PROJECTS
    listed_names: str = LISTED_NAMES[0]
    clock_offset_seconds: float = CLOCK_OFFSET_SECONDS
    throttle: str = ""
    status_lag_seconds: float = 0.0


class SettingChanges(TypedDict, total=False):
    """The settings of `EmulatorSettings` that are to change."""

    creation_seconds: float
    scenario: str
    deletion_seconds: float
    list_lag_seconds: float
    token_seconds: float
    projects: int
    listed_names: str
    clock_offset_seconds: float
    throttle: str
    status_lag_seconds: float


class KeptSettings:
    """The settings in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self) -> EmulatorSettings:
        return EmulatorSettings(**self._store.settings())

    def change(self, changes: Mapping[str, Any]) -> None:
        """Change some.

        Raises:
            BadInputError: a name or a value that does not fit; then nothing has changed.
        """
        self._store.change_settings({name: checked_setting(name, value) for name, value in changes.items()})


_MOST_PROJECTS = 10
_MOST_SECONDS = 10 * 365 * 86400.0
_NAMES = tuple(field.name for field in fields(EmulatorSettings))


def _short(value: Any) -> str:
    # Python does not write out an int of thousands of digits.
    return repr(value) if not isinstance(value, int) or abs(value) < 10**30 else "a number of more than 30 digits"


def checked_seconds(name: str, value: Any) -> float:
    """A number of seconds, up to ten years: beyond, times would leave the years that a date can have.

    Raises:
        BadInputError: it is no number, negative, or more.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_SECONDS:
        raise BadInputError(f"{name} is {_short(value)}; write a number of seconds, 0 or more and up to ten years")
    return float(value)


def checked_scenario(value: Any) -> str:
    """A scenario's name.

    Raises:
        BadInputError: there is none of that name.
    """
    if value not in SCENARIOS:
        raise BadInputError(f"unknown scenario {value!r}; write one of {', '.join(SCENARIOS)}")
    return str(value)


def checked_offset(name: str, value: Any) -> float:
    """A difference of clocks in seconds, of either sign, up to ten years.

    Raises:
        BadInputError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _MOST_SECONDS:
        raise BadInputError(f"{name} is {_short(value)}; write a number of seconds, up to ten years either way")
    return float(value)


def checked_throttle(value: Any) -> str:
    """A throttle as `200/300`, or "" for none.

    Raises:
        BadInputError: it is neither.
    """
    try:
        throttle.parsed(value if isinstance(value, str) else "?")
    except ValueError:
        raise BadInputError(f"throttle is {value!r}; write CALLS/SECONDS, such as 200/300") from None
    return str(value)


def _checked_names(value: Any) -> str:
    if value not in LISTED_NAMES:
        raise BadInputError(f"listed_names is {value!r}; write one of {', '.join(LISTED_NAMES)}")
    return str(value)


def _checked_projects(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_PROJECTS:
        raise BadInputError(f"projects is {value!r}; write a whole number from 0 to {_MOST_PROJECTS}")
    return value


def checked_setting(name: str, value: Any) -> Any:
    """The value of a setting, if it can be one."""
    if name not in _NAMES:
        raise BadInputError(f"unknown setting {name!r}; write one of {', '.join(_NAMES)}")
    if name == "clock_offset_seconds":
        return checked_offset(name, value)
    checks = {"scenario": checked_scenario, "projects": _checked_projects, "listed_names": _checked_names}
    checks["throttle"] = checked_throttle
    return checks[name](value) if name in checks else checked_seconds(name, value)
