"""A server of a few lines, for the tests of transport."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server:
    """Answers every request with the raw bytes of ``reply``; None keeps silent until the end."""

    def __init__(self) -> None:
        self.reply: bytes | None = b""
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                self.close_connection = True
                if server.reply is None:
                    server.over.wait(10)
                else:
                    self.wfile.write(server.reply)

            do_GET = do_POST = do_DELETE = answer  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self, status: int, body: str | bytes = b"", *headers: str) -> None:
        raw = body.encode() if isinstance(body, str) else body
        lines = [f"HTTP/1.1 {status} Reason", "Connection: close", f"Content-Length: {len(raw)}", *headers, "", ""]
        self.reply = "\r\n".join(lines).encode() + raw

    def close(self) -> None:
        self.over.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
