"""How a run under way is broken into. Each way returns when the run has ended."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from tests.campaign.plan import SECOND_UP, Act, Moment
from tests.campaign.world import SECONDS, World
from tests.engine.running import Running
from tests.support.until import wait_until

_PAUSE = 0.03
_SHORT_PAUSE = 0.001  # between what a hook says at its end and what Pulumi saves are milliseconds
_MADE = re.compile(r"creat\w+[^\n]*\(\d+s\) (?:created in|adopted instance)")
_END_SECONDS = 30.0  # an orphan notices within a second


def interrupt(world: World, running: Running, act: Act) -> None:
    """Wait for the act's moment, then interrupt the run as the act says, and wait for its end."""
    if _wait_for(world, running, act.moment):
        world.say(f"--- {act.interruption}")
        _WAYS[act.interruption](world, running, act)
    else:
        world.say("--- it has ended before")
    world.ended(running)
    if act.interruption == "another home":
        world.move()


# --- when


def watch(world: World, running: Running, moment: Moment) -> Callable[[], bool]:
    """The condition of a moment, for a run that starts now."""
    control = world.emulator.control

    def here() -> set[str]:
        return {one.id for one in control.instances() if moment.what == "gone" or one.status == "RUNNING"}

    def count() -> int:
        if moment.what == "answered":
            return len(_MADE.findall(running.text))
        if moment.what == "ready":
            return len(here() - before)
        if moment.what == "gone":
            return len(before - here())
        return len(control.calls(moment.what))

    if moment.what == "start":
        return lambda: True
    before = here()
    at_first = count()
    return lambda: count() - at_first >= moment.count


def _wait_for(world: World, running: Running, moment: Moment) -> bool:
    """Whether the moment came before the run's end."""
    has_come = watch(world, running, moment)
    until = time.monotonic() + SECONDS
    while not has_come():
        if not running.running or time.monotonic() > until:
            return False
        time.sleep(_SHORT_PAUSE if moment.what == "answered" else _PAUSE)
    time.sleep(moment.delay)
    return running.running


# --- how


def _interrupt(_world: World, running: Running, _act: Act) -> None:
    running.interrupt()


def _interrupt_twice(_world: World, running: Running, act: Act) -> None:
    running.interrupt()
    _ends(running, act.seconds / 4)
    running.interrupt()


def _terminate(_world: World, running: Running, _act: Act) -> None:
    os.kill(running.pid, signal.SIGTERM)


def _kill_cli(world: World, running: Running, _act: Act) -> None:
    if _stop_between_saves(world, running):
        running.kill()
    wait_until(lambda: not any(map(_has_run_a_hook, running.plugin_pids())), "the end of the plugin", _END_SECONDS)


def _kill_everything(world: World, running: Running, _act: Act) -> None:
    _stop_between_saves(world, running)
    running.kill_all()


def _kill(kind: str) -> Callable[[World, Running, Act], None]:
    def kill(_world: World, running: Running, _act: Act) -> None:
        _send(running, kind, signal.SIGKILL)

    return kill


def _kill_emulator(world: World, _running: Running, act: Act) -> None:
    world.emulator.kill()
    time.sleep(act.seconds)
    world.emulator.start()


def _stop(kind: str) -> Callable[[World, Running, Act], None]:
    def stop(_world: World, running: Running, act: Act) -> None:
        _send(running, kind, signal.SIGSTOP)
        time.sleep(act.seconds)
        _send(running, kind, signal.SIGCONT)

    return stop


def _stop_emulator(world: World, _running: Running, act: Act) -> None:
    world.emulator.stop()
    time.sleep(act.seconds)
    world.emulator.go_on()


def _forbid_saving(world: World, running: Running, _act: Act) -> None:
    """No file of the state can be written until the run has ended."""
    with world.stack.unsavable():
        for _ in range(2):
            # With --continue-on-error Pulumi waits for ever, once it could not save a deletion: a user presses Ctrl-C.
            if not _ends(running, _END_SECONDS):
                world.say("--- Ctrl-C")
                running.interrupt()
        running.wait(SECONDS)
        wait_until(lambda: not any(map(_has_run_a_hook, running.plugin_pids())), "the end of the plugin", _END_SECONDS)


