#!/usr/bin/env python3
"""Finds the Pulumi engine, or builds it once, and prints the folder to put first on PATH.

    tools/engine.py                      the CLI and the host that runs Python programs
    tools/engine.py --with yaml nodejs   hosts of other languages besides: yaml, nodejs, go

An empty line on standard output means that the `pulumi` of PATH is used as it is. Everything said to people
goes to standard error. Exit codes: 0, 1 (no engine, with the reason), 2 (usage), 130 and 143 (interrupted). Needs
Python >= 3.10 and nothing beyond the standard library, so that it runs without the virtual environment.

Order: a `pulumi` on PATH of at least the oldest supported version that can run the languages; a build in the cache
folder; a build with Go, from the modules pinned in tools/engines/modules. $ROMA_PROVIDER_ENGINE (`make … ENGINE=`) asks
for one version, on PATH or built. The cache folder is $ROMA_PROVIDER_CACHE, or else roma-provider in
$XDG_CACHE_HOME, or else in ~/.cache.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.engines.building import say
from tools.engines.cache import cache_folder, engine_in
from tools.engines.on_path import pulumi_on_path
from tools.engines.parts import OTHER_HOSTS, EngineError, Wanted


def engine_folder(hosts: list[str]) -> Path | None:
    """The folder to put first on PATH; None where the `pulumi` of PATH serves. EngineError: there is none."""
    wanted = Wanted.of(os.environ.get("ROMA_PROVIDER_ENGINE", ""), hosts)
    serves, reason = pulumi_on_path(wanted)
    return None if serves else engine_in(cache_folder(os.environ), wanted, reason)


def terminate(signum: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signum)


def main() -> int:
    parser = argparse.ArgumentParser(description="Finds the Pulumi engine, or builds it once.")
    parser.add_argument(
        "--with", dest="hosts", nargs="+", default=[], choices=list(OTHER_HOSTS), help="languages beside Python"
    )
    hosts: list[str] = parser.parse_args().hosts
    signal.signal(signal.SIGTERM, terminate)
    try:
        folder = engine_folder(hosts)
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
