"""A machine for the tests of tools/engine.py, on which `pulumi` and `go` are played by scripts."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ENGINE = Path(__file__).resolve().parents[2] / "tools" / "engine.py"
COMPANIONS = ("pulumi-language-python", "pulumi-resource-pulumi-python")
HOSTS = {
    "yaml": ("pulumi-language-yaml",),
    "nodejs": ("pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"),
    "go": ("pulumi-language-go",),
}

# Logs its builds, which write their -o file; answers `go env` and `go list`. $GO_MODE: ok, fail, fail in MODULE, hang.
GO = """#!/bin/sh
if [ "$1" = env ]; then echo "$GO_VERSION"; echo "$GO_TOOLCHAIN"; exit 0; fi
if [ "$1" = list ]; then echo "$GO_SDK"; exit 0; fi
echo "${PWD##*/}: $*" >> "$GO_LOG"
echo "go: downloading example.org/module v1.0.0" >&2
echo "internal/cpu" >&2
echo "example.org/module/v2/package" >&2
if [ "$GO_MODE" = fail ] || [ "$GO_MODE" = "fail in ${PWD##*/}" ]; then
  echo "package.go:7:1: the canary error" >&2; exit 1
fi
while [ "$GO_MODE" = hang ] && [ ! -e "$GO_GATE" ]; do sleep 0.02; done
while [ "$1" != -o ]; do shift; done
echo "$3 of ${PWD##*/}" > "$2"
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
        for needed in (self.bin, self.home):
            needed.mkdir(parents=True)
        for name in (
            "python/cmd/pulumi-language-python-exec",
            "python/dist/pulumi-resource-pulumi-python",
            "nodejs/dist/pulumi-resource-pulumi-nodejs",
        ):
            self.script(name, f"#!/bin/sh\n# {name}\n", sdk).chmod(0o444)  # as in Go's module cache
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

    def start(self, *hosts: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(ENGINE), *(("--with", *hosts) if hosts else ())],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *hosts: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*hosts)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess([], process.returncode, out, err)

    def built(self) -> Path:
        (engine,) = self.cache.glob("engine-*")
        return engine / "bin"

    def left_in_cache(self) -> list[str]:
        """The names in the cache folder, without their hashes."""
        names = (path.name for path in self.cache.iterdir()) if self.cache.exists() else ()
        return sorted(re.sub(r"-[0-9a-f]{12}$", "", name) for name in names)

    def builds(self) -> list[str]:
        return self.go_log.read_text().splitlines() if self.go_log.exists() else []
