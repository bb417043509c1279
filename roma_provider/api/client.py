"""ROMA Connect, one method per operation.

Every method raises :class:`~roma_provider.errors.RomaApiError` for an answer that is an error and
:class:`~roma_provider.errors.RomaConnectionError` where no usable answer arrived.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from ..errors import InputError, RomaApiError
from .models import (
    CreatedInstance,
    CreateInstanceRequest,
    CreationProgress,
    InstancePage,
    InstanceSummary,
)
from .transport import Transport

# The documented maximum (CheckRomaInstanceListV2: limit 0–100, default 10).
PAGE = 100


class RomaClient:
    """The instances of one project. Safe to share between threads."""

    def __init__(self, transport: Transport, project_id: str) -> None:
        self._transport = transport
        self._project = quote(project_id, safe="")

    @property
    def host(self) -> str:
        """The endpoint's host name, without its port."""
        return self._transport.host

    def create_instance(self, request: CreateInstanceRequest) -> str | None:
        """Order an edition-based instance; its id, or None where the answer holds none.

        POST is not idempotent and takes no token against repetition: never send it twice for one intent.
        An error with ``outcome_unknown`` (or ``sent``) may have made the instance all the same.
        """
        body = request.model_dump(exclude_none=True)
        answer = self._transport.call(
            "create_instance", "POST", f"/v1/{self._project}/instances", json=body, model=CreatedInstance
        )
        return answer.id or None

    def creation_progress(self, instance_id: str, timeout: float | None = None) -> CreationProgress:
        """The instance and how far its creation is (GetCreateInstanceProcessV2); works after it too.

        ``timeout`` in seconds shortens the usual read time-out.
        """
        path = f"/v2/{self._project}/instances/{_checked(instance_id)}/process"
        return self._transport.call("creation_progress", "GET", path, model=CreationProgress, read_timeout=timeout)

    def list_instances(self) -> list[InstanceSummary]:
        """All instances of the project, page by page (CheckRomaInstanceListV2)."""
        found: dict[str, InstanceSummary] = {}
        seen = offset = 0
        while True:
            page = self._transport.call(
                "list_instances",
                "GET",
                f"/v2/{self._project}/instances",
                params={"offset": str(offset), "limit": str(PAGE)},
                model=InstancePage,
            )
            found.update({entry.id: entry for entry in page.instances if entry.id})
            offset += len(page.instances)
            total = page.total or 0
            # Without a total only an empty page is an end: the service may page by fewer than was asked for.
            ended = len(page.instances) < PAGE and offset >= total and not (page.total is None and page.instances)
            if ended or len(found) == seen:
                if len(found) < total:
                    raise RomaApiError("list_instances", 200, None, f"the list counts {total}, but shows {len(found)}")
                return list(found.values())
            seen = len(found)

    def delete_instance(self, instance_id: str) -> None:
        """Begin to delete an instance and everything inside it; the list tells when it is gone."""
        path = f"/v1/{self._project}/roma/instances/{_checked(instance_id)}"
        self._transport.call("delete_instance", "DELETE", path)


def _checked(instance_id: str) -> str:
    """An id that may stand in a path: anything else could name another resource."""
    if not re.fullmatch(r"[0-9A-Za-z_-]+", instance_id):
        raise InputError(
            "id", f"write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23, not {instance_id!r}"
        )
    return instance_id
