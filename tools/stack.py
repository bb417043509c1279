#!/usr/bin/env python3
"""Runs Pulumi on the root Pulumi.yaml against the ROMA emulator: the work behind `make up` and its like.

    tools/stack.py up|preview|refresh|down|journal|outputs|cancel [--creation-seconds N] [--scenario NAME]

Everything it makes is in .state of the checkout (backend, Pulumi's home, the emulator's database, the
provider's journal) and in Pulumi.emulator.yaml. The last command replaces this process, so that a Ctrl-C at
the terminal reaches Pulumi once, from the terminal, and nothing here passes it on again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".state"
PROJECT = "roma-quickstart"  # the name in Pulumi.yaml
STACK = "emulator"
CHECKPOINT = STATE / "backend" / ".pulumi" / "stacks" / PROJECT / f"{STACK}.json"
# Protects the emulator's token in the emulator's stack, and nothing else.
PASSPHRASE = "emulator"  # noqa: S105
# A real account's settings have no business with the emulator.
FOREIGN = ("PULUMI_", "HW_", "OS_", "HCS_", "HUAWEICLOUD_", "ROMA_")
KEPT = ("ROMA_LOG", "ROMA_PROVIDER_CACHE", "PULUMI_PARALLEL")
# The example protects its instance unless its stack says otherwise; the emulator's is made to be deleted.
UNPROTECTED = ("--config", f"{PROJECT}:protect=false")
ON = ("--stack", STACK)
COMMANDS = {
    # `outputs` prints them, after a resumed wait too.
    "up": ("pulumi", "up", "--yes", "--suppress-outputs", *UNPROTECTED, *ON),
    "preview": ("pulumi", "preview", *UNPROTECTED, *ON),
    # The preview would read everything once more.
    "refresh": ("pulumi", "refresh", "--yes", "--skip-preview", *ON),
    "down": ("pulumi", "destroy", "--yes", "--remove", *ON),
    "journal": ("roma", "journal"),
}
WITHOUT_EMULATOR = {
    "outputs": ("pulumi", "stack", "output", *ON),
    "cancel": ("pulumi", "cancel", "--yes", *ON),
}
SAID = {
    "up": "`pulumi up` of Pulumi.yaml against the ROMA emulator; the stack is in .state",
    "preview": "`pulumi preview` of Pulumi.yaml against the ROMA emulator",
    "refresh": "`pulumi refresh`: the stack's state is read again from the ROMA emulator",
    "journal": "`roma journal` of the stack's runs; the journal is in .state/xdg",
    "down": "`pulumi destroy` of the stack in the ROMA emulator, which is then removed",
}


def engine_folder() -> str:
    found = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "engine.py")], stdout=subprocess.PIPE, text=True, check=False
    )
    if found.returncode != 0:
        raise SystemExit(found.returncode)
    return found.stdout.strip()


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in KEPT or not key.startswith(FOREIGN)}
    # The Python language host of the pinned engine ignores Pulumi.yaml's virtualenv and takes PATH's python.
    folders = [str(ROOT / ".venv" / "bin"), engine_folder(), kept.get("PATH", os.defpath)]
    kept.pop("PYTHONHOME", None)
    return kept | {
        "PATH": os.pathsep.join(folder for folder in folders if folder),
        "VIRTUAL_ENV": str(ROOT / ".venv"),
        "PULUMI_HOME": str(STATE / "home"),
        "PULUMI_BACKEND_URL": (STATE / "backend").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "XDG_STATE_HOME": str(STATE / "xdg"),
        "ROMA_POLL_SECONDS": "1",  # the emulator's creations take seconds, not the half hour of real ones
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Runs Pulumi on Pulumi.yaml against the ROMA emulator.")
    parser.add_argument("verb", choices=[*COMMANDS, *WITHOUT_EMULATOR])
    parser.add_argument("--creation-seconds", default="8", help="how long the emulator takes for an instance")
    parser.add_argument("--scenario", default="ready", help="what the emulator plays: see `roma-emulator run --help`")
    arguments = parser.parse_args()
    verb: str = arguments.verb
    if verb in SAID:
        print(f"make {verb}: {SAID[verb]}.", flush=True)
    if verb not in ("up", "preview") and not CHECKPOINT.exists():
        print(f"make {verb}: there is no stack yet; `make up` makes it.", flush=True)
        sys.exit(0 if verb == "down" else 1)
    variables = environment()
    (STATE / "backend").mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)
    if not CHECKPOINT.exists():
        made = subprocess.run(["pulumi", "stack", "init", STACK, "--non-interactive"], env=variables)
        if made.returncode != 0:
            sys.exit(made.returncode)
    if verb in WITHOUT_EMULATOR:
        command = [*WITHOUT_EMULATOR[verb]]
    else:
        command = [
            "roma-emulator", "run", "--database", str(STATE / "emulator.sqlite"),
            "--creation-seconds", arguments.creation_seconds, "--scenario", arguments.scenario,
            "--", *COMMANDS[verb],
        ]  # fmt: skip
    if verb not in ("journal", "cancel") and any((STATE / "backend" / ".pulumi" / "locks").rglob("*.json")):
        print(f"make {verb}: another run holds the stack. If it was killed, `make cancel` unlocks it.", flush=True)
    sys.stdout.flush()
    os.execvpe(command[0], command, variables)  # noqa: S606


if __name__ == "__main__":
    main()
