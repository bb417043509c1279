#!/usr/bin/env python3
"""Makes what is published, in dist/ (or in the folder that is named).

    roma_provider-X.Y.Z-py3-none-any.whl, .tar.gz    the package: the dynamic provider, the plugin and `roma`
    pulumi_roma-X.Y.Z-py3-none-any.whl, .tar.gz      the plugin's resources in Python
    pulumi-roma-X.Y.Z.tgz                            those in TypeScript and JavaScript; where npm is on PATH
    pulumi-resource-roma-vX.Y.Z-OS-ARCH.tar.gz       the plugin with all that it imports, for
                                                     `pulumi plugin install resource roma X.Y.Z --file …`

Those in Go are a folder of the repository, sdk/go. The plugin's archive is for this system, processor and Python
(3.11, say), since what it imports is partly compiled.

The same commit gives the same files, byte for byte, with the tools of the locks: their times are that of the commit
(SOURCE_DATE_EPOCH, where that is set). In the end `twine check` reads what the pages on PyPI will show.
Runs in .venv. Exit codes: 0, 1, 130.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from roma_provider import __version__
from tools.make_sdk import SDK, files
from tools.setup import ROOT, SetupError, find_uv, run

LOCKS = ROOT / "tools" / "sdk"
COMMAND = "pulumi-resource-roma"
# As Go calls them, and so Pulumi.
PROCESSORS = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
LAUNCHER = """\
#!/usr/bin/env python3
# The plugin of the archive: what it imports is in lib, beside this file.
import os
import shutil
import sys

NEEDED = {needed}
if sys.version_info[:2] != NEEDED:
    name = "python%d.%d" % NEEDED
    found = shutil.which(name)
    if found is None:
        sys.exit("pulumi-resource-roma: this archive needs Python %d.%d, and there is no %s on PATH. "
                 "Install it, or the package: pip install roma-provider" % (*NEEDED, name))
    os.execv(found, [found, *sys.argv])
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
from roma_provider.hosts.plugin.main import main

sys.exit(main())
"""
# The host of Python programs alone imports it, and it is a quarter of the archive.
UNUSED = ("bin", "debugpy", "debugpy-*.dist-info")
EPOCH = "SOURCE_DATE_EPOCH"  # what build tools take for the time of all files
# Of a folder that is no clone. Zip files have no older time than 1980.
WITHOUT_GIT = "1577836800"


def make_package(dist: Path, _work: Path) -> None:
    """The wheel and the sdist of roma_provider."""
    hatchling = Path(sys.executable).with_name("hatchling")
    run(hatchling, "build", "--directory", dist, problem="The wheel was not built: see the message above.")


def make_python_sdk(dist: Path, work: Path) -> None:
    """The wheel and the sdist of pulumi_roma, with the setuptools of a lock."""
    copied = copy_sdk("python", work)
    shutil.copyfile(copied / "pulumi_roma" / "README.md", copied / "README.md")  # where its pyproject.toml has it
    run(
        find_uv(), "build", "--quiet", "--out-dir", dist, "--no-create-gitignore",
        "--build-constraints", LOCKS / "build.lock", "--require-hashes", copied,
        problem="The wheel of pulumi_roma was not built: see uv's message above.",
    )  # fmt: skip
    # setuptools puts the times and the user of this machine into it.
    [sdist] = dist.glob(f"pulumi_roma-{__version__}.tar.gz")
    unpacked = work / "sdist"
    with tarfile.open(sdist) as packed:
        packed.extractall(unpacked, filter="data")
    pack(sdist, unpacked)


def make_npm_package(dist: Path, work: Path) -> None:
    """What `npm install` takes: the compiled SDK."""
    if shutil.which("npm") is None:
        print("make dist: no npm on PATH, so there is no package for TypeScript.", file=sys.stderr)
        return
    copied = copy_sdk("nodejs", work)
    shutil.copy(LOCKS / "package-lock.json", copied)
    npm = ("npm", "--prefix", copied, "--silent")
    problem = "The package for TypeScript was not built: see npm's message above."
    run(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", problem=problem)
    run(*npm, "run", "build", problem=problem)
    for name in ("package.json", "README.md"):
        shutil.copy(copied / name, copied / "bin")
    run("npm", "--silent", "pack", copied / "bin", "--pack-destination", dist, problem=problem)


def make_plugin(dist: Path, work: Path) -> None:
    """The archive of the plugin, from the wheel that is in `dist` and the versions of requirements.lock."""
    lib = work / "lib"
    wheel = dist / f"roma_provider-{__version__}-py3-none-any.whl"  # that one, whatever a registry has of its version
    run(
        find_uv(), "pip", "install", "--quiet", "--python", sys.executable, "--target", lib,
        "--constraint", ROOT / "requirements.lock", "--reinstall-package", "roma-provider", "--no-compile-bytecode",
        wheel,
        problem="The plugin's archive was not made: see uv's message above.",
    )  # fmt: skip
    for pattern in UNUSED:
        for path in lib.glob(pattern):
            shutil.rmtree(path)
    (lib / ".lock").unlink(missing_ok=True)  # uv's own
    for pattern in ("uv_cache.json", "direct_url.json"):  # the time and the folder of this build
        for path in lib.glob(f"*.dist-info/{pattern}"):
            path.unlink()
    list_what_is_there(lib)
    launcher = work / COMMAND
    launcher.write_text(LAUNCHER.format(needed=tuple(sys.version_info[:2])))
    launcher.chmod(0o755)
    pack(archive(dist), work)


def list_what_is_there(lib: Path) -> None:
    """Takes out of each package's list what was deleted: scripts, for one, differ with the folder of the build."""
    for record in lib.glob("*.dist-info/RECORD"):
        with record.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.reader(file) if row and (lib / row[0]).exists()]
        with record.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def archive(dist: Path) -> Path:
    """The name that Pulumi looks for among the files of a release."""
    machine = platform.machine().lower()
    system = f"{platform.system().lower()}-{PROCESSORS.get(machine, machine)}"
    return dist / f"{COMMAND}-v{__version__}-{system}.tar.gz"


