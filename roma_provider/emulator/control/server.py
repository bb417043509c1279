"""The emulator as an object: a web server in a thread, on loopback."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ..core.defaults import Clock
from ..core.identifiers import Identifiers
from ..core.refusals import Answer
from ..core.settings import BadInputError, KeptSettings, checked_setting
from ..core.store import Store
from ..service.app import create_app
from ..service.delivery import encoded
from ..service.gateway import Gateway
from .client import Control
from .guard import Guard
from .routes import CONTROL_PREFIX, control_router

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..core.settings import SettingChanges

HOST = "127.0.0.1"
_BACKLOG = 512
_START_SECONDS = 30
_STOP_SECONDS = 5


class _Protocol(H11Protocol):
    """Lets handlers get at the connection (`scope["state"]["transport"]`), for faults that break it."""

    def connection_made(self, transport: Any) -> None:
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)

    def send_400_response(self, msg: str) -> None:
        """To what is no HTTP: as the gateway words an error, where uvicorn has a line of text."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            # An answer is on its way already.
            self.transport.close()
            return
        body, own = encoded(Answer(400, {"error_code": "APIGW.0201", "error_msg": "Bad request", "request_id": "0"}))
        headers = [*own.items(), ("Content-Length", str(len(body))), ("Connection", "close")]
        for event in (h11.Response(status_code=400, headers=headers, reason=b"Bad Request"), h11.Data(data=body)):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class _Server(uvicorn.Server):
    """Tells when it serves, and stops when told rather than at the next look at a flag."""

    def __init__(self, config: uvicorn.Config, gateway: Gateway) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._gateway = gateway
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.ready.set()

    async def main_loop(self) -> None:
        await self._gateway.stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # In the place of uvicorn's, which sleeps: an emulator is started and stopped for most tests.
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(list(self.server_state.tasks), timeout=_STOP_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        while self.server_state.connections:
            await asyncio.sleep(0.001)

    def stop(self) -> None:
        """Stop serving; for any thread. Held and dripping answers are cut off."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._gateway.stopping.set)


def _listening(port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it, each answer on a connection that
    # is kept takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port that was in use a moment ago, by an emulator that has ended, can be had again.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


class Emulator:
    """An emulator, from `start` (or `with`) to `stop`.

    Args:
        database: The SQLite file, made with its folder where it is missing; None keeps instances in memory.
        port: The port on loopback; 0 takes a free one.
        clock: The time that the API lives by, in epoch seconds. (Delays and drips of faults take real time.)
        identifiers: Where ids and tokens come from.
        settings: Those of `EmulatorSettings`. Left out: what the database says, else the default.

    Attributes:
        url: Its address, such as http://127.0.0.1:40123, without a slash at the end.
        control: A client of its control endpoints.

    Raises:
        BadInputError: A setting that cannot be.
        StoreError: The database cannot be used.
        OSError: The port cannot be had.
    """

    def __init__(
        self,
        database: Path | str | None = None,
        *,
        port: int = 0,
        clock: Clock = time.time,
        identifiers: Identifiers | None = None,
        **settings: Unpack[SettingChanges],
    ) -> None:
        self._settings = {name: checked_setting(name, value) for name, value in settings.items()}
        self._database = Path(database) if database is not None else None
        self._port = port
        self._clock = clock
        self._identifiers = identifiers or Identifiers()
        self._store: Store | None = None
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.url = ""
        self.control: Control

    def start(self) -> Emulator:
        """Begin to serve; the address answers when this returns."""
        if self._thread is not None:
            raise RuntimeError("the emulator has been started already")
        listener = _listening(self._port)
        try:
            self._store = Store(self._database)
        except BaseException:
            listener.close()
            raise
        KeptSettings(self._store).change(self._settings)
        gateway = Gateway(self._store, self._clock, self._identifiers)
        config = uvicorn.Config(
            Guard(create_app(gateway, control_router(gateway)), CONTROL_PREFIX),
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            # The API's clock says the date, not this machine's, and the gateway has a name of its own.
            date_header=False,
            server_header=False,
            # Longer than any client's pause between polls: not to have it meet a connection that is just
            # being closed.
            timeout_keep_alive=75,
        )
        server = self._server = _Server(config, gateway)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listener])), name="roma-emulator", daemon=True
        )
        self._thread.start()
        if not server.ready.wait(_START_SECONDS):
            raise RuntimeError("the emulator did not start")
        self.url = f"http://{HOST}:{listener.getsockname()[1]}"
        self.control = Control(self.url)
        return self

    def stop(self) -> None:
        """Stop serving, and close the database. Instances in a file stay; calling it again does nothing."""
        if self._thread is None or self._server is None or self._store is None:
            return
        self._server.stop()
        self._thread.join(2 * _STOP_SECONDS)
        self._store.close()
        self._thread = None

    def __enter__(self) -> Emulator:
        return self.start() if self._thread is None else self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


__all__ = ["HOST", "BadInputError", "Emulator"]
