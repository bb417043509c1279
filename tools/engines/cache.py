"""The cache folder: parts, each built once, and engines, which are put together from them.

`cli-v3.274.1-HASH`, `python-host-…` and so on hold a part each, so that asking for one more does not build the others
again. `engine-v3.274.1-HASH/bin` holds hard links to the files of those that were asked for: the CLI looks for a
host beside itself, where a symbolic link would have it look beside the link's target. A folder that exists is
complete: it was made under another name (`.building-…`) and renamed. One lock serves all of it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.engines.building import Progress, build_part, find_go, say
from tools.engines.parts import Part, Wanted, minutes, total

LOCK_POLL_SECONDS = 0.2


def cache_folder(environment: Mapping[str, str]) -> Path:
    own = environment.get("ROMA_PROVIDER_CACHE")
    if own:
        return Path(own).expanduser().resolve()
    base = environment.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "roma-provider"


def engine_in(cache: Path, wanted: Wanted, not_used: str) -> Path:
    """The folder of the engine's programs in `cache`; built if need be. `not_used`: why that of PATH is not, or "".

    EngineError: it cannot be built.
    """
    parts = wanted.parts
    keys = hashlib.sha256("\n".join(part.key for part in parts).encode()).hexdigest()[:12]
    engine = cache / f"engine-{wanted.built}-{keys}"
    if not engine.exists():
        if not_used:
            say(f"Not used: {not_used}.")
        if missing := _missing(cache, parts):
            find_go(missing)  # before anything is written
        with _lock(cache / "lock"):
            if not engine.exists():
                _build(cache, parts, wanted.built)
                _put_together(cache, parts, engine)
    return engine / "bin"


def _missing(cache: Path, parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if not (cache / part.key).exists()]


def _build(cache: Path, parts: Sequence[Part], version: str) -> None:
    """Builds the parts that are missing."""
    for stale in cache.glob(".building-*"):  # of builds that were killed: the lock is ours
        shutil.rmtree(stale)
    missing = _missing(cache, parts)
    if not missing:
        return
    go, cost = find_go(missing), total(missing)
    say(
        f"Building the Pulumi engine {version} once, into {cache}: {', '.join(part.name for part in missing)}.\n"
        f"It downloads about {cost.download} MB of Go modules, compiles about {cost.packages:,} packages\n"
        f"({minutes(cost.seconds)} on 2 cores, less where Go has them cached), and needs some GB in Go's own caches;\n"
        f"the result takes {cost.size} MB."
    )
    progress = Progress(cost)
    for part in missing:
        with _made(cache / part.key) as folder:
            build_part(go, part, folder, progress)
    progress.show(time.monotonic(), final=True)


def _put_together(cache: Path, parts: Sequence[Part], engine: Path) -> None:
    with _made(engine) as folder:
        programs = folder / "bin"
        programs.mkdir()
        for part in parts:
            for file in (cache / part.key).iterdir():
                _link(file, programs / file.name)


def _link(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError:  # not on every file system
        shutil.copy2(file, name)


@contextmanager
def _made(folder: Path) -> Iterator[Path]:
    """An empty folder that gets the name `folder` at the end, and is removed after an error."""
    temporary = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    try:
        temporary.chmod(0o755)
        yield temporary
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
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