def pack(target: Path, folder: Path) -> None:
    """All files below a folder, without who made them and when: the same files give the same archive."""
    epoch = int(os.environ[EPOCH])

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        member.mtime = epoch
        member.mode = 0o755 if member.mode & 0o100 else 0o644
        return member

    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with (
        target.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=epoch) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as packed,
    ):
        for path in files:
            packed.add(path, path.relative_to(folder).as_posix(), filter=plain)


def copy_sdk(language: str, work: Path) -> Path:
    """A copy to build in, so that nothing is left beside what was made."""
    source, copied = SDK / language, work / language
    for file in files(source):
        target = copied / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)  # not its mode, which the umask of whoever cloned has made
        target.chmod(0o644)
    return copied


def check(dist: Path) -> None:
    """What PyPI would refuse, or show as plain text, is an error."""
    packages = sorted(path for name in ("roma_provider", "pulumi_roma") for path in dist.glob(f"{name}-{__version__}*"))
    run(
        sys.executable, "-m", "twine", "--no-color", "check", "--strict", *packages,
        problem="PyPI would not take a package as it is: see twine's message above.",
    )  # fmt: skip


ALL: tuple[Callable[[Path, Path], None], ...] = (make_package, make_python_sdk, make_npm_package, make_plugin)


def make(dist: Path, *steps: Callable[[Path, Path], None]) -> None:
    """Runs the steps; what older ones have left of the same names is replaced. SetupError: what went wrong."""
    dist.mkdir(parents=True, exist_ok=True)
    for step in steps:
        with tempfile.TemporaryDirectory(prefix="roma-dist-") as work, at_the_time_of_the_commit():
            step(dist.resolve(), Path(work))


@contextmanager
def at_the_time_of_the_commit() -> Iterator[None]:
    """All that is run takes the time of the last commit for that of every file, and makes files that all may read."""
    given, mask = os.environ.get(EPOCH), os.umask(0o022)
    os.environ[EPOCH] = given or git("log", "-1", "--format=%ct") or WITHOUT_GIT
    try:
        yield
    finally:
        os.umask(mask)
        if given is None:
            del os.environ[EPOCH]


def git(*arguments: str) -> str:
    """What git says of this clone; "" where there is none, or no git."""
    try:
        ran = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""


def main() -> int:
    parser = argparse.ArgumentParser(description="Makes what is published.", prog="tools.dist")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist", help="where it is put (default: dist)")
    dist: Path = parser.parse_args().folder
    if git("status", "--porcelain"):
        print("make dist: there are changes that are not committed; what is made is of no commit.", file=sys.stderr)
    try:
        make(dist, *ALL)
        check(dist)
    except (SetupError, OSError, subprocess.SubprocessError) as error:
        print(f"make dist: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    for file in sorted(dist.iterdir()):
        print(f"{file.stat().st_size / 1e6:6.1f} MB  {os.path.relpath(file, ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
