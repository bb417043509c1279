"""The one connection of a plugin process to the engine: log, Cancel, workers, liveness.

Knows gRPC and the engine's protocol, but not who calls: a host tells it the engine's address, and hands over its
gRPC server, if that has to be changed. What it relies on, and what is left where that is otherwise (each part
alone, with one logged warning):

- Status lines: the engine's ``Log`` at that address (pulumi#6065). It replaces an ephemeral message in place on a
  terminal and prints each one elsewhere. Without an address, or an answer, they are log lines on standard error.
- Liveness: the address refuses a connection when the engine is gone (a killed CLI leaves its plugins). The process
  then ends itself, as by Ctrl-C. Without an address it works on until its calls are done.
- Cancel of a server that has none of its own: a handler at the head of grpc's private list of handlers takes it
  (no upstream issue was found). Else Ctrl-C waits until the calls are done.
- What differs: the host's Diff answers which keys replace, but not which differ, by which the engine tells whether
  ``replace_on_changes`` is meant, nor how, which is what a preview shows (no upstream issue was found). A handler at
  the head of that list asks the host's own and adds both. Else ``replace_on_changes`` of a property does nothing, and
  a preview shows every property, as with any other dynamic provider.
- Workers of a server with too few: ``_max_workers`` of its pool (no upstream issue was found). Threads start on
  demand, for other providers of that server too. Else as many calls as it has run at a time.
- Open files: every waiting instance has a connection of its own, and macOS allows 256 files unless asked for more.
  Where the system has no such limit, or refuses, it is left.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2

from ..clock import Clock
from ..config.settings import Settings
from ..errors import InputError
from . import terminal

if TYPE_CHECKING:
    from ..schema.details import Detail

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

log = logging.getLogger("roma_provider")

# Threads start on demand, so the bound costs nothing until it is used; the engine's --parallel decides.
WORKERS = 1000
WATCH_SECONDS = 1.0
# An engine saves an answer within milliseconds.
SAVE_SECONDS = 1.0
# A status line may not hold up a wait for longer, should the engine hang.
LOG_SECONDS = 5
OPEN_FILES = 4096
SERVICE = "pulumirpc.ResourceProvider"

INFO, WARNING = engine_pb2.INFO, engine_pb2.WARNING


class Link:
    """What the calls of one plugin process share. Safe to use from many threads."""

    def __init__(self, clock: Clock | None = None, *, ends: bool = True) -> None:
        """``ends``: the process ends with the engine; else it outlives it, as under a debugger."""
        self._clock = clock or Clock()
        self._ends = ends
        self._lock = threading.Lock()
        self._done: set[str] = set()
        self._cancelled = False
        self._deaf = False  # no Cancel can be heard, which an orderly end sends too
        self._gone = False
        self._running: set[threading.Event] = set()
        self._saves: list[tuple[float, Callable[[], None]]] = []
        self._address: str | None = None
        self._engine: Any = None
        self._differing = threading.local()

    def connect(self, address: str | None) -> None:
        """Use the engine at ``address`` (host:port); None where it is not known. Only the first call counts."""
        if self._is_first("connect"):
            self._address = address
            _allow_open_files()
            if address is not None and self._ends:
                threading.Thread(target=self._watch, name="roma-engine-watch", daemon=True).start()

    def take_over(self, server: Any) -> None:
        """Give a gRPC server that is not ours a Cancel, what differs, and enough workers; None where it was not found.
        Only the first call counts."""
        if not self._is_first("take over"):
            return
        if server is None:
            self._deaf = True
            self.degraded(
                "the plugin's gRPC server is not where it is expected",
                "Ctrl-C does not end waits, four resources are worked on at a time, replace_on_changes is not seen, "
                "and a preview shows every property",
            )
        else:
            self._take_cancel(server)
            self._take_diff(server)
            self._widen(server)

    @contextlib.contextmanager
    def running(self, stop: threading.Event) -> Iterator[None]:
        """Around a call: ``stop`` is set by Cancel or when the engine is gone; the process waits for its end."""
        with self._lock:
            self._running.add(stop)
            if self._cancelled or self._gone:
                stop.set()
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(stop)

    @property
    def now(self) -> float:
        """Seconds of a clock that is never set back."""
        return self._clock.monotonic()

    @property
    def is_live(self) -> bool:
        """Whether the engine replaces a status in place. Asked anew for each: the CLI begins to draw, and ends."""
        return self._address is not None and not self._gone and terminal.is_live(_wish())

    def cancel(self) -> None:
        """End every wait, those to come too: the first Ctrl-C, and the engine's orderly end."""
        with self._lock:
            self._cancelled = True
            running = list(self._running)
        for stop in running:
            stop.set()
        if not self._gone:
            self._confirm(float("inf"))

    def when_saved(self, done: Callable[[], None]) -> None:
        """Run ``done`` when the engine has surely saved an answer that it is being given: when it is still there a
        second later, or ends in an orderly way. At once where nobody can tell."""
        with self._lock:
            tells = self._address is not None and not self._cancelled and not self._deaf
            if tells:
                self._saves.append((self._clock.monotonic(), done))
        if not tells:
            done()

    def _confirm(self, until: float) -> None:
        """The engine has saved what it was given before ``until``, on the monotonic clock."""
        with self._lock:
            done = [call for at, call in self._saves if at < until]
            self._saves = [(at, call) for at, call in self._saves if at >= until]
        for call in done:
            call()

    def differ(self, keys: Sequence[str], lines: Mapping[str, Detail]) -> None:
        """The diff that runs on this thread has found these properties to differ, and has these lines to show of
        them; none where the engine is to show what it finds."""
        self._differing.found = (list(keys), dict(lines))

    def log(self, severity: Any, text: str, urn: str | None, *, ephemeral: bool) -> None:
        """A line for the user, INFO or WARNING, under the resource ``urn``; the next replaces an ephemeral one."""
        if self._address is not None and not self._gone:
            with self._lock:
                if self._engine is None:
                    self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(self._address))
            try:
                request = engine_pb2.LogRequest(severity=severity, message=text, urn=urn or "", ephemeral=ephemeral)
                self._engine.Log(request, timeout=LOG_SECONDS)
            except (grpc.RpcError, ValueError):
                pass
            else:
                return
        log.log(logging.WARNING if severity == WARNING else logging.INFO, "%s", text)

    def degraded(self, what: str, effect: str) -> None:
        """Warn, once in this process, that the SDK's layout is another, and what does not work then."""
        if self._is_first(what):
            log.warning("this version of the Pulumi SDK is not known to roma_provider: %s; %s", what, effect)

    def _is_first(self, what: str) -> bool:
        with self._lock:
            first = what not in self._done
            self._done.add(what)
        return first

    def _take_cancel(self, server: Any) -> None:
        def cancel(_request: Any, _context: Any) -> Any:
            self.cancel()
            return empty_pb2.Empty()

        try:
            handler = grpc.unary_unary_rpc_method_handler(
                cancel,
                request_deserializer=empty_pb2.Empty.FromString,
                response_serializer=empty_pb2.Empty.SerializeToString,
            )
            generic = grpc.method_handlers_generic_handler(SERVICE, {"Cancel": handler})
            server._state.generic_handlers.insert(0, generic)
        except AttributeError:
            self._deaf = True
            self.degraded("grpc's table of handlers has another layout", "Ctrl-C does not end waits")

    def _take_diff(self, server: Any) -> None:
        try:
            asked = SimpleNamespace(method=f"/{SERVICE}/Diff", invocation_metadata=())
            known = [handlers.service(asked) for handlers in server._state.generic_handlers]
            theirs = next(handler for handler in known if handler is not None)

            def diff(request: Any, context: Any) -> Any:
                self._differing.found = ((), {})
                answer = theirs.unary_unary(request, context)
                keys, lines = self._differing.found
                answer.diffs.extend(keys)
                for path, line in lines.items():
                    answer.detailedDiff[path].kind = kind_of(line)
                    answer.detailedDiff[path].inputDiff = line.of_inputs
                answer.hasDetailedDiff = bool(lines)
                return answer

            handler = grpc.unary_unary_rpc_method_handler(
                diff,
                request_deserializer=theirs.request_deserializer,
                response_serializer=theirs.response_serializer,
            )
            generic = grpc.method_handlers_generic_handler(SERVICE, {"Diff": handler})
            server._state.generic_handlers.insert(0, generic)
        except (AttributeError, StopIteration):
            self.degraded(
                "grpc's table of handlers has no Diff",
                "replace_on_changes of a property is not seen, and a preview shows every property",
            )

    def _widen(self, server: Any) -> None:
        pool = getattr(getattr(server, "_state", None), "thread_pool", None)
        if isinstance(pool, ThreadPoolExecutor) and isinstance(getattr(pool, "_max_workers", None), int):
            pool._max_workers = max(pool._max_workers, WORKERS)
        else:
            self.degraded("the host's thread pool has another layout", "four resources are worked on at a time")

    def _engine_lives(self) -> bool:
        if self._address is None:
            return True
        host, _, port = self._address.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=2).close()
        except ConnectionRefusedError:
            return False
        except OSError:
            return True  # trouble of this process's own (no file descriptor is left, say) tells nothing
        return True

    def _watch(self) -> None:
        """End this process when the engine is gone. Its parent is a shell that survives, so the parent's
        id tells nothing; the engine's address does."""
        while True:
            until = self._clock.monotonic() - SAVE_SECONDS
            if not (self._engine_lives() or self._engine_lives()):
                break
            self._confirm(until)
            time.sleep(WATCH_SECONDS)
        self._gone = True
        self.cancel()
        # A POST in flight is waited for: its answer is an id that the journal has to hold.
        while self._running:
            time.sleep(0.05)
        if hasattr(signal, "pthread_kill"):
            # The host's own way out; by thread, since only the main one can be woken from its wait.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        else:  # Windows, where nothing wakes it
            os._exit(1)


def kind_of(line: Detail) -> int:
    """A line's kind, as the engine's protocol has it."""
    name = line.edit.name + ("_REPLACE" if line.replaces else "")
    return int(provider_pb2.PropertyDiff.Kind.Value(name))


def _wish() -> bool | None:
    """What the user wishes of a status line. A bad setting, which ``check`` refuses, counts as none."""
    try:
        return Settings(lambda _key: None, os.environ).live_wish()
    except InputError:
        return None


def _allow_open_files() -> None:
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
