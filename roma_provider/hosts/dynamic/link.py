"""The one bridge to the running Pulumi engine, and the only module that touches gRPC or the SDK's internals.

The Python SDK's host for dynamic providers (``pulumi.dynamic.__main__``) passes hooks their properties and
nothing else. What it lacks, with the upstream issue; what this module relies on instead; and what is left
where the layout is another (each part alone, with one logged warning; nothing else in the package changes):

- The current call: URN, time-out, old inputs (pulumi#9434). They are in ``request`` and ``context``, locals
  of the host's method that calls the hook. Else: default time-outs, no URN in the journal's key.
- Partial state (pulumi#992, #18009). The engine takes ErrorResourceInitFailed from the trailing metadata of
  an aborted call. Else: the state keeps nothing of a failed create; the journal does, and the next resumes.
- Clean errors (pulumi#5210). A google.rpc.Status in the same place. Else: a traceback as the error's text.
- Cancel, a no-op in the host. ``server`` is a local of ``main`` on the main thread; a handler at the head of
  its list takes the call. Else: Ctrl-C waits until the hooks are done.
- Workers, four and hard-coded. ``_max_workers`` of the server's pool; threads start on demand, for other
  dynamic providers of the program too. Else: four hooks at a time.
- Status lines: ``pulumi.log`` has no engine in a plugin. Its address is the last of ``sys.argv``. Else: log
  lines on standard error. The same address, when it answers no more, ends an orphaned plugin process. The engine
  replaces an ephemeral message in place on a terminal and prints each one elsewhere, so that elsewhere a
  :class:`~roma_provider.creation.pace.Pace` chooses.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import socket
import sys
import threading
import time
import unicodedata
import weakref
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any

import grpc
from google.protobuf import any_pb2, empty_pb2, json_format, struct_pb2
from pulumi.output import Unknown
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, status_pb2

from ...clock import Clock
from ...creation.pace import Pace
from ...errors import RomaError
from ...lifecycle.operation import News
from .. import terminal

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

log = logging.getLogger("roma_provider")

# Threads start on demand, so the bound costs nothing until it is used; the engine's --parallel decides.
WORKERS = 1000
WATCH_SECONDS = 1.0
# A status line may not hold up a wait for longer, should the engine hang.
LOG_SECONDS = 5
OPEN_FILES = 4096
PROVIDER_KEY = "__provider"


class HookError(Exception):
    """What a hook raises in the end: its text is what a user reads, one reason a line."""


class Call:
    """One hook call of the engine: an Operation, as lifecycle knows it.

    ``urn`` is None, ``timeout`` None and ``old_inputs`` None where the engine's request cannot be found.
    """

    def __init__(self, request: Any, context: Any, bridge: Bridge) -> None:
        self._request = request
        self._context = context
        self._bridge = bridge
        self._kept: tuple[str, dict[str, Any]] | None = None
        self._answers: list[Callable[[bool], None]] = []
        self._said = ""
        self._pace = Pace()
        # Set by Cancel, by the end of the call, or when the engine is gone: every wait of the call ends.
        self.stop = threading.Event()
        self.urn: str | None = getattr(request, "urn", None) or None
        self.timeout: float | None = getattr(request, "timeout", 0) or None
        self.folder = _working_folder()
        if context is not None and not context.add_callback(self.stop.set):
            self.stop.set()

    @property
    def alive(self) -> bool:
        """Whether the engine still waits for the answer."""
        return self._context is None or bool(self._context.is_active())

    @property
    def old_inputs(self) -> dict[str, Any] | None:
        """The inputs of the state, where the engine sends them (diff, read, update)."""
        for name in ("old_inputs", "inputs"):
            if self._request is not None and hasattr(self._request, name):
                return dict(rpc.deserialize_properties(getattr(self._request, name), True))
        return None

    def is_unknown(self, value: Any) -> bool:
        return isinstance(value, Unknown)

    def say(self, text: str, news: Hashable = None) -> None:
        """Show a status on the resource's own line, in place of the last one; in a log, say it if that is due."""
        if self._bridge.is_live:
            due = text != self._said
        else:
            due = news is not News.NONE and self._pace.is_due(text if news is None else news, self._bridge.now)
        if due:
            self._said = text
            self._bridge.log(engine_pb2.INFO, text, self.urn, ephemeral=True)

    def note(self, text: str) -> None:
        """A lasting line under the resource."""
        self._bridge.log(engine_pb2.INFO, text, self.urn, ephemeral=False)

    def warn(self, text: str) -> None:
        """A lasting warning under the resource."""
        self._bridge.log(engine_pb2.WARNING, text, self.urn, ephemeral=False)

    def keep(self, instance_id: str, outputs: Mapping[str, Any]) -> None:
        """From now on an error of this call leaves this id and these outputs in the state."""
        self._kept = (instance_id, dict(outputs))

    def on_answer(self, told: Callable[[bool], None]) -> None:
        """``told`` runs just before a living engine gets an answer that holds the instance: with True for a
        ready one, with False for a partial state."""
        self._answers.append(told)

    def answered(self, *, ready: bool) -> None:
        """The answer is on its way to the engine."""
        if self.alive:  # or nobody reads it
            for told in self._answers:
                told(ready)

    def failed(self, error: BaseException, provider: str | None) -> HookError:
        """The error to raise for ``error``, with what the engine shall read and keep attached."""
        reasons = error.reasons if isinstance(error, RomaError) else [_bug(error)]
        reasons = [_clean(reason) for reason in reasons]
        message = "\n".join(reasons)
        detail = None
        if self._kept is not None and provider is not None:
            instance_id, outputs = self._kept
            detail = provider_pb2.ErrorResourceInitFailed(
                id=instance_id,
                properties=_struct({**outputs, PROVIDER_KEY: provider}),
                reasons=reasons,
                refresh_before_update=True,
            )
        if self._attach(message, detail) and detail is not None:
            self.answered(ready=False)
        return HookError(message)

    def _attach(self, message: str, detail: Any) -> bool:
        """Put a google.rpc.Status into the call's trailing metadata, which abort() sends along.

        Its code has to be UNKNOWN, with which the host aborts, or grpc-go does not take it.
        """
        if self._context is None:
            return False
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
        if detail is not None:
            packed = any_pb2.Any()
            packed.Pack(detail)
            status.details.append(packed)
        self._context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        return True


