"""The log of calls: one line on standard error for each request that is sent.

By allow-list: method, path, status, milliseconds, request id, attempt. Never a header, a body, or a query.
"""

from __future__ import annotations

import logging
import sys

from ..texts import for_people

log = logging.getLogger("roma_provider.calls")
DEBUG = "debug"


def install(wish: str, setting: str) -> None:
    """Write the lines if the wish is for ``debug``; "" is none. For programs of our own: a library adds no handlers.

    Another word is answered with a warning, which names the ``setting`` it came from.
    """
    if not wish:
        return
    if wish != DEBUG:
        logging.getLogger("roma_provider").warning("%s: write %s, or leave it unset", setting, DEBUG)
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
        for_people(path),
        "-" if status is None else status,
        round(seconds * 1000),
        request_id or "-",
        attempt,
    )
