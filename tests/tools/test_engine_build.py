"""tools/engine.py as a process, with `pulumi` and `go` played by scripts: what it builds, and what it leaves."""

from __future__ import annotations

import errno
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
from tests.tools.machine import ENGINE, Machine
from tools.engines import cache, parts


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


BUILT = {
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
    "pulumi-resource-pulumi-nodejs",
}
PARTS = ["cli-v3.274.1", "engine-v3.274.1", "lock", "python-host-v3.55.0"]
SDK = "github.com/pulumi/pulumi/sdk/v3"


def test_the_engine_is_built_once_with_all_it_needs(machine: Machine) -> None:
    machine.go()
    ran = machine.run()
    folder = machine.built()
    assert ran.stdout == f"{folder}\n"
    assert {path.name for path in folder.iterdir()} == BUILT
    scripts = [folder / name for name in sorted(BUILT) if name not in ("pulumi", "pulumi-language-python")]
    assert [script.stat().st_mode & 0o777 for script in scripts] == [0o755] * 3
    assert machine.left_in_cache() == PARTS
    first, second = machine.builds()
    stamp = f"-ldflags -s -w -X {SDK}/go/common/version.Version="
    assert first.startswith(f"cli: build -v {stamp}v3.274.1 -o ")
    assert first.endswith(" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi")
    assert second.startswith(f"hosts: build -v {stamp}v3.55.0 -o ")
    assert second.endswith(f" {SDK}/python/cmd/pulumi-language-python")
    # Links, which take no room.
    assert (folder / "pulumi").stat().st_nlink == 2

    assert "packages compiled: 4," in ran.stderr
    said_first = ran.stderr.splitlines()[0]
    assert said_first == f"Building the Pulumi engine v3.274.1 once, into {machine.cache}: cli, python-host."
    assert "takes 140 MB" in ran.stderr

    again = machine.run()
    assert (again.stdout, again.stderr) == (f"{folder}\n", "")
    assert len(machine.builds()) == 2


@pytest.mark.parametrize(
    ("host", "module", "programs"),
    [
        ("yaml", "yaml", ["pulumi-language-yaml", "pulumi-converter-yaml"]),
        ("nodejs", "hosts", ["pulumi-language-nodejs"]),
        ("go", "hosts", ["pulumi-language-go"]),
    ],
)
def test_one_more_host_is_built_alone(machine: Machine, host: str, module: str, programs: list[str]) -> None:
    machine.go()
    before = Path(machine.run().stdout.strip())
    ran = machine.run(host)
    folder = Path(ran.stdout.strip())
    assert [line.split(":")[0] for line in machine.builds()[2:]] == [module] * len(programs)
    assert {path.name for path in folder.iterdir()} == BUILT | set(programs)
    assert [(folder / name).read_text().endswith(f"/{name} of {module}\n") for name in programs] == [True] * len(
        programs
    )
    assert (folder / "pulumi").stat().st_ino == (before / "pulumi").stat().st_ino
    assert {path.name for path in before.iterdir()} == BUILT
    assert f": {host}-host.\n" in ran.stderr
    assert machine.run(host).stderr == ""


def test_another_cli_takes_the_same_hosts(machine: Machine) -> None:
    machine.go()
    machine.run()
    machine.environment["ROMA_PROVIDER_ENGINE"] = "3.259.0"
    folder = Path(machine.run().stdout.strip())
    assert [line.split(":")[0] for line in machine.builds()] == ["cli", "hosts", "cli-oldest"]
    assert (folder / "pulumi").read_text() == "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi of cli-oldest\n"
    assert machine.left_in_cache() == sorted([*PARTS, "cli-v3.259.0", "engine-v3.259.0"])


def test_all_parts_have_keys_of_their_own_that_change_with_their_pins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_parts = [*parts.CLIS.values(), parts.PYTHON, *parts.OTHER_HOSTS.values()]
    before = [part.key for part in all_parts]
    assert len(set(before)) == len(all_parts) == 6
    monkeypatch.setattr(parts, "MODULES", shutil.copytree(parts.MODULES, tmp_path / "modules"))
    assert [part.key for part in all_parts] == before
    for name in ("go.mod", "go.sum"):
        with (parts.MODULES / "yaml" / name).open("a") as file:
            file.write("\n")
        assert [part.name for part, key in zip(all_parts, before, strict=True) if part.key != key] == ["yaml-host"]
        before = [part.key for part in all_parts]


def test_where_no_links_can_be_made_the_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = parts.Wanted()
    for part in wanted.parts:
        (tmp_path / part.key).mkdir()
        (tmp_path / part.key / part.name).write_text("")
        (tmp_path / part.key / part.name).chmod(0o755)
    monkeypatch.setattr(os, "link", raise_not_permitted)
    folder = cache.engine_in(tmp_path, wanted, "")
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {"cli": 0o755, "python-host": 0o755}


def raise_not_permitted(*_arguments: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_a_built_engine_needs_no_go(machine: Machine) -> None:
    machine.go()
    machine.run()
    (machine.bin / "go").unlink()
    assert machine.run().stdout == f"{machine.built()}\n"


def test_a_failed_build_shows_go_s_error_and_leaves_nothing(machine: Machine) -> None:
    machine.go()
    machine.environment["GO_MODE"] = "fail"
    ran = machine.run()
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "failed in tools/engines/modules/cli:\npackage.go:7:1: the canary error\n" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert machine.left_in_cache() == ["lock"]
    machine.environment["GO_MODE"] = "ok"
    assert machine.run().returncode == 0


def test_after_a_failed_build_the_parts_that_were_done_are_kept(machine: Machine) -> None:
    machine.go()
    machine.environment["GO_MODE"] = "fail in hosts"
    ran = machine.run()
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "failed in tools/engines/modules/hosts:\n" in ran.stderr
    assert machine.left_in_cache() == ["cli-v3.274.1", "lock"]
    machine.environment["GO_MODE"] = "ok"
    assert machine.run().stdout == f"{machine.built()}\n"
    assert [line.split(":")[0] for line in machine.builds()] == ["cli", "hosts", "hosts"]


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
    assert machine.left_in_cache() == PARTS


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
    while b"compiled 2 of about " not in shown:
        shown += os.read(ours, 4096)
    machine.gate.touch()
    while b"done after" not in shown:
        shown += os.read(ours, 4096)
    process.communicate(timeout=60)
    os.close(ours)
    rewritten = shown.decode().split("takes 140 MB.\r\n", 1)[1]
    assert rewritten.startswith("\r  compiled 2 of about")
    assert rewritten.count("\n") <= 1
