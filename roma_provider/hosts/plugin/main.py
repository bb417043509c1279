"""`pulumi-resource-roma`: the plugin's process, which an engine starts with its address as the last argument.

It prints the port it listens to, and ends with the engine. Started by hand it serves whoever attaches to it
(``PULUMI_DEBUG_PROVIDERS=roma:PORT``), until Ctrl-C.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from ... import __version__
from ...api import call_log
from ...clock import Clock
from ...config import keys
from ...lifecycle.run import Run
from ...lifecycle.session import Session
from .. import address
from ..link import WORKERS
from .server import Server

_NO_LIMIT = -1
# Properties may be long, and no bound of gRPC's is known to the engine.
_OPTIONS = (("grpc.max_receive_message_length", _NO_LIMIT), ("grpc.max_send_message_length", _NO_LIMIT))


def main() -> int:
    """The command."""
    engine = address.local(sys.argv[-1])
    server = grpc.server(ThreadPoolExecutor(WORKERS), options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Server(__version__, session_of, engine), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)  # noqa: T201 - the protocol
    if engine is None:
        print(f"to use it: PULUMI_DEBUG_PROVIDERS=roma:{port} pulumi up", file=sys.stderr)  # noqa: T201
    try:
        threading.Event().wait()
    except KeyboardInterrupt:  # of the user, or of `link`, when the engine is gone
        server.stop(0)
    return 0


def session_of(config: Callable[[str], str | None], engine: str | None) -> Session:
    """The session of a configuration, in this process's environment."""
    session = Session.of(config, os.environ)
    session.deletes_first = False  # it is an option of a program's, which only a Python class can set by itself
    session.run = Run.of(os.environ, engine)
    session.run.clean(Clock())
    call_log.install(session.settings.log_wish(), keys.LOG.name)
    return session
