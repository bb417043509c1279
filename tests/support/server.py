"""A server of a few lines, for the tests of transport."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def raw(status: int, body: str | bytes = b"", *headers: str) -> bytes:
    """An answer as it is on the wire."""
    sent = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Reason", "Connection: close", f"Content-Length: {len(sent)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + sent


class Server:
    """Answers requests with the raw bytes of ``first``, one after another, then of ``reply``; None keeps
    silent until the end. With ``drip``, that many seconds lie between two bytes of an answer, but for the
    first ``at_once``."""

    def __init__(self) -> None:
        self.first: list[bytes | None] = []
        self.reply: bytes | None = b""
        self.drip = 0.0
        self.at_once = 0
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.over = threading.Event()
        self.lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {k.lower(): v for k, v in self.headers.items()}
                server.requests.append((self.command, self.path, headers, body))
                self.close_connection = True
                reply = server.choose(headers)
                if reply is None:
                    server.over.wait(10)
                elif server.drip:
                    self.drip(reply)
                else:
                    self.wfile.write(reply)

            def drip(self, reply: bytes) -> None:
                self.wfile.write(reply[: server.at_once])
                for byte in reply[server.at_once :]:
                    try:
                        self.wfile.write(bytes([byte]))
                    except OSError:
                        return
                    if server.over.wait(server.drip):
                        return

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_CONNECT = answer  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def choose(self, _headers: dict[str, str]) -> bytes | None:
        """The answer to a request."""
        with self.lock:
            return self.first.pop(0) if self.first else self.reply

    @property
    def host(self) -> str:
        """With its port."""
        return f"127.0.0.1:{self.port}"

    @property
    def endpoint(self) -> str:
        return f"http://{self.host}"

    def answers(self, status: int, body: str | bytes = b"", *headers: str) -> None:
        self.reply = raw(status, body, *headers)

    def close(self) -> None:
        self.over.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
