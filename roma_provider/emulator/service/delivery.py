"""How an answer goes down the wire: whole, or reset, cut short, or byte by byte."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Mapping
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ..core.refusals import Answer


def encoded(answer: Answer) -> tuple[bytes, dict[str, str]]:
    """The body's bytes, and the headers with its content type. Text is sent as it is."""
    if answer.body is None:
        return b"", dict(answer.headers)
    if isinstance(answer.body, str):
        kind = "text/html" if answer.body.lstrip().startswith("<") else "text/plain"
        return answer.body.encode(), {"Content-Type": f"{kind};charset=utf-8", **answer.headers}
    # Half a surrogate pair, which JSON can hold and UTF-8 cannot, goes back out as the escape it came in as.
    text = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    body = text.encode("utf-8", "backslashreplace")
    return body, {"Content-Type": "application/json;charset=utf-8", **answer.headers}


def _transport(scope: Scope) -> asyncio.Transport:
    transport: asyncio.Transport = scope["state"]["transport"]
    return transport


async def disconnected(receive: Receive) -> None:
    """Wait until the client has gone (or was thrown out)."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def pause(receive: Receive, *awaited: Awaitable[Any], seconds: float | None = None) -> bool:
    """Wait until one of `awaited` is done or the seconds are over. False if the client has gone by then."""
    gone = asyncio.ensure_future(disconnected(receive))
    others = [asyncio.ensure_future(one) for one in awaited]
    try:
        await asyncio.wait([gone, *others], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return not gone.done()
    finally:
        for task in (gone, *others):
            task.cancel()
        await asyncio.gather(gone, *others, return_exceptions=True)


class ResetResponse(Response):
    """No answer: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = _transport(scope)
        connection: socket.socket | None = transport.get_extra_info("socket")
        if connection is not None:
            # With no time to linger, closing sends RST in place of FIN, which is what clients see as
            # "connection reset".
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        # To return before the transport has told uvicorn would count as a handler that forgot to answer.
        await disconnected(receive)


class CutResponse(Response):
    """An answer that ends, with its connection, after `size` bytes of the body that its headers promise."""

    def __init__(self, content: bytes, size: int, status_code: int, headers: Mapping[str, str]) -> None:
        super().__init__(content, status_code, dict(headers))
        self._size = size
        self.headers["content-length"] = str(max(len(content), size + 1))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": bytes(self.body)[: self._size], "more_body": True})
        _transport(scope).close()
        await disconnected(receive)


class DripResponse(Response):
    """An answer that comes byte by byte; it ends early when the emulator stops."""

    def __init__(
        self,
        content: bytes,
        seconds: float,
        stopping: asyncio.Event,
        status_code: int,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(content, status_code, dict(headers))
        self._seconds = seconds
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        body = bytes(self.body)
        for position in range(len(body)):
            if not await pause(receive, self._stopping.wait(), seconds=self._seconds):
                return
            if self._stopping.is_set():
                _transport(scope).close()
                await disconnected(receive)
                return
            await send({"type": "http.response.body", "body": body[position : position + 1], "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
