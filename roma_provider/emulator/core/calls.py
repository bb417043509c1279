"""The log of API calls: in memory, newest calls only beyond a bound."""

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

_BOUND = 100_000


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
