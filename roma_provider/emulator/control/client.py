"""A client of the emulator's control endpoints (/_emulator). Needs `requests` only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

from ..core.calls import LoggedCall
from ..core.settings import EmulatorSettings

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..core.faults import FaultOptions
    from ..core.settings import SettingChanges

_TIMEOUT = 30


class ControlError(Exception):
    """The emulator refused; the message is its own."""


@dataclass(frozen=True, slots=True)
class EmulatedInstance:
    """An instance that is there, DELETING ones included. `created_at` is epoch milliseconds, `progress` per
    cent; `category` is "roma" for an edition's, "rcu" for an RCU instance."""

    id: str
    name: str
    project_id: str
    status: str
    progress: int
    created_at: int
    scenario: str
    creation_seconds: float
    category: str = "roma"


@dataclass(frozen=True, slots=True)
class Statistics:
    """Since the database was made: the most instances that were CREATING at one time, and how many were made
    and deleted."""

    most_creating_at_once: int
    created: int
    deleted: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule and how often it was used. `left` None is for ever."""

    id: str
    operation: str
    left: int | None
    hits: int
    when: str
    project_id: str | None
    instance_id: str | None
    name: str | None


_UNSET: Any = object()


class Control:
    """The control endpoints of the emulator at `url`. Every method raises `ControlError` where the emulator
    refuses."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/") + "/_emulator"

    def calls(self, operation: str | None = None) -> list[LoggedCall]:
        """The API calls so far, in order of arrival; of one operation, if named."""
        query = {} if operation is None else {"operation": operation}
        return [LoggedCall(**call) for call in self._ask("GET", "/calls", params=query)["calls"]]

    def clear_calls(self) -> None:
        self._ask("DELETE", "/calls")

    def instances(self) -> list[EmulatedInstance]:
        """The instances of all projects that are there, oldest first."""
        return [EmulatedInstance(**instance) for instance in self._ask("GET", "/instances")["instances"]]

    def patch_instance(
        self,
        instance_id: str,
        *,
        creation_seconds: float = _UNSET,
        scenario: str = _UNSET,
        status: str | None = _UNSET,
        fields: dict[str, Any] | None = _UNSET,
        gone: bool = _UNSET,
    ) -> None:
        """Change an instance behind the API's back.

        Args:
            instance_id: Which.
            creation_seconds: How long its creation takes, counted from when it began.
            scenario: How its creation goes.
            status: A status to show whatever the creation says; None lifts it. On a DELETING instance it ends
                the deletion.
            fields: Values to show in `/process` (and where the lists show them too), by the names of the seed
                page, added to those of earlier calls; None drops all.
            gone: True lets it vanish at once.
        """
        given = {
            "creation_seconds": creation_seconds,
            "scenario": scenario,
            "status": status,
            "fields": fields,
            "gone": gone,
        }
        patch = {name: value for name, value in given.items() if value is not _UNSET}
        self._ask("PATCH", f"/instances/{instance_id}", json=patch)

    def settings(self, **changes: Unpack[SettingChanges]) -> EmulatorSettings:
        """The settings, after changing those that are given."""
        shown = self._ask("PATCH", "/settings", json=changes) if changes else self._ask("GET", "/settings")
        return EmulatorSettings(**shown)

    def statistics(self) -> Statistics:
        return Statistics(**self._ask("GET", "/statistics"))

    def add_fault(self, operation: str, **effect: Unpack[FaultOptions]) -> str:
        """Let calls of an operation go wrong; returns the rule's id.

        Args:
            operation: One of `OPERATIONS` of `core.faults` (`list_instances` is V2's, `list_roma_instances` V3's), or
                `*` for any.
            effect: What goes wrong, for which of its calls, and how often.
        """
        identifier: str = self._ask("POST", "/faults", json={"operation": operation, **effect})["id"]
        return identifier

    def faults(self) -> list[Fault]:
        """The rules that have not been ended, used up ones included."""
        return [Fault(**fault) for fault in self._ask("GET", "/faults")["faults"]]

    def clear_fault(self, fault_id: str) -> None:
        """End one rule; what it holds is answered."""
        self._ask("DELETE", f"/faults/{fault_id}")

    def clear_faults(self) -> None:
        """End all rules; what they hold is answered."""
        self._ask("DELETE", "/faults")

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        # One session a call: a Control is used from many threads, which a session is not made for, and no
        # proxy of the environment is asked about loopback.
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(method, self._url + path, timeout=_TIMEOUT, **options)
        if not answer.ok:
            raise ControlError(answer.json()["error"])
        return answer.json()
