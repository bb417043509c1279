"""A requests adapter whose reads end at a deadline.

The read timeout of sockets counts from byte to byte, so that an answer that drips, in its headers or its
body, would never end. Here each read of the socket gets what is left of the call's time. That is asked for
again and again while nothing comes, so that a call can be ended from outside too.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util.wait import wait_for_read

# Of one answer, as it comes over the wire. A body has a bound of its own; this one holds where the length of a chunk is
# negative, which Python reads as "all there is", or the line that tells it has no end.
MOST_BYTES = 8 * 1024 * 1024
# How often it is looked whether there still is time.
SLICE_SECONDS = 0.2

_left: ContextVar[Callable[[], float] | None] = ContextVar("left", default=None)


@contextlib.contextmanager
def ending(left: Callable[[], float]) -> Iterator[None]:
    """Answers that begin within this block are read no longer than ``left`` says, in seconds from the moment
    it is asked; then TimeoutError."""
    token = _left.set(left)
    try:
        yield
    finally:
        _left.reset(token)


class _Reads(io.RawIOBase):
    """The socket's bytes, each read with what time is left."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._sock = sock
        self._left = left
        # The socket's own file: as long as it is open, closing the connection leaves the answer readable.
        self._raw: Any = sock.makefile("rb", buffering=0)
        self._count = 0

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return int(self._raw.fileno())

    def readinto(self, buffer: Any) -> int | None:
        left = self._left()
        # What TLS has read already is no longer to be seen on the socket.
        while left > 0 and not getattr(self._sock, "pending", int)():
            if wait_for_read(self._sock, min(left, SLICE_SECONDS)):
                break
            left = min(left - SLICE_SECONDS, self._left())
        if left <= 0:
            raise TimeoutError("the time of the call is over")
        self._sock.settimeout(left)
        count: int | None = self._raw.readinto(buffer)
        self._count += count or 0
        if self._count > MOST_BYTES:
            raise OSError("the answer has no end")
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Readable:
    """As much of a socket as http.client's response asks for."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._sock = sock
        self._left = left

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reads(self._sock, self._left))


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: Any, *arguments: Any, **more: Any) -> None:
        left = _left.get()
        super().__init__(sock if left is None else _Readable(sock, left), *arguments, **more)  # type: ignore[arg-type]


class _HTTPConnection(urllib3.connection.HTTPConnection):
    response_class = _Response


class _HTTPSConnection(urllib3.connection.HTTPSConnection):
    response_class = _Response


class _HTTPPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


_POOLS = {"http": _HTTPPool, "https": _HTTPSPool}


class DeadlineAdapter(HTTPAdapter):
    """requests' adapter, without retries of its own, on connections that know the deadline."""

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        super().init_poolmanager(*arguments, **more)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **more)
        if isinstance(manager, urllib3.ProxyManager) and not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOLS
        return manager