def _clean(text: str) -> str:
    """A text as it may stand on a terminal: a server's own may hold what moves the cursor or turns the writing
    around, or half a surrogate pair, which has no bytes on the wire."""
    return "".join("?" if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\n" else char for char in text)


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""  # removed meanwhile; then nothing of it can be resumed


def _bug(error: BaseException) -> str:
    log.debug("unexpected error in a hook", exc_info=error)
    return f"internal error of roma_provider: {type(error).__name__}: {error}; please report it"


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Outputs as the engine reads them. They are plain JSON, so the SDK's serializer, which needs an event loop
    (and so file descriptors, of which many waits may leave none), is not."""
    text = json.dumps({key: value for key, value in properties.items() if value is not None}, ensure_ascii=False)
    struct = struct_pb2.Struct()
    json_format.Parse(text.encode("utf-8", "replace"), struct)
    return struct


class Bridge:
    """What is shared by the calls of one plugin process."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._lock = threading.Lock()
        self._installed = False
        self._cancelled = False
        self._gone = False
        self._calls: weakref.WeakSet[Call] = weakref.WeakSet()
        self._running = 0
        self._address: str | None = None
        self._engine: Any = None
        self._warned: set[str] = set()

    def install(self) -> None:
        """Take hold of the plugin process, once. Called from a hook, when the server is up."""
        with self._lock:
            if self._installed:
                return
            self._installed = True
        self._address = _engine_address()
        server = _server()
        if server is None:
            self._degraded(
                "the plugin's gRPC server is not where it is expected",
                "Ctrl-C does not end waits, and four resources are worked on at a time",
            )
        else:
            self._take_cancel(server)
            self._widen(server)
        _allow_open_files()
        if self._address is not None:
            threading.Thread(target=self._watch, name="roma-engine-watch", daemon=True).start()

    @contextlib.contextmanager
    def call(self, provider: str | None) -> Iterator[Call]:
        """Around a hook: the current call; any error in it becomes one that the engine shows well.

        A SystemExit or KeyboardInterrupt would leave the engine without an answer for ever.
        """
        call = Call(*_current_call(), bridge=self)
        if call._context is None:
            self._degraded(
                "the engine's request is not where it is expected",
                "errors are shown with a traceback, and custom_timeouts are not seen",
            )
        with self._lock:
            self._calls.add(call)
            self._running += 1
            if self._cancelled or self._gone:
                call.stop.set()
        try:
            yield call
        except BaseException as error:  # noqa: BLE001
            raise call.failed(error, provider) from (error if isinstance(error, Exception) else None)
        else:
            call.answered(ready=True)
        finally:
            with self._lock:
                self._running -= 1

    @property
    def now(self) -> float:
        return self._clock.monotonic()

    @property
    def is_live(self) -> bool:
        """Whether the engine replaces a status in place. Asked anew for each: the CLI begins to draw, and ends."""
        return self._address is not None and not self._gone and terminal.is_live(os.environ)

    def cancel(self) -> None:
        """End every wait: the first Ctrl-C, and the engine's orderly end."""
        with self._lock:
            self._cancelled = True
            calls = list(self._calls)
        for call in calls:
            call.stop.set()

    def log(self, severity: Any, text: str, urn: str | None, *, ephemeral: bool) -> None:
        if self._address is not None and not self._gone:
            with self._lock:
                if self._engine is None:
                    self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(self._address))
            try:
                request = engine_pb2.LogRequest(
                    severity=severity, message=_clean(text), urn=urn or "", ephemeral=ephemeral
                )
                self._engine.Log(request, timeout=LOG_SECONDS)
            except (grpc.RpcError, ValueError):
                pass
            else:
                return
        log.log(logging.WARNING if severity == engine_pb2.WARNING else logging.INFO, "%s", text)

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
            generic = grpc.method_handlers_generic_handler("pulumirpc.ResourceProvider", {"Cancel": handler})
            server._state.generic_handlers.insert(0, generic)
        except AttributeError:
            self._degraded("grpc's table of handlers has another layout", "Ctrl-C does not end waits")

    def _widen(self, server: Any) -> None:
        pool = getattr(getattr(server, "_state", None), "thread_pool", None)
        if isinstance(pool, ThreadPoolExecutor) and isinstance(getattr(pool, "_max_workers", None), int):
            pool._max_workers = max(pool._max_workers, WORKERS)
        else:
            self._degraded("the host's thread pool has another layout", "four resources are worked on at a time")

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
        while self._engine_lives() or self._engine_lives():
            time.sleep(WATCH_SECONDS)
        self._gone = True
        self.cancel()
        # A POST in flight is waited for: its answer is an id that the journal has to hold.
        while self._running:
            time.sleep(0.05)
        # The host's own way out; by thread, since only the main one can be woken from its wait.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def _degraded(self, what: str, effect: str) -> None:
        if what not in self._warned:
            self._warned.add(what)
            log.warning("this version of the Pulumi SDK is not known to roma_provider: %s; %s", what, effect)


def _allow_open_files() -> None:
    """Every waiting instance has a connection of its own; macOS allows 256 files unless asked for more."""
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _current_call() -> tuple[Any, Any]:
    """The engine's request and its gRPC context: locals of the host's method that called the hook."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        context = frame.f_locals.get("context")
        if isinstance(context, grpc.ServicerContext) and "request" in frame.f_locals:
            return frame.f_locals["request"], context
        frame = frame.f_back
    return None, None


def _server() -> Any:
    """The gRPC server of the plugin: a local of the host's ``main`` on the main thread."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame is not None:
        server = frame.f_locals.get("server")
        if isinstance(server, grpc.Server):
            return server
        frame = frame.f_back
    return None


def _engine_address() -> str | None:
    """The engine's address: the last argument with which it starts a plugin."""
    host, _, port = sys.argv[-1].rpartition(":")
    return sys.argv[-1] if host in ("127.0.0.1", "localhost", "[::1]") and port.isdigit() else None


bridge = Bridge()
