"""`roma-emulator` on a database, as a process that can be killed, stopped, and started again at its address."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

from roma_provider.emulator import Control
from tests.campaign.plan import Plan
from tests.engine.running import MARK, end_marked


class ServedEmulator:
    """From the start to `close`, or as a context manager."""

    def __init__(self, database: Path, plan: Plan) -> None:
        database.parent.mkdir(parents=True, exist_ok=True)
        self._database = database
        self._plan = plan
        self._mark = uuid.uuid4().hex
        self._process: subprocess.Popen[str] | None = None
        self.url = ""
        try:
            self.start()
            self.control.settings(deletion_seconds=plan.deletion_seconds)
        except BaseException:
            self.close()
            raise

    @property
    def control(self) -> Control:
        return Control(self.url)

    def start(self) -> None:
        """Serve; again at the same port, after the first time."""
        port = self.url.rpartition(":")[2] or "0"
        module = [sys.executable, "-m", "roma_provider.emulator.control.cli", "serve"]
        times = [
            f"--creation-seconds={self._plan.creation_seconds}",
            f"--list-lag-seconds={self._plan.list_lag_seconds}",
        ]
        self._process = subprocess.Popen(
            [*module, f"--port={port}", f"--database={self._database}", *times],
            env={**os.environ, MARK: self._mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert "http" in line, f"the emulator did not start: {line!r}"
        self.url = line.split(" (")[0].rpartition(" ")[2]
        self._make_slow()

    def _make_slow(self) -> None:
        if self._plan.slow == "nothing":
            return
        when = "after" if self._plan.slow == "the answer" else "instead"
        for operation in ("create_instance", "delete_instance"):
            self.control.add_fault(operation, times=None, when=when, delay_seconds=0.3)  # type: ignore[arg-type]

    def kill(self) -> None:
        """`kill -9`."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def stop(self) -> None:
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def close(self) -> None:
        if self._process is not None:
            self.kill()
        end_marked(self._mark)

    def __enter__(self) -> ServedEmulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
