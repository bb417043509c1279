"""Timelines of creations, in the format that docs/performance.md describes: made by a law and a seed, read from a file,
and shown as the API would show them."""

from __future__ import annotations

import json
import math
import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from roma_provider.api.models import CreationProgress

FORMAT = 1
# An API's clock at the beginning of each creation, in epoch milliseconds.
BEGUN = 1_741_262_473_785
NAMES = ("lvs", "mqs", "apic", "fdi", "link", "dmi")


@dataclass(frozen=True)
class Timeline:
    """One creation. ``ready`` and ``begins`` (of the wait) are seconds from the creation's start."""

    id: str
    family: str
    kind: str
    group: str
    ready: float
    services: list[str]
    points: list[list[float]]
    hold: bool
    begins: float = 0.0
    skew: float = 0.0
    _times: list[float] = field(default_factory=list, init=False, repr=False)

    def percents(self, at: float) -> list[int]:
        """The whole's and each sub-service's, rounded down as the API shows them."""
        if at >= self.ready:
            return [100] * (1 + len(self.services))
        if not self._times:
            self._times.extend(point[0] for point in self.points)
        index = max(0, bisect_right(self._times, at) - 1)
        before = self.points[index]
        if self.hold or index + 1 == len(self.points):
            return [math.floor(value) for value in before[1:]]
        after = self.points[index + 1]
        part = (at - before[0]) / (after[0] - before[0])
        return [math.floor(one + (other - one) * part) for one, other in zip(before[1:], after[1:], strict=True)]

    def moment(self, service: int, percent: float) -> float | None:
        """When a sub-service is first above (or, for 100, at) a percent; None if not before the instance is ready."""
        column = service + 2
        for before, after in zip([None, *self.points], self.points, strict=False):
            reached = after[column] >= 100 if percent >= 100 else after[column] > percent
            if not reached:
                continue
            if before is None or self.hold or after[column] == before[column]:
                return after[0]
            part = (percent - before[column]) / (after[column] - before[column])
            return before[0] + part * (after[0] - before[0])
        return None

    def answer(self, at: float) -> CreationProgress:
        """What GET /process shows at a moment."""
        return CreationProgress.model_validate(self.shown(at))

    def shown(self, at: float, begun: float = BEGUN) -> dict[str, Any]:
        """The same as JSON, of a creation that began at this moment of the API's clock, in epoch milliseconds."""

        def epoch(moment: float | None) -> int:
            return 0 if moment is None else int(begun + moment * 1000)

        overall, *percents = self.percents(at)
        is_ready = at >= self.ready
        word = "RUNNING" if is_ready else "CREATING"
        items = []
        for number, (name, percent) in enumerate(zip(self.services, percents, strict=True)):
            start, end = self.moment(number, 0), self.moment(number, 100)
            items.append(
                {
                    "name": name,
                    "progress": percent,
                    "status": "RUNNING" if percent >= 100 else "CREATING",
                    "start_time": epoch(start if percent > 0 else None),
                    "end_time": epoch((self.ready if end is None else end) if percent >= 100 else None),
                }
            )
        return {
            "status": word.lower(),
            "progress": overall,
            "start_time": epoch(0.0),
            "end_time": epoch(self.ready) if is_ready else 0,
            "currentTime": epoch(at),
            "item": items,
            "instance": {"status": word, "createdAt": epoch(0.0)},
        }

    def written(self) -> dict[str, Any]:
        """As it stands in a file."""
        found: dict[str, Any] = {
            "id": self.id,
            "family": self.family,
            "kind": self.kind,
            "group": self.group,
            "ready": self.ready,
            "services": self.services,
            "hold": self.hold,
            "points": self.points,
        }
        return {**found, "from": self.begins, "skew": self.skew} if self.family == "R" else found


def read(path: Path) -> list[Timeline]:
    """The timelines of a file; ValueError where it is of another format."""
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ValueError(f"{path} is no file of timelines in format {FORMAT}")
    return [_read(entry) for entry in found["timelines"]]


def _read(entry: dict[str, Any]) -> Timeline:
    return Timeline(
        id=entry["id"],
        family=entry["family"],
        kind=entry["kind"],
        group=entry["group"],
        ready=entry["ready"],
        services=entry["services"],
        points=entry["points"],
        hold=entry["hold"],
        begins=float(entry.get("from") or 0.0),
        skew=float(entry.get("skew") or 0.0),
    )


# --- laws ------------------------------------------------------------------------------------------------------------

Draw = Callable[[random.Random, int], list[float]]
"""So many lengths, of which each is about 1 on average."""

# Up to so many lengths are sub-services, which are unlike each other; more are small steps of one work.
FEW = 10


def lognormal(chance: random.Random, count: int) -> list[float]:
    """Lengths that know nothing of each other."""
    spread = chance.uniform(0.2, 0.5) if count <= FEW else chance.uniform(0.15, 0.35)
    return [math.exp(chance.gauss(0, spread)) for _ in range(count)]


def gamma(chance: random.Random, count: int) -> list[float]:
    """The same with another tail: short ones are commoner, and none is very long."""
    shape = chance.uniform(5, 20) if count <= FEW else chance.uniform(8, 30)
    return [max(0.05, chance.gammavariate(shape, 1 / shape)) for _ in range(count)]


def drifting(chance: random.Random, count: int) -> list[float]:
    """Each length is like the one before: a machine that gets slower or faster by and by."""
    value = 0.0
    found: list[float] = []
    for _ in range(count):
        value = 0.8 * value + chance.gauss(0, 0.25)
        found.append(math.exp(value))
    return found


