"""What a trial does, drawn from its seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

NAMES = ("alpha", "beta", "gamma")

# What the user runs, and how often it is drawn.
OPERATIONS = {
    "up": 5,
    "up, one more": 2,
    "up, another network": 4,
    "up, one less": 1,
    "up --replace": 3,
    "up --target": 2,
    "refresh": 2,
    "destroy": 3,
    "destroy --target": 1,
}
INTERRUPTIONS = {
    "interrupt": 2,
    "interrupt twice": 3,
    "terminate": 1,
    "kill the CLI": 5,
    "kill everything": 3,
    "kill the plugin": 3,
    "kill the language host": 1,
    "kill the program": 1,
    "kill the emulator": 3,
    "stop the CLI": 1,
    "stop the plugin": 1,
    "stop the emulator": 1,
    "read-only backend": 2,
    "another home": 3,
}
SECOND_UP = "a second up"  # while the first one stands still
SLOW = {"nothing": 6, "the answer": 3, "the effect": 1}

_CREATING = {
    "start": 2,
    "list_instances": 1,
    "create_instance": 4,
    "creation_progress": 4,
    "ready": 3,
    "answered": 3,
}
_DELETING = {"start": 1, "creation_progress": 1, "delete_instance": 4, "list_instances": 2, "gone": 3}
_READING = {"start": 1, "creation_progress": 3}
# How many of a call there may be before the interruption, for each instance.
_MOST = {"creation_progress": 8, "list_instances": 2}


@dataclass(frozen=True)
class Moment:
    """When to interrupt: `delay` seconds after the `count`-th of `what` since the run's start.

    `what` is an operation of the emulator (its call has arrived), or "start" (of the run), "ready" (an instance became
    RUNNING), "gone" (one is gone), "answered" (its hook says that one is made, and gives it to the engine).
    """

    what: str
    count: int
    delay: float

    def __str__(self) -> str:
        which = "the start" if self.what == "start" else f"{self.what} {self.count}"
        return f"{self.delay:.3f} s after {which}"


@dataclass(frozen=True)
class Act:
    """One run and its interruption. `which` draws the instance that it is about; `seconds` is how long what is stopped
    stays so, or between two interrupts."""

    operation: str
    interruption: str
    moment: Moment
    options: tuple[str, ...]
    which: float
    seconds: float

    def __str__(self) -> str:
        return f"{' '.join((self.operation, *self.options))}: {self.interruption} {self.moment}"


@dataclass(frozen=True)
class Plan:
    """A trial: the instances, the emulator's times in seconds, the acts, and what the user wants in the end.

    `deletes_first`: a program of the plugin sets delete_before_replace, as the dynamic provider's classes do."""

    seed: int
    names: tuple[str, ...]
    in_a_row: bool
    creation_seconds: float
    deletion_seconds: float
    list_lag_seconds: float
    slow: str
    acts: tuple[Act, ...]
    goal: str
    deletes_first: bool = True

    def __str__(self) -> str:
        row = ", in a row" if self.in_a_row else ""
        head = f"{len(self.names)} instances{row}, slow: {self.slow}, lag {self.list_lag_seconds:g} s"
        return "; ".join([head, *map(str, self.acts), f"then {self.goal}"])


def draw(seed: int) -> Plan:
    """The plan of a seed."""
    chance = random.Random(seed)
    names = NAMES[: chance.choice([1, 2, 2, 3])]
    acts = tuple(_act(chance, len(names)) for _ in range(chance.choice([1, 1, 1, 1, 2, 2, 3])))
    apart = random.Random(f"{seed} {SECOND_UP}")  # added later: the other seeds stay what they were
    if apart.random() < 0.07:
        acts = (replace(acts[0], interruption=SECOND_UP), *acts[1:])
    # On another machine nobody knows of an order that the state does not hold, so there it is not destroyed.
    may_destroy = all(act.interruption != "another home" for act in acts)
    return Plan(
        seed=seed,
        names=names,
        in_a_row=chance.random() < 0.2,
        creation_seconds=round(chance.uniform(0.8, 2.5), 2),
        deletion_seconds=round(chance.uniform(0.1, 1.5), 2),
        list_lag_seconds=chance.choice([0, 0, 0, 2]),
        slow=_pick(chance, SLOW),
        acts=acts,
        goal=chance.choice(["up", "up", "up", "destroy"]) if may_destroy else "up",
        deletes_first=random.Random(f"{seed} deletes first").random() < 0.75,
    )


def _act(chance: random.Random, instances: int) -> Act:
    operation = _pick(chance, OPERATIONS)
    return Act(
        operation=operation,
        interruption=_pick(chance, INTERRUPTIONS),
        moment=_moment(chance, operation, instances),
        options=_options(chance, operation),
        which=chance.random(),
        seconds=round(chance.uniform(0.05, 2.5), 2),
    )


def _moment(chance: random.Random, operation: str, instances: int) -> Moment:
    if operation == "refresh":
        kinds = _READING
    elif operation.startswith("destroy"):
        kinds = _DELETING
    elif operation in ("up, another network", "up --replace", "up --target"):
        kinds = {**_CREATING, **_DELETING}
    else:
        kinds = _CREATING
    what = _pick(chance, kinds)
    most = instances * _MOST.get(what, 1)
    delay = chance.uniform(0, 3) if what == "start" else chance.choice([0.0, chance.uniform(0, 0.02), chance.random()])
    return Moment(what, chance.randint(1, most), round(delay, 3))


def _options(chance: random.Random, operation: str) -> tuple[str, ...]:
    drawn = [chance.random() for _ in range(4)]
    options = []
    if drawn[0] < 0.2:
        options.append("--parallel=1")
    if operation != "refresh" and drawn[1] < 0.15:
        options.append("--continue-on-error")
    if operation.startswith("up") and "--replace" not in operation and drawn[2] < 0.1:
        options.append("--refresh")
    if drawn[3] < 0.7:
        options.append("--skip-preview")
    return tuple(options)


def _pick(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]
