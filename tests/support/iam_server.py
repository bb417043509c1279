"""IAM and an API behind it in a few lines, which count what they are asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class IamServer:
    """Gives out tokens ``token-1``, ``token-2``, …; its API takes those in ``good``, unless it is ``refusing``.
    While ``open`` is cleared POST has no answer. ``status`` is what POST answers, with ``refused`` to that method
    only."""

    def __init__(self) -> None:
        self.lifetime = "24h"
        self.status = 201
        self.refused: str | None = None
        self.asked: list[dict[str, Any]] = []
        self.queries: list[dict[str, list[str]]] = []
        self.projects: list[dict[str, Any]] = []
        self.good: set[str] = set()
        self.refusing = False
        self.statuses: list[int] = []
        self.open = threading.Event()
        self.open.set()
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"serving": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def times(self) -> dict[str, Any]:
        """issued_at and expires_at, by a clock that is far from everybody else's."""
        ends = {
            "24h": "2019-02-14T06:52:13.855000Z",
            "100s": "2019-02-13T06:53:53.855000Z",
            "none": None,
            "bad": "soon",
        }
        return {"issued_at": "2019-02-13T06:52:13.855000Z", "expires_at": ends[self.lifetime]}

    def close(self) -> None:
        self.open.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


@contextmanager
def serving_iam() -> Iterator[IamServer]:
    server = IamServer()
    try:
        yield server
    finally:
        server.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    serving: IamServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.serving.lock:
            self.serving.asked.append({"path": self.path, "headers": dict(self.headers), **body})
            count = len(self.serving.asked)
        identity = body["auth"]["identity"]
        self.serving.open.wait(20)
        if self.serving.status != 201 and self.serving.refused in (None, *identity["methods"]):
            # What IAM repeats of a secret must not be shown.
            secret = identity["password"]["user"]["password"] if "password" in identity else str(dict(self.headers))
            said = f"no: {secret}"
            error = {"error": {"code": self.serving.status, "message": said, "title": "Refused"}}
            self.answer(self.serving.status, error)
            return
        with self.serving.lock:
            self.serving.good = {f"token-{count}"}
        self.answer(201, {"token": self.serving.times()}, {"X-Subject-Token": f"token-{count}"})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/v3/projects":
            query = parse_qs(parts.query)
            self.serving.queries.append(query)
            names = query.get("name")
            found = [entry for entry in self.serving.projects if names is None or entry["name"] in names]
            self.answer(200, {"links": {}, "projects": found})
            return
        good = self.headers.get("X-Auth-Token") in self.serving.good and not self.serving.refusing
        status = 200 if good else 401
        with self.serving.lock:
            self.serving.statuses.append(status)
        self.answer(status, {} if status == 200 else {"error_code": "APIGW.0307", "error_msg": "old"})

    def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        pass
