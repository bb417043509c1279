"""How far a creation is: a pure function of when it began, how it is to go, and the time.

Nothing runs for an instance to get ready. The steps 30, 50, 80, 90, 100 are those that the dedicated API
gateway of the same vendor documents for its own creations; that ROMA's are the same is a guess, and so is the
order in which sub-services start.
"""

from dataclasses import dataclass
from typing import Literal

STEPS = (0, 30, 50, 80, 90, 100)

# What is made, in the order of item[] (the seed's for the first two, which are all there is without
# enable_all).
_ALONE = ("mqs", "lvs")
_FAMILY = ("mqs", "lvs", "apic", "fdi", "link")
# The order in which they start; the seed's lvs has started when its mqs has not.
_START_ORDER = ("lvs", "mqs", "apic", "fdi", "link")

ERROR_CODE = "ROMA.10010"  # "create task failed" in the published table
ERROR_MESSAGE = "create task failed: sub-service {service} could not be created."
SERVICE_ERROR_CODE = "{SERVICE}.00500001"  # a guess: no code of a sub-service is published
SERVICE_ERROR_MESSAGE = "Insufficient resources in the availability zone."

CreationStatus = Literal["CREATING", "RUNNING", "CREATE_FAILED"]


@dataclass(frozen=True, slots=True)
class SubService:
    """One entry of `item[]`, with its field names. Times in epoch milliseconds (0: not yet), `taken_time` in
    minutes."""

    name: str
    start_time: int
    end_time: int
    status: str
    taken_time: int
    progress: int
    error_msg: str
    error_code: str


@dataclass(frozen=True, slots=True)
class Creation:
    """A creation at one moment. `error_code` and `error_message` are None unless it failed and said why."""

    status: CreationStatus
    progress: int
    end_time: int
    taken_time: int
    error_code: str | None
    error_message: str | None
    services: tuple[SubService, ...]


def minutes(milliseconds: int) -> int:
    """Minutes, rounded up: the seed's `taken_time` is 1 after 30 seconds."""
    return -(-milliseconds // 60_000)


def _step(percent: int) -> int:
    return max(step for step in STEPS if step <= percent)


def creation_at(now: int, created_at: int, creation_seconds: float, scenario: str, enable_all: bool) -> Creation:
    """The creation as it is at `now` (epoch milliseconds, like `created_at`)."""
    duration = round(creation_seconds * 1000) * (10 if scenario == "slow" else 1)
    fails = scenario in ("create-failed", "create-failed-silent")
    last = duration // 2 if fails else duration * 3 // 4 if scenario == "stuck" else duration
    elapsed = max(0, now - created_at)
    ended = elapsed >= last and scenario != "stuck"
    reached = min(elapsed, last)
    until = created_at + (last if ended else elapsed)

    names = _FAMILY if enable_all else _ALONE
    started = [name for name in _START_ORDER if name in names]
    # The one that starts last is the only one sure to be under way at half time.
    failing = started[-1] if scenario == "create-failed" and ended else None

    percents: dict[str, int] = {}
    services: dict[str, SubService] = {}
    for number, name in enumerate(started):
        # They overlap: each starts before the one ahead of it is done, and the last one ends with the
        # creation.
        begin = duration * number // (2 * len(started))
        end = duration * (number + 1) // len(started)
        done = reached >= end and name != failing
        percent = 100 if reached >= end else max(0, 100 * (reached - begin) // (end - begin))
        percents[name] = percent
        start_time = created_at + begin if reached >= begin else 0
        end_time = created_at + end if done else until if name == failing else 0
        services[name] = SubService(
            name=name,
            start_time=start_time,
            end_time=end_time,
            status="running" if done else "create_failed" if name == failing else "creating",
            taken_time=minutes((end_time or until) - start_time) if start_time else 0,
            progress=100 if done else min(90, _step(percent)),
            error_msg=SERVICE_ERROR_MESSAGE if name == failing else "",
            error_code=SERVICE_ERROR_CODE.format(SERVICE=name.upper()) if name == failing else "",
        )

    ready = ended and not fails
    return Creation(
        status="RUNNING" if ready else "CREATE_FAILED" if ended else "CREATING",
        progress=100 if ready else min(90, _step(sum(percents.values()) // len(percents))),
        end_time=until if ended else 0,
        taken_time=minutes(until - created_at),
        error_code=ERROR_CODE if failing else None,
        error_message=ERROR_MESSAGE.format(service=failing) if failing else None,
        services=tuple(services[name] for name in names),
    )
