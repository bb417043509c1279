"""Go, and the building of one part with it."""

from __future__ import annotations

import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.engines.parts import OLDEST, SDK, Cost, EngineError, Part, minutes, needed_go, total

INSTALL = "https://www.pulumi.com/docs/install/"
NO_GO = "no Go on PATH"
PLAIN_REPORT_SECONDS = 20.0
TERMINAL_REPORT_SECONDS = 0.5
ENDING = (signal.SIGINT, signal.SIGTERM)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def find_go(parts: Sequence[Part]) -> str:
    """The path of a Go that can build the parts. EngineError where there is none."""
    go, needed = shutil.which("go"), needed_go(parts)
    if go is None:
        raise EngineError(no_engine(NO_GO, parts))
    command = [go, "env", "GOVERSION", "GOTOOLCHAIN"]
    answer = subprocess.run(command, capture_output=True, text=True, cwd="/", stdin=subprocess.DEVNULL)
    version, _, toolchain = answer.stdout.strip().partition("\n")
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    if answer.returncode != 0 or found is None:
        raise EngineError(no_engine(f"the Go on PATH ({go}) tells no version", parts))
    have = tuple(int(part or 0) for part in found.groups())
    if have >= tuple(int(part) for part in needed.split(".")):
        return go
    # Since 1.21 Go fetches the toolchain that go.mod asks for, unless it was told not to.
    if have >= (1, 21, 0) and not toolchain.startswith(("local", "path")):
        return go
    reason = f"the Go on PATH ({go}) is {found[0]}, older than {needed}"
    kept = f", and GOTOOLCHAIN={toolchain} keeps it from fetching that one" if have >= (1, 21, 0) else ""
    raise EngineError(no_engine(reason + kept, parts))


def no_engine(reason: str, parts: Sequence[Part]) -> str:
    takes = minutes(total(parts).seconds)
    return (
        f"No Pulumi engine: {reason}.\n"
        "Do one of these, then run the same command again:\n"
        f"  - install Pulumi {OLDEST} or newer and put it on PATH: {INSTALL}\n"
        f"  - install Go {needed_go(parts)} or newer (or any from 1.21 on that may fetch it: GOTOOLCHAIN=auto)\n"
        f"    and put it on PATH: https://go.dev/doc/install; the engine is then built in {takes}."
    )


@dataclass
class Progress:
    """Counts the lines of `go build -v` and shows them: rewritten on a terminal, now and then elsewhere."""

    cost: Cost
    started: float = field(default_factory=time.monotonic)
    terminal: bool = field(default_factory=lambda: sys.stderr.isatty())
    downloaded: int = 0
    compiled: int = 0
    reported: float = 0.0
    width: int = 0

    def line(self, text: str) -> None:
        downloads = text.startswith("go: downloading ")
        self.downloaded, self.compiled = self.downloaded + downloads, self.compiled + (not downloads)

    def show(self, now: float, final: bool = False) -> None:
        every = TERMINAL_REPORT_SECONDS if self.terminal else PLAIN_REPORT_SECONDS
        if not final and now - (self.reported or self.started) < every:
            return
        self.reported = now
        seconds = f"{now - self.started:.0f} s"
        if self.downloaded and not self.compiled:
            text = f"  downloaded {self.downloaded} of about {self.cost.modules} Go modules, {seconds}"
        else:
            text = f"  compiled {self.compiled:,} of about {self.cost.packages:,} packages, {seconds}"
        if final:
            text = f"  done after {seconds}; packages compiled: {self.compiled:,}, the others were in Go's cache"
        if self.terminal:
            print("\r" + text.ljust(self.width), end="\n" if final else "", file=sys.stderr, flush=True)
            self.width = len(text)
        else:
            say(text)


def build_part(go: str, part: Part, target: Path, progress: Progress) -> None:
    """Builds the part's programs into the folder `target`, and copies its scripts there."""
    for program in part.programs:
        _run_build(go, part, program, target / Path(program).name, progress)
    if part.scripts:
        _copy_scripts(go, part, target)


def _environment() -> dict[str, str]:
    # Of the user's own projects, a workspace, a vendor mode or version stamping has no say in this build.
    return {**os.environ, "GOWORK": "off", "GOFLAGS": "-mod=readonly -buildvcs=false"}


def _run_build(go: str, part: Part, program: str, output: Path, progress: Progress) -> None:
    command = [go, "build", "-v", "-ldflags", part.linker_flags, "-o", str(output), program]
    environment, nowhere = _environment(), subprocess.DEVNULL
    # A signal that came while it is started would leave a `go` that nobody knows.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, cwd=part.folder, env=environment, stdin=nowhere, stdout=nowhere, stderr=pipe, preexec_fn=_release
    )
    problems: list[str] = []
    try:
        _release()
        for text in _lines_of(process, progress):
            if text.startswith("go: downloading ") or re.fullmatch(r"[\w.~+-]+(/[\w.~+-]+)*", text):
                progress.line(text)
            else:
                problems.append(text)
        code = process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    if code != 0:
        shown = "\n".join(problems[-20:]) or f"go build ended with code {code}"
        raise EngineError(
            f"Building the Pulumi engine failed in tools/engines/modules/{part.module}:\n{shown}\n"
            "Nothing half-made was left behind; the next run starts again from what Go has cached.\n"
            f"Or install Pulumi {OLDEST} or newer and put it on PATH: {INSTALL}"
        )


def _release() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def _lines_of(process: subprocess.Popen[bytes], progress: Progress) -> Iterator[str]:
    """Lines of the process's standard error; `progress` is shown while there are none, too."""
    assert process.stderr is not None  # noqa: S101 - it was started with a pipe
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stderr, selectors.EVENT_READ)
        while True:
            if selector.select(timeout=TERMINAL_REPORT_SECONDS):
                chunk = os.read(process.stderr.fileno(), 65536)
                if not chunk:
                    break
                *complete, pending = (pending + chunk).split(b"\n")
                yield from (line.decode(errors="replace").rstrip() for line in complete)
            progress.show(time.monotonic())
    if pending:
        yield pending.decode(errors="replace")


def _copy_scripts(go: str, part: Part, target: Path) -> None:
    command = [go, "list", "-m", "-f", "{{.Dir}}", SDK]
    given, nowhere = _environment(), subprocess.DEVNULL
    answer = subprocess.run(command, cwd=part.folder, env=given, capture_output=True, text=True, stdin=nowhere)
    folder = Path(answer.stdout.strip())
    if answer.returncode != 0 or not answer.stdout.strip():
        raise EngineError(f"Building the Pulumi engine failed: Go does not find {SDK}: {answer.stderr.strip()}")
    for script in part.scripts:
        copy = target / Path(script).name
        shutil.copyfile(folder / script, copy)
        copy.chmod(0o755)
