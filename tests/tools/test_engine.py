"""tools/engine.py as a process, with `pulumi` and `go` played by scripts: which engine it takes, and what it says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.tools.machine import COMPANIONS, HOSTS, Machine


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
        ("go1.26.6", "local", True),
        ("go1.27.0", "local", True),
        ("go1.26.5", "auto", True),
        ("go1.21.0", "auto", True),
        ("go1.21.0", "go1.23.1+auto", True),
        ("go1.26.5", "local", False),
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
        reason = "tells no version" if version == "devel" else f"is {version.removeprefix('go')}, older than 1.26.6"
        assert reason in ran.stderr
        assert ("GOTOOLCHAIN=local keeps it" in ran.stderr) == (toolchain == "local")


@pytest.mark.parametrize("asked", ["3.259.0", "v3.259.0"])
def test_an_engine_that_is_asked_for_is_taken_from_path_only_in_that_version(machine: Machine, asked: str) -> None:
    machine.environment["ROMA_PROVIDER_ENGINE"] = asked
    machine.pulumi("v3.274.1")
    machine.go("go1.25.11", "local")  # new enough for that one, not for the pinned one
    ran = machine.run()
    assert ran.stdout == f"{machine.built()}\n", ran.stderr
    assert (
        f"Not used: the pulumi on PATH ({machine.bin / 'pulumi'}) is v3.274.1, and v3.259.0 is asked for." in ran.stderr
    )
    assert machine.left_in_cache() == ["cli-v3.259.0", "engine-v3.259.0", "lock", "python-host-v3.55.0"]
    machine.pulumi("v3.259.0")
    assert machine.run().stdout == "\n"


def test_an_engine_that_is_none_is_named_with_those_there_are(machine: Machine) -> None:
    machine.environment["ROMA_PROVIDER_ENGINE"] = "3.260.0"
    machine.pulumi("v3.260.0")
    ran = machine.run()
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        "ENGINE=3.260.0: there is no such engine. Write one of 3.274.1, 3.259.0, or leave ENGINE out.\n"
    )


@pytest.mark.parametrize(
    ("host", "missing", "language"),
    [
        ("yaml", "pulumi-language-yaml", "YAML"),
        ("nodejs", "pulumi-language-nodejs", "Node.js"),
        ("nodejs", "pulumi-resource-pulumi-nodejs", "Node.js"),
        ("go", "pulumi-language-go", "Go"),
    ],
)
def test_a_pulumi_without_the_host_of_a_language_serves_where_it_is_not_asked_for(
    machine: Machine, host: str, missing: str, language: str
) -> None:
    others = tuple(name for name in HOSTS[host] if name != missing)
    machine.pulumi("v3.274.1", COMPANIONS + others)
    machine.go()
    assert machine.run().stdout == "\n"
    ran = machine.run(host)
    assert ran.stdout == f"{machine.built()}\n"
    assert f"cannot run {language}: {missing} not found beside it" in ran.stderr
    machine.script(missing, "#!/bin/sh\n")
    assert machine.run(host).stdout == "\n"


def test_a_language_that_is_none_is_refused(machine: Machine) -> None:
    ran = machine.run("ruby")
    assert ran.returncode == 2
    assert "argument --with: invalid choice: 'ruby'" in ran.stderr
    assert machine.left_in_cache() == []


def test_what_is_asked_for_by_make_reaches_the_engine() -> None:
    command = ["make", "--dry-run", "--print-data-base", "help"]
    here = Path(__file__).resolve().parents[2]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS", "ROMA_"))}

    def exported(*arguments: str, **variables: str) -> list[str]:
        given = environment | variables
        ran = subprocess.run([*command, *arguments], cwd=here, env=given, capture_output=True, text=True, check=True)
        return [line for line in ran.stdout.splitlines() if line.startswith("ROMA_PROVIDER_ENGINE")]

    assert exported("ENGINE=3.259.0") == ["ROMA_PROVIDER_ENGINE := 3.259.0"]
    assert exported(ENGINE="podman") == []
