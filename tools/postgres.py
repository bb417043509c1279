#!/usr/bin/env python3
"""Serves an empty PostgreSQL on loopback and prints its URL as a Pulumi backend; ends when standard input does.

    tools/postgres.py < FIFO

Everything it makes is in a temporary folder, which it removes. PostgreSQL is that of PATH or of /usr/lib/postgresql;
where there is none it is installed by apt-get, but only where CI=true. Exit codes: 0, 3 (there is none; standard error
says why). Needs Python >= 3.10 and nothing beyond the standard library.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType
from typing import Any

NONE = 3
READY = "database system is ready to accept connections"
ROLE = "pulumi"
# What is lost when the machine fails is of no use to anybody.
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "unix_socket_directories=",
    "log_min_messages=log",
)
INSTALL = (("apt-get", "update", "-qq"), ("apt-get", "install", "-qq", "-y", "--no-install-recommends", "postgresql"))


class NoPostgresError(Exception):
    """There is none; the message says why."""


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return newest[-1].parent if newest else None


def found_or_installed() -> Path:
    folder = binaries()
    if folder is None and os.environ.get("CI") == "true" and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in INSTALL:
            subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, env=environment, check=False)
        folder = binaries()
    if folder is None:
        raise NoPostgresError("no PostgreSQL here: initdb is neither on PATH nor in /usr/lib/postgresql/*/bin")
    return folder


def server_user() -> pwd.struct_passwd | None:
    """Who runs it in place of root, as whom it refuses to run."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A cluster in `folder`, served on a free port of loopback."""

    def __init__(self, programs: Path, folder: Path, user: pwd.struct_passwd | None) -> None:
        self._as: dict[str, Any] = (
            {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        )
        self._programs, self._folder = programs, folder
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        command: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            ROLE,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        ]
        made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **self._as)
        if made.returncode != 0:
            raise NoPostgresError(f"initdb failed: {made.stderr.strip()}")
        self.port = free_port()
        settings = [part for setting in QUICK for part in ("-c", setting)]
        self._process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(self.port), *settings],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            **self._as,
        )  # fmt: skip

    def wait(self) -> str:
        """Until it answers; its URL."""
        assert self._process.stderr is not None  # noqa: S101 - it was started with a pipe
        said = []
        for line in self._process.stderr:
            said.append(line)
            if READY in line:
                # What it says from now on is of interest to nobody, but a full pipe would hold it up.
                threading.Thread(target=self._process.stderr.read, daemon=True).start()
                return f"postgres://{ROLE}@127.0.0.1:{self.port}/postgres?sslmode=disable"
        raise NoPostgresError(f"postgres did not start: {''.join(said).strip()}")

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)  # "fast": it waits for no client
        self._process.wait()


def ended(_signum: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def main() -> int:
    signal.signal(signal.SIGTERM, ended)
    signal.signal(signal.SIGINT, ended)
    # The server's user has to reach it, so it is not below a folder of root's.
    folder = Path(tempfile.mkdtemp(prefix="roma-postgres-"))
    try:
        server = Server(found_or_installed(), folder, server_user())
        try:
            print(server.wait(), flush=True)
            sys.stdin.read()
        finally:
            server.stop()
    except NoPostgresError as error:
        print(error, file=sys.stderr)
        return NONE
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
