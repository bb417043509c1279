"""tools/engine.py as a process, with `pulumi` and `go` played by scripts: what it decides, builds, says."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.support.until import wait_until

ENGINE = Path(__file__).resolve().parents[2] / "tools" / "engine.py"
COMPANIONS = ("pulumi-language-python", "pulumi-resource-pulumi-python")
BUILT = {"pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python"}

# Logs its builds, which write their -o file; answers `go env` and `go list`. $GO_MODE: ok, fail, hang.
GO = """#!/bin/sh
if [ "$1" = env ]; then echo "$GO_VERSION"; echo "$GO_TOOLCHAIN"; exit 0; fi
if [ "$1" = list ]; then echo "$GO_SDK"; exit 0; fi
echo "${PWD##*/}: $*" >> "$GO_LOG"
echo "go: downloading example.org/module v1.0.0" >&2
echo "internal/cpu" >&2
echo "example.org/module/v2/package" >&2
if [ "$GO_MODE" = fail ]; then echo "package.go:7:1: the canary error" >&2; exit 1; fi
while [ "$GO_MODE" = hang ] && [ ! -e "$GO_GATE" ]; do sleep 0.02; done
while [ "$1" != -o ]; do shift; done
echo built > "$2"
"""


class Machine:
    """A temporary machine: PATH folder, home, cache, and a Go that only pretends."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.home = folder / "home"
        self.cache = folder / "cache"
        self.go_log = folder / "go.log"
        self.gate = folder / "gate"
        sdk = folder / "sdk"
        for needed in (self.bin, self.home, sdk / "python" / "cmd", sdk / "python" / "dist"):
            needed.mkdir(parents=True)
        for name in ("cmd/pulumi-language-python-exec", "dist/pulumi-resource-pulumi-python"):
            script = sdk / "python" / name
            script.write_text(f"#!/bin/sh\n# {name}\n")
            script.chmod(0o444)  # as in Go's module cache
        (self.bin / "sleep").symlink_to(shutil.which("sleep") or "/bin/sleep")
        self.environment = {
            "PATH": str(self.bin),  # nothing of the system's, which may have a Go or a Pulumi
            "HOME": str(self.home),
            "ROMA_PROVIDER_CACHE": str(self.cache),
            "GO_VERSION": "go1.99.0",
            "GO_TOOLCHAIN": "auto",
            "GO_SDK": str(sdk),
            "GO_LOG": str(self.go_log),
            "GO_MODE": "ok",
            "GO_GATE": str(self.gate),
        }

    def script(self, name: str, text: str, folder: Path | None = None) -> Path:
        path = (folder or self.bin) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path

    def pulumi(self, version: str, companions: tuple[str, ...] = COMPANIONS) -> None:
        self.script("pulumi", f"#!/bin/sh\necho {version}\n")
        for name in companions:
            self.script(name, "#!/bin/sh\n")

    def go(self, version: str = "go1.99.0", toolchain: str = "auto") -> None:
        self.script("go", GO)
        self.environment |= {"GO_VERSION": version, "GO_TOOLCHAIN": toolchain}

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(ENGINE)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self) -> subprocess.CompletedProcess[str]:
        process = self.start()
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess([], process.returncode, out, err)

    def built(self) -> Path:
        (engine,) = self.cache.glob("engine-*")
        return engine / "bin"

    def left_in_cache(self) -> list[str]:
        return sorted(path.name for path in self.cache.iterdir()) if self.cache.exists() else []

    def builds(self) -> list[str]:
        return self.go_log.read_text().splitlines() if self.go_log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize(
    "version",
    ["v3.259.0", "3.259.0", "v3.259.1", "v3.300.0-alpha.1", "v4.0.0", "'update available' v3.260.2"],
)
def test_a_pulumi_on_path_that_is_new_enough_is_used_as_it_is(machine: Machine, version: str) -> None:
    machine.pulumi(version)
    machine.go()
    ran = machine.run()
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "\n", "")
    assert machine.builds() == []


