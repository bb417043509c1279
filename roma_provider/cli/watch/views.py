"""How `roma watch` shows what it sees where nothing can be replaced: lines for people, lines of JSON for scripts.

The live screen of a terminal is in ``watch_screen``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ...clock import Clock
from ...creation.pace import Pace
from ...creation.verdict import State, state
from ...creation.words import percent, printable
from ...texts import json_for_people
from ..output import envelope, said_so_far
from .watch import LONG, Ending, Look

if TYPE_CHECKING:
    from ...api.models import SubService

COMMAND = "watch"
Write = Callable[[str], None]


class LineView:
    """A line where a reader cares, and a sign of life otherwise: as a log of `pulumi up` gets them."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._pace = Pace()

    def show(self, look: Look) -> None:
        if look.warning:
            self._write(f"warning: {printable(look.warning, LONG)}")
        if self._pace.is_due(look.news, look.at):
            self._write(look.line)

    def end(self, ending: Ending) -> None:
        for line in ending.lines:
            self._write(line)


class JsonView:
    """One object a line, always with the same keys: each change, and in the end the verdict (docs/watching.md)."""

    def __init__(self, write: Write, clock: Clock) -> None:
        self._write = write
        self._clock = clock
        self._said: dict[str, Any] | None = None

    @staticmethod
    def short(instance_id: str, code: int, said: list[str]) -> dict[str, Any]:
        """The one line of a watch that did not come to an ending of its own: the rest of the keys is left out."""
        return {"event": "end", "id": instance_id, **envelope(COMMAND, code, said)}

    def show(self, look: Look) -> None:
        if look.warning:
            self._say("warning", look, warning=look.warning)
        # Each question in trouble has a request id of its own, which is no change.
        seen = {**_seen(look), "trouble": look.brief}
        if seen != self._said:
            self._said = seen
            self._say("progress", look)

    def finish(self, ending: Ending, code: int) -> None:
        """The last line. ``code`` is what the command exits with."""
        ended = envelope(COMMAND, code, said_so_far())
        self._say("end", ending.look, verdict=ending.outcome.value, reasons=ending.reasons, **ended)

    def _say(self, event: str, look: Look, **more: Any) -> None:
        moment = datetime.fromtimestamp(self._clock.epoch(), tz=timezone.utc)
        entry = {
            "event": event,
            "time": moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "verdict": None,
            **_seen(look),
            "seconds": round(look.seconds),
            "remaining_seconds": None if look.remaining is None else round(look.remaining),
            "warning": None,
            "reasons": [],
            **envelope(COMMAND, None, []),
            **more,
        }
        self._write(json_for_people(entry))


def _seen(look: Look) -> dict[str, Any]:
    """What does not change by the passing of time alone."""
    services = look.progress.services if look.progress is not None else []
    return {
        "id": look.instance_id,
        "name": look.name,
        "status": look.status,
        "progress": look.percent,
        "services": [_service(service) for service in services],
        "trouble": look.trouble,
    }


def _service(service: SubService) -> dict[str, Any]:
    found = state(service)
    return {
        "name": service.name,
        "state": found.value,
        "status": service.status,
        "progress": 100 if found is State.DONE else percent(service.progress),
        "start_time": service.start_time,
        "end_time": service.end_time,
        "error_code": service.error_code or None,
        "error_msg": service.error_msg or None,
    }
