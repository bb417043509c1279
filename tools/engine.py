#!/usr/bin/env python3
"""Finds the Pulumi engine, or builds it once, and prints the folder to put first on PATH.

An empty line on standard output means that the `pulumi` of PATH is used as it is. Everything said to people
goes to standard error. Exit codes: 0, 1 (no engine, with the reason), 130 and 143 (interrupted). Needs Python
>= 3.10 and nothing beyond the standard library, so that it runs without the virtual environment.

Order: a `pulumi` on PATH of at least MINIMUM that can run Python; a build in the cache folder; a build with
Go, from the modules pinned in tools/pulumi and tools/language-host. The cache folder is
$ROMA_PROVIDER_CACHE, or else roma-provider in $XDG_CACHE_HOME, or else in ~/.cache.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

MINIMUM = "v3.259.0"  # the version of tools/pulumi/go.mod, and the one everything is tested on
TOOLS = Path(__file__).resolve().parent
MODULES = ("pulumi", "language-host")
CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
LANGUAGE_HOST = "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
SDK = "github.com/pulumi/pulumi/sdk/v3"
# Without the version, `pulumi version` prints nothing and the Automation API refuses the CLI.
LINKER_FLAGS = f"-s -w -X {SDK}/go/common/version.Version={MINIMUM}"
# Both are read-only in Go's module cache and looked for beside the CLI.
SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
# What a `pulumi` needs beside it or on PATH to run a Python program with dynamic resources.
COMPANIONS = ("pulumi-language-python", "pulumi-resource-pulumi-python")
# Measured: 289 modules, 314 MB zipped; 1,685 and 265 packages; 4 to 6 minutes on 2 cores.
PACKAGES = 1950
COST = (
    "It downloads about 320 MB of Go modules, compiles about 1,950 packages (4 to 6 minutes on 2 cores,\n"
    "less where Go has them cached), and needs about 3 GB in Go's own caches; the result takes 133 MB."
)
NO_GO = "no Go on PATH"
LOCK_POLL_SECONDS = 0.2
PLAIN_REPORT_SECONDS = 20.0
TERMINAL_REPORT_SECONDS = 0.5

ENDING = (signal.SIGINT, signal.SIGTERM)

Version = tuple[int, int, int, bool]


class EngineError(Exception):
    """No engine; the message is for the user and says what to do."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def parse_version(text: str) -> Version | None:
    """The first semantic version in `text`; its last part is False for a prerelease, which sorts lower."""
    found = re.search(r"(?<![\d.])v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?", text)
    if found is None:
        return None
    return int(found[1]), int(found[2]), int(found[3]), found[4] is None


def at_least(version: Version | None, minimum: str) -> bool:
    wanted = parse_version(minimum)
    return version is not None and wanted is not None and version >= wanted