@pytest.mark.parametrize("version", ["v3.258.9", "v3.259.0-alpha.1", "v2.999.0", "3.99.0", "''", "dev"])
def test_an_older_or_nameless_pulumi_is_passed_over_with_a_reason(machine: Machine, version: str) -> None:
    machine.pulumi(version)
    machine.go()
    ran = machine.run()
    assert ran.returncode == 0
    assert ran.stdout == f"{machine.built()}\n"
    reason = "tells no version" if version in ("''", "dev") else "and v3.259.0 or newer is needed"
    assert f"Not used: the pulumi on PATH ({machine.bin / 'pulumi'})" in ran.stderr
    assert reason in ran.stderr


@pytest.mark.parametrize("missing", COMPANIONS)
def test_a_pulumi_that_cannot_run_python_is_passed_over(machine: Machine, missing: str) -> None:
    machine.pulumi("v3.259.0", tuple(name for name in COMPANIONS if name != missing))
    machine.go()
    ran = machine.run()
    assert ran.stdout == f"{machine.built()}\n"
    assert f"cannot run Python: {missing} not found beside it" in ran.stderr


def test_companions_may_be_beside_the_pulumi_that_a_link_on_path_points_to(machine: Machine, tmp_path: Path) -> None:
    real = tmp_path / "opt"
    machine.script("pulumi", "#!/bin/sh\necho v3.259.0\n", real)
    for name in COMPANIONS:
        machine.script(name, "#!/bin/sh\n", real)
    (machine.bin / "pulumi").symlink_to(real / "pulumi")
    ran = machine.run()
    assert (ran.returncode, ran.stdout) == (0, "\n")


def test_a_pulumi_that_does_not_run_is_passed_over(machine: Machine) -> None:
    machine.script("pulumi", "#!/no/such/interpreter\n")
    machine.go()
    ran = machine.run()
    assert ran.returncode == 0
    assert "does not run" in ran.stderr


def test_the_engine_is_built_once_with_all_it_needs(machine: Machine) -> None:
    machine.go()
    ran = machine.run()
    folder = machine.built()
    assert ran.stdout == f"{folder}\n"
    assert {path.name for path in folder.iterdir()} == BUILT
    scripts = [folder / "pulumi-language-python-exec", folder / "pulumi-resource-pulumi-python"]
    assert [script.stat().st_mode & 0o777 for script in scripts] == [0o755, 0o755]
    assert machine.left_in_cache() == [folder.parent.name, "lock"]
    first, second = machine.builds()
    assert first.startswith("pulumi: build -v -ldflags -s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version")
    assert first.endswith("/pkg/v3/cmd/pulumi")
    assert second.startswith("language-host: build ")
    assert second.endswith("/python/cmd/pulumi-language-python")
    assert folder.parent.name.startswith("engine-v3.259.0-")

    assert "packages compiled: 4," in ran.stderr
    said_first = ran.stderr.splitlines()[0]
    assert said_first == f"Building the Pulumi engine v3.259.0 once, into {folder.parent}."
    assert "320 MB" in ran.stderr

    again = machine.run()
    assert (again.stdout, again.stderr) == (f"{folder}\n", "")
    assert len(machine.builds()) == 2


def test_a_built_engine_needs_no_go(machine: Machine) -> None:
    machine.go()
    machine.run()
    (machine.bin / "go").unlink()
    assert machine.run().stdout == f"{machine.built()}\n"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"ROMA_PROVIDER_CACHE": "{}/own"}, "own"),
        ({"XDG_CACHE_HOME": "{}/xdg"}, "xdg/roma-provider"),
        ({"XDG_CACHE_HOME": ""}, ".cache/roma-provider"),
        ({}, ".cache/roma-provider"),
    ],
)
def test_where_the_cache_is(machine: Machine, variables: dict[str, str], expected: str) -> None:
    machine.go()
    del machine.environment["ROMA_PROVIDER_CACHE"]
    machine.environment |= {key: value.format(machine.home) for key, value in variables.items()}
    assert Path(machine.run().stdout).parent.parent == machine.home / expected


