#!/usr/bin/env python3
"""Runs trials of tests/campaign, each a process of its own, and says what they found.

    tools/campaign.py [--trials N] [--seed N] [--jobs N] [--host HOST]

HOST is dynamic, or plugin. The seeds are `seed`, `seed` + 1, …; one trial with its seed is that trial again. What a
trial ran and saw is in .cache/campaign/HOST/SEED.txt. Exit codes: 0 if nothing was found, 1, 130 (interrupted).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".cache" / "campaign"
HOSTS = ("dynamic", "plugin")
FAULTS = ("lost", "doubled", "destroyed by mistake", "stuck", "untrue")
BROKEN = "trial broke"
_processes: set[subprocess.Popen[str]] = set()


def main() -> int:
    parser = argparse.ArgumentParser(description="Random interruptions on the real engine.")
    parser.add_argument("--trials", type=int, default=20, help="how many (default: 20)")
    parser.add_argument("--seed", type=int, default=1, help="that of the first (default: 1)")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (default: 2)")
    parser.add_argument(
        "--host", choices=HOSTS, default=HOSTS[0], help="what the programs run on (default: %(default)s)"
    )
    given = parser.parse_args()
    logs = LOGS / given.host
    seeds = range(given.seed, given.seed + given.trials)
    print(f"seeds {seeds[0]} to {seeds[-1]} on {given.host}, {given.jobs} at a time; logs in {logs}.", flush=True)
    if subprocess.run([sys.executable, ROOT / "tools" / "engine.py"], stdout=subprocess.DEVNULL).returncode != 0:
        return 1
    logs.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    verdicts: list[dict[str, Any]] = []
    with ThreadPoolExecutor(given.jobs) as pool:
        running = [pool.submit(trial, seed, given.host) for seed in seeds]
        for name in (signal.SIGINT, signal.SIGTERM):  # in the background of a shell the first is ignored
            signal.signal(name, _end)
        try:
            for done in as_completed(running):
                verdicts.append(done.result())
                print(line(verdicts[-1]), flush=True)
        except KeyboardInterrupt:
            for process in list(_processes):
                process.terminate()  # it cleans up
            pool.shutdown(cancel_futures=True)
            return 130
    print(f"\n{table(verdicts)}\n{len(verdicts)} trials in {time.monotonic() - began:.0f} s.", flush=True)
    return 1 if any(counted(verdicts)[kind] for kind in (*FAULTS, BROKEN)) else 0


def trial(seed: int, host: str) -> dict[str, Any]:
    """The verdict of a seed's trial on a host, as JSON has it."""
    with (LOGS / host / f"{seed}.txt").open("w") as log:
        command = [sys.executable, "-m", "tests.campaign.trial", str(seed), host]
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        options: dict[str, Any] = {"cwd": ROOT, "env": environment, "stdout": subprocess.PIPE, "text": True}
        # A session of its own: a Ctrl-C comes to it from here, once.
        process = subprocess.Popen(command, stderr=log, start_new_session=True, **options)
        _processes.add(process)
        printed, _ = process.communicate()
        _processes.discard(process)
    try:
        verdict: dict[str, Any] = json.loads(printed)
    except ValueError:
        finding = {"kind": BROKEN, "text": f"exit code {process.returncode}; see its log"}
        verdict = {"seed": seed, "plan": "", "findings": [finding], "seconds": 0.0}
    return verdict


def _end(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def line(verdict: dict[str, Any]) -> str:
    """What is said of a trial."""
    said = [f"{finding['kind']}: {finding['text']}" for finding in verdict["findings"]]
    head = f"{verdict['seed']:>6}  {verdict['seconds']:>5.1f} s  {'; '.join(said) or 'ok'}"
    return f"{head}\n        {verdict['plan']}" if said else head


def counted(verdicts: list[dict[str, Any]]) -> Counter[str]:
    """In how many trials each kind of finding was."""
    return Counter(kind for verdict in verdicts for kind in {finding["kind"] for finding in verdict["findings"]})


def table(verdicts: list[dict[str, Any]]) -> str:
    """The numbers, with the seeds behind them."""
    count = counted(verdicts)
    rows = []
    for kind in (*FAULTS, *sorted(count.keys() - set(FAULTS))):
        seeds = [one["seed"] for one in verdicts if any(found["kind"] == kind for found in one["findings"])]
        rows.append(f"{kind:<22}{count[kind]:>4}  {' '.join(map(str, sorted(seeds)))}".rstrip())
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
