"""ROMA Connect, one method per operation.

Every method raises :class:`~roma_provider.errors.RomaApiError` for an answer that is an error and
:class:`~roma_provider.errors.RomaConnectionError` where no usable answer arrived.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import RootModel

from ..clock import Stop
from ..errors import Answer, InputError, RomaApiError
from .models import (
    CreatedInstance,
    CreateInstanceRequest,
    CreateRcuInstanceRequest,
    CreationProgress,
    InstancePage,
    InstanceSummary,
    RomaInstancePage,
    RomaInstanceSummary,
)
from .transport import Request, Transport

# The documented maximum (CheckRomaInstanceListV2: limit 0–100, default 10).
PAGE = 100

Raw = RootModel[Any]
Summary = TypeVar("Summary", bound=InstanceSummary)


class RomaClient:
    """The instances of one project. Safe to share between threads.

    Where a method takes ``once``: for a caller that waits and asks again by itself. One attempt of 5 s, and
    none while the host has asked for a pause; otherwise calls are repeated as docs/retries.md says.

    ``rcu`` says which kind of instance is worked on, and so which of the two lists has to hold it.
    """

    def __init__(self, transport: Transport, project_id: str, *, rcu: bool = False) -> None:
        self._transport = transport
        self._project_id = project_id
        self._rcu = rcu
        self._project = quote(project_id, safe="")

    @property
    def host(self) -> str:
        """The endpoint's host name, without its port."""
        return self._transport.host

    def stopped_by(self, stop: Stop) -> RomaClient:
        """The same client, whose pauses between attempts end as soon as ``stop`` is set."""
        return RomaClient(self._transport.stopped_by(stop), self._project_id, rcu=self._rcu)

    def for_rcu(self) -> RomaClient:
        """The same client, for RCU instances."""
        return RomaClient(self._transport, self._project_id, rcu=True)

    def create_instance(self, request: CreateInstanceRequest | CreateRcuInstanceRequest) -> str | None:
        """Order an instance, of an edition (v1) or of RCUs (v3); its id, or None where the answer holds none.

        POST is not idempotent and takes no token against repetition: never send it twice for one intent.
        An error with ``outcome_unknown`` (or ``sent``) may have made the instance all the same.
        """
        body = request.model_dump(exclude_none=True)
        operation, path = "create_instance", f"/v1/{self._project}/instances"
        if isinstance(request, CreateRcuInstanceRequest):
            operation, path = "create_rcu_instance", f"/v3/{self._project}/roma/instances"
        return self._transport.call(Request(operation, "POST", path, json=body), CreatedInstance).id or None

    def creation_progress(self, instance_id: str, timeout: float | None = None, once: bool = False) -> CreationProgress:
        """The instance and how far its creation is (GetCreateInstanceProcessV2); works after it too.

        ``timeout`` in seconds bounds the call, its repetitions included.
        """
        return self._transport.call(self._process(instance_id), CreationProgress, read_timeout=timeout, once=once)

    def all_instances(self, once: bool = False) -> list[RomaInstanceSummary]:
        """All instances of the project, of either kind: a name or an id that is not in here is not there.

        The V2 list need not show RCU instances, and a cloud without the V3 list has none: so the list of the
        other kind is asked too, and left out where it is refused (not where it is in trouble).
        """
        own = self.own_instances(once)
        other: Sequence[InstanceSummary] = []
        try:
            other = self.list_instances(once) if self._rcu else self.list_roma_instances(once)
        except RomaApiError as error:
            if error.transient:
                raise
        found: dict[str | None, dict[str, Any]] = {}
        for entry in (*own, *other):
            shown = {key: value for key, value in entry if value not in (None, "")}
            found[entry.id] = {**shown, **found.get(entry.id, {})}
        return [RomaInstanceSummary.model_validate(shown) for shown in found.values()]

    def own_instances(self, once: bool = False) -> Sequence[InstanceSummary]:
        """The list that surely holds the instances of this client's kind."""
        return self.list_roma_instances(once) if self._rcu else self.list_instances(once)

    def list_instances(self, once: bool = False) -> list[InstanceSummary]:
        """The instances of the V2 list, page by page (CheckRomaInstanceListV2)."""
        found: dict[str, InstanceSummary] = {}
        seen = offset = 0
        while True:
            page = self._transport.call(self._page(offset), InstancePage, once=once)
            found.update({entry.id: entry for entry in page.instances if entry.id})
            offset += len(page.instances)
            total = page.total or 0
            # Without a total only an empty page is an end: the service may page by fewer than was asked for.
            ended = len(page.instances) < PAGE and offset >= total and not (page.total is None and page.instances)
            if ended or len(found) == seen:
                return _all("list_instances", found, total)
            seen = len(found)

    def list_roma_instances(self, once: bool = False) -> list[RomaInstanceSummary]:
        """The instances of the V3 list, which has no pages (ListRomaInstancesV3)."""
        page = self._transport.call(self._roma_list, RomaInstancePage, once=once)
        return _all("list_roma_instances", {entry.id: entry for entry in page.instances if entry.id}, page.total or 0)

    def raw_progress(self, instance_id: str) -> Any:
        """The JSON of :meth:`creation_progress`, as it came."""
        return self._transport.call(self._process(instance_id), Raw).root

    def raw_list(self) -> Any:
        """The JSON of the first page of :meth:`list_instances`, as it came."""
        return self._transport.call(self._page(0), Raw).root

    def raw_roma_list(self) -> Any:
        """The JSON of :meth:`list_roma_instances`, as it came."""
        return self._transport.call(self._roma_list, Raw).root

    def delete_instance(self, instance_id: str) -> None:
        """Begin to delete an instance and everything inside it; the list tells when it is gone."""
        path = f"/v1/{self._project}/roma/instances/{_checked(instance_id)}"
        self._transport.call(Request("delete_instance", "DELETE", path))

    # --- requests that several methods make ----------------------------------------------------------------

    def _page(self, offset: int) -> Request:
        params = {"offset": str(offset), "limit": str(PAGE)}
        return Request("list_instances", "GET", f"/v2/{self._project}/instances", params)

    @property
    def _roma_list(self) -> Request:
        return Request("list_roma_instances", "GET", f"/v3/{self._project}/roma/instances")

    def _process(self, instance_id: str) -> Request:
        path = f"/v2/{self._project}/instances/{_checked(instance_id)}/process"
        return Request("creation_progress", "GET", path)


def _all(operation: str, found: Mapping[str, Summary], total: int) -> list[Summary]:
    """The instances found, if they are as many as the list counts: one that is left out would pass for gone."""
    if len(found) < total:
        raise RomaApiError(operation, Answer(200, None, f"the list counts {total}, but shows {len(found)}"))
    return list(found.values())


def _checked(instance_id: str) -> str:
    """An id that may stand in a path: anything else could name another resource."""
    if not re.fullmatch(r"[0-9A-Za-z_-]+", instance_id):
        raise InputError(
            "id", f"write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23, not {instance_id!r}"
        )
    return instance_id
