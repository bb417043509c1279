"""A ROMA Connect of a few lines that can be made to answer anything; the emulator is honest."""

from __future__ import annotations

import json
import re
import threading
import unicodedata
import uuid
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from tests.support.fakes import OTHER_ID, body

if TYPE_CHECKING:
    from typing_extensions import Self

Said: TypeAlias = "tuple[int, object]"
"""A status, and a body: bytes as they are, anything else as JSON."""

# Categories of characters that no terminal, and no log, may be sent.
OBEYED = ("Cc", "Cf", "Cs", "Zl", "Zp")
STRANGER = {"id": OTHER_ID, "name": "production", "status": "RUNNING"}
_ROUTES = (
    ("create", "POST", r"/v[13]/[^/]+/(roma/)?instances"),
    ("list", "GET", r"/v2/[^/]+/instances"),
    ("roma_list", "GET", r"/v3/[^/]+/roma/instances"),
    ("process", "GET", r"/v2/[^/]+/instances/(?P<id>[^/]+)/process"),
    ("delete", "DELETE", r"/v1/[^/]+/roma/instances/(?P<id>[^/]+)"),
)


def clean(text: str) -> None:
    """What a terminal, or a CI system that reads the log, would not obey; and no error that is not ours."""
    assert "Traceback" not in text
    assert "internal error" not in text
    # The engine's own colours are off.
    assert not [char for char in text if unicodedata.category(char) in OBEYED and char not in "\n\t"]
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert "##[" not in text
    assert "##vso[" not in text


class Lies:
    """``says`` has, by operation (create, list, roma_list, process, delete), what is said in place of the truth: a
    function of the truth's body and the id that was asked for."""

    def __init__(self) -> None:
        self.instances: dict[str, dict[str, Any]] = {OTHER_ID: dict(STRANGER)}
        self.headers: dict[str, str] = {}
        self.says: dict[str, Callable[[Any, str], Said]] = {}
        self.posts = 0
        self.deleted: list[str] = []
        self.made: list[str] = []
        self.status = "RUNNING"
        self._lock = threading.Lock()

    @staticmethod
    def operation(method: str, path: str) -> str:
        """What a request asks for; "" for anything else."""
        return next((name for name, verb, pattern in _ROUTES if verb == method and re.fullmatch(pattern, path)), "")

    def answer(self, method: str, path: str, sent: bytes) -> Said:
        """What is said to a request."""
        for operation, verb, pattern in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match is not None and verb == method:
                asked = match.groupdict().get("id") or ""
                with self._lock:
                    truth = getattr(self, f"_{operation}")(asked, sent)
                say = self.says.get(operation)
                return truth if say is None else say(truth[1], asked)
        return 404, {"error_code": "APIGW.0101", "error_msg": "no such path"}

    def _create(self, _asked: str, sent: bytes) -> Said:
        self.posts += 1
        made = str(uuid.uuid4())
        order = json.loads(sent)
        self.made.append(made)
        self.instances[made] = {"id": made, "name": order["name"], "status": self.status}
        return 200, {"instance_id": made}

    def _list(self, _asked: str, _sent: bytes) -> Said:
        listed = list(self.instances.values())
        return 200, {"total": len(listed), "size": len(listed), "instances": listed}

    _roma_list = _list

    def _process(self, asked: str, _sent: bytes) -> Said:
        one = self.instances.get(asked)
        if one is None:
            return 404, {"error_code": "APIC.7302", "error_msg": "no such instance"}
        return 200, {**body(one["status"], instanceId=asked, name=one["name"]), "instance_id": asked}

    def _delete(self, asked: str, _sent: bytes) -> Said:
        self.deleted.append(asked)
        return (204, b"") if self.instances.pop(asked, None) else (404, {"error_code": "APIC.7302"})

    @property
    def ours(self) -> list[str]:
        """The instances that were made."""
        return [one for one in self.instances if one != OTHER_ID]


class _Server(ThreadingHTTPServer):
    request_queue_size = 256

    def handle_error(self, *_about: Any) -> None:
        """A client goes away where an answer is too large."""


class Hostile(Lies):
    """The same by HTTP; a context."""

    def __init__(self) -> None:
        super().__init__()
        hostile = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, said = hostile.answer(self.command, urlsplit(self.path).path, sent)
                data = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = answer  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._http = _Server(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class HostileProjects(Hostile):
    """A world of its own for each project: what is said may differ by what is asked for, lists included."""

    def __init__(self, projects: Iterable[str]) -> None:
        super().__init__()
        self.worlds = {project: Lies() for project in projects}

    def answer(self, method: str, path: str, sent: bytes) -> Said:
        """By the project in the path."""
        return self.worlds[path.split("/")[2]].answer(method, path, sent)