def warped(chance: random.Random, count: int) -> list[float]:
    """Progress is a power of time, from 0.6 to 1.6."""
    power = 1 / chance.uniform(0.6, 1.6)
    edges = [(number / count) ** power for number in range(count + 1)]
    return [after - before for before, after in pairwise(edges)]


LAWS: dict[str, Draw] = {"lognormal": lognormal, "gamma": gamma, "drifting": drifting, "warped": warped}

# (family, kind): how many of each a law has.
KINDS: dict[tuple[str, str], int] = {
    ("F1", "linear"): 3,
    ("F1", "noisy"): 5,
    ("F1", "services"): 3,
    ("F2", "5%"): 6,
    ("F3", "30/50/80/90"): 6,
    ("F4", "mean"): 4,
    ("F4", "overall 0"): 4,
    ("F5", "frozen"): 6,
    ("F6", "stuck 99"): 2,
    ("F6", "stuck 100"): 2,
    ("F7", "noisy"): 2,
    ("F7", "5%"): 2,
    ("F7", "frozen"): 2,
    ("F7", "mean"): 1,
    ("F8", "back"): 2,
    ("F8", "stall"): 2,
    ("F8", "jump"): 2,
    ("R", "noisy"): 2,
    ("R", "5%"): 2,
    ("R", "30/50/80/90"): 1,
    ("R", "overall 0"): 2,
}


def made(law: str, seed: int, times: int = 1) -> list[Timeline]:
    """The 61 timelines of a law and a seed, or so many times as many."""
    chance = random.Random(f"{law} {seed}")  # noqa: S311
    found: list[Timeline] = []
    for (family, kind), count in KINDS.items():
        for number in range(count * times):
            group = "small" if family == "F7" else "wide" if family == "F1" and number % 3 == 0 else "15"
            # The durations of a kind lie evenly in their range, so that few of them tell as much as many.
            ready = _duration(group, (number + chance.random()) / (count * times))
            found.append(_one(f"{law[0]}{len(found):03d}", (family, kind, group), ready, LAWS[law], chance))
    return found


def _duration(group: str, part: float) -> float:
    """Of this group, in seconds; ``part`` is 0 for the shortest and 1 for the longest."""
    if group == "wide":
        return round(math.exp(math.log(300) + math.log(8) * part), 1)
    low, high = (30, 120) if group == "small" else (720, 1080)
    return round(low + (high - low) * part, 1)


def _one(id_: str, what: tuple[str, str, str], ready: float, draw: Draw, chance: random.Random) -> Timeline:
    family, kind, group = what
    services, points, hold = _course(kind, ready, draw, chance)
    begins, skew = 0.0, 0.0
    if family == "R":
        begins, skew = round(ready * chance.uniform(0.1, 0.7), 1), chance.choice([-600.0, 0.0, 600.0])
    return Timeline(id_, family, kind, group, ready, services, points, hold, begins, skew)


def _course(kind: str, ready: float, draw: Draw, chance: random.Random) -> tuple[list[str], list[list[float]], bool]:
    """Sub-services, points, and whether a value holds."""
    fine = _edges(draw, chance, 40, ready)
    linear = [[at, 100 * number / 40] for number, at in enumerate(fine)]
    part = chance.uniform(0.2, 0.7)
    if kind == "linear":
        return [], [[0.0, 0.0], [ready, 100.0]], False
    if kind == "noisy":
        return [], linear, False
    if kind == "5%":
        return [], [[at, 5.0 * number] for number, at in enumerate(_edges(draw, chance, 20, ready)[:-1])], True
    if kind == "30/50/80/90":
        edges = _edges(draw, chance, 100, ready)
        return [], [[edges[percent], float(percent)] for percent in (0, 30, 50, 80, 90)], True
    if kind == "frozen":
        services = list(NAMES[: chance.choice([0, 0, 2, 5])])
        return services, [[0.0, 0.0, *[0.0] * len(services)]], True
    if kind.startswith("stuck"):
        level = float(kind.split()[1])
        until = chance.uniform(0.6, 0.95)
        return [], [[round(at * until, 1), percent * level / 100] for at, percent in linear], False
    if kind in ("back", "stall", "jump"):
        return [], _odd(kind, ready, part, chance), False
    return _parts(kind, ready, draw, chance)


def _odd(kind: str, ready: float, part: float, chance: random.Random) -> list[list[float]]:
    if kind == "jump":
        return [[0.0, 0.0], [ready, round(100 * part, 2)]]
    if kind == "stall":
        begun = round((ready - 180) * part, 1)
        level = round(100 * part, 2)
        return [[0.0, 0.0], [begun, level], [begun + 180, level], [ready, 100.0]]
    at, far = round(ready * part, 1), round(100 * part, 2)
    return [[0.0, 0.0], [at, far], [at, round(far * chance.uniform(0.3, 0.7), 2)], [ready, 100.0]]


def _parts(kind: str, ready: float, draw: Draw, chance: random.Random) -> tuple[list[str], list[list[float]], bool]:
    """One sub-service after the other: linear inside ("services"), or 0 and then 100."""
    count = chance.randint(2, 6)
    edges = _edges(draw, chance, count, ready)
    points: list[list[float]] = []
    for done in range(count + 1):
        overall = 0.0 if kind == "overall 0" else round(100 * done / count, 2)
        points.append([edges[done], overall, *[100.0] * done, *[0.0] * (count - done)])
    return list(NAMES[:count]), points if kind == "services" else points[:-1], kind != "services"


def _edges(draw: Draw, chance: random.Random, count: int, ready: float) -> list[float]:
    """0, and the moments at which each of so many lengths ends."""
    lengths = draw(chance, count)
    found, at = [0.0], 0.0
    for length in lengths:
        at += length
        found.append(round(at / sum(lengths) * ready, 1))
    return [*found[:-1], ready]
