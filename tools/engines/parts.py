"""The parts of an engine: which Go module each is built from, in which version, at which cost."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MODULES = Path(__file__).resolve().parent / "modules"
OLDEST = "v3.259.0"  # the oldest supported: what a `pulumi` on PATH is at least
PINNED = "v3.274.1"  # what is built unless another one is asked for
PULUMI = "github.com/pulumi/pulumi"
SDK = f"{PULUMI}/sdk/v3"
# Beside the CLI, from the SDK of its version. They are read-only in Go's module cache.
SCRIPTS = (
    "python/cmd/pulumi-language-python-exec",
    "python/dist/pulumi-resource-pulumi-python",
    "nodejs/dist/pulumi-resource-pulumi-nodejs",
)


class EngineError(Exception):
    """No engine; the message is for the user and says what to do."""


@dataclass(frozen=True)
class Cost:
    """What a build takes where Go has nothing cached but what the parts above it in this file have left.

    `modules` and `download` (MB, zipped) are fetched, `packages` compiled in `seconds`; `size` (MB) is the result's.
    Measured: CLI and Python's host together 925 s of CPU time, YAML's 145 s, on 2 cores that others used as well.
    `seconds` are half of that, as with 2 cores to itself.
    """

    modules: int
    download: int
    packages: int
    seconds: int
    size: int


@dataclass(frozen=True)
class Part:
    """Programs of one Go module, built and kept together.

    `module`: its folder in tools/engines/modules. `programs`: Go packages; the last part of each is its program's
    name. `stamp`: the Go variable that holds the version. `scripts`: files of the SDK in the same module.
    """

    name: str
    version: str
    module: str
    programs: tuple[str, ...]
    stamp: str
    cost: Cost
    scripts: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """That of its go.mod and go.sum."""
        return MODULES / self.module

    @property
    def linker_flags(self) -> str:
        # Without the version, `pulumi version` prints nothing and the Automation API refuses the CLI.
        return f"-s -w -X {self.stamp}={self.version}"

    @property
    def key(self) -> str:
        """Its folder's name in the cache; another one after any change of the pinned module or of this recipe."""
        digest = hashlib.sha256(repr((self.linker_flags, self.programs, self.scripts)).encode())
        for name in ("go.mod", "go.sum"):
            digest.update((self.folder / name).read_bytes())
        return f"{self.name}-{self.version}-{digest.hexdigest()[:12]}"

    @property
    def needed_go(self) -> str:
        """The `go` line of its module, e.g. "1.26.6"."""
        line = re.search(r"^go (\S+)", (self.folder / "go.mod").read_text(), re.M)
        assert line is not None  # noqa: S101 - Go writes it
        return line[1]


def _cli(version: str, module: str, cost: Cost) -> Part:
    return Part(
        "cli", version, module, (f"{PULUMI}/pkg/v3/cmd/pulumi",), f"{SDK}/go/common/version.Version", cost, SCRIPTS
    )


def _host(name: str, package: str, cost: Cost) -> Part:
    # The newest version whose hosts can be fetched as a Go module; they run the programs of newer CLIs.
    return Part(f"{name}-host", "v3.55.0", "hosts", (f"{SDK}/{package}",), f"{SDK}/go/common/version.Version", cost)


CLIS = {
    PINNED: _cli(PINNED, "cli", Cost(255, 277, 1733, 425, 122)),
    OLDEST: _cli(OLDEST, "cli-oldest", Cost(254, 267, 1686, 425, 115)),
}
PYTHON = _host("python", "python/cmd/pulumi-language-python", Cost(35, 48, 264, 37, 18))
# By the word that asks for them.
OTHER_HOSTS = {
    "yaml": Part(
        "yaml-host",
        "v1.25.0",
        "yaml",
        tuple(f"{PULUMI}-yaml/cmd/pulumi-{kind}-yaml" for kind in ("language", "converter")),
        f"{PULUMI}-yaml/pkg/version.Version",
        Cost(47, 67, 379, 72, 63),
    ),
    "nodejs": _host("nodejs", "nodejs/cmd/pulumi-language-nodejs", Cost(1, 1, 2, 2, 18)),
    "go": _host("go", "go/pulumi-language-go", Cost(2, 1, 7, 6, 19)),
}
# What a `pulumi` needs beside it or on PATH to run programs of a language with dynamic resources.
COMPANIONS = {
    "Python": ("pulumi-language-python", "pulumi-resource-pulumi-python"),
    "YAML": ("pulumi-language-yaml",),
    "Node.js": ("pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"),
    "Go": ("pulumi-language-go",),
}
LANGUAGES = {"yaml": "YAML", "nodejs": "Node.js", "go": "Go"}


@dataclass(frozen=True)
class Wanted:
    """What is asked for: `version` of the CLI (None: the pinned one, or what PATH has), other hosts than Python's."""

    version: str | None = None
    hosts: tuple[str, ...] = ()

    @classmethod
    def of(cls, version: str, hosts: Sequence[str]) -> Wanted:
        """`version` with or without "v", or empty. EngineError where it is none that can be built."""
        named = f"v{version.removeprefix('v')}" if version else None
        if named is not None and named not in CLIS:
            raise EngineError(
                f"ENGINE={version}: there is no such engine. Write one of "
                f"{', '.join(known.removeprefix('v') for known in CLIS)}, or leave ENGINE out."
            )
        return cls(named, tuple(host for host in OTHER_HOSTS if host in hosts))

    @property
    def built(self) -> str:
        """The version of the CLI that is built if PATH has none."""
        return self.version or PINNED

    @property
    def parts(self) -> tuple[Part, ...]:
        return (CLIS[self.built], PYTHON, *(OTHER_HOSTS[host] for host in self.hosts))

    @property
    def languages(self) -> tuple[str, ...]:
        """By the names of COMPANIONS."""
        return ("Python", *(LANGUAGES[host] for host in self.hosts))


def needed_go(parts: Iterable[Part]) -> str:
    """The highest version that one of the parts needs."""
    return max((part.needed_go for part in parts), key=lambda text: [int(number) for number in text.split(".")])


def total(parts: Iterable[Part]) -> Cost:
    """What building all of them takes."""
    costs = [part.cost for part in parts]
    return Cost(
        modules=sum(cost.modules for cost in costs),
        download=sum(cost.download for cost in costs),
        packages=sum(cost.packages for cost in costs),
        seconds=sum(cost.seconds for cost in costs),
        size=sum(cost.size for cost in costs),
    )


def minutes(seconds: int) -> str:
    """A range that a busier machine stays in, too: "8 to 12 minutes"."""
    low = round(seconds / 60)
    return f"{low} to {low + max(1, low // 2)} minutes" if low else "less than a minute"