def test_neither_pulumi_nor_go_names_both_ways(machine: Machine) -> None:
    ran = machine.run()
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("No Pulumi engine: no Go on PATH.\n")
    assert "https://www.pulumi.com/docs/install/" in ran.stderr
    assert "https://go.dev/doc/install" in ran.stderr
    assert machine.left_in_cache() == []


@pytest.mark.parametrize(
    ("version", "toolchain", "builds"),
    [
        ("go1.25.11", "local", True),
        ("go1.26.0", "local", True),
        ("go1.25.10", "auto", True),
        ("go1.21.0", "auto", True),
        ("go1.21.0", "go1.23.1+auto", True),
        ("go1.25.10", "local", False),
        ("go1.24.9", "path", False),
        ("go1.20.14", "", False),
        ("devel", "", False),
    ],
)
def test_which_go_can_build(machine: Machine, version: str, toolchain: str, builds: bool) -> None:
    machine.go(version, toolchain)
    ran = machine.run()
    assert (ran.returncode == 0) == builds, ran.stderr
    assert bool(machine.builds()) == builds
    if not builds:
        assert "Traceback" not in ran.stderr
        reason = "tells no version" if version == "devel" else f"is {version.removeprefix('go')}, older than 1.25.11"
        assert reason in ran.stderr
        assert ("GOTOOLCHAIN=local keeps it" in ran.stderr) == (toolchain == "local")


def test_a_failed_build_shows_go_s_error_and_leaves_nothing(machine: Machine) -> None:
    machine.go()
    machine.environment["GO_MODE"] = "fail"
    ran = machine.run()
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "failed in tools/pulumi:\npackage.go:7:1: the canary error\n" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert machine.left_in_cache() == ["lock"]
    machine.environment["GO_MODE"] = "ok"
    assert machine.run().returncode == 0


def _words(process: psutil.Process) -> str:
    return " ".join(process.info["cmdline"] or [])


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_build_leaves_nothing_and_no_go(machine: Machine, number: signal.Signals, code: int) -> None:
    machine.go()
    machine.environment["GO_MODE"] = "hang"
    process = machine.start()
    wait_until(lambda: bool(machine.builds()), "a build")
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in err
    assert machine.left_in_cache() == ["lock"]
    assert [other.pid for other in psutil.process_iter(["cmdline"]) if str(machine.cache) in _words(other)] == []


def test_what_a_killed_build_left_is_removed_by_the_next(machine: Machine) -> None:
    machine.go()
    (machine.cache / ".building-killed" / "bin").mkdir(parents=True)
    assert machine.run().returncode == 0
    assert machine.left_in_cache() == [machine.built().parent.name, "lock"]


def test_two_at_once_build_once(machine: Machine) -> None:
    machine.go()
    machine.environment["GO_MODE"] = "hang"
    first = machine.start()
    wait_until(lambda: bool(machine.builds()), "a build")
    second = machine.start()
    assert second.stderr is not None
    assert second.stderr.readline() == "Another process is building the Pulumi engine; waiting for it.\n"
    machine.gate.touch()
    outs = [process.communicate(timeout=60)[0] for process in (first, second)]
    assert outs == [f"{machine.built()}\n"] * 2
    assert len(machine.builds()) == 2  # the CLI and the language host, each once


def test_a_cache_that_cannot_be_written_is_named(machine: Machine) -> None:
    machine.go()
    machine.cache.write_text("a file where the folder should be")
    ran = machine.run()
    assert ran.returncode == 1
    assert "ROMA_PROVIDER_CACHE" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_on_a_terminal_the_progress_is_one_line_that_is_rewritten(machine: Machine) -> None:
    machine.go()
    machine.environment["GO_MODE"] = "hang"
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(ENGINE)], env=machine.environment, stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    while b"compiled 2 of about 1,950 packages" not in shown:
        shown += os.read(ours, 4096)
    machine.gate.touch()
    while b"done after" not in shown:
        shown += os.read(ours, 4096)
    process.communicate(timeout=60)
    os.close(ours)
    rewritten = shown.decode().split("takes 133 MB.\r\n", 1)[1]
    assert rewritten.startswith("\r  compiled 2 of about")
    assert rewritten.count("\n") <= 1
