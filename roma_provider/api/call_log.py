"""``ROMA_LOG=debug``: one line on standard error for each request that is sent.

By allow-list: method, path, status, milliseconds, request id, attempt. Never a header, a body, or a query.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping

log = logging.getLogger("roma_provider.calls")
VARIABLE = "ROMA_LOG"


def install(environment: Mapping[str, str]) -> None:
    """Write the lines if the environment asks for them. For programs of our own: a library adds no handlers."""
    wanted = (environment.get(VARIABLE) or "").strip().lower()
    if not wanted:
        return
    if wanted != "debug":
        logging.getLogger("roma_provider").warning("%s: write debug, or leave it unset", VARIABLE)
        return
    if not log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("roma %(asctime)s %(message)s", "%H:%M:%S"))
        log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False


def write(method: str, path: str, status: int | None, seconds: float, request_id: str | None, attempt: int) -> None:
    """The line of one request; ``status`` None where no answer arrived."""
    log.debug(
        "%s %s %s %d ms request %s attempt %d",
        method,
        path,
        "-" if status is None else status,
        round(seconds * 1000),
        request_id or "-",
        attempt,
    )
