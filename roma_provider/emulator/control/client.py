"""A client of the emulator's control endpoints (/_emulator). Needs `requests` only."""

from dataclasses import dataclass
from typing import Any, Literal

import requests

_TIMEOUT = 30


class ControlError(Exception):
    """The emulator refused; the message is its own."""


@dataclass(frozen=True, slots=True)
class Call:
    """An API call that arrived. `at` is epoch milliseconds; `status` is None while it is unanswered, and for
    ever where a fault cut the connection; `operation` is "other" for what the API does not have."""

    operation: str
    method: str
    path: str
    project_id: str | None
    instance_id: str | None
    status: int | None
    at: int


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
class Settings:
    """See the emulator's `SettingValues` for when each takes effect."""

    creation_seconds: float
    scenario: str
    deletion_seconds: float
    list_lag_seconds: float
    token_seconds: float
    projects: int


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

    def calls(self, operation: str | None = None) -> list[Call]:
        """The API calls so far, in order of arrival; of one operation, if named."""
        query = {} if operation is None else {"operation": operation}
        return [Call(**call) for call in self._ask("GET", "/calls", params=query)["calls"]]

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

    def settings(self, **changes: float | str) -> Settings:
        """The settings, after changing those that are given (names: those of `Settings`)."""
        return Settings(**(self._ask("PATCH", "/settings", json=changes) if changes else self._ask("GET", "/settings")))

    def statistics(self) -> Statistics:
        return Statistics(**self._ask("GET", "/statistics"))

    def add_fault(
        self,
        operation: str,
        *,
        times: int | None = 1,
        project_id: str | None = None,
        instance_id: str | None = None,
        name: str | None = None,
        when: Literal["instead", "after"] = "instead",
        status: int | None = None,
        headers: dict[str, str] | None = None,
        body: Any = None,
        reset: bool = False,
        cut: int | None = None,
        drip_seconds: float | None = None,
        delay_seconds: float | None = None,
        hold: bool = False,
        expire_tokens: bool = False,
    ) -> str:
        """Let calls go wrong; returns the rule's id.

        Args:
            operation: Which calls: `create_instance`, `create_rcu_instance`, `creation_progress`,
                `list_instances` (V2), `list_roma_instances` (V3), `delete_instance`, `create_token`, `list_projects`,
                `other`, or `*` for any.
            times: How many of them; None for ever.
            project_id: Only those of a project.
            instance_id: Only those about an instance (in the path, or the list's `id`).
            name: Only those whose body has this `name`.
            when: "after" lets the operation take effect first. "instead" prevents that where the fault leaves
                no true answer (status, reset; cut and drip of POST and DELETE of instances); it delays or
                holds the call *before* its effect, which never comes if the client leaves meanwhile.
            status: The status to answer with.
            headers: Headers of that answer.
            body: Body of that answer, text or JSON; left out: the gateway's own for that status.
            reset: Reset the connection in place of an answer.
            cut: Close it after so many bytes of the body.
            drip_seconds: Send the body one byte every so many seconds.
            delay_seconds: Wait so long, then answer.
            hold: Answer when the rule is ended.
            expire_tokens: End all tokens that were issued, before the call is looked at ("instead") or after.
        """
        rule: dict[str, Any] = {
            "operation": operation,
            "times": times,
            "project_id": project_id,
            "instance_id": instance_id,
            "name": name,
            "when": when,
            "status": status,
            "headers": headers,
            "body": body,
            "reset": reset,
            "cut": cut,
            "drip_seconds": drip_seconds,
            "delay_seconds": delay_seconds,
            "hold": hold,
            "expire_tokens": expire_tokens,
        }
        identifier: str = self._ask("POST", "/faults", json=rule)["id"]
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
