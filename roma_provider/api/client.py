"""ROMA Connect, one method per operation.

Every method raises :class:`~roma_provider.errors.RomaApiError` for an answer that is an error and
:class:`~roma_provider.errors.RomaConnectionError` where no usable answer arrived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from pydantic import RootModel

from ..clock import Stop
from ..errors import Answer, InputError, RomaApiError, RomaConnectionError
from ..texts import cut
from .budget import WINDOW_SECONDS, Budget, Rank
from .kinds import is_id
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

# The documented maxima (CheckRomaInstanceListV2: limit 0–100, default 10; offset 0–100): pages show 200 at most.
PAGE = 100
LAST_OFFSET = 100
# How long a list may take, with all its pages, of which one may have to wait for a whole window of the budget.
LIST_SECONDS = 300.0 + WINDOW_SECONDS
# What a call is given where its caller has no time left: that of one attempt inside a wait.
LAST_SECONDS = 5.0

Raw = RootModel[Any]
Summary = TypeVar("Summary", bound=InstanceSummary)


class RomaClient:
    """The instances of one project. Safe to share between threads.

    Where a method takes ``once``: for a caller that waits and asks again by itself. One attempt of 5 s, and
    none while the host has asked for a pause; otherwise calls are repeated as docs/retries.md says.

    ``rcu`` says which kind of instance is worked on, and so which of the two lists has to hold it.
    """

    def __init__(
        self, transport: Transport, project_id: str, *, rcu: bool = False, until: float = float("inf")
    ) -> None:
        self._transport = transport
        self._project_id = project_id
        self._rcu = rcu
        self._until = until
        self._project = quote(project_id, safe="")

    @property
    def host(self) -> str:
        """The endpoint's host name, without its port."""
        return self._transport.host

    @property
    def budget(self) -> Budget:
        """That of all who call this host."""
        return self._transport.budget

    @property
    def skew(self) -> float:
        """How many seconds the server's clock is ahead of this machine's; 0.0 until an answer has come.

        Times of the API are held against ``Clock.epoch() + skew``. Known from the Date of each answer, and shared by
        the copies of a client. Clocks that differ by less than a second, or than a call takes, are the same.
        """
        return self._transport.skew

    def stopped_by(self, stop: Stop, seconds: float | None = None) -> RomaClient:
        """The same client, whose pauses between attempts and between pages end as soon as ``stop`` is set. Where
        ``seconds`` are given, no call but POST goes on for longer than that from now, and no page comes later."""
        until = self._until if seconds is None else self._transport.now + seconds
        return RomaClient(self._transport.stopped_by(stop), self._project_id, rcu=self._rcu, until=until)

    def for_rcu(self) -> RomaClient:
        """The same client, for RCU instances."""
        return RomaClient(self._transport, self._project_id, rcu=True, until=self._until)

    def create_instance(self, request: CreateInstanceRequest | CreateRcuInstanceRequest) -> str | None:
        """Order an instance, of an edition (v1) or of RCUs (v3); its id, or None where the answer holds none.

        POST is not idempotent and takes no token against repetition: never send it twice for one intent.
        An error with ``outcome_unknown`` (or ``sent``) may have made the instance all the same.
        """
        body = request.model_dump(exclude_none=True)
        operation, path = "create_instance", f"/v1/{self._project}/instances"
        if isinstance(request, CreateRcuInstanceRequest):
            operation, path = "create_rcu_instance", f"/v3/{self._project}/roma/instances"
        return (
            self._transport.call(Request(operation, "POST", path, json=body, rank=Rank.ORDER), CreatedInstance).id
            or None
        )

    def creation_progress(
        self, instance_id: str, timeout: float | None = None, once: bool = False, rank: Rank = Rank.LOOK
    ) -> CreationProgress:
        """The instance and how far its creation is (GetCreateInstanceProcessV2); works after it too.

        ``timeout`` in seconds bounds the call, its repetitions included. What is said of another instance (by a cache
        between here and there) is no answer: RomaConnectionError.
        """
        seconds = self._time() if timeout is None else timeout
        return self._transport.call(self._process(instance_id, rank), CreationProgress, read_timeout=seconds, once=once)

    def all_instances(self, once: bool = False) -> list[RomaInstanceSummary]:
        """All instances of the project, of either kind: a name or an id that is not in here is not there.

        The V2 list need not show RCU instances, and no more than 200 of the others; a cloud without the V3 list has no
        RCU instances. So both lists are asked, and the other kind's is left out where it is refused (not where it is in
        trouble). RomaApiError where they show fewer than one of them counts.
        """
        what = ("both", self._project, self._rcu)
        return list(self._transport.shared(what, lambda: self._both(once), self._patience(once)))

    def _both(self, once: bool) -> list[RomaInstanceSummary]:
        own: _Listed[Any] = self._roma_instances(once) if self._rcu else self._instances(once)
        other: _Listed[Any] | None = None
        refused: RomaApiError | None = None
        try:
            other = self._instances(once) if self._rcu else self._roma_instances(once)
        except RomaApiError as error:
            if error.transient:
                raise
            refused = error
        v2, v3 = (other, own) if self._rcu else (own, other)
        if v2 is not None:
            v2.completed(v3, refused)
        found: dict[str, dict[str, Any]] = {}
        for id_, entry in (*own.entries.items(), *(other.entries.items() if other is not None else ())):
            shown = {key: value for key, value in entry if value not in (None, "")}
            found[id_] = {**shown, **found.get(id_, {})}
        return [RomaInstanceSummary.model_validate(shown) for shown in found.values()]

    def find(self, instance_id: str, once: bool = False) -> RomaInstanceSummary | None:
        """An instance as the lists show it; None where they do not hold it.

        As :meth:`all_instances`, but where a project has more than 200 instances and its cloud no V3 list, the V2 list
        is asked for this id. (Its filter is in no page of the reference, so that an answer about another id is none.)
        """
        try:
            return next((entry for entry in self.all_instances(once) if entry.id == instance_id), None)
        except _LeftOut as left_out:
            page = self._transport.call(self._filtered(instance_id), InstancePage, read_timeout=self._time(), once=once)
            entries = {entry.id: entry for entry in page.instances}
            if instance_id in entries:
                return RomaInstanceSummary.model_validate(dict(entries[instance_id]))
            if entries or page.total:
                raise left_out from None
            return None

    def own_instances(self, once: bool = False) -> Sequence[InstanceSummary]:
        """The list that surely holds the instances of this client's kind."""
        return self.list_roma_instances(once) if self._rcu else self.list_instances(once)

    def list_instances(self, once: bool = False) -> list[InstanceSummary]:
        """The instances of the V2 list, page by page (CheckRomaInstanceListV2); beyond the 200 that pages can show, the
        rest is the V3 list's."""
        listed = self._instances(once)
        if not listed.is_cut:
            return list(listed.entries.values())
        rest: _Listed[RomaInstanceSummary] | None = None
        refused: RomaApiError | None = None
        try:
            rest = self._roma_instances(once)
        except RomaApiError as error:
            if error.transient:
                raise
            refused = error
        listed.completed(rest, refused)
        return list({**(rest.entries if rest is not None else {}), **listed.entries}.values())

    def list_roma_instances(self, once: bool = False) -> list[RomaInstanceSummary]:
        """The instances of the V3 list, which has no pages (ListRomaInstancesV3)."""
        return list(self._roma_instances(once).entries.values())

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
        """Begin to delete an instance and everything inside it; the list tells when it is gone.

        Never held: :meth:`creation_progress` before it, with the rank DELETION, has waited for its turn.
        """
        path = f"/v1/{self._project}/roma/instances/{_checked(instance_id)}"
        self._transport.call(Request("delete_instance", "DELETE", path, rank=Rank.PAID), read_timeout=self._time())

    def _time(self) -> float | None:
        """What is left for a call; None where it may take its own time."""
        left = self._until - self._transport.now
        return None if left == float("inf") else max(LAST_SECONDS, left)

    # --- lists ---------------------------------------------------------------------------------------------

    def _instances(self, once: bool) -> _Listed[InstanceSummary]:
        """The pages of the V2 list that can be asked for, by a call that begins after this moment."""
        return self._transport.shared(("v2", self._project), lambda: self._pages(once), self._patience(once))

    def _pages(self, once: bool) -> _Listed[InstanceSummary]:
        found: dict[str, InstanceSummary] = {}
        seen = offset = 0
        until = min(self._until, self._transport.now + LIST_SECONDS)
        left = self._time()  # the first page has the time of a call
        while True:
            page = self._transport.call(self._page(offset), InstancePage, read_timeout=left, once=once)
            found.update(_by_id("list_instances", page.instances))
            offset += len(page.instances)
            total = page.total or 0
            # Without a total only an empty page is an end: the service may page by fewer than was asked for.
            ended = len(page.instances) < PAGE and offset >= total and not (page.total is None and page.instances)
            if ended or len(found) == seen:
                return _Listed(_all("list_instances", found, total), total)
            if offset > LAST_OFFSET:
                return _Listed(found, total, is_cut=True)
            seen = len(found)
            left = self._left(until)

    def _left(self, until: float) -> float:
        """The time that is left for the pages to come."""
        left = until - self._transport.now
        if left <= 0 or self._transport.is_stopped:
            why = "it was stopped" if self._transport.is_stopped else "its time was over"
            raise RomaConnectionError("list_instances", f"{why} between two pages", sent=False)
        return left

    def _roma_instances(self, once: bool) -> _Listed[RomaInstanceSummary]:
        return self._transport.shared(("v3", self._project), lambda: self._whole(once), self._patience(once))

    def _patience(self, once: bool) -> float:
        """For how many seconds a list is tried; beyond those of a list there is no difference."""
        return 0.0 if once else min(LIST_SECONDS, max(0.0, self._until - self._transport.now))

    def _whole(self, once: bool) -> _Listed[RomaInstanceSummary]:
        page = self._transport.call(self._roma_list, RomaInstancePage, read_timeout=self._time(), once=once)
        entries = _by_id("list_roma_instances", page.instances)
        return _Listed(_all("list_roma_instances", entries, page.total or 0), page.total or 0)

    # --- requests that several methods make ----------------------------------------------------------------

    def _filtered(self, instance_id: str) -> Request:
        return Request(
            "list_instances", "GET", f"/v2/{self._project}/instances", {"id": _checked(instance_id)}, rank=Rank.LIST
        )

    def _page(self, offset: int) -> Request:
        params = {"offset": str(offset), "limit": str(PAGE)}
        # A list that has begun is worth nothing without its other pages, and others wait for it.
        rank = Rank.ORDER if offset else Rank.LIST
        return Request("list_instances", "GET", f"/v2/{self._project}/instances", params, rank=rank)

    @property
    def _roma_list(self) -> Request:
        return Request("list_roma_instances", "GET", f"/v3/{self._project}/roma/instances", rank=Rank.LIST)

    def _process(self, instance_id: str, rank: Rank = Rank.LOOK) -> Request:
        path = f"/v2/{self._project}/instances/{_checked(instance_id)}/process"
        return Request(
            "creation_progress",
            "GET",
            path,
            rank=rank,
            no_answer=lambda found: _of_another(found, instance_id),
        )


