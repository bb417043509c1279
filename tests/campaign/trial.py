"""One trial: what its seed has drawn is run, interrupted, recovered from, and judged.

A seed decides all that a trial does. When an interruption comes is decided by what has happened in the run so far, and
by a delay in real time after it; so a replay is as near to the first run as processes allow, and a fault that needs a
millisecond may need several replays.

    python -m tests.campaign.trial SEED HOST   # prints the verdict as JSON, and what was run on standard error

HOST is dynamic, or plugin.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType

from tests.campaign import judge
from tests.campaign.interruptions import interrupt
from tests.campaign.judge import FAULTS, Finding
from tests.campaign.plan import Act, Plan, draw
from tests.campaign.recovery import Recovery
from tests.campaign.served import ServedEmulator
from tests.campaign.world import VPCS, Declared, World
from tests.engine.harness import Engine
from tests.engine.hosts import DYNAMIC, HOSTS, Host


@dataclass
class Verdict:
    """What was found in a trial. `log` is all that was run, and what it said."""

    seed: int
    plan: str
    findings: list[Finding] = field(default_factory=list)
    commands: int = 0
    seconds: float = 0.0
    log: str = ""

    @property
    def faults(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.kind in FAULTS]

    def found(self, findings: Iterable[Finding], when: str) -> None:
        known = {(finding.kind, finding.text.partition(": ")[2]) for finding in self.findings}
        for finding in findings:
            if (finding.kind, finding.text) not in known:
                self.findings.append(Finding(finding.kind, f"{when}: {finding.text}"))


def run(seed: int, folder: Path, engine: Engine, host: Host = DYNAMIC) -> Verdict:
    """Run the trial of a seed in an empty folder. No process is left, however it ends."""
    return play(draw(seed), folder, engine, host)


def play(plan: Plan, folder: Path, engine: Engine, host: Host = DYNAMIC) -> Verdict:
    """Run a plan, as :func:`run` does the one of its seed."""
    verdict = Verdict(plan.seed, str(plan))
    began = time.monotonic()
    with ServedEmulator(folder / "emulator.sqlite", plan) as emulator:
        world = World(plan, folder, engine, emulator, host)
        try:
            _run(world, verdict)
        except AssertionError as error:  # something did not end, or did not come
            verdict.findings.append(Finding(judge.STUCK, str(error)))
        verdict.log = "\n".join([f"seed {plan.seed}: {plan}", *world.log, *map(str, verdict.findings), ""])
    verdict.seconds = round(time.monotonic() - began, 1)
    return verdict


def _run(world: World, verdict: Verdict) -> None:
    world.program = {name: Declared() for name in world.plan.names}
    if world.plan.acts[0].operation != "up":
        world.emulator.control.settings(creation_seconds=0.05)
        world.run("up", "--yes", "--skip-preview")
        world.emulator.control.settings(creation_seconds=world.plan.creation_seconds)
    for number, act in enumerate(world.plan.acts, start=1):
        _play(world, act)
        verdict.found(judge.after_interruption(world), f"after act {number}")
    if world.plan.goal == "up":
        recovery = Recovery(world, "up").go()
        verdict.commands = recovery.commands
        verdict.found(judge.after_up(world, recovery), "after the recovery")
    world.let_go(*world.seen.values())
    recovery = Recovery(world, "destroy").go()
    verdict.commands += recovery.commands
    verdict.found(judge.after_destroy(world, recovery), "in the end")


def _play(world: World, act: Act) -> None:
    """Run an operation, as far as it comes."""
    if world.is_locked:
        world.run("cancel", "--yes")
    name = world.chosen(act.which)
    verb, *arguments = _prepare(world, act.operation, name)
    with world.begin(verb, "--yes", *arguments, *act.options) as running:
        interrupt(world, running, act)


def _prepare(world: World, operation: str, name: str) -> list[str]:
    """Change the program as an operation says; the command's words."""
    verb, *arguments = operation.partition(",")[0].split()
    if operation == "up, one more":
        world.program[f"{name}-more"] = Declared()
    elif operation in ("up, another network", "up --target"):
        world.let_go(name)
        declared = world.program.setdefault(name, Declared())
        declared.vpc_id, declared.adopt_id = VPCS[1 - VPCS.index(declared.vpc_id)], None
    elif operation == "up, one less":
        world.let_go(name)
        world.program.pop(name, None)
    elif operation == "up --replace":
        world.let_go(name)
    elif verb == "destroy":
        world.let_go(*([name] if arguments else world.seen.values()))
    return [verb, *arguments, *([world.urn(name)] if arguments else [])]


def main() -> int:
    """Run the trial of the arguments, a seed and a host. Exit codes: 0 without a fault, 1 with one."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _end)
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
        engine = Engine.find(Path(folder) / "shims")
        verdict = run(int(sys.argv[1]), Path(folder) / "trial", engine, HOSTS[sys.argv[2]])
    sys.stderr.write(verdict.log)
    sys.stdout.write(json.dumps({**asdict(verdict), "log": ""}) + "\n")
    return 1 if verdict.faults else 0


def _end(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