def _second_up(world: World, running: Running, _act: Act) -> None:
    """The CLI stands still; in another terminal its lock is taken away, and another `up` is run. Then the first goes
    on, and is the last that saves."""
    os.kill(running.pid, signal.SIGSTOP)
    world.run("cancel", "--yes")
    with world.begin("up", "--yes", "--skip-preview") as second:
        world.ended(second)
    world.say("--- the first goes on")
    os.kill(running.pid, signal.SIGCONT)


def _ends(running: Running, seconds: float) -> bool:
    """Whether a run ends by itself within the seconds."""
    try:
        wait_until(lambda: not running.running, "", seconds)
    except AssertionError:
        return False
    return True


_WAYS: dict[str, Callable[[World, Running, Act], None]] = {
    "interrupt": _interrupt,
    "interrupt twice": _interrupt_twice,
    "terminate": _terminate,
    "kill the CLI": _kill_cli,
    "kill everything": _kill_everything,
    "kill the plugin": _kill("plugin"),
    "kill the language host": _kill("language host"),
    "kill the program": _kill("program"),
    "kill the emulator": _kill_emulator,
    "stop the CLI": _stop("CLI"),
    "stop the plugin": _stop("plugin"),
    "stop the emulator": _stop_emulator,
    "read-only backend": _forbid_saving,
    SECOND_UP: _second_up,
    "another home": _kill_everything,
}


def _send(running: Running, kind: str, number: signal.Signals) -> None:
    """Send a signal to the processes of a run that are of a kind."""
    for process in running.processes():
        with suppress(psutil.Error):
            if _kind(process) == kind:
                process.send_signal(number)


def _kind(process: psutil.Process) -> str:
    command = process.cmdline()
    names = [Path(part).name for part in command[:4]]
    if command[1:4] == ["-u", "-m", "pulumi.dynamic"] or names[1:2] == ["pulumi-resource-roma"]:
        return "plugin"
    if "pulumi-language-python-exec" in names:
        return "program"
    if "pulumi-language-python" in names:
        return "language host"
    return "CLI" if names[:1] == ["pulumi"] else "other"


def _stop_between_saves(world: World, running: Running) -> bool:
    """Stop the CLI, but not in the middle of a write of its state; False if it has ended.

    The file backend truncates the file, and the one of attributes beside it, before it writes it; what a kill leaves of
    them then is Pulumi's affair ("failed to load checkpoint: EOF").
    """
    while running.running:
        os.kill(running.pid, signal.SIGSTOP)  # not reaped yet, so the pid is still its own
        wait_until(lambda: _is_still(running), "every thread of the CLI to stop")
        try:
            for path in world.stack.checkpoint.parent.glob(f"{world.stack.checkpoint.name}*"):
                json.loads(path.read_text())
        except ValueError:
            os.kill(running.pid, signal.SIGCONT)
            continue
        return running.running
    return False


def _is_still(running: Running) -> bool:
    """Whether every thread of the CLI has stopped, which the signal does not wait for; or it has ended."""
    try:
        stats = [path.read_text() for path in Path(f"/proc/{running.pid}/task").glob("*/stat")]
    except OSError:
        return not running.running
    return all(stat.rpartition(")")[2].split()[0] in "TtZX" for stat in stats)


def _has_run_a_hook(pid: int) -> bool:
    """Whether a plugin process has loaded what our hooks need.

    The engine may have started one that it never asked anything: nothing of ours is in it, so it stays behind
    a killed CLI as any other Python plugin does, and holds nothing.
    """
    try:
        return any("pydantic_core" in mapping.path for mapping in psutil.Process(pid).memory_maps())
    except psutil.Error:
        return False