@dataclass(frozen=True)
class _Listed(Generic[Summary]):
    """A list by id. ``total`` is its own count, 0 where it has none; ``is_cut``: there may be pages that cannot be
    asked for."""

    entries: Mapping[str, Summary]
    total: int
    is_cut: bool = False

    def completed(self, rest: _Listed[Any] | None, refused: RomaApiError | None) -> None:
        """_LeftOut where this list is cut and ``rest``, the V3 list, does not make up for it. Where that one is
        ``refused``, only this one's own count can say that nothing is missing."""
        if not self.is_cut:
            return
        shown = len(self.entries)
        if rest is None:
            if shown != self.total:
                raise _LeftOut(
                    self.total, f"{shown} at most, and the V3 list, which has the rest, is refused: {refused}"
                )
            return
        both = len(self.entries.keys() | rest.entries.keys())
        if both < self.total:
            raise _LeftOut(self.total, f"{shown} at most, and with the V3 list there are {both}")


class _LeftOut(RomaApiError):
    """Instances that no list shows. One of them would pass for gone, and its name for free."""

    def __init__(self, total: int, shown: str) -> None:
        counts = f"counts {total}, but shows" if total else "has no count, and shows"
        super().__init__("list_instances", Answer(200, None, f"the V2 list {counts} {shown}"))


def _all(operation: str, found: Mapping[str, Summary], total: int) -> Mapping[str, Summary]:
    """The instances found, if they are as many as the list counts: one that is left out would pass for gone."""
    if len(found) < total:
        raise RomaApiError(operation, Answer(200, None, f"the list counts {total}, but shows {len(found)}"))
    return found


def _by_id(operation: str, entries: Sequence[Summary]) -> dict[str, Summary]:
    """The entries by their ids. One without an id that can be one would pass for gone, and its name for free."""
    found = {entry.id: entry for entry in entries if entry.id}
    if not all(entry.id for entry in entries):
        raise RomaApiError(operation, Answer(200, None, "the list shows an instance without an id"))
    return found


def _of_another(found: Any, instance_id: str) -> str | None:
    """Why an answer of /process is none; None where it is one."""
    other = found.another(instance_id) if isinstance(found, CreationProgress) else None
    return None if other is None else f"what came was about another instance, {other}"


def _checked(instance_id: str) -> str:
    """An id that may stand in a path: anything else could name another resource."""
    if not is_id(instance_id):
        raise InputError(
            "id", f"write an instance id, such as b037d389-62a4-464a-8461-c88797ad4f23, not {cut(instance_id, 100)!r}"
        )
    return instance_id
