"""Has `breakpoint()` wait for a debugger on port 5678, in whatever process it is met. See CONTRIBUTING.md."""

from __future__ import annotations

import sys

import debugpy

ADDRESS = ("127.0.0.1", 5678)


def wait() -> None:
    """What PYTHONBREAKPOINT=tools.debug.wait has `breakpoint()` do: stop where it stands, once a debugger is there."""
    if not debugpy.is_client_connected():
        debugpy.listen(ADDRESS)
        print("waiting for a debugger on {}:{}".format(*ADDRESS), file=sys.stderr, flush=True)
        debugpy.wait_for_client()
    debugpy.breakpoint()