def pulumi_on_path() -> tuple[bool, str]:
    """Whether the `pulumi` of PATH serves, and if not, why (empty where there is none)."""
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        return False, ""
    try:
        answer = subprocess.run(
            [pulumi, "version"],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, f"the pulumi on PATH ({pulumi}) does not run: {error}"
    version = parse_version(answer.stdout)
    if answer.returncode != 0 or version is None:
        return False, f"the pulumi on PATH ({pulumi}) tells no version"
    if not at_least(version, MINIMUM):
        return False, f"the pulumi on PATH ({pulumi}) is {answer.stdout.strip()}, and {MINIMUM} or newer is needed"
    beside = {Path(pulumi).parent, Path(pulumi).resolve().parent}
    search = os.pathsep.join([*map(str, beside), os.environ.get("PATH", os.defpath)])
    missing = [name for name in COMPANIONS if shutil.which(name, path=search) is None]
    if missing:
        return False, f"the pulumi on PATH ({pulumi}) cannot run Python: {' and '.join(missing)} not found beside it"
    return True, ""


def cache_folder(environment: Mapping[str, str]) -> Path:
    own = environment.get("ROMA_PROVIDER_CACHE")
    if own:
        return Path(own).expanduser().resolve()
    base = environment.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "roma-provider"


def recipe_hash() -> str:
    """Changes with the pinned modules and with this recipe, and with nothing else."""
    digest = hashlib.sha256()
    for module in MODULES:
        for name in ("go.mod", "go.sum"):
            digest.update((TOOLS / module / name).read_bytes())
    digest.update(repr((LINKER_FLAGS, CLI, LANGUAGE_HOST, SCRIPTS)).encode())
    return digest.hexdigest()[:12]


def needed_go() -> str:
    """The highest `go` line of the pinned modules, e.g. "1.25.11"."""
    lines = [re.search(r"^go (\S+)", (TOOLS / module / "go.mod").read_text(), re.M) for module in MODULES]
    return max((line[1] for line in lines if line), key=lambda text: [int(part) for part in text.split(".")])


def find_go() -> str:
    """The path of a Go that can build the engine. EngineError where there is none."""
    go = shutil.which("go")
    if go is None:
        raise EngineError(no_engine(NO_GO))
    command = [go, "env", "GOVERSION", "GOTOOLCHAIN"]
    answer = subprocess.run(command, capture_output=True, text=True, cwd="/", stdin=subprocess.DEVNULL)
    version, _, toolchain = answer.stdout.strip().partition("\n")
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    if answer.returncode != 0 or found is None:
        raise EngineError(no_engine(f"the Go on PATH ({go}) tells no version"))
    have = tuple(int(part or 0) for part in found.groups())
    if have >= tuple(int(part) for part in needed_go().split(".")):
        return go
    # Since 1.21 Go fetches the toolchain that go.mod asks for, unless it was told not to.
    if have >= (1, 21, 0) and not toolchain.startswith(("local", "path")):
        return go
    reason = f"the Go on PATH ({go}) is {found[0]}, older than {needed_go()}"
    kept = f", and GOTOOLCHAIN={toolchain} keeps it from fetching that one" if have >= (1, 21, 0) else ""
    raise EngineError(no_engine(reason + kept))


def no_engine(reason: str) -> str:
    return (
        f"No Pulumi engine: {reason}.\n"
        "Do one of these, then run the same command again:\n"
        f"  - install Pulumi {MINIMUM} or newer and put it on PATH: https://www.pulumi.com/docs/install/\n"
        f"  - install Go {needed_go()} or newer (or any from 1.21 on that may fetch it: GOTOOLCHAIN=auto)\n"
        "    and put it on PATH: https://go.dev/doc/install; the engine is then built in 4 to 6 minutes."
    )


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Holds `path` alone on this machine; waits, and says so, while another process does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        told = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    say("Another process is building the Pulumi engine; waiting for it.")
                    told = True
                time.sleep(LOCK_POLL_SECONDS)
        yield


@dataclass
class Progress:
    """Counts the lines of `go build -v` and shows them: rewritten on a terminal, now and then elsewhere."""

    started: float
    terminal: bool
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
            text = f"  downloaded {self.downloaded} of about 290 Go modules, {seconds}"
        else:
            text = f"  compiled {self.compiled:,} of about {PACKAGES:,} packages, {seconds}"
        if final:
            text = f"  done after {seconds}; packages compiled: {self.compiled:,}, the others were in Go's cache"
        if self.terminal:
            print("\r" + text.ljust(self.width), end="\n" if final else "", file=sys.stderr, flush=True)
            self.width = len(text)
        else:
            say(text)


def go_environment() -> dict[str, str]:
    # Of the user's own projects, a workspace, a vendor mode or version stamping has no say in this build.
    return {**os.environ, "GOWORK": "off", "GOFLAGS": "-mod=readonly -buildvcs=false"}


def run_build(go: str, module: str, package: str, output: Path, progress: Progress) -> None:
    command = [go, "build", "-v", "-ldflags", LINKER_FLAGS, "-o", str(output), package]
    folder, environment, nowhere = TOOLS / module, go_environment(), subprocess.DEVNULL
    # A signal that came while it is started would leave a `go` that nobody knows.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=nowhere, stdout=nowhere, stderr=pipe, preexec_fn=release
    )
    problems: list[str] = []
    try:
        release()
        for text in lines_of(process, progress):
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
            f"Building the Pulumi engine failed in tools/{module}:\n{shown}\n"
            "Nothing was left behind; the next run starts again from what Go has cached.\n"
            f"Or install Pulumi {MINIMUM} or newer and put it on PATH: https://www.pulumi.com/docs/install/"
        )


def release() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def lines_of(process: subprocess.Popen[bytes], progress: Progress) -> Iterator[str]:
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


def copy_scripts(go: str, target: Path) -> None:
    command = [go, "list", "-m", "-f", "{{.Dir}}", SDK]
    where, given, nowhere = TOOLS / "pulumi", go_environment(), subprocess.DEVNULL
    answer = subprocess.run(command, cwd=where, env=given, capture_output=True, text=True, stdin=nowhere)
    folder = Path(answer.stdout.strip())
    if answer.returncode != 0 or not answer.stdout.strip():
        raise EngineError(f"Building the Pulumi engine failed: Go does not find {SDK}: {answer.stderr.strip()}")
    for script in SCRIPTS:
        copy = target / Path(script).name
        shutil.copyfile(folder / script, copy)
        copy.chmod(0o755)


def build(go: str, engine: Path) -> None:
    """Builds into a folder beside `engine` and renames it, so that `engine` is complete if it exists."""
    for stale in engine.parent.glob(".building-*"):  # of builds that were killed: the lock is ours
        shutil.rmtree(stale)
    say(f"Building the Pulumi engine {MINIMUM} once, into {engine}.\n{COST}")
    temporary = Path(tempfile.mkdtemp(prefix=".building-", dir=engine.parent))
    try:
        temporary.chmod(0o755)
        target = temporary / "bin"
        target.mkdir()
        progress = Progress(started=time.monotonic(), terminal=sys.stderr.isatty())
        run_build(go, "pulumi", CLI, target / "pulumi", progress)
        run_build(go, "language-host", LANGUAGE_HOST, target / "pulumi-language-python", progress)
        copy_scripts(go, target)
        temporary.rename(engine)
        progress.show(time.monotonic(), final=True)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def engine_folder() -> Path | None:
    """The folder to put first on PATH; None where the `pulumi` of PATH serves. EngineError: there is none."""
    serves, reason = pulumi_on_path()
    if serves:
        return None
    cache = cache_folder(os.environ)
    engine = cache / f"engine-{MINIMUM}-{recipe_hash()}"
    if not engine.exists():
        if reason:
            say(f"Not used: {reason}.")
        go = find_go()
        with lock(cache / "lock"):
            if not engine.exists():
                build(go, engine)
    return engine / "bin"


def terminate(signum: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signum)


def main() -> int:
    signal.signal(signal.SIGTERM, terminate)
    try:
        folder = engine_folder()
    except EngineError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"No Pulumi engine: {error}. $ROMA_PROVIDER_CACHE names another folder for it.")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted; nothing half-made was left behind.")
        return 130
    print(folder or "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
