"""Runs of a command line that can be interrupted, killed, looked into, and that leave no process behind."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

from tests.support.until import bound, wait_until

# Inherited by everything that a run starts, plugins in process groups of their own included.
MARK = "HARNESS_RUN"
DEFAULT_TIMEOUT = bound(120.0)


@dataclass(frozen=True)
class Run:
    """A run that has ended: exit code (negative: killed by that signal), both streams in order, stdout."""

    code: int
    text: str
    stdout: str


def marked_processes(mark: str) -> list[psutil.Process]:
    """The living processes whose environment carries `mark`."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def end_marked(mark: str) -> None:
    """Kills whatever carries `mark`, and waits for its end."""
    while left := marked_processes(mark):
        for process in left:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(left, timeout=10)


class Running:
    """A run of the CLI under way; as a context manager it leaves no process behind."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._mark = uuid.uuid4().hex
        self._all: list[bytes] = []
        self._out: list[bytes] = []
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, MARK: self._mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name="harness-reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def _read(self) -> None:
        with selectors.DefaultSelector() as selector:
            for stream in (self._process.stdout, self._process.stderr):
                assert stream is not None
                selector.register(stream, selectors.EVENT_READ)
            while selector.get_map():
                # Before it is looked for more to read: what it writes as it ends is read too.
                ended = self._process.poll() is not None
                ready = selector.select(timeout=0.1)
                # A plugin that outlives a killed CLI may hold the streams open.
                if not ready and ended:
                    break
                for key, _ in ready:
                    chunk = os.read(key.fd, 65536)
                    if not chunk:
                        selector.unregister(key.fileobj)
                        continue
                    with self._news:
                        self._all.append(chunk)
                        if key.fileobj is self._process.stdout:
                            self._out.append(chunk)
                        self._news.notify_all()
        with self._news:
            self._news.notify_all()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def text(self) -> str:
        """Both streams so far, in order of arrival."""
        return b"".join(self._all).decode(errors="replace")

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def interrupt(self) -> None:
        """What Ctrl-C does to the CLI (its plugins are in process groups of their own)."""
        self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """`kill -9` of the CLI alone."""
        self._process.kill()
        self._process.wait()

    def kill_with_plugin(self) -> None:
        """`kill`, and wait for the plugin, which an orphan ends by itself."""
        self.kill()
        wait_until(lambda: not self.plugin_pids(), "the end of the orphaned plugin process")

    def kill_all(self) -> None:
        """`kill -9` of everything of this run, as when the machine restarts."""
        end_marked(self._mark)
        self._process.wait()

    def processes(self) -> list[psutil.Process]:
        """Everything of this run that lives, the CLI included."""
        return marked_processes(self._mark)

    def plugin_pids(self) -> list[int]:
        """The Python processes of this run that serve resources: dynamic ones, or the plugin's."""
        pids = []
        for process in self.processes():
            try:
                command = process.cmdline()
            except psutil.Error:
                continue
            # The launcher, `sh …/pulumi-resource-pulumi-python`, is its parent.
            serves_ours = command[1:2] and Path(command[1]).name == "pulumi-resource-roma"
            if serves_ours or command[1:4] == ["-u", "-m", "pulumi.dynamic"]:
                pids.append(process.pid)
        return pids

    def kill_plugin(self) -> None:
        """`kill -9` of the plugin's Python process, once there is one."""
        wait_until(lambda: bool(self.plugin_pids()) or not self.running, "a plugin process")
        for pid in self.plugin_pids():
            os.kill(pid, signal.SIGKILL)

    def wait_for_text(self, text: str, seconds: float = DEFAULT_TIMEOUT) -> None:
        """Waits until the output holds `text`; AssertionError if it ends, or `seconds` pass, without."""
        deadline = time.monotonic() + seconds
        with self._news:
            while text not in self.text:
                left = deadline - time.monotonic()
                assert left > 0, f"no {text!r} within {seconds:g} s in:\n{self.text}"
                assert self._reader.is_alive(), f"ended without {text!r}:\n{self.text}"
                self._news.wait(min(left, 0.5))

    def wait(self, seconds: float = DEFAULT_TIMEOUT, expect: int | None = None) -> Run:
        """The finished run; AssertionError if it does not end in time, or with another code than `expect`."""
        try:
            code = self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.end()
            raise AssertionError(f"still running after {seconds:g} s:\n{self.text}") from None
        self._reader.join()
        run = Run(code, self.text, b"".join(self._out).decode(errors="replace"))
        assert expect is None or code == expect, f"exit code {code} instead of {expect}:\n{run.text}"
        return run

    def end(self) -> None:
        """Kills what is left of this run: the CLI, language hosts, plugins."""
        end_marked(self._mark)
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
