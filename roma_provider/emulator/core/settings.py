"""The emulator's settings: in the database, so that they outlive a restart, and checked on their way in."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypedDict

from .defaults import CREATION_SECONDS, DELETION_SECONDS, LIST_LAG_SECONDS, PROJECTS, SCENARIOS, TOKEN_SECONDS
from .store import Store


class BadInputError(ValueError):
    """Input to a control endpoint or a constructor that cannot be used; the message names the key."""


@dataclass(frozen=True, slots=True)
class EmulatorSettings:
    """`creation_seconds` and `scenario` hold for instances made from now on, `deletion_seconds` for deletions
    begun from now on, `token_seconds` for tokens issued from now on; `list_lag_seconds` at once, and so does
    `projects`, the number of projects that a region has (0 to 10)."""

    creation_seconds: float = CREATION_SECONDS
    scenario: str = SCENARIOS[0]
    deletion_seconds: float = DELETION_SECONDS
    list_lag_seconds: float = LIST_LAG_SECONDS
    token_seconds: float = TOKEN_SECONDS
    projects: int = PROJECTS


class SettingChanges(TypedDict, total=False):
    """The settings of `EmulatorSettings` that are to change."""

    creation_seconds: float
    scenario: str
    deletion_seconds: float
    list_lag_seconds: float
    token_seconds: float
    projects: int


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
_NAMES = tuple(field.name for field in fields(EmulatorSettings))


def checked_seconds(name: str, value: Any) -> float:
    """A number of seconds.

    Raises:
        BadInputError: it is no number, negative, or infinite.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise BadInputError(f"{name} is {value!r}; write a number of seconds, 0 or more")
    return float(value)


def checked_scenario(value: Any) -> str:
    """A scenario's name.

    Raises:
        BadInputError: there is none of that name.
    """
    if value not in SCENARIOS:
        raise BadInputError(f"unknown scenario {value!r}; write one of {', '.join(SCENARIOS)}")
    return str(value)


def _checked_projects(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_PROJECTS:
        raise BadInputError(f"projects is {value!r}; write a whole number from 0 to {_MOST_PROJECTS}")
    return value


def checked_setting(name: str, value: Any) -> Any:
    """The value of a setting, if it can be one."""
    if name not in _NAMES:
        raise BadInputError(f"unknown setting {name!r}; write one of {', '.join(_NAMES)}")
    if name == "scenario":
        return checked_scenario(value)
    return _checked_projects(value) if name == "projects" else checked_seconds(name, value)
