"""What a trial works on: a program, its stack, the emulator; and what each of them holds."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from roma_provider.emulator import EmulatedInstance
from tests.campaign.plan import NAMES, Plan
from tests.campaign.served import ServedEmulator
from tests.engine.conftest import SETTINGS
from tests.engine.harness import Engine, Run, Stack
from tests.engine.hosts import DYNAMIC, Host
from tests.engine.programs import instance, programs
from tests.engine.running import Running
from tests.engine.seen import ANSWERED, OPEN, journal_entries, orders
from tests.support.until import wait_until

_DELETION = ("deleting", "deleted")
VPCS = ("vpc-1", "vpc-2")
SECONDS = 240.0  # for one command: after an unclear POST the provider looks at the list for two minutes


@dataclass
class Declared:
    """An instance in the program."""

    vpc_id: str = VPCS[0]
    adopt_id: str | None = None


@dataclass
class World:
    """``may_go``: the ids whose deletion the user has asked for so far. ``seen``: all that ever lived, by id."""

    plan: Plan
    folder: Path
    engine: Engine
    emulator: ServedEmulator
    host: Host = DYNAMIC
    program: dict[str, Declared] = field(default_factory=dict)
    may_go: set[str] = field(default_factory=set)
    seen: dict[str, str] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    is_to_refresh: bool = False
    has_refreshed_a_part: bool = False

    def __post_init__(self) -> None:
        self._began = time.monotonic()
        self._left: list[Path] = []  # the state homes of the machines that are no longer used
        self.stack = self._stack()

    def _stack(self) -> Stack:
        settings = {**SETTINGS, "ROMA_ENDPOINT": self.emulator.url, "ROMA_POLL_SECONDS": "0.2"}
        home = self.folder / f"home-{len(self._left) + 1}"
        return Stack(self.folder, self.text, engine=self.engine, environment=settings, home=home, host=self.host)

    def move(self) -> None:
        """From now on everything is run on another machine."""
        self._left.append(self.stack.state_home)
        self.stack = self._stack()

    @property
    def text(self) -> str:
        """The program."""
        does_not = self.host is not DYNAMIC and not self.plan.deletes_first
        statements = ["roma.Instance.deletes_first = None\n"] if does_not else []
        before = ""
        for name, declared in self.program.items():
            options = [f"depends_on=[{before}]"] if before and self.plan.in_a_row else []
            given = {"vpc_id": declared.vpc_id, "adopt_id": declared.adopt_id}
            statements.append(instance(name, name=name, options=", ".join(options) or None, **given))
            before = name
        return programs(*statements)

    def write(self) -> None:
        self.stack.write(self.text)

    # --- what is run

    def say(self, text: str) -> None:
        self.log.append(f"[{time.monotonic() - self._began:6.1f}] {text}")

    def run(self, *command: str) -> Run:
        """A command of Pulumi's, to its end."""
        verb, *arguments = command
        with self.begin(verb, *arguments) as running:
            return self.ended(running)

    def begin(self, verb: str, *arguments: str) -> Running:
        self.write()
        self.say(f"$ pulumi {' '.join((verb, *arguments))}")
        if verb == "refresh":
            self.is_to_refresh = False
        self.has_refreshed_a_part |= "--refresh" in arguments and "--target" in arguments
        return self.stack.start(verb, *arguments)

    def ended(self, running: Running) -> Run:
        """What a run was when it had ended; AssertionError if it does not."""
        run = running.wait(SECONDS)
        self.say(f"exit code {run.code}\n{run.text}")
        self.is_to_refresh |= "you can repair your stack using `pulumi refresh`" in run.text
        self.look()
        return run

    def forget(self, what: str) -> None:
        """`roma forget`, answered with yes."""
        self.roma("forget", "--yes", what)

    def roma(self, *arguments: str) -> str:
        """What a command of `roma` says."""
        command = [sys.executable, "-m", "roma_provider.cli.main", *arguments]
        done = subprocess.run(command, env=self.stack.environment, capture_output=True, text=True, timeout=60)
        self.say(f"$ roma {' '.join(arguments)}\nexit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    # --- what is there

    def look(self) -> list[EmulatedInstance]:
        """What lives in the emulator; from now on it has been seen."""
        found = [one for one in self.emulator.control.instances() if one.status != "DELETING"]
        self.seen.update({one.id: one.name for one in found})
        return found

    def settled(self) -> list[EmulatedInstance]:
        """The same, when every deletion has come to its end."""

        def none_is_deleted() -> bool:
            return all(one.status != "DELETING" for one in self.emulator.control.instances())

        wait_until(none_is_deleted, "the end of the deletions")
        return self.look()

    def let_go(self, *names: str) -> None:
        """The user has asked for what deletes the instances of these names."""
        self.may_go |= {one.id for one in self.look() if one.name in names}

    def urn(self, name: str) -> str:
        return self.host.urn(name, stack=self.stack.stack, project=self.stack.project)

    @property
    def held(self) -> dict[str, dict[str, Any]]:
        """The instances in the state, by id."""
        return {one["id"]: one for one in self.stack.resources()}

    @property
    def journal(self) -> list[dict[str, Any]]:
        """The open orders of this machine."""
        return orders(self.stack.state_home)

    @property
    def witnesses(self) -> list[dict[str, Any]]:
        return orders(self.stack.state_home, ANSWERED)

    @property
    def elsewhere(self) -> list[dict[str, Any]]:
        """The orders that the journals of other machines hold, which nobody can see from here."""
        return [entry for home in self._left for pattern in (OPEN, ANSWERED) for entry in orders(home, pattern)]

    @property
    def deleted_elsewhere(self) -> set[str]:
        """The ids whose deletion another machine had begun."""
        found = [entry for home in self._left for entry in journal_entries(home)]
        return {entry["instance_id"] for entry in found if entry["stage"] in _DELETION}

    @property
    def is_locked(self) -> bool:
        return any((self.stack.backend / ".pulumi" / "locks").rglob("*.json"))

    def chosen(self, share: float) -> str:
        """An instance of the program, by a number from 0 to 1."""
        names = list(self.program) or [NAMES[0]]
        return names[int(share * len(names))]
