"""What the SDK's host of dynamic providers knows and does not pass on, dug out of its frames.

The host (``pulumi.dynamic.__main__``, read in SDK 3.268 to 3.272) calls a hook with the properties and nothing
else. So each function here rests on names of that module. Where the layout is another, it gives None, and the host
goes on without: what is left then stands with each.
"""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import Any

import grpc

from .. import address


def current_call() -> tuple[Any, Any]:
    """The engine's request and its gRPC context, of the hook call that runs on this thread.

    Why: they hold the URN, the timeout and the old inputs (pulumi#9434), and take a partial state (pulumi#992).
    Rests on: ``request`` and ``context``, locals of the host's method that calls the hook.
    Else: (None, None). Default timeouts, no URN in the journal's key, a traceback as an error's text; the state
    keeps nothing of a failed create, but the journal does, and the next create resumes.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        context = frame.f_locals.get("context")
        if isinstance(context, grpc.ServicerContext) and "request" in frame.f_locals:
            return frame.f_locals["request"], context
        frame = frame.f_back
    return None, None


def server() -> Any:
    """The gRPC server of the plugin process.

    Why: Cancel is a no-op in the host, and its four workers are hard-coded (no upstream issue was found).
    Rests on: ``server``, a local of the host's ``main``, which runs on the main thread.
    Else: None. Ctrl-C waits until the hooks are done, and four hooks run at a time.
    """
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame is not None:
        found = frame.f_locals.get("server")
        if isinstance(found, grpc.Server):
            return found
        frame = frame.f_back
    return None


def engine_address() -> str | None:
    """The engine's address, as host:port.

    Why: ``pulumi.log`` has no engine in a plugin process (pulumi#6065), and a CLI that was killed does not end it.
    Rests on: it is the last argument with which the engine starts a plugin.
    Else: None. Status lines go to standard error, and an orphaned process works on until its hooks are done.
    """
    return address.local(sys.argv[-1])
