"""`roma` and `roma-emulator` as processes that need no imports: a server has the modules, and forks for each run.

A run has its own process, environment, arguments and streams, as one that was started the long way; it is saved the two
seconds of importing. What is about imports, process groups or a terminal is started the long way.
"""

from __future__ import annotations

import atexit
import importlib
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

_LAUNCHER = Path(__file__).with_name("warm_launcher.py")
_ROOT = Path(__file__).parents[2]
ROMA = "roma_provider.cli.main"
EMULATOR = "roma_provider.emulator.control.cli"
_PRELOADED = {
    ROMA: (
        "roma_provider.cli.watch.command",
        "roma_provider.cli.watch.views",
        "roma_provider.cli.doctor.command",
        "roma_provider.api.client",
        "rich.console",
        "rich.live",
        "rich.table",
        "typer",
    ),
    EMULATOR: ("roma_provider.emulator.control.server",),
}


@cache
def warm_program(module: str) -> list[str]:
    """The command line of a module's `main`; its server is started with the first use, and ends with this process."""
    folder = tempfile.TemporaryDirectory(prefix="warm-")
    address = str(Path(folder.name) / "socket")
    server = subprocess.Popen(
        [sys.executable, "-m", __name__, module, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT
    )
    assert server.stdin is not None
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    server.stdout.close()

    def end(stdin: Any = server.stdin) -> None:
        stdin.close()
        server.wait()
        folder.cleanup()

    atexit.register(end)
    # -I and -S: nothing but the standard library, which starts in no time.
    return [sys.executable, "-I", "-S", str(_LAUNCHER), address]


def _serve(module: str, address: str) -> None:
    for name in (module, *_PRELOADED[module]):
        importlib.import_module(name)
    assert threading.active_count() == 1, "a fork would lose the other threads"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        os.write(1, b"ready\n")
        number = listener.fileno()
        while number in select.select([number, 0], [], [])[0]:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _keep(module, connection)
            connection.close()


def _keep(module: str, connection: socket.socket) -> None:
    """Start the run that a launcher asks for, and tell it the pid and, in the end, the wait status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(connection, 4, 3)
    asked = json.loads(_exactly(connection, int.from_bytes(size, "big")))
    pid = os.fork()
    if pid == 0:
        connection.close()
        _run(module, asked, streams)
    for descriptor in streams:
        os.close(descriptor)
    connection.sendall(pid.to_bytes(4, "big"))
    threading.Thread(target=_end_with, args=(connection, pid), daemon=True).start()
    _, status = os.waitpid(pid, 0)
    connection.sendall(status.to_bytes(4, "big"))
    os._exit(0)


def _end_with(connection: socket.socket, pid: int) -> None:
    """Kill a run whose launcher was killed."""
    connection.recv(1)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _exactly(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        received += connection.recv(size - len(received))
    return received


def _run(module: str, asked: dict[str, Any], streams: list[int]) -> None:
    """In the run's own process: what the start of an interpreter sets up, then the program, to its end."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.argv = [module, *asked["arguments"]]
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "utf-8").partition(":")
    sys.stdin = io.TextIOWrapper(open(0, "rb"), encoding)  # noqa: SIM115
    sys.stdout = io.TextIOWrapper(open(1, "wb"), encoding, errors or "strict")  # noqa: SIM115
    sys.stderr = io.TextIOWrapper(open(2, "wb"), encoding, "backslashreplace", line_buffering=True)  # noqa: SIM115
    code: Any = 0
    try:
        code = importlib.import_module(module).main() or 0
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:  # noqa: BLE001 - as an interpreter does with it
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code))


if __name__ == "__main__":
    _serve(*sys.argv[1:])
