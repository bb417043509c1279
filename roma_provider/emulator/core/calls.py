"""API calls: as they come in, and as the log keeps them (in memory; beyond a bound, the newest only)."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_BOUND = 100_000


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """Header names are in lower case; `query` holds the first of each name. `raw_path` and `raw_query` are as they came
    over the wire, percent signs and all: what a signature is about."""

    operation: str
    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    project_id: str | None = None
    instance_id: str | None = None
    raw_path: bytes = b"/"
    raw_query: bytes = b""


@dataclass(slots=True)
class LoggedCall:
    """A call, from its arrival on. `at` is epoch milliseconds; `status` None until it is answered (for ever,
    if a fault cuts it)."""

    operation: str
    method: str
    path: str
    project_id: str | None
    instance_id: str | None
    at: int
    status: int | None = None


class CallLog:
    """The calls in the order of their arrival."""

    def __init__(self) -> None:
        self._calls: deque[LoggedCall] = deque(maxlen=_BOUND)

    def add(self, call: LoggedCall) -> LoggedCall:
        self._calls.append(call)
        return call

    def clear(self) -> None:
        self._calls.clear()

    def shown(self, operation: str | None) -> list[dict[str, Any]]:
        return [asdict(call) for call in self._calls if operation in (None, call.operation)]
